use super::{Draws, mean_of_doubled, rows};
use crate::units::{compact, real};

/// Two-sided 5 % point of the normal law.
const FIVE_PERCENT: f64 = 1.959_963_984_540_054;

/// Ranks from 1 in order of expected rank, where items that the draws cannot tell apart share one.
///
/// Items are walked in order of expected rank. One whose mean rank lies within Monte Carlo error of that
/// of the item that opened the last rank shares it; else it opens the next, which is one more than the
/// items before it (1, 2, 2, 4). With `d_b` the difference of the two items' mean ranks in batch `b`:
///
/// ```text
/// tied if |mean d| <= 1.96 sd(d) / sqrt(B)       batch b: the replicates r with r mod B = b
/// ```
///
/// Batch means, since replicates that share a placement are not independent (Schmeiser 1982). An item is
/// held against the one that opened the rank and not the one before it, or a long row of near ties would
/// become one.
///
/// - `draws`: as for [`rank_draws`](super::rank_draws); high values rank first.
/// - `n_batches`: placements behind the draws; where none are, any number. Limited to the replicates; of
///   one batch no error is known, and only equal means are tied.
///
/// Returns one rank per item, in the order of the items.
///
/// # References
/// [doi:10.1287/opre.30.3.556](https://doi.org/10.1287/opre.30.3.556).
///
/// ```
/// use forewarn_models::rank::{Draws, tied_ranks};
/// // The first is first in every draw; the others take turns.
/// let draws = Draws::new(4, vec![9.0, 9.0, 9.0, 9.0, 1.0, 2.0, 1.0, 2.0, 2.0, 1.0, 2.0, 1.0])?;
/// assert_eq!(tied_ranks(&draws, 4), [1, 2, 2]);
/// # Ok::<(), forewarn_models::rank::DrawsError>(())
/// ```
#[must_use]
pub fn tied_ranks(draws: &Draws, n_batches: usize) -> Vec<u32> {
    let rows = rows(draws);
    let n_batches = n_batches.clamp(1, rows.len());
    let of_batch = |batch: usize, item: usize| {
        let ranks = rows.iter().skip(batch).step_by(n_batches);
        let (n, total) = ranks.fold((0, 0), |(n, total), row| {
            (n + 1, total + u64::from(row[item]))
        });
        mean_of_doubled(total, n)
    };
    let means: Vec<Vec<f64>> = (0..draws.n_items())
        .map(|item| (0..n_batches).map(|batch| of_batch(batch, item)).collect())
        .collect();
    let expected: Vec<f64> = means.iter().map(|batches| mean(batches)).collect();
    let mut order: Vec<usize> = (0..means.len()).collect();
    order.sort_by(|&a, &b| expected[a].total_cmp(&expected[b]).then(a.cmp(&b)));
    let mut ranks = vec![0; means.len()];
    let mut opened: Option<usize> = None;
    for (before, &item) in order.iter().enumerate() {
        let shared = opened.filter(|&first| tied(&means[first], &means[item]));
        let first = *opened.insert(shared.unwrap_or(item));
        ranks[item] = if first == item {
            compact(before) + 1
        } else {
            ranks[first]
        };
    }
    ranks
}

fn tied(a: &[f64], b: &[f64]) -> bool {
    let apart: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    let (n, centre) = (real(apart.len()), mean(&apart));
    let squares: f64 = apart.iter().map(|d| (d - centre).powi(2)).sum();
    let error = if apart.len() > 1 {
        (squares / (n - 1.0) / n).sqrt()
    } else {
        0.0
    };
    centre.abs() <= FIVE_PERCENT * error
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / real(values.len())
}
