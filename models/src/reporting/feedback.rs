use thiserror::Error;

/// Numbers that cannot weigh anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FeedbackError {
    /// A probability of being visited not above 0 or above 1.
    #[error("discovery {index}: the probability of the visit must be above 0 and at most 1")]
    Probability {
        /// Its position.
        index: usize,
    },
    /// A cap below 1.
    #[error("the largest weight must be finite and at least 1")]
    Cap,
}

/// Weights with which incidents that patrols discovered enter learning, so that patrols do not learn where
/// they have been.
///
/// An incident found in a place that was chosen with probability `pi` counts
///
/// ```text
/// w = min(1 / pi, cap)     divided by the mean of all w
/// ```
///
/// (inverse probability weighting of Horvitz & Thompson 1952; against runaway feedback Ensign et al. 2018).
/// Reports that residents bring came without a visit: they weigh 1 and are not in `visited`. Dividing by the
/// mean keeps the number of discoveries what it is, so that discoveries and resident reports can be added.
/// The cap bounds what a single find in a place that is hardly ever visited can do; where it is reached, the
/// correction is incomplete. Dimensionless. No discoveries give no weights.
///
/// # Errors
/// A probability outside 0 and 1; a cap below 1.
///
/// # References
/// Ensign, Friedler, Neville, Scheidegger & Venkatasubramanian 2018, PMLR 81:160-171,
/// [arXiv:1706.09847](https://arxiv.org/abs/1706.09847); Horvitz & Thompson 1952,
/// [doi:10.1080/01621459.1952.10483446](https://doi.org/10.1080/01621459.1952.10483446).
pub fn discovery_weights(visited: &[f64], cap: f64) -> Result<Vec<f64>, FeedbackError> {
    if !(cap.is_finite() && cap >= 1.0) {
        return Err(FeedbackError::Cap);
    }
    let is_probability = |&pi: &f64| pi > 0.0 && pi <= 1.0;
    if let Some(index) = visited.iter().position(|pi| !is_probability(pi)) {
        return Err(FeedbackError::Probability { index });
    }
    let raw: Vec<f64> = visited.iter().map(|pi| (1.0 / pi).min(cap)).collect();
    let mean = raw.iter().sum::<f64>() / crate::units::real(raw.len().max(1));
    Ok(raw.into_iter().map(|weight| weight / mean).collect())
}
