use crate::units::{LengthMismatch, same_length};

/// How far a count lies from its expectation, in standard deviations: `(y - mean) / sqrt(variance)`.
///
/// Dimensionless; positive means more than expected. `None` when a number is not finite or the
/// variance is not above zero.
#[must_use]
pub fn pearson_residual(observed: f64, mean: f64, variance: f64) -> Option<f64> {
    let residual = (observed - mean) / variance.sqrt();
    (variance > 0.0 && variance.is_finite() && residual.is_finite()).then_some(residual)
}

/// [`pearson_residual`] of every cell.
///
/// # Errors
/// Lengths differ.
pub fn pearson_residuals(
    observed: &[f64],
    mean: &[f64],
    variance: &[f64],
) -> Result<Vec<Option<f64>>, LengthMismatch> {
    same_length(observed.len(), mean.len())?;
    same_length(observed.len(), variance.len())?;
    let moments = mean.iter().zip(variance);
    let cells = observed.iter().zip(moments);
    Ok(cells
        .map(|(&y, (&mean, &variance))| pearson_residual(y, mean, variance))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_residual_counts_standard_deviations() {
        let r = pearson_residuals(&[5.0, 1.0, 1.0], &[1.0, 1.5, f64::NAN], &[4.0, 0.0, 1.0]);
        assert_eq!(r, Ok(vec![Some(2.0), None, None]));
        assert_eq!(pearson_residual(1.0, 1.0, f64::INFINITY), None);
        assert!(pearson_residuals(&[1.0], &[1.0], &[]).is_err());
    }
}
