//! Ranks of zones over posterior draws and placements: the order, and how far it can be trusted.

use forewarn_models::rank::{Draws, RankSummary, mixture_draws, rank_draws, tied_ranks};
use forewarn_models::risk::{GammaPosterior, GammaPrior, SHAPE_MIN};

use crate::base::error::{Error, Result};
use crate::tables::{Doubt, ScenarioRisk, Standing};

use super::Input;
use super::stability::{Placed, STABLE};

/// A zone with its rank, not yet described.
#[derive(Debug)]
pub(super) struct Ranked {
    /// Positions of its cells in the study area, sorted.
    pub(super) members: Vec<u32>,
    /// The hot signals it stands for.
    pub(super) signals: Vec<usize>,
    /// Where it stands, if enough is known of its place.
    pub(super) standing: Option<Standing>,
    /// Share of placements in which it keeps half of its cells.
    pub(super) stability: Option<f64>,
    /// Rate relative to the study area's mean.
    pub(super) risk: Doubt,
    /// Share of the ways reporting may be in which the rank stays within its interval.
    pub(super) robustness: Option<f64>,
}

/// Orders zones by expected rank, equals by their first cell; zones whose place is not known well enough
/// come last, by their rate and without a rank, and take none from the others.
pub(super) fn rank(
    input: &Input<'_>,
    posteriors: &[GammaPosterior],
    zones: Vec<Vec<u32>>,
    signals: Vec<Vec<usize>>,
) -> Result<Vec<Ranked>> {
    let placed = Placed::of(input, &zones);
    let rates = zone_rates(input, posteriors, &zones, &placed.counts)?;
    let is_stable = |zone: &usize| placed.stability[*zone].is_none_or(|share| share >= STABLE);
    let stable: Vec<usize> = (0..zones.len()).filter(is_stable).collect();
    let mut standings = vec![None; zones.len()];
    for (zone, standing) in standings_of(input, &rates, &stable)? {
        standings[zone] = Some(standing);
    }
    let ways = ways(input, &zones, &stable)?;
    let figures = standings.into_iter().zip(placed.stability).zip(rates);
    let zones = zones.into_iter().zip(signals).zip(figures);
    let mut ranked: Vec<(Option<f64>, Ranked)> = zones
        .enumerate()
        .map(
            |(zone, ((mut members, signals), ((standing, stability), rates)))| {
                members.sort_unstable();
                let (order, standing) = standing.unzip();
                let ranked = Ranked {
                    members,
                    signals,
                    standing,
                    stability,
                    risk: spanning(&ways, zone, doubt(rates)),
                    robustness: standing
                        .and_then(|standing: Standing| robustness(&ways, zone, standing)),
                };
                (order, ranked)
            },
        )
        .collect();
    ranked.sort_by(|(a, left), (b, right)| {
        let last = |order: &Option<f64>| order.unwrap_or(f64::INFINITY);
        last(a)
            .total_cmp(&last(b))
            .then(match (a, b) {
                (None, None) => right.risk.mean.total_cmp(&left.risk.mean),
                _ => std::cmp::Ordering::Equal,
            })
            .then(left.members.cmp(&right.members))
    });
    Ok(ranked.into_iter().map(|(_, zone)| zone).collect())
}

/// Expected rank and standing of these zones, among themselves.
fn standings_of(
    input: &Input<'_>,
    rates: &[Vec<f64>],
    zones: &[usize],
) -> Result<Vec<(usize, (f64, Standing))>> {
    if zones.is_empty() {
        return Ok(Vec::new());
    }
    let draws = draws_of(rates, zones)?;
    let n_placements = match input.detections.hot_again.len() {
        0 => draws.n_replicates(),
        placements => placements,
    };
    let ranks = tied_ranks(&draws, n_placements);
    let summaries = rank_draws(&draws, 10).into_iter();
    let standings = summaries.zip(ranks).map(|(summary, rank)| {
        let standing = Standing {
            rank,
            rank_lo: summary.lo,
            rank_hi: summary.hi,
            p_top10: summary.p_top,
        };
        (summary.expected, standing)
    });
    Ok(zones.iter().copied().zip(standings).collect())
}

/// The draws of some zones.
fn draws_of(rates: &[Vec<f64>], zones: &[usize]) -> Result<Draws> {
    let replicates = zones.first().map_or(0, |&zone| rates[zone].len());
    let rates = zones.iter().flat_map(|&zone| rates[zone].iter().copied());
    Draws::new(replicates, rates.collect()).map_err(Error::statistic("zones"))
}

/// Where some zones stand among themselves; none where there is none.
fn summaries(rates: &[Vec<f64>], zones: &[usize]) -> Result<Vec<RankSummary>> {
    if zones.is_empty() {
        return Ok(Vec::new());
    }
    Ok(rank_draws(&draws_of(rates, zones)?, 10))
}

