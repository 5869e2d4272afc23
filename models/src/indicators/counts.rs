//! Scores of counts and shares.

use crate::surge::exceedance;

/// How high a count stands among those that its past leads one to expect:
///
/// ```text
/// P(Y < y) + P(Y = y) / 2 = 1 - (P(Y >= y) + P(Y >= y + 1)) / 2
/// ```
///
/// the mid-distribution function of the negative binomial law with mean `m` and variance `v > m`, of
/// Poisson's where `v <= m` ([`exceedance`]). Under that law its mean is exactly 1/2 (Parzen 2004),
/// so that 1/2 is what is usual in every season, and a zero where next to nothing is expected says
/// nothing. Dimensionless, within 0..=1.
///
/// `None` where a number is negative or not finite, or nothing could be expected.
///
/// # References
/// Parzen 2004, [doi:10.1214/088342304000000387](https://doi.org/10.1214/088342304000000387).
#[must_use]
pub fn mid_tail(count: f64, mean: f64, variance: f64) -> Option<f64> {
    let as_high = exceedance(count, mean, variance)?;
    let higher = exceedance(count + 1.0, mean, variance)?;
    Some(1.0 - f64::midpoint(as_high, higher))
}

/// How likely no more than a count is, if the place reports as its past leads one to expect:
/// `P(Y <= y)` of the same law as [`mid_tail`]. Small where a place has fallen silent.
///
/// `None` as at [`mid_tail`].
#[must_use]
pub fn fewer_by_chance(count: f64, mean: f64, variance: f64) -> Option<f64> {
    let valid = count.is_finite() && count >= 0.0;
    let more = exceedance(count + 1.0, mean, variance)?;
    valid.then_some(1.0 - more)
}

/// Which part of a usual share is lacking, such as of women at a market: `(b - x) / b`, 0 where no
/// less than usual is there, 1 where nobody is.
///
/// - `share`, `baseline`: `x` and `b`, shares or any two figures of one unit.
///
/// `None` where a number is negative or not finite, or `b` is not positive.
#[must_use]
pub fn lacking_share(share: f64, baseline: f64) -> Option<f64> {
    let valid = share.is_finite() && share >= 0.0 && baseline.is_finite() && baseline > 0.0;
    valid.then(|| ((baseline - share) / baseline).max(0.0))
}
