//! Whether a series rises or falls, and by how much a step.
//!
//! A series is in time order, one entry per step, `None` where the step is not known. What is not
//! known leaves every pair; it is not zero. Numbers are equal when they round to the same multiple
//! of 1e-9, since equal windows summed in another order can differ in the last bit; where two
//! neighbouring doubles lie further apart than that, neighbours may count as equal.

mod hamed_rao;
mod mann_kendall;
mod score;
mod seasonal;
mod sen;

#[cfg(test)]
mod known_answers;
#[cfg(test)]
mod tests;

pub use hamed_rao::hamed_rao;
pub use mann_kendall::{Direction, Trend, mann_kendall, mann_kendall_of_all};
pub use seasonal::{Seasons, seasonal_mann_kendall};
pub use sen::{SenSlope, sen_slope};

use thiserror::Error;

/// Known steps below which the normal law is no guide to the score.
pub const FEWEST_STEPS: usize = 8;

/// Why no trend was tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TrendError {
    /// Too few known steps.
    #[error("a trend needs {needed} known steps, has {got}")]
    SeriesTooShort {
        /// [`FEWEST_STEPS`].
        needed: usize,
        /// Known steps.
        got: usize,
    },
    /// A known value that is not a finite number.
    #[error("the value of step {index} is not finite")]
    NotFinite {
        /// Position in the series.
        index: usize,
    },
    /// A year without seasons, or series without steps.
    #[error("a period needs at least one step")]
    NoSteps,
    /// The estimated dependence between steps or seasons leaves no variance.
    #[error("the estimated dependence leaves a variance below zero")]
    NegativeVariance,
    /// A confidence outside 0..1.
    #[error("a confidence must lie between 0 and 1")]
    InvalidConfidence,
}

/// The known values with their steps.
fn known(values: &[Option<f64>]) -> Result<Vec<(usize, f64)>, TrendError> {
    let steps = values.iter().enumerate();
    let known: Vec<(usize, f64)> = steps.filter_map(|(t, x)| x.map(|x| (t, x))).collect();
    match known.iter().find(|(_, x)| !x.is_finite()) {
        Some(&(index, _)) => Err(TrendError::NotFinite { index }),
        None => long_enough(known.len()).map(|()| known),
    }
}

fn long_enough(got: usize) -> Result<(), TrendError> {
    if got < FEWEST_STEPS {
        let needed = FEWEST_STEPS;
        return Err(TrendError::SeriesTooShort { needed, got });
    }
    Ok(())
}
