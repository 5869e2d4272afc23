//! The best plan of all, where there are few tours.

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, microlp, variable};

use super::{Options, PlanError};
use crate::units::compact;

/// Most tours that are solved exactly: the time a solver needs grows without a bound that could be told before.
pub const MOST_EXACT: usize = 60;

/// The plan that covers most, by a mixed-integer program:
///
/// ```text
/// maximise    sum v_i y_i
/// subject to  y_i <= sum a_it x_t,  0 <= y_i <= 1,  x_t in {0, 1},
///             sum x_t <= patrols and sum h_t x_t <= hours of every base,
///             sum of x_t over the tours that make a stop <= 1
/// ```
///
/// Returns positions of tours, ascending. It tells how far [`super::best`] is from the best; at most [`MOST_EXACT`]
/// tours, so that it ends.
///
/// # Errors
/// As [`super::best`]; too many tours; a solver that finds no optimum.
pub fn exact(options: &Options<'_>) -> Result<Vec<u32>, PlanError> {
    options.check()?;
    let n_tours = options.tours.len();
    if n_tours > MOST_EXACT {
        return Err(PlanError::TooLarge {
            n_tours,
            most: MOST_EXACT,
        });
    }
    let mut variables = ProblemVariables::new();
    let chosen: Vec<Variable> = (0..n_tours)
        .map(|_| variables.add(variable().binary()))
        .collect();
    let covered: Vec<Variable> = (0..options.value.len())
        .map(|_| variables.add(variable().min(0.0).max(1.0)))
        .collect();
    let worth: Expression = covered
        .iter()
        .zip(options.value)
        .map(|(&y, &v)| v * y)
        .sum();
    let mut model = variables.maximise(worth).using(microlp);
    let sum_over = |share: &dyn Fn(usize) -> f64| -> Expression {
        let parts = chosen.iter().enumerate();
        parts.map(|(tour, &x)| share(tour) * x).sum()
    };
    let tours = options.tours;
    for (cell, &y) in covered.iter().enumerate() {
        let share = |tour: usize| {
            let covers = &tours[tour].covers;
            let own = covers.iter().find(|&&(own, _)| own as usize == cell);
            own.map_or(0.0, |&(_, share)| share)
        };
        model = model.with((y - sum_over(&share)).leq(0.0));
    }
    for (unit, has) in options.units.iter().enumerate() {
        let own = |tour: usize| tours[tour].unit as usize == unit;
        let count = sum_over(&|tour| f64::from(u8::from(own(tour))));
        let hours = sum_over(&|tour| if own(tour) { tours[tour].hours } else { 0.0 });
        model = model.with(count.leq(f64::from(has.patrols)));
        model = model.with(hours.leq(has.hours));
    }
    for stop in 0..compact(options.n_stops) {
        let makes = |tour: usize| f64::from(u8::from(tours[tour].stops.contains(&stop)));
        model = model.with(sum_over(&makes).leq(1.0));
    }
    let solution = model.solve().map_err(|_gave_up| PlanError::Solver)?;
    let plan = (0..compact(n_tours)).filter(|&tour| solution.value(chosen[tour as usize]) > 0.5);
    Ok(plan.collect())
}
