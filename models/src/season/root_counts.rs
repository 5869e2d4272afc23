use std::f64::consts::TAU;

use thiserror::Error;

use crate::units::{LengthMismatch, real, same_length};

/// Events below which a sum of squares of two scores has no chi-squared law.
const FEWEST: u64 = 30;

/// Result of Edwards' test and of Walter and Elwood's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RootCounts {
    /// How far the centre of gravity of root counts lies from where exposure puts it.
    pub distance: f64,
    /// Statistic, chi-squared with two degrees of freedom without a season.
    pub statistic: f64,
    /// Probability of one at least as large without a season.
    pub p: f64,
    /// When events are most frequent, as a share of the year from its start. `None` at distance 0.
    pub peak: Option<f64>,
}

/// Counts on which no test of root counts can be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RootCountsError {
    /// Not one exposure per count.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// Fewer than three parts of a year.
    #[error("a year must have at least three parts")]
    Parts,
    /// Fewer events than the law of the test needs.
    #[error("{got} events where {needed} are needed")]
    TooFew {
        /// Events needed.
        needed: u64,
        /// Events that came.
        got: u64,
    },
    /// An exposure negative or not finite, or 0 where something was counted.
    #[error("the exposure of part {index} must be finite, and above 0 where there are events")]
    Exposure {
        /// Position of the part.
        index: usize,
    },
}

/// Edwards' test of one sinusoidal season in counts of equal parts of a year (Edwards 1961).
///
/// ```text
/// W = sum sqrt(n_m)    d = | sum sqrt(n_m) e^(i a_m) | / W    8 N d^2 ~ chi^2 with 2 df
/// ```
///
/// `a_m` is the middle of the part. The relative amplitude of a slight season is about `4 d`.
/// Parts of unequal length are taken as equal: use [`walter_elwood`] for months. Parts without
/// events distort the root; blind to two seasons half a year apart.
///
/// # Errors
/// Fewer than three parts or than 30 events.
///
/// # References
/// [doi:10.1111/j.1469-1809.1961.tb01501.x](https://doi.org/10.1111/j.1469-1809.1961.tb01501.x).
pub fn edwards(counts: &[u32]) -> Result<RootCounts, RootCountsError> {
    walter_elwood(counts, &vec![1.0; counts.len()])
}

/// Walter and Elwood's test of one season where exposure varies (Walter & Elwood 1975).
///
/// ```text
/// x = sum sqrt(n) cos a / sum sqrt(n)          mu_x = sum sqrt(m) cos a / sum sqrt(m)
/// var_x = M / (4 N) sum cos^2 a / (sum sqrt(m))^2          M = sum m, N = sum n
/// (x - mu_x)^2 / var_x + (y - mu_y)^2 / var_y ~ chi^2 with 2 df
/// ```
///
/// and likewise `y` with sines. `exposure` in any unit: of a season of incidents it is reporting
/// effort, else the season of the roads is what is tested. Equal exposure gives [`edwards`].
/// [`season_test`](super::season_test()) is more powerful.
///
/// # Errors
/// Lengths differ; fewer than three parts or than 30 events; an exposure negative, not finite, or
/// 0 where something was counted.
///
/// # References
/// [doi:10.1136/jech.29.1.18](https://doi.org/10.1136/jech.29.1.18).
pub fn walter_elwood(counts: &[u32], exposure: &[f64]) -> Result<RootCounts, RootCountsError> {
    check(counts, exposure)?;
    let parts = real(counts.len());
    let angles: Vec<f64> = (0..counts.len())
        .map(|m| TAU * (real(m) + 0.5) / parts)
        .collect();
    let roots: Vec<f64> = counts.iter().map(|&n| f64::from(n).sqrt()).collect();
    let base: Vec<f64> = exposure.iter().map(|m| m.sqrt()).collect();
    let (n, m): (f64, f64) = (
        counts.iter().map(|&n| f64::from(n)).sum(),
        exposure.iter().sum(),
    );
    let total_base: f64 = base.iter().sum();
    let part = |wave: fn(f64) -> f64| {
        let shift = centre(&roots, &angles, wave) - centre(&base, &angles, wave);
        let squares: f64 = angles.iter().map(|&a| wave(a).powi(2)).sum();
        (shift, m / (4.0 * n) * squares / (total_base * total_base))
    };
    let ((x, var_x), (y, var_y)) = (part(f64::cos), part(f64::sin));
    let statistic = x * x / var_x + y * y / var_y;
    let distance = x.hypot(y);
    Ok(RootCounts {
        distance,
        statistic,
        p: (-statistic / 2.0).exp(),
        peak: (distance > 1e-12).then(|| y.atan2(x).rem_euclid(TAU) / TAU),
    })
}

/// Mean of a wave over the parts.
fn centre(weights: &[f64], angles: &[f64], wave: fn(f64) -> f64) -> f64 {
    let sum: f64 = weights.iter().zip(angles).map(|(w, &a)| w * wave(a)).sum();
    sum / weights.iter().sum::<f64>()
}

fn check(counts: &[u32], exposure: &[f64]) -> Result<(), RootCountsError> {
    same_length(counts.len(), exposure.len())?;
    if counts.len() < 3 {
        return Err(RootCountsError::Parts);
    }
    let (needed, got) = (FEWEST, counts.iter().map(|&n| u64::from(n)).sum());
    if got < needed {
        return Err(RootCountsError::TooFew { needed, got });
    }
    let valid = |(&n, &m): (&u32, &f64)| m.is_finite() && (m > 0.0 || (m >= 0.0 && n == 0));
    match counts.iter().zip(exposure).position(|part| !valid(part)) {
        Some(index) => Err(RootCountsError::Exposure { index }),
        None => Ok(()),
    }
}
