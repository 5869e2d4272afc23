use statrs::function::erf::erf_inv;

use super::{ScoreError, check_probabilities, indicator};
use crate::units::real;

/// Level of the intervals of [`reliability`].
const LEVEL: f64 = 0.95;

/// Forecasts of about the same probability, and what came of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReliabilityBin {
    /// Number of forecasts.
    pub n: usize,
    /// Their mean.
    pub mean_forecast: f64,
    /// Share of them that came true.
    pub observed: f64,
    /// Lower end of the 95 % Wilson interval of that share.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
}

/// A reliability diagram in at most `n_bins` bins of about equal count, from low to high.
///
/// Equal forecasts stay together, so bins can be fewer and unequal. `n_bins` 0 is taken as 1.
///
/// # Errors
/// Lengths differ; no forecast; a probability outside 0..=1.
pub fn reliability(
    p: &[f64],
    event: &[bool],
    n_bins: usize,
) -> Result<Vec<ReliabilityBin>, ScoreError> {
    check_probabilities(p, event)?;
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_unstable_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut bins = Vec::new();
    let (mut rest, mut left) = (order.as_slice(), n_bins.max(1));
    while !rest.is_empty() {
        let mut end = rest.len().div_ceil(left);
        while end < rest.len() && p[rest[end]] <= p[rest[end - 1]] {
            end += 1;
        }
        let (bin, after) = rest.split_at(end);
        bins.push(summary(bin, p, event));
        (rest, left) = (after, (left - 1).max(1));
    }
    Ok(bins)
}

fn summary(bin: &[usize], p: &[f64], event: &[bool]) -> ReliabilityBin {
    let hits = bin.iter().filter(|&&i| event[i]).count();
    let (lo, hi) = wilson(hits, bin.len(), LEVEL).expect("a bin is not empty");
    ReliabilityBin {
        n: bin.len(),
        mean_forecast: bin.iter().map(|&i| p[i]).sum::<f64>() / real(bin.len()),
        observed: real(hits) / real(bin.len()),
        lo,
        hi,
    }
}

/// Wilson's interval of a share, `k` of `n` (Wilson 1927).
///
/// ```text
/// ( k + z^2/2 -+ z sqrt( k (n - k) / n + z^2 / 4 ) ) / (n + z^2)
/// ```
///
/// `None` when `n` is 0, `k` above `n`, or `level` not within 0..1.
///
/// # References
/// [doi:10.1080/01621459.1927.10502953](https://doi.org/10.1080/01621459.1927.10502953).
#[must_use]
pub fn wilson(k: usize, n: usize, level: f64) -> Option<(f64, f64)> {
    if n == 0 || k > n || !(level > 0.0 && level < 1.0) {
        return None;
    }
    let z = std::f64::consts::SQRT_2 * erf_inv(level);
    let (k, n) = (real(k), real(n));
    let half = z * (k * (n - k) / n + z * z / 4.0).sqrt();
    let middle = k + z * z / 2.0;
    let end = |x: f64| (x / (n + z * z)).clamp(0.0, 1.0);
    Some((end(middle - half), end(middle + half)))
}

/// Spiegelhalter's test of calibration (Spiegelhalter 1986).
///
/// ```text
/// z = sum (o - p)(1 - 2 p) / sqrt( sum (1 - 2 p)^2 p (1 - p) )
/// ```
///
/// Standard normal when every event has the probability it was given; positive when outcomes were
/// worse than the forecasts themselves let expect. `None` when all forecasts are 0, 1/2 or 1.
///
/// # Errors
/// As [`reliability`].
///
/// # References
/// [doi:10.1002/sim.4780050506](https://doi.org/10.1002/sim.4780050506).
pub fn spiegelhalter_z(p: &[f64], event: &[bool]) -> Result<Option<f64>, ScoreError> {
    check_probabilities(p, event)?;
    let (mut sum, mut variance) = (0.0, 0.0);
    for (&p, &event) in p.iter().zip(event) {
        let weight = 1.0 - 2.0 * p;
        sum += (indicator(event) - p) * weight;
        variance += weight * weight * p * (1.0 - p);
    }
    Ok((variance > 0.0).then(|| sum / variance.sqrt()))
}
