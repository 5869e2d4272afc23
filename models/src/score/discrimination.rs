use super::ScoreError;
use crate::units::{real, same_length};

/// Area under the receiver operating characteristic: `P(s+ > s-) + P(s+ = s-) / 2`.
///
/// The probability that an event was scored above a non-event, ties counted half; dimensionless,
/// 0.5 for scores that say nothing. `None` without events or without non-events. It flatters
/// where events are rare; print [`average_precision`] and the base rate beside it.
///
/// # Errors
/// Lengths differ, or a score is not finite.
///
/// # References
/// [doi:10.1148/radiology.143.1.7063747](https://doi.org/10.1148/radiology.143.1.7063747).
///
/// ```
/// use forewarn_models::score::auroc;
/// // Of two pairs one is in order and one is tied.
/// assert_eq!(auroc(&[0.9, 0.9, 0.1], &[true, false, false])?, Some(0.75));
/// # Ok::<(), forewarn_models::score::ScoreError>(())
/// ```
pub fn auroc(score: &[f64], event: &[bool]) -> Result<Option<f64>, ScoreError> {
    let groups = groups(score, event)?;
    let (mut above, mut won) = (0.0, 0.0);
    let mut others = 0.0;
    for (events, rest) in groups {
        won += rest * (above + 0.5 * events);
        above += events;
        others += rest;
    }
    Ok((above > 0.0 && others > 0.0).then(|| won / (above * others)))
}

/// Average precision, `sum_k (R_k - R_{k-1}) P_k` over the distinct scores from high to low.
///
/// `R_k` is the share of events scored at least that high, `P_k` the share of events among all
/// scored at least that high. Dimensionless; scores that say nothing come to the base rate. Equal
/// scores enter together, so the order of the records cannot matter. `None` without events.
///
/// # Errors
/// Lengths differ, or a score is not finite.
pub fn average_precision(score: &[f64], event: &[bool]) -> Result<Option<f64>, ScoreError> {
    let (mut hits, mut flagged, mut sum) = (0.0, 0.0, 0.0);
    for (events, rest) in groups(score, event)? {
        hits += events;
        flagged += events + rest;
        sum += events * hits / flagged;
    }
    Ok((hits > 0.0).then(|| sum / hits))
}

/// Events and non-events at each distinct score, from high to low.
fn groups(score: &[f64], event: &[bool]) -> Result<Vec<(f64, f64)>, ScoreError> {
    same_length(score.len(), event.len())?;
    if let Some(index) = score.iter().position(|score| !score.is_finite()) {
        return Err(ScoreError::NotFinite { index });
    }
    let mut order: Vec<usize> = (0..score.len()).collect();
    order.sort_unstable_by(|&a, &b| score[b].total_cmp(&score[a]));
    let tied = order.chunk_by(|&a, &b| score[a] <= score[b]);
    Ok(tied
        .map(|group| {
            let events = group.iter().filter(|&&i| event[i]).count();
            (real(events), real(group.len() - events))
        })
        .collect())
}
