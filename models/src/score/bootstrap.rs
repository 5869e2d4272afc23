use rand::Rng;
use rayon::prelude::*;
use thiserror::Error;

use crate::units::{Purpose, Seed, compact, real};

/// Why there is no bootstrap interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BootstrapError {
    /// Nothing to draw from.
    #[error("there must be blocks to draw")]
    NoBlocks,
    /// Nothing to draw.
    #[error("there must be replicates")]
    NoReplicates,
    /// A level that is no probability between 0 and 1.
    #[error("the level of an interval must be above 0 and below 1")]
    Level,
}

/// Percentile interval of a statistic over resampled blocks, such as days or weeks (Efron 1979).
///
/// Each replicate draws as many blocks as there are, with replacement, and `statistic` gets their
/// numbers. Ends are nearest-rank quantiles of the defined replicates at `(1 - level) / 2` and one
/// minus that. `None` when the statistic is undefined (or not a number) in more than half of the
/// replicates: then events are too few for an interval. Replicate `k` draws from stream `k`,
/// whatever the number of threads.
///
/// # Errors
/// No block, no replicate, or a level not within 0..1.
///
/// # References
/// [doi:10.1214/aos/1176344552](https://doi.org/10.1214/aos/1176344552).
pub fn bootstrap_interval(
    n_blocks: usize,
    replicates: u32,
    level: f64,
    seed: Seed,
    statistic: impl Fn(&[usize]) -> Option<f64> + Sync,
) -> Result<Option<(f64, f64)>, BootstrapError> {
    if !(level > 0.0 && level < 1.0) {
        return Err(BootstrapError::Level);
    }
    if replicates == 0 {
        return Err(BootstrapError::NoReplicates);
    }
    if n_blocks == 0 {
        return Err(BootstrapError::NoBlocks);
    }
    let last = compact(n_blocks - 1);
    let replicate = |k: u32| {
        let mut rng = seed.stream(Purpose::ScoreBootstrap, u64::from(k));
        let mut block = |_| rng.random_range(0..=last) as usize;
        let drawn: Vec<usize> = (0..n_blocks).map(&mut block).collect();
        statistic(&drawn).filter(|value| !value.is_nan())
    };
    let all: Vec<Option<f64>> = (0..replicates).into_par_iter().map(replicate).collect();
    let mut values: Vec<f64> = all.into_iter().flatten().collect();
    if 2 * values.len() < replicates as usize {
        return Ok(None);
    }
    values.sort_unstable_by(f64::total_cmp);
    let tail = (1.0 - level) / 2.0;
    Ok(Some((
        nearest_rank(&values, tail),
        nearest_rank(&values, 1.0 - tail),
    )))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank lies between 1 and the number of replicates"
)]
fn nearest_rank(sorted: &[f64], q: f64) -> f64 {
    let rank = (q * real(sorted.len())).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}
