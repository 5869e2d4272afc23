use crate::surge::exceedance;

/// How likely so few reports are, or fewer, if a place reports as its exposure and the effort there lead
/// one to expect.
///
/// ```text
/// P(Y <= y) = 1 - P(Y >= floor(y) + 1)
/// ```
///
/// with the predictive law of [`exceedance`]: negative binomial with the mean and variance given, Poisson
/// where the variance is no larger. A part of a report, as of one spread over an area, is none: the place
/// itself may not have spoken. Many places are asked at once: correct the probabilities together, as by
/// [`benjamini_hochberg`](crate::hotspot::benjamini_hochberg). Dimensionless, within 0..=1.
///
/// Edge cases: with a mean of 0 nothing can be missed, and the answer is 1. `None` where a number is negative
/// or not finite.
///
/// ```
/// use forewarn_models::reporting::at_most;
/// // Poisson(3): P(Y = 0) = e^-3.
/// assert!((at_most(0.0, 3.0, 3.0).unwrap() - (-3.0_f64).exp()).abs() < 1e-12);
/// ```
#[must_use]
pub fn at_most(count: f64, mean: f64, variance: f64) -> Option<f64> {
    let valid = |value: f64| value.is_finite() && value >= 0.0;
    if !(valid(count) && valid(mean) && valid(variance)) {
        return None;
    }
    if mean <= 0.0 {
        return Some(1.0);
    }
    exceedance(count.floor() + 1.0, mean, variance).map(|more| 1.0 - more)
}
