use thiserror::Error;

use crate::units::real;

/// Lower edges of the bins by which the VIEWS prediction challenge of 2023 sorts deaths; the last
/// bin has no upper edge (Hegre et al. 2025).
pub const CHALLENGE_EDGES: [f64; 11] = [
    0.0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5,
];

/// Draws that cannot be scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EnsembleError {
    /// Too few draws.
    #[error("{got} draws where {needed} are needed")]
    TooFew {
        /// Draws needed.
        needed: usize,
        /// Draws that came.
        got: usize,
    },
    /// A draw that is not finite.
    #[error("draw {index} must be finite")]
    Draw {
        /// Its position.
        index: usize,
    },
    /// An outcome that is not finite.
    #[error("the outcome must be finite")]
    Observed,
    /// A threshold that is not a number.
    #[error("the threshold must be a number")]
    Threshold,
    /// A level that is no probability between 0 and 1.
    #[error("the level of an interval must be above 0 and below 1")]
    Level,
    /// No bin, or bins that do not ascend.
    #[error("there must be bins, and their lower edges must ascend")]
    Edges,
    /// A draw or an outcome below the first bin.
    #[error("draws and outcome must not lie below the first bin")]
    BelowBins,
}

/// Continuous ranked probability score of the law that `m` draws make up.
///
/// ```text
/// 1/m sum |x_i - y|  -  1/(2 m^2) sum sum |x_i - x_j|
/// ```
///
/// In units of the outcome; the absolute error for one draw. With `above`, draws and outcome are
/// raised to at least that threshold, so that only what lies beyond it counts (the twCRPS of
/// Gneiting & Ranjan 2011 with weight `1{z >= tau}`); `f64::NEG_INFINITY` counts all. Draws of a
/// good law are punished for being few: compare ensembles of equal size, or use
/// [`crps_ensemble_fair`].
///
/// # Errors
/// No draw; a draw or the outcome not finite; a threshold that is not a number.
///
/// # References
/// Gneiting & Raftery 2007,
/// [doi:10.1198/016214506000001437](https://doi.org/10.1198/016214506000001437);
/// [doi:10.1198/jbes.2010.08110](https://doi.org/10.1198/jbes.2010.08110).
///
/// ```
/// use forewarn_models::score::crps_ensemble;
/// // 0 and 2 around 1: 1 - (0 + 2 + 2 + 0) / 8.
/// assert_eq!(crps_ensemble(&[0.0, 2.0], 1.0, f64::NEG_INFINITY)?, 0.5);
/// # Ok::<(), forewarn_models::score::EnsembleError>(())
/// ```
pub fn crps_ensemble(draws: &[f64], observed: f64, above: f64) -> Result<f64, EnsembleError> {
    let (error, spread) = parts(draws, observed, above, 1)?;
    let m = real(draws.len());
    Ok(error / m - spread / (m * m))
}

/// The score that the law behind the draws can expect, whatever their number (Ferro 2014).
///
/// As [`crps_ensemble`] with `2 m (m - 1)` for `2 m^2`. It can be negative.
///
/// # Errors
/// As [`crps_ensemble`], or fewer than two draws.
///
/// # References
/// [doi:10.1002/qj.2270](https://doi.org/10.1002/qj.2270).
pub fn crps_ensemble_fair(draws: &[f64], observed: f64, above: f64) -> Result<f64, EnsembleError> {
    let (error, spread) = parts(draws, observed, above, 2)?;
    let m = real(draws.len());
    Ok(error / m - spread / (m * (m - 1.0)))
}

/// The central interval at `level` of the draws, as (lower, upper).
///
/// Ends are quantiles at `(1 - level) / 2` and one minus that, interpolated between the sorted
/// draws (definition 7 of Hyndman & Fan 1996): quantile `q` lies at position `(m - 1) q`.
///
/// # Errors
/// No draw or one not finite; a level not within 0..1.
///
/// # References
/// [doi:10.1080/00031305.1996.10473566](https://doi.org/10.1080/00031305.1996.10473566).
pub fn ensemble_interval(draws: &[f64], level: f64) -> Result<(f64, f64), EnsembleError> {
    if !(level > 0.0 && level < 1.0) {
        return Err(EnsembleError::Level);
    }
    check(draws, 0.0, 1)?;
    let sorted = sorted(draws.to_vec());
    let alpha = 1.0 - level;
    Ok((
        quantile(&sorted, alpha / 2.0),
        quantile(&sorted, 1.0 - alpha / 2.0),
    ))
}

