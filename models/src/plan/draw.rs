//! A week's plan that cannot be read by watching: what it holds is drawn anew every week.

use rand::Rng;
use rand_chacha::ChaCha20Rng;

use super::cover::State;
use super::{Options, PlanError, worth};
use crate::units::{compact, real, same_length};

/// How plans are varied.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Largest probability that a stop is in a week's plan, 0..=1.
    pub largest_share: f64,
    /// Tours that gain so little less than the best, as a share of it, are drawn from alike, 0..=1.
    pub near_tie: f64,
    /// Share of patrols that go where little is known, 0..=1.
    pub explore_share: f64,
    /// What is to be learned in each cell, at least 0; those with 0 are not explored.
    pub unseen: &'a [f64],
}

/// The plan of one week.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Positions of tours: those that explore first.
    pub plan: Vec<u32>,
    /// How many of them explore.
    pub n_exploring: usize,
    /// What the plan covers.
    pub worth: f64,
    /// What it would cover if no stop were held back this week, exploring the same: the difference is the price of not
    /// being read.
    pub free_worth: f64,
}

/// Draws the plan of one week.
///
/// 1. Every stop is held back for the week with probability `1 - largest_share`, on its own. Whatever a watcher has seen
///    of the weeks before, a guess of a stop is therefore right with a probability of at most `largest_share`: the
///    min-entropy of a stop is at least its negative logarithm to base 2.
/// 2. `patrols x explore_share` patrols, rounded up or down by chance so that the share holds on average, take tours drawn
///    with a probability proportional to what they would learn: everything unseen that can be reached is visited sooner
///    or later.
/// 3. The others are chosen greedily, among near ties by chance, and exchanged where that is worth more than a near tie.
///
/// # Errors
/// As [`super::best`]; `unseen` without one value per cell, or with one that is negative or not finite; shares out of
/// range.
///
/// # References
/// Min-entropy as the chance of the best guess: Smith 2009,
/// [doi:10.1007/978-3-642-00596-1_21](https://doi.org/10.1007/978-3-642-00596-1_21). Exploration against runaway
/// feedback: Ensign et al. 2018, [arXiv:1706.09847](https://arxiv.org/abs/1706.09847).
pub fn draw(
    options: &Options<'_>,
    rules: &Rules<'_>,
    rng: &mut ChaCha20Rng,
) -> Result<Drawn, PlanError> {
    options.check()?;
    rules.check(options)?;
    let mut state = State::new(options);
    for closed in &mut state.closed {
        *closed = rng.random::<f64>() >= rules.largest_share;
    }
    explore(options, rules, &mut state, rng);
    let n_exploring = state.plan.len();
    let mut free = State::new(options);
    state.plan.iter().for_each(|&tour| free.add(tour));
    for state in [&mut state, &mut free] {
        near_greedy(options, rules.near_tie, state, rng);
        let least = rules.near_tie / real(state.plan.len().max(1));
        state.improve(n_exploring, least);
    }
    Ok(Drawn {
        worth: worth(options, &state.plan),
        free_worth: worth(options, &free.plan),
        plan: state.plan,
        n_exploring,
    })
}

/// Chances of the days of a week for one tour, so that none is likelier than `largest`: preferred days get as much of
/// it as they may, the others share the rest alike.
///
/// - `preferred`: one entry per day on which the tour can be made.
/// - `largest`: 0..=1. A stop that is in a plan with probability `s` is there on a given day with at most `s largest`.
///
/// Where there are too few days for `largest`, all are alike: nothing is less readable. Without a preferred day too.
/// Empty without a day.
#[must_use]
pub fn day_chances(preferred: &[bool], largest: f64) -> Vec<f64> {
    let n = real(preferred.len());
    let n_preferred = real(preferred.iter().filter(|&&is| is).count());
    let even = 1.0 / n;
    if n_preferred == 0.0 || n_preferred >= n || largest.is_nan() || largest <= even {
        return vec![even; preferred.len()];
    }
    let high = largest.min(1.0 / n_preferred);
    let low = (1.0 - high * n_preferred) / (n - n_preferred);
    let chance = |&is_preferred: &bool| if is_preferred { high } else { low };
    preferred.iter().map(chance).collect()
}

impl Rules<'_> {
    fn check(&self, options: &Options<'_>) -> Result<(), PlanError> {
        same_length(options.value.len(), self.unseen.len())?;
        let is_amount = |x: f64| x.is_finite() && x >= 0.0;
        if let Some(index) = self.unseen.iter().position(|&u| !is_amount(u)) {
            return Err(PlanError::Value { index });
        }
        let shares = [self.largest_share, self.near_tie, self.explore_share];
        let are_shares = shares.iter().all(|share| (0.0..=1.0).contains(share));
        are_shares.then_some(()).ok_or(PlanError::Rules)
    }
}

/// Adds the tours that explore.
fn explore(options: &Options<'_>, rules: &Rules<'_>, state: &mut State<'_>, rng: &mut ChaCha20Rng) {
    let patrols: u32 = options.units.iter().map(|unit| unit.patrols).sum();
    let due = f64::from(patrols) * rules.explore_share;
    let extra = u32::from(rng.random::<f64>() < due.fract());
    let due = (0..patrols)
        .take_while(|&n| f64::from(n + 1) <= due)
        .count()
        + extra as usize;
    for _ in 0..due {
        let gains: Vec<(u32, f64)> = (0..compact(options.tours.len()))
            .filter(|&tour| state.fits(tour))
            .map(|tour| (tour, state.gain_at(tour, rules.unseen)))
            .filter(|&(_, gain)| gain > 0.0)
            .collect();
        let mut left = rng.random::<f64>() * gains.iter().map(|&(_, gain)| gain).sum::<f64>();
        let drawn = gains.iter().find(|&&(_, gain)| {
            left -= gain;
            left <= 0.0
        });
        match drawn.or(gains.last()) {
            Some(&(tour, _)) => state.add(tour),
            None => return,
        }
    }
}

/// Greedy choice by gain, among those within a near tie of the best by chance.
fn near_greedy(options: &Options<'_>, near_tie: f64, state: &mut State<'_>, rng: &mut ChaCha20Rng) {
    // Gains only fall: the last known one bounds what a tour can gain.
    let mut bounds: Vec<(f64, u32)> = (0..compact(options.tours.len()))
        .map(|tour| (state.gain(tour), tour))
        .collect();
    loop {
        bounds.retain(|&(gain, tour)| gain > 0.0 && state.fits(tour));
        bounds.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut best = 0.0_f64;
        let mut looked_at = 0;
        for bound in &mut bounds {
            if bound.0 < best * (1.0 - near_tie) {
                break;
            }
            bound.0 = state.gain(bound.1);
            best = best.max(bound.0);
            looked_at += 1;
        }
        let ties: Vec<u32> = bounds[..looked_at]
            .iter()
            .filter(|&&(gain, _)| gain > 0.0 && gain >= best * (1.0 - near_tie))
            .map(|&(_, tour)| tour)
            .collect();
        if ties.is_empty() {
            return;
        }
        state.add(ties[rng.random_range(0..ties.len())]);
    }
}
