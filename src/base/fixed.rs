//! Fixed-point amounts: incidents are split over cells and weeks in whole parts, so that sums do
//! not depend on their order and nothing is lost.

/// Parts of one whole on each axis (space, time).
pub const PARTS: i64 = 1_000_000;

/// Parts of one incident in a (cell, week): space parts times time parts.
pub const INCIDENT_E12: i64 = PARTS * PARTS;

/// An amount in parts of 1e-12 as a number of incidents.
#[must_use]
#[allow(
    clippy::cast_precision_loss,
    reason = "amounts stay far below 2^53 parts of 1e-12 per cell"
)]
pub fn incidents(amount_e12: i64) -> f64 {
    amount_e12 as f64 / INCIDENT_E12 as f64
}

/// Splits one whole over `weights` into parts that sum to [`PARTS`] exactly.
///
/// Largest remainders (Hamilton): each share is rounded down, the parts left over go to the largest
/// remainders, ties to the first. Weights must be finite and not negative; where they sum to zero,
/// or none is given, no part is assigned and the result is all zeros.
#[must_use]
#[allow(clippy::cast_possible_truncation, reason = "shares lie in 0..=PARTS")]
#[allow(clippy::cast_precision_loss, reason = "PARTS is exact as f64")]
pub fn split(weights: &[f64]) -> Vec<i64> {
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return vec![0; weights.len()];
    }
    let shares: Vec<f64> = weights.iter().map(|w| w / total * PARTS as f64).collect();
    let mut parts: Vec<i64> = shares.iter().map(|share| share.floor() as i64).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&a, &b| {
        (shares[b].fract())
            .total_cmp(&shares[a].fract())
            .then(a.cmp(&b))
    });
    let left = PARTS - parts.iter().sum::<i64>();
    for &i in order
        .iter()
        .cycle()
        .take(usize::try_from(left).unwrap_or(0))
    {
        parts[i] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_sum_to_the_whole() {
        for weights in [
            vec![1.0],
            vec![1.0; 3],
            vec![0.1, 0.7, 0.0, 5e-9],
            vec![254.0; 713],
        ] {
            assert_eq!(
                split(&weights).iter().sum::<i64>(),
                PARTS,
                "{} weights",
                weights.len()
            );
        }
    }

    #[test]
    fn nothing_to_split_over_assigns_nothing() {
        assert!(split(&[]).is_empty());
        assert_eq!(split(&[0.0, 0.0]), [0, 0]);
    }
}
