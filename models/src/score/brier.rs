use super::{ScoreError, check_probabilities, indicator};
use crate::units::real;

/// Brier score, `mean (p - o)^2` (Brier 1950). Dimensionless, within 0..=1.
///
/// # Errors
/// Lengths differ; no forecast; a probability outside 0..=1.
///
/// # References
/// [doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2](https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2).
pub fn brier(p: &[f64], event: &[bool]) -> Result<f64, ScoreError> {
    check_probabilities(p, event)?;
    let square = |(p, &event): (&f64, &bool)| (p - indicator(event)).powi(2);
    Ok(p.iter().zip(event).map(square).sum::<f64>() / real(p.len()))
}

/// Logarithmic score in nats, `mean -ln P(what happened)`.
///
/// Infinite when something came that was given probability 0, or did not come that was given 1:
/// that is a finding, and no cap hides it here.
///
/// # Errors
/// As [`brier`].
///
/// # References
/// Good 1952, [doi:10.1111/j.2517-6161.1952.tb00104.x](https://doi.org/10.1111/j.2517-6161.1952.tb00104.x).
pub fn log_score(p: &[f64], event: &[bool]) -> Result<f64, ScoreError> {
    check_probabilities(p, event)?;
    let surprise = |(&p, &event): (&f64, &bool)| if event { -p.ln() } else { -(-p).ln_1p() };
    Ok(p.iter().zip(event).map(surprise).sum::<f64>() / real(p.len()))
}

/// Skill against a reference forecast, `1 - score / reference`, for a score that is 0 at best.
///
/// The reference is what one would have said without the model: of the same season in past years,
/// not of all of them. `None` when the reference score is not above zero or a number not finite.
#[must_use]
pub fn skill(score: f64, reference: f64) -> Option<f64> {
    (reference > 0.0 && reference.is_finite() && score.is_finite()).then(|| 1.0 - score / reference)
}

/// The Brier score in three parts, `BS = REL - RES + UNC`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Murphy {
    /// How far what came departed from what was said; 0 is calibrated.
    pub reliability: f64,
    /// How far apart the outcomes of different forecasts were; more is better.
    pub resolution: f64,
    /// Variance of the outcome, which no forecast changes.
    pub uncertainty: f64,
}

/// Murphy's decomposition over the distinct forecasts (Murphy 1973).
///
/// ```text
/// REL = 1/N sum_k n_k (p_k - o_k)^2    RES = 1/N sum_k n_k (o_k - o)^2    UNC = o (1 - o)
/// ```
///
/// with `o_k` the share of events among the `n_k` forecasts of `p_k`, and `o` that of all. Exact
/// for any forecasts. Where nearly all of them differ, `o_k` is 0 or 1 and the parts say little:
/// round the forecasts first.
///
/// # Errors
/// As [`brier`].
///
/// # References
/// [doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2](https://doi.org/10.1175/1520-0450(1973)012%3C0595:ANVPOT%3E2.0.CO;2).
///
/// ```
/// use forewarn_models::score::murphy;
/// let parts = murphy(&[0.5, 0.5, 1.0, 1.0], &[true, false, true, false])?;
/// assert_eq!((parts.reliability, parts.resolution, parts.uncertainty), (0.125, 0.0, 0.25));
/// # Ok::<(), forewarn_models::score::ScoreError>(())
/// ```
pub fn murphy(p: &[f64], event: &[bool]) -> Result<Murphy, ScoreError> {
    check_probabilities(p, event)?;
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_unstable_by(|&a, &b| p[a].total_cmp(&p[b]));
    let events = |group: &[usize]| real(group.iter().filter(|&&i| event[i]).count());
    let n = real(p.len());
    let base = events(&order) / n;
    let (mut reliability, mut resolution) = (0.0, 0.0);
    for group in order.chunk_by(|&a, &b| p[b] <= p[a]) {
        let weight = real(group.len());
        let share = events(group) / weight;
        reliability += weight * (p[group[0]] - share).powi(2) / n;
        resolution += weight * (share - base).powi(2) / n;
    }
    Ok(Murphy {
        reliability,
        resolution,
        uncertainty: base * (1.0 - base),
    })
}
