//! Ranks of zones over posterior draws: the order, and how far it can be trusted.

use std::ops::RangeInclusive;

use forewarn_models::rank::{Draws, posterior_draws, rank_draws};
use forewarn_models::risk::GammaPosterior;

use crate::base::error::{Error, Result};
use crate::tables::{Doubt, ScenarioRisk};

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
    /// Share of the ways reporting may be in which the rank stays within its interval.
    pub(super) robustness: Option<f64>,
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
    let ways = ways(input, &zones)?;
    let summaries = rank_draws(&rates, 10);
    let mut ranked: Vec<(f64, Ranked)> = zones
        .into_iter()
        .zip(signals)
        .zip(summaries)
        .enumerate()
        .map(|(zone, ((mut members, signals), summary))| {
            members.sort_unstable();
            let (rank_lo, rank_hi, p_top10) = (summary.lo, summary.hi, summary.p_top);
            let risk = spanning(&ways, zone, doubt(rates.item(zone).to_vec()));
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
                    robustness: robustness(&ways, zone, rank_lo..=rank_hi),
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

/// How zones stand if reporting were otherwise.
struct Way {
    risks: Vec<Doubt>,
    ranks: Vec<u32>,
}

fn ways(input: &Input<'_>, zones: &[Vec<u32>]) -> Result<Vec<Way>> {
    let scenarios = input.reporting.scenarios.iter();
    let way = |scenario: &ScenarioRisk| {
        let posteriors = super::posteriors(&scenario.shape, &scenario.rate)?;
        let rates = zone_rates(input, &posteriors, zones)?;
        let expected: Vec<f64> = rank_draws(&rates, 10).iter().map(|s| s.expected).collect();
        let mut order: Vec<usize> = (0..zones.len()).collect();
        order.sort_by(|&a, &b| expected[a].total_cmp(&expected[b]).then(a.cmp(&b)));
        let mut ranks = vec![0; zones.len()];
        for (rank, zone) in (1..).zip(order) {
            ranks[zone] = rank;
        }
        let risks = (0..zones.len()).map(|zone| doubt(rates.item(zone).to_vec()));
        Ok(Way {
            risks: risks.collect(),
            ranks,
        })
    };
    scenarios.map(way).collect()
}

/// An interval that holds those of all ways.
fn spanning(ways: &[Way], zone: usize, risk: Doubt) -> Doubt {
    let risks = ways.iter().map(|way| way.risks[zone]);
    risks.fold(risk, |all, one| Doubt {
        mean: all.mean,
        lo: all.lo.min(one.lo),
        hi: all.hi.max(one.hi),
    })
}

fn robustness(ways: &[Way], zone: usize, interval: RangeInclusive<u32>) -> Option<f64> {
    let stays = ways
        .iter()
        .filter(|way| interval.contains(&way.ranks[zone]));
    #[allow(clippy::cast_precision_loss, reason = "three ways")]
    let share = stays.count() as f64 / ways.len() as f64;
    (!ways.is_empty()).then_some(share)
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
