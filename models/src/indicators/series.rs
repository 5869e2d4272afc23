//! Scores of measures against their own past.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::units::real;

/// Past values below which nothing is said of a season.
const FEWEST_PAST: usize = 3;
/// Fixes below which a speed is no speed.
const FEWEST_FIXES: usize = 3;

/// Where a value stands among those of the same month or season of past years: `P(X < x)` of the next
/// value, predicted from the past ones.
///
/// ```text
/// t = (x - mean) / (s sqrt(1 + 1 / n))      score = T(t; n - 1)
/// ```
///
/// with `s` the sample standard deviation of `n` past values and `T` Student's distribution: with
/// three to ten years a normal law would be far too sure. Usual is 1/2. Dimensionless, within 0..=1.
///
/// - `value`: `x`; `past`: one value per past year.
///
/// `None` with fewer than 3 past values, where all of them are equal, or where one is not finite.
///
/// # References
/// Geisser 1993, Predictive Inference, [doi:10.1201/9780203742310](https://doi.org/10.1201/9780203742310).
#[must_use]
pub fn against_same_season(value: f64, past: &[f64]) -> Option<f64> {
    if past.len() < FEWEST_PAST || !past.iter().chain([&value]).all(|x| x.is_finite()) {
        return None;
    }
    let n = real(past.len());
    let mean = past.iter().sum::<f64>() / n;
    let squares: f64 = past.iter().map(|x| (x - mean).powi(2)).sum();
    let spread = (squares / (n - 1.0) * (1.0 + 1.0 / n)).sqrt();
    if spread <= 0.0 {
        return None;
    }
    let law = StudentsT::new(0.0, 1.0, n - 1.0).ok()?;
    Some(law.cdf((value - mean) / spread))
}

/// By how much a count changed: `ln((now + 1/2) / (before + 1/2))`, with the half that keeps an empty
/// site in the reckoning. Positive where it grew.
///
/// `None` where a count is negative or not finite.
#[must_use]
pub fn log_ratio(now: f64, before: f64) -> Option<f64> {
    let valid = |count: f64| count.is_finite() && count >= 0.0;
    (valid(now) && valid(before)).then(|| ((now + 0.5) / (before + 0.5)).ln())
}

/// A measure as a score: 0 at `none` and beyond, 1 at `full` and beyond, evenly between; `full` may be
/// the smaller.
///
/// `None` where a number is not finite or the two ends are one.
#[must_use]
pub fn ramp(value: f64, none: f64, full: f64) -> Option<f64> {
    let share = (value - none) / (full - none);
    let valid = value.is_finite() && none.is_finite() && full.is_finite();
    (valid && share.is_finite()).then(|| share.clamp(0.0, 1.0))
}

/// Change of a measure in a unit of time: the slope of least squares, such as of the distance to an
/// armed group, negative while it comes nearer.
///
/// - `fixes`: time and value.
///
/// `None` with fewer than 3 fixes, fewer than 3 different times, or a number that is not finite.
#[must_use]
pub fn slope(fixes: &[(f64, f64)]) -> Option<f64> {
    let finite = fixes.iter().all(|(t, x)| t.is_finite() && x.is_finite());
    let mut times: Vec<f64> = fixes.iter().map(|&(t, _)| t).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    if !finite || times.len() < FEWEST_FIXES {
        return None;
    }
    let n = real(fixes.len());
    let mean_t = fixes.iter().map(|(t, _)| t).sum::<f64>() / n;
    let mean_x = fixes.iter().map(|(_, x)| x).sum::<f64>() / n;
    let joint: f64 = fixes.iter().map(|(t, x)| (t - mean_t) * (x - mean_x)).sum();
    let squares: f64 = fixes.iter().map(|(t, _)| (t - mean_t).powi(2)).sum();
    Some(joint / squares)
}
