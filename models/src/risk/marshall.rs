use super::fit::{FitError, pairs};
use crate::units::real;

/// Result of [`marshall`].
#[derive(Debug, Clone, PartialEq)]
pub struct Marshall {
    /// Overall relative risk `b`.
    pub mean: f64,
    /// Variance of relative risk between cells, `A`; 0 means no detectable variation.
    pub variance: f64,
    /// Relative risk of each cell.
    pub smoothed: Vec<f64>,
}

/// Global empirical Bayes by moments (Marshall 1991).
///
/// ```text
/// b = sum y / sum E     s2 = sum E_i (y_i / E_i - b)^2 / sum E     A = max(0, s2 - b / mean E)
/// theta_i = b + [A / (A + b / E_i)] (y_i / E_i - b)
/// ```
///
/// Relative risk is dimensionless. With `A = 0` every cell gets `b`. Cells with expected 0 get
/// `b` and take no part in the moments. Cheaper and rougher than
/// [`GammaPrior::fit`](super::GammaPrior::fit); a check on it.
///
/// # Errors
/// Lengths differ; a count or expectation negative or not finite; a count above 0 at expected 0;
/// no expectation above 0.
///
/// # References
/// [doi:10.2307/2347593](https://doi.org/10.2307/2347593).
pub fn marshall(counts: &[f64], expected: &[f64]) -> Result<Marshall, FitError> {
    let pairs = pairs(counts, expected)?;
    let total: f64 = pairs.iter().map(|(_, e)| e).sum();
    let mean = pairs.iter().map(|(y, _)| y).sum::<f64>() / total;
    let spread = pairs
        .iter()
        .map(|(y, e)| e * (y / e - mean).powi(2))
        .sum::<f64>()
        / total;
    let variance = (spread - mean * real(pairs.len()) / total).max(0.0);
    let theta = |(&y, &e): (&f64, &f64)| {
        if variance > 0.0 && e > 0.0 {
            mean + variance / (variance + mean / e) * (y / e - mean)
        } else {
            mean
        }
    };
    let smoothed = counts.iter().zip(expected).map(theta).collect();
    Ok(Marshall {
        mean,
        variance,
        smoothed,
    })
}
