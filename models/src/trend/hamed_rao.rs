use super::mann_kendall::{Trend, mann_kendall, whole};
use super::score::{key, sign};
use super::sen::slope_of;
use super::{TrendError, known};
use crate::units::real;

/// 97.5 % quantile of the normal law: autocorrelations count when they are significant at 5 %.
const SIGNIFICANT: f64 = 1.959_963_984_540_054;

/// Mann-Kendall test of a series whose steps hang together (Hamed & Rao 1998).
///
/// ```text
/// Var* S = Var S ( 1 + 2 / (n (n - 1) (n - 2)) sum_k (n - k) (n - k - 1) (n - k - 2) r_k )
/// ```
///
/// over lags `k` whose `|r_k|` exceeds `1.96 / sqrt n`; `r_k` is the autocorrelation of the ranks
/// of the values once the [Theil-Sen line](super::sen_slope) is taken away. `S`, `Z` and `p` as in
/// [`mann_kendall`].
///
/// - `values`: one per step, `None` where not known. The known keep their steps: `r_k` sums over
///   the pairs known on both sides.
/// - `lags`: how far to look, all there are where `None`. Windows of `w` steps that overlap hang
///   together over `w - 1` lags. Long lags of a season shrink the variance: a season is for
///   [`seasonal_mann_kendall`](super::seasonal_mann_kendall).
///
/// Edge cases: values on a line, and all values equal, have no autocorrelation. What remains above
/// the line is equal as in the [module](super); ranked by its last bit, as elsewhere, counts over a
/// slope such as 2/65 get another variance.
///
/// # Errors
/// As [`mann_kendall`]; autocorrelations below zero that outweigh the variance.
///
/// # References
/// [doi:10.1016/S0022-1694(97)00125-X](https://doi.org/10.1016/S0022-1694(97)00125-X).
pub fn hamed_rao(values: &[Option<f64>], lags: Option<usize>) -> Result<Trend, TrendError> {
    let plain = mann_kendall(values)?;
    let known = known(values)?;
    let slope = slope_of(&known);
    let line = |(t, x): (usize, Option<f64>)| x.map(|x| x - slope * real(t));
    let rests: Vec<Option<f64>> = values.iter().copied().enumerate().map(line).collect();
    let variance = plain.variance * inflation(&rests, lags);
    Trend::of_score(plain.n, plain.s, variance)
}

/// By how much the autocorrelation of the ranks raises the variance of the score.
pub(super) fn inflation(values: &[Option<f64>], lags: Option<usize>) -> f64 {
    let ranks = centred_ranks(values);
    let n = ranks.iter().flatten().count();
    let squares: f64 = ranks.iter().flatten().map(|r| r * r).sum();
    if squares <= 0.0 {
        return 1.0;
    }
    let autocorrelation = |lag: usize| {
        let pairs = ranks.iter().zip(&ranks[lag..]);
        let products = pairs.filter_map(|(&a, &b)| a.zip(b).map(|(a, b)| a * b));
        products.sum::<f64>() / squares
    };
    let triples = |n: usize| real(n) * (real(n) - 1.0) * (real(n) - 2.0);
    let furthest = lags.unwrap_or(n).min(n.saturating_sub(3));
    let sum: f64 = (1..=furthest)
        .map(|lag| (lag, autocorrelation(lag)))
        .filter(|(_, r)| r.abs() > SIGNIFICANT / real(n).sqrt())
        .map(|(lag, r)| triples(n - lag) * r)
        .sum();
    1.0 + 2.0 / triples(n) * sum
}

/// Rank of each known value less the mean rank; equal values share theirs.
fn centred_ranks(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let keys: Vec<Option<f64>> = values.iter().map(|x| x.map(key)).collect();
    let above = |x: f64| {
        keys.iter()
            .flatten()
            .map(|&other| sign(other, x))
            .sum::<i64>()
    };
    keys.iter()
        .map(|x| x.map(|x| whole(above(x)) / 2.0))
        .collect()
}
