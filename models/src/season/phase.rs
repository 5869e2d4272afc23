use thiserror::Error;

use super::Onset;
use crate::units::real;

/// Where in its season a day may lie. The shares sum to one.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseShares {
    /// Probability that the season has not begun.
    pub before: f64,
    /// Probability of each equal part of the season, first to last.
    pub within: Vec<f64>,
    /// Probability that it is over.
    pub after: f64,
}

/// A mean and a variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Mean.
    pub mean: f64,
    /// Variance.
    pub variance: f64,
}

/// Where a phase is undefined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PhaseError {
    /// A day that is not finite.
    #[error("a day must be finite")]
    Day,
    /// Not finite, or not positive.
    #[error("a season must last longer than 0 days")]
    Length,
    /// No part to tell phases by.
    #[error("a season needs at least one part")]
    NoPart,
}

impl PhaseShares {
    /// Probability that the season is on.
    #[must_use]
    pub fn on(&self) -> f64 {
        self.within.iter().sum()
    }

    /// Probability of the flat off-season level: before or after.
    #[must_use]
    pub fn off(&self) -> f64 {
        self.before + self.after
    }
}

/// The phase `(day - onset) / length_days` of a day, `None` outside `[0, 1)`: off-season is one flat level.
fn phase_of(day: f64, onset: i32, length_days: f64) -> Option<f64> {
    let phase = (day - f64::from(onset)) / length_days;
    (0.0..1.0).contains(&phase).then_some(phase)
}

fn check(day: f64, length_days: f64) -> Result<(), PhaseError> {
    if !day.is_finite() {
        return Err(PhaseError::Day);
    }
    if !(length_days.is_finite() && length_days > 0.0) {
        return Err(PhaseError::Length);
    }
    Ok(())
}

/// Distribution of a day's phase when the season's first day is known up to a distribution.
///
/// `phi = (day - onset) / length`, parted into `n_parts` equal parts of `[0, 1)`; the shares before and after are
/// kept apart, though a flat off-season level does not tell them apart. `day` may be the middle of a week.
/// Days in the same count as the onset's.
///
/// # Errors
/// [`PhaseError`]: a day that is not finite, a length that is not positive, no part.
///
/// ```
/// use forewarn_models::season::{Onset, OnsetPrior, phase};
/// let prior = OnsetPrior { mean_day: 0.0, sd_days: 0.1, any_day_share: 0.0 };
/// let onset = Onset::posterior(prior, &[], -100..=265)?;
/// let shares = phase(45.0, &onset, 120.0, 4)?;
/// assert!((shares.within[1] - 1.0).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn phase(
    day: f64,
    onset: &Onset,
    length_days: f64,
    n_parts: usize,
) -> Result<PhaseShares, PhaseError> {
    check(day, length_days)?;
    if n_parts == 0 {
        return Err(PhaseError::NoPart);
    }
    let mut shares = PhaseShares {
        before: 0.0,
        within: vec![0.0; n_parts],
        after: 0.0,
    };
    for (first, p) in onset.days() {
        match phase_of(day, first, length_days) {
            Some(phase) => shares.within[part(phase, n_parts)] += p,
            None if f64::from(first) > day => shares.before += p,
            None => shares.after += p,
        }
    }
    Ok(shares)
}

/// The part that a phase within `[0, 1)` lies in.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a phase is within 0..1"
)]
fn part(phase: f64, n_parts: usize) -> usize {
    ((phase * real(n_parts)) as usize).min(n_parts - 1)
}

/// Any expectation that hangs on the phase, averaged over what is known of the onset.
///
/// `of` gives mean and variance at a phase within `[0, 1)`, or off-season at `None`. By the law of total
/// variance
///
/// ```text
/// mean = sum_d P(d) m(d)      variance = sum_d P(d) v(d) + sum_d P(d) (m(d) - mean)^2
/// ```
///
/// so that an expectation widens by what is not known of the season: before its onset is seen, an ordinary
/// count is no surprise in either phase.
///
/// # Errors
/// [`PhaseError`]: a day that is not finite, a length that is not positive.
///
/// # References
/// Law of total variance: Gelman et al. 2013, *Bayesian Data Analysis*, 3rd ed., section 1.8.
pub fn average(
    day: f64,
    onset: &Onset,
    length_days: f64,
    of: impl Fn(Option<f64>) -> Moments,
) -> Result<Moments, PhaseError> {
    check(day, length_days)?;
    let at: Vec<(f64, Moments)> = onset
        .days()
        .map(|(first, p)| (p, of(phase_of(day, first, length_days))))
        .collect();
    let mean = at.iter().map(|(p, at)| p * at.mean).sum::<f64>();
    let spread = |(p, at): &(f64, Moments)| p * (at.variance + (at.mean - mean).powi(2));
    Ok(Moments {
        mean,
        variance: at.iter().map(spread).sum(),
    })
}