/// Ignorance score of the VIEWS challenge in bits: `-log2` of the share of draws in the bin that
/// holds the outcome, one draw added to every bin.
///
/// ```text
/// -log2( (1 + #{x_i in bin of y}) / (m + number of bins) )
/// ```
///
/// - `lower_edges`: of the bins, ascending; a value on an edge belongs above it, and the last bin
///   is open ([`CHALLENGE_EDGES`]).
///
/// # Errors
/// No draw; a draw or the outcome not finite, or below the first bin; edges that do not ascend.
///
/// # References
/// Roulston & Smith 2002, [doi:10.1175/1520-0493(2002)130<1653:EPFUIT>2.0.CO;2](https://doi.org/10.1175/1520-0493(2002)130%3C1653:EPFUIT%3E2.0.CO;2);
/// Hegre et al. 2025, [doi:10.1177/00223433241300862](https://doi.org/10.1177/00223433241300862).
pub fn ignorance(draws: &[f64], observed: f64, lower_edges: &[f64]) -> Result<f64, EnsembleError> {
    check(draws, observed, 1)?;
    let ascends = |edges: &[f64]| edges.iter().is_sorted_by(|a, b| a < b);
    if lower_edges.is_empty() || !ascends(lower_edges) || lower_edges[0].is_nan() {
        return Err(EnsembleError::Edges);
    }
    let bin = |value: f64| lower_edges.partition_point(|&edge| edge <= value);
    if bin(observed) == 0 || draws.iter().any(|&draw| bin(draw) == 0) {
        return Err(EnsembleError::BelowBins);
    }
    let there = draws.iter().filter(|&&draw| bin(draw) == bin(observed));
    Ok(-((1.0 + real(there.count())) / real(draws.len() + lower_edges.len())).log2())
}

/// Sum of distances from the outcome, and of distances over the pairs of draws.
fn parts(
    draws: &[f64],
    observed: f64,
    above: f64,
    needed: usize,
) -> Result<(f64, f64), EnsembleError> {
    check(draws, observed, needed)?;
    if above.is_nan() {
        return Err(EnsembleError::Threshold);
    }
    let sorted = sorted(draws.iter().map(|draw| draw.max(above)).collect());
    let outcome = observed.max(above);
    if above == f64::INFINITY {
        return Ok((0.0, 0.0));
    }
    let error = sorted.iter().map(|draw| (draw - outcome).abs()).sum();
    // Between neighbours in order lie as many pairs as there are draws below times above.
    let m = sorted.len();
    let gap = |i: usize| real(i * (m - i)) * (sorted[i] - sorted[i - 1]);
    Ok((error, (1..m).map(gap).sum()))
}

fn sorted(mut draws: Vec<f64>) -> Vec<f64> {
    draws.sort_unstable_by(f64::total_cmp);
    draws
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a position lies between 0 and the number of draws"
)]
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let position = real(sorted.len() - 1) * q;
    let below = position.floor() as usize;
    let above = sorted[(below + 1).min(sorted.len() - 1)];
    sorted[below] + (position - position.floor()) * (above - sorted[below])
}

fn check(draws: &[f64], observed: f64, needed: usize) -> Result<(), EnsembleError> {
    let got = draws.len();
    if got < needed {
        return Err(EnsembleError::TooFew { needed, got });
    }
    if let Some(index) = draws.iter().position(|draw| !draw.is_finite()) {
        return Err(EnsembleError::Draw { index });
    }
    if observed.is_finite() {
        Ok(())
    } else {
        Err(EnsembleError::Observed)
    }
}
