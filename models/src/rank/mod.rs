//! How sure a ranking is: ranks of posterior draws, not of means.

mod draws;
mod placements;
mod ties;

#[cfg(test)]
mod tests;

pub use draws::{Draws, DrawsError, mixture_draws, posterior_draws};
pub use placements::{Placement, PlacementError, Placements, Uncertain, WHOLE};
pub use ties::tied_ranks;

use rayon::prelude::*;

use crate::units::{compact, real};

/// Replicates ranked together and items summarised together: eight numbers share a cache line.
const TOGETHER: usize = 8;

/// Where an item stands among all, over the draws. Rank 1 is the highest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankSummary {
    /// Mean rank.
    pub expected: f64,
    /// Rank at the 5 % end; a half rank is rounded down.
    pub lo: u32,
    /// Rank at the 95 % end; a half rank is rounded up.
    pub hi: u32,
    /// Share of draws in which the item is among the first `k_top`.
    pub p_top: f64,
}

/// Ranks of each item over the replicates (Goldstein & Spiegelhalter 1996).
///
/// In each replicate the items are ranked from high to low; equal draws share the mean of their
/// ranks. Over `R` replicates `lo` and `hi` are the nearest-rank quantiles: of an item's ranks in
/// ascending order, the one at position `ceil(0.05 R)` and the one at `ceil(0.95 R)`. An item is
/// among the first `k_top` when its rank is at most `k_top`; of two that share rank 1.5 neither is
/// first. Memory is 4 bytes per draw beside the draws themselves.
///
/// # References
/// [doi:10.2307/2983325](https://doi.org/10.2307/2983325).
///
/// ```
/// use forewarn_models::rank::{Draws, rank_draws};
/// // Two items, two replicates: 5 against 3, then 1 against 3.
/// let ranks = rank_draws(&Draws::new(2, vec![5.0, 1.0, 3.0, 3.0])?, 1);
/// assert_eq!((ranks[0].expected, ranks[0].lo, ranks[0].hi), (1.5, 1, 2));
/// assert_eq!(ranks[0].p_top, 0.5);
/// # Ok::<(), forewarn_models::rank::DrawsError>(())
/// ```
#[must_use]
pub fn rank_draws(draws: &Draws, k_top: usize) -> Vec<RankSummary> {
    let rows = rows(draws);
    starts(draws.n_items())
        .flat_map_iter(|first| summaries(&rows, first, k_top))
        .collect()
}

/// Twice the rank of each item, replicate by replicate.
fn rows(draws: &Draws) -> Vec<Vec<u32>> {
    starts(draws.n_replicates())
        .flat_map_iter(|first| doubled_ranks(draws, first))
        .collect()
}

fn starts(n: usize) -> impl ParallelIterator<Item = usize> {
    (0..n.div_ceil(TOGETHER))
        .into_par_iter()
        .map(|block| block * TOGETHER)
}

/// Twice the rank of each item, which is whole even for ties, in up to [`TOGETHER`] replicates.
fn doubled_ranks(draws: &Draws, first: usize) -> Vec<Vec<u32>> {
    let replicates = first..draws.n_replicates().min(first + TOGETHER);
    let mut columns = vec![Vec::with_capacity(draws.n_items()); replicates.len()];
    for item in 0..draws.n_items() {
        for (column, &value) in columns
            .iter_mut()
            .zip(&draws.item(item)[replicates.clone()])
        {
            column.push((value, compact(item)));
        }
    }
    columns.into_iter().map(ranked).collect()
}

fn ranked(mut column: Vec<(f64, u32)>) -> Vec<u32> {
    column.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let mut ranks = vec![0; column.len()];
    let mut above = 0;
    for tied in column.chunk_by(|a, b| a.0 <= b.0) {
        let through = above + compact(tied.len());
        for &(_, item) in tied {
            ranks[item as usize] = above + 1 + through;
        }
        above = through;
    }
    ranks
}

fn summaries(rows: &[Vec<u32>], first: usize, k_top: usize) -> Vec<RankSummary> {
    let items = first..rows[0].len().min(first + TOGETHER);
    let mut columns = vec![Vec::with_capacity(rows.len()); items.len()];
    for row in rows {
        for (column, &rank) in columns.iter_mut().zip(&row[items.clone()]) {
            column.push(rank);
        }
    }
    columns
        .into_iter()
        .map(|column| summary(column, k_top))
        .collect()
}

fn summary(mut doubled: Vec<u32>, k_top: usize) -> RankSummary {
    doubled.sort_unstable();
    let n = doubled.len();
    let at_percent = |percent: usize| doubled[(n * percent).div_ceil(100) - 1];
    let within = doubled.partition_point(|&rank| rank as usize <= 2 * k_top);
    let total: u64 = doubled.iter().map(|&rank| u64::from(rank)).sum();
    RankSummary {
        expected: mean_of_doubled(total, n),
        lo: at_percent(5) / 2,
        hi: at_percent(95).div_ceil(2),
        p_top: real(within) / real(n),
    }
}

#[expect(clippy::cast_precision_loss, reason = "sums of ranks stay below 2^53")]
fn mean_of_doubled(total: u64, n: usize) -> f64 {
    total as f64 / (2.0 * real(n))
}
