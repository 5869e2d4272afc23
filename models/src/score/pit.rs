use thiserror::Error;

use crate::units::{LengthMismatch, real, same_length};

/// Distribution functions that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PitError {
    /// Not one value below and one at each outcome.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// Not `0 <= F(y - 1) < F(y) <= 1`: an outcome that was held impossible has no transform.
    #[error("forecast {index} must give its outcome a probability above 0 and at most 1")]
    Step {
        /// Its position.
        index: usize,
    },
    /// No forecast, or no bin to sort them into.
    #[error("there must be forecasts and bins")]
    Empty,
}

/// Mean probability integral transform of counts at `u`, without random numbers (Czado, Gneiting
/// & Held 2009).
///
/// ```text
/// mean_i clip( (u - F_i(y_i - 1)) / (F_i(y_i) - F_i(y_i - 1)), 0, 1 )
/// ```
///
/// - `below`: `F_i(y_i - 1)`, 0 where `y_i` is 0.
/// - `at`: `F_i(y_i)`.
///
/// Calibrated forecasts come near `u`.
///
/// # Errors
/// Lengths differ; no forecast; an outcome with probability 0.
///
/// # References
/// [doi:10.1111/j.1541-0420.2009.01191.x](https://doi.org/10.1111/j.1541-0420.2009.01191.x).
pub fn pit(below: &[f64], at: &[f64], u: f64) -> Result<f64, PitError> {
    check(below, at)?;
    Ok(mean(below, at, u))
}

/// The transform as a histogram: the share of each of `n_bins` equal bins of 0..=1, which is
/// `1 / n_bins` when calibrated. A hump says forecasts too wide, a bowl too narrow, a slope biased.
///
/// # Errors
/// As [`pit`], or no bin.
pub fn pit_histogram(below: &[f64], at: &[f64], n_bins: usize) -> Result<Vec<f64>, PitError> {
    check(below, at)?;
    if n_bins == 0 {
        return Err(PitError::Empty);
    }
    let edge = |k: usize| mean(below, at, real(k) / real(n_bins));
    Ok((0..n_bins).map(|k| edge(k + 1) - edge(k)).collect())
}

fn mean(below: &[f64], at: &[f64], u: f64) -> f64 {
    let share = |(below, at): (&f64, &f64)| ((u - below) / (at - below)).clamp(0.0, 1.0);
    below.iter().zip(at).map(share).sum::<f64>() / real(below.len())
}

fn check(below: &[f64], at: &[f64]) -> Result<(), PitError> {
    same_length(below.len(), at.len())?;
    if below.is_empty() {
        return Err(PitError::Empty);
    }
    let possible = |(&below, &at): (&f64, &f64)| below >= 0.0 && below < at && at <= 1.0;
    match below.iter().zip(at).position(|step| !possible(step)) {
        Some(index) => Err(PitError::Step { index }),
        None => Ok(()),
    }
}
