use thiserror::Error;

use crate::units::{LengthMismatch, real, same_length};

/// Intervals that cannot be scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IntervalError {
    /// Not one lower end, upper end and outcome each.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// An end or an outcome not a number, or the ends crossed.
    #[error("interval {index} must have numbers for ends, the lower first, and an outcome")]
    Interval {
        /// Its position.
        index: usize,
    },
    /// A level that is no probability between 0 and 1.
    #[error("the level of an interval must be above 0 and below 1")]
    Level,
}

/// Score of a central interval at level `1 - alpha` (Gneiting & Raftery 2007).
///
/// ```text
/// (hi - lo) + (2 / alpha) max(lo - y, 0) + (2 / alpha) max(y - hi, 0)
/// ```
///
/// In units of the outcome; narrow and right is low.
///
/// # Errors
/// Ends crossed or a number missing; a level not within 0..1.
///
/// # References
/// [doi:10.1198/016214506000001437](https://doi.org/10.1198/016214506000001437).
pub fn interval_score(lo: f64, hi: f64, observed: f64, level: f64) -> Result<f64, IntervalError> {
    if !(level > 0.0 && level < 1.0) {
        return Err(IntervalError::Level);
    }
    check(0, lo, hi, observed)?;
    let per_unit = 2.0 / (1.0 - level);
    let outside = (lo - observed).max(0.0) + (observed - hi).max(0.0);
    Ok(hi - lo + per_unit * outside)
}

/// Share of outcomes within their intervals, ends included. `None` without any.
///
/// Intervals of counts hold more than their level even from a perfect forecast, since a count
/// cannot be split.
///
/// # Errors
/// Lengths differ, ends crossed or a number missing.
pub fn coverage(lo: &[f64], hi: &[f64], observed: &[f64]) -> Result<Option<f64>, IntervalError> {
    same_length(lo.len(), hi.len())?;
    same_length(lo.len(), observed.len())?;
    let mut within = 0;
    for index in 0..lo.len() {
        check(index, lo[index], hi[index], observed[index])?;
        within += usize::from((lo[index]..=hi[index]).contains(&observed[index]));
    }
    Ok((!lo.is_empty()).then(|| real(within) / real(lo.len())))
}

fn check(index: usize, lo: f64, hi: f64, observed: f64) -> Result<(), IntervalError> {
    if lo <= hi && observed.is_finite() && (hi - lo).is_finite() {
        Ok(())
    } else {
        Err(IntervalError::Interval { index })
    }
}
