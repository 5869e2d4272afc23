use rayon::prelude::*;

use super::field::Field;
use super::pool::Streams;
use super::{PermuteError, PooledNull, pool};
use crate::grid::Neighbours;
use crate::hotspot::{Bins, Comparator, SpaceTimeParams};
use crate::units::Seed;

/// Conditional permutation p-values of [`space_time_g`](crate::hotspot::space_time_g), from one
/// pool of draws per comparator and number of neighbours.
///
/// The value of the bin stays; the observed bins around it, at the steps of the window, get values
/// drawn without replacement from the other observed bins of the comparator. One p-value serves
/// Gi and Gi*. Formula, ties and undefined bins as for [`pooled_p_values`](super::pooled_p_values),
/// with bins for cells.
///
/// Time is that of drawing: once for a cube, once a step for windows and slices. Draws from a cube
/// know no season and no trend: there, a p-value says that a bin is hot for all that was ever
/// seen, whatever made it so.
///
/// # Errors
/// No draws; what is an error there.
pub fn space_time_p_values(
    values: &[f64],
    observed: &[bool],
    n_steps: usize,
    neighbours: &Neighbours,
    params: SpaceTimeParams,
    (null, seed): (PooledNull, Seed),
) -> Result<Vec<Option<f64>>, PermuteError> {
    if null.draws == 0 {
        return Err(PermuteError::NoDraws);
    }
    let bins = Bins::checked(values, observed, n_steps, neighbours, params)?;
    let of = |family: Family| {
        let field = family.field(&bins, neighbours);
        let upper =
            |field: &Field| pool::upper_of(field, null.draws, seed, Streams::Cube(family.number()));
        field.spread(&field.tail(null.side, upper), values.len())
    };
    if params.comparator == Comparator::Cube {
        return Ok(of(Family::Cube));
    }
    let mut p = vec![None; values.len()];
    let steps: Vec<Vec<Option<f64>>> = (0..n_steps)
        .into_par_iter()
        .map(|step| {
            let map = of(Family::Step(step));
            map.into_iter().skip(step).step_by(n_steps).collect()
        })
        .collect();
    for (step, map) in steps.into_iter().enumerate() {
        let places = p.iter_mut().skip(step).step_by(n_steps);
        places.zip(map).for_each(|(place, p)| *place = p);
    }
    Ok(p)
}

/// Bins that share what they are compared with.
#[derive(Clone, Copy)]
enum Family {
    Cube,
    Step(usize),
}

impl Family {
    fn number(self) -> u64 {
        match self {
            Self::Cube => 0,
            Self::Step(step) => step as u64 + 1,
        }
    }

    fn field(self, bins: &Bins, neighbours: &Neighbours) -> Field {
        let n_steps = bins.n_steps;
        let compared = |bin: &usize| match self {
            Self::Cube => true,
            Self::Step(step) => bins.window(step).contains(&(bin % n_steps)),
        };
        let judged = |bin: usize| match self {
            Self::Cube => true,
            Self::Step(step) => bin % n_steps == step,
        };
        let site = (0..bins.values.len()).filter(|&bin| bins.observed[bin]);
        let near = |bin: usize| {
            let (cell, step) = (bin / n_steps, bin % n_steps);
            let cells = neighbours.of(cell).iter().map(|&other| other as usize);
            let cells = cells.chain([cell]).filter(move |_| judged(bin));
            cells
                .flat_map(move |cell| bins.window(step).map(move |step| cell * n_steps + step))
                .filter(move |&other| other != bin && bins.observed[other])
        };
        Field::of(bins.values, site.filter(compared).collect(), near)
    }
}