/// How zones stand if reporting were otherwise.
struct Way {
    risks: Vec<Doubt>,
    /// Missing for zones that are not ranked.
    ranks: Vec<Option<u32>>,
}

/// Reporting otherwise, and every record where the night counts it.
fn ways(input: &Input<'_>, zones: &[Vec<u32>], ranked: &[usize]) -> Result<Vec<Way>> {
    let as_counted: Vec<Vec<Vec<f64>>> = zones.iter().map(|z| vec![Vec::new(); z.len()]).collect();
    let way = |scenario: &ScenarioRisk| {
        let posteriors = super::posteriors(&scenario.shape, &scenario.rate)?;
        let rates = zone_rates(input, &posteriors, zones, &as_counted)?;
        let mut expected = vec![0.0; zones.len()];
        for (&zone, summary) in ranked.iter().zip(summaries(&rates, ranked)?) {
            expected[zone] = summary.expected;
        }
        let mut order = ranked.to_vec();
        order.sort_by(|&a, &b| expected[a].total_cmp(&expected[b]).then(a.cmp(&b)));
        let mut ranks = vec![None; zones.len()];
        for (rank, zone) in (1..).zip(order) {
            ranks[zone] = Some(rank);
        }
        let risks = rates.into_iter().map(doubt).collect();
        Ok(Way { risks, ranks })
    };
    input.reporting.scenarios.iter().map(way).collect()
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

fn robustness(ways: &[Way], zone: usize, standing: Standing) -> Option<f64> {
    let interval = standing.rank_lo..=standing.rank_hi;
    let stays = ways
        .iter()
        .filter(|way| way.ranks[zone].is_some_and(|rank| interval.contains(&rank)));
    #[allow(clippy::cast_precision_loss, reason = "three ways")]
    let share = stays.count() as f64 / ways.len() as f64;
    (!ways.is_empty()).then_some(share)
}

/// Draws of every zone's rate: the mean of its cells' rates, weighted by their true areas. Each replicate
/// takes what one placement counts in a cell for what the night counts there; prior, expectation and the
/// mission's mean stay.
fn zone_rates(
    input: &Input<'_>,
    posteriors: &[GammaPosterior],
    zones: &[Vec<u32>],
    placed: &[Vec<Vec<f64>>],
) -> Result<Vec<Vec<f64>>> {
    if zones.is_empty() {
        return Ok(Vec::new());
    }
    let replicates = usize::from(input.context.settings.zones.draws);
    let grid = &input.study_area.grid;
    let cells: Vec<usize> = zones.iter().flatten().map(|&i| i as usize).collect();
    let keys: Vec<u64> = cells.iter().map(|&i| u64::from(grid.cells()[i])).collect();
    let counts = placed.iter().flatten();
    let placed: Vec<Vec<GammaPosterior>> = cells
        .iter()
        .zip(counts)
        .map(|(&i, counts)| replaced(posteriors[i], input.expected.observed().value(i), counts))
        .collect::<Result<_>>()?;
    let placed: Vec<&[GammaPosterior]> = placed.iter().map(Vec::as_slice).collect();
    let draws = mixture_draws(&placed, &keys, replicates, input.context.seed)
        .map_err(Error::statistic("zones"))?;
    let mut rates = Vec::with_capacity(zones.len());
    let mut first = 0;
    for zone in zones {
        let span = first..first + zone.len();
        let area_km2: f64 = span.clone().map(|k| grid.area_km2()[cells[k]]).sum();
        let rate = |replicate| {
            let incidents = |k: usize| draws.item(k)[replicate] * grid.area_km2()[cells[k]];
            span.clone().map(incidents).sum::<f64>() / area_km2
        };
        rates.push((0..replicates).map(rate).collect());
        first = span.end;
    }
    Ok(rates)
}

/// A cell's posterior under each placement: the night's, with the reports put there for those counted.
fn replaced(night: GammaPosterior, observed: f64, counts: &[f64]) -> Result<Vec<GammaPosterior>> {
    if counts.is_empty() {
        return Ok(vec![night]);
    }
    let replaced = |count: &f64| {
        // A shape is its prior's, no less than the smallest that is fitted, and the count; where what
        // patrols discovered counts less than whole, what is left may be less.
        let shape = (night.shape() - observed).max(SHAPE_MIN) + count;
        posterior(shape, night.rate())
    };
    counts.iter().map(replaced).collect()
}

/// A posterior by its shape and rate.
pub(super) fn posterior(shape: f64, rate: f64) -> Result<GammaPosterior> {
    let known = GammaPrior::new(shape, rate).map_err(Error::statistic("zones"))?;
    known.posterior(0.0, 0.0).map_err(Error::statistic("zones"))
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
