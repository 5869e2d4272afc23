//! Ranks of zones over posterior draws: the order, and how far it can be trusted.

use forewarn_models::rank::{Draws, posterior_draws, rank_draws};
use forewarn_models::risk::GammaPosterior;

use crate::base::error::{Error, Result};
use crate::tables::Doubt;

use super::Input;

/// A zone with its rank, not yet described.
#[derive(Debug)]
pub(super) struct Ranked {
    /// Positions of its cells in the study area, sorted.
    pub(super) members: Vec<u32>,
    /// The hot signals it stands for.
    pub(super) signals: Vec<usize>,
    /// 1 = highest.
    pub(super) rank: u32,
    /// 5 % rank.
    pub(super) rank_lo: u32,
    /// 95 % rank.
    pub(super) rank_hi: u32,
    /// Probability of rank 10 or better.
    pub(super) p_top10: f64,
    /// Rate relative to the study area's mean.
    pub(super) risk: Doubt,
}

/// Orders zones by expected rank; equals by their first cell.
pub(super) fn rank(
    input: &Input<'_>,
    posteriors: &[GammaPosterior],
    zones: Vec<Vec<u32>>,
    signals: Vec<Vec<usize>>,
) -> Result<Vec<Ranked>> {
    if zones.is_empty() {
        return Ok(Vec::new());
    }
    let rates = zone_rates(input, posteriors, &zones)?;
    let summaries = rank_draws(&rates, 10);
    let mut ranked: Vec<(f64, Ranked)> = zones
        .into_iter()
        .zip(signals)
        .zip(summaries)
        .enumerate()
        .map(|(zone, ((mut members, signals), summary))| {
            members.sort_unstable();
            let (rank_lo, rank_hi, p_top10) = (summary.lo, summary.hi, summary.p_top);
            let risk = doubt(rates.item(zone).to_vec());
            (
                summary.expected,
                Ranked {
                    members,
                    signals,
                    rank: 0,
                    rank_lo,
                    rank_hi,
                    p_top10,
                    risk,
                },
            )
        })
        .collect();
    ranked.sort_by(|(a, left), (b, right)| a.total_cmp(b).then(left.members.cmp(&right.members)));
    Ok((1..)
        .zip(ranked)
        .map(|(rank, (_, zone))| Ranked { rank, ..zone })
        .collect())
}

/// Draws of every zone's rate: the mean of its cells' rates, weighted by their true areas.
fn zone_rates(
    input: &Input<'_>,
    posteriors: &[GammaPosterior],
    zones: &[Vec<u32>],
) -> Result<Draws> {
    let replicates = usize::from(input.context.settings.zones.draws);
    let grid = &input.study_area.grid;
    let cells: Vec<usize> = zones.iter().flatten().map(|&i| i as usize).collect();
    let keys: Vec<u64> = cells.iter().map(|&i| u64::from(grid.cells()[i])).collect();
    let of_cells: Vec<GammaPosterior> = cells.iter().map(|&i| posteriors[i]).collect();
    let draws = posterior_draws(&of_cells, &keys, replicates, input.context.seed)
        .map_err(Error::statistic("zones"))?;
    let mut rates = Vec::with_capacity(zones.len() * replicates);
    let mut first = 0;
    for zone in zones {
        let span = first..first + zone.len();
        let area_km2: f64 = span.clone().map(|k| grid.area_km2()[cells[k]]).sum();
        rates.extend((0..replicates).map(|replicate| {
            let incidents = |k: usize| draws.item(k)[replicate] * grid.area_km2()[cells[k]];
            span.clone().map(incidents).sum::<f64>() / area_km2
        }));
        first = span.end;
    }
    Draws::new(replicates, rates).map_err(Error::statistic("zones"))
}

/// Mean, 5 % and 95 % of draws, by nearest rank.
fn doubt(mut draws: Vec<f64>) -> Doubt {
    draws.sort_by(f64::total_cmp);
    let at = |percent: usize| draws[(draws.len() * percent).div_ceil(100).max(1) - 1];
    #[allow(clippy::cast_precision_loss, reason = "a few thousand draws")]
    let mean = draws.iter().sum::<f64>() / draws.len() as f64;
    Doubt {
        mean,
        lo: at(5),
        hi: at(95),
    }
}
