//! What forecasts were worth: every figure with its interval, the model beside the baselines.

use std::collections::BTreeMap;

use forewarn_models::score::{
    Ranked, bootstrap_interval, brier, calibration_line, flagged_within, log_score, reliability,
};
use forewarn_models::units::Seed;

use crate::base::error::{Error, Result};
use crate::tables::{Bin, Forecast, ForecastScore, Measure, Scores};

use super::cases::Cases;
use super::counts::of_counts;
use super::past::Past;
use super::rolling::Input;
use super::{STAGE, card_digest, slices};

/// Resamples behind each interval.
const REPLICATES: u32 = 200;
/// Level of the intervals.
const LEVEL: f64 = 0.9;
/// Shares of the area that are looked at, in percent.
const BUDGETS_PERCENT: [u32; 3] = [1, 5, 10];
/// The same along the curve, in tenths of a percent.
const CURVE_PERMILLE: [u32; 10] = [5, 10, 20, 30, 50, 75, 100, 150, 200, 300];
/// The model's name beside those of the baselines.
pub(super) const MODEL: &str = "model";
/// The baseline that skill of the season is told against.
const SEASON: &str = "same_phase";
/// Days that a baseline's rate counts incidents of.
const RATE_DAYS: f64 = 28.0;
const BINS: usize = 10;

/// A forecast to be judged.
pub(super) struct Judged {
    pub(super) name: &'static str,
    pub(super) score: Vec<f64>,
    pub(super) by_period: Ranked,
    pub(super) by_area: Ranked,
}

impl Judged {
    fn new(name: &'static str, score: Vec<f64>, cases: &Cases<'_>) -> Result<Self> {
        let events = cases.events();
        let ranked = |block| Ranked::new(&score, &events, block).map_err(Error::statistic(STAGE));
        Ok(Self {
            name,
            by_period: ranked(&cases.period)?,
            by_area: ranked(&cases.area)?,
            score,
        })
    }
}

/// The ends of an interval, where there is one.
type Ends = Option<(f64, f64)>;

/// A statistic of resampled blocks with its interval; `times` says how often each block is there.
pub(super) fn interval(
    n_blocks: usize,
    seed: Seed,
    statistic: impl Fn(&[f64]) -> Option<f64> + Sync,
) -> Result<(Option<f64>, Ends)> {
    let value = statistic(&vec![1.0; n_blocks]);
    if value.is_none() || n_blocks < 2 {
        return Ok((value, None));
    }
    let drawn = |drawn: &[usize]| {
        let mut times = vec![0.0; n_blocks];
        for &block in drawn {
            times[block] += 1.0;
        }
        statistic(&times)
    };
    let interval = bootstrap_interval(n_blocks, REPLICATES, LEVEL, seed, drawn);
    Ok((value, interval.map_err(Error::statistic(STAGE))?))
}

/// A measure over periods and over areas.
pub(super) fn measure(
    (n_periods, n_areas): (usize, usize),
    seed: Seed,
    by_period: impl Fn(&[f64]) -> Option<f64> + Sync,
    by_area: impl Fn(&[f64]) -> Option<f64> + Sync,
) -> Result<Measure> {
    let (value, over_periods) = interval(n_periods, seed, by_period)?;
    let (_, over_areas) = interval(n_areas, seed, by_area)?;
    Ok(Measure {
        value,
        by_period: over_periods,
        by_area: over_areas,
    })
}

/// Scores everything there is to score.
pub(super) fn scores(
    input: &Input<'_>,
    past: &Past,
    cases: &Cases<'_>,
    further: &[Vec<Forecast>],
) -> Result<Scores> {
    let seed = input.context.seed;
    let mut all = vec![Judged::new(MODEL, cases.said(), cases)?];
    for (k, name) in cases.baselines().into_iter().enumerate() {
        all.push(Judged::new(name, cases.rates(k), cases)?);
    }
    let blocks = (cases.periods.len(), cases.n_areas);
    let once = vec![1.0; blocks.0];
    let ap = |one: &Judged| one.by_period.average_precision(&once).unwrap_or(0.0);
    // Of equals the first.
    let best = all[1..].iter().rev().max_by(|a, b| ap(a).total_cmp(&ap(b)));
    let best = best.unwrap_or(&all[0]);
    let model = &all[0];
    let lead = |ranked: fn(&Judged) -> &Ranked| {
        move |times: &[f64]| {
            let of = |one| ranked(one).average_precision(times);
            Some(of(model)? - of(best)?)
        }
    };
    let lead = measure(
        blocks,
        seed,
        lead(|one| &one.by_period),
        lead(|one| &one.by_area),
    )?;
    let mut forecasts = Vec::new();
    for one in &all {
        forecasts.push(score(input, cases, one, &all)?);
    }
    let events = cases.events();
    let n_events = events.iter().filter(|&&event| event).count();
    let curve = |one: &Judged| Ok::<_, Error>((one.name, curve(input, cases, one)?));
    let settings = &input.context.settings;
    Ok(Scores {
        request: input.request.clone(),
        mission: settings.mission.name.clone(),
        notice: None,
        digest: input.digest.to_owned(),
        card_digest: card_digest(),
        resolution: settings.area.resolution,
        n_cells: cases.n_cells,
        n_periods: cases.periods.len(),
        n_incidents: cases.count.iter().map(|&count| count as usize).sum(),
        n_events,
        base_rate: share(n_events, cases.len()),
        best_baseline: best.name,
        model_is_shown: lead.value.is_some_and(|lead| lead >= 0.0),
        lead,
        slices: slices::slices(input, past, cases, (model, best), further)?,
        reliability: bins(&model.score, &events)?,
        hit_curve: vec![curve(model)?, curve(best)?],
        forecasts,
        notes: Vec::new(),
    })
}

#[allow(
    clippy::cast_precision_loss,
    reason = "counts of cases, far below 2^53"
)]
pub(super) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

fn bins(p: &[f64], events: &[bool]) -> Result<Vec<Bin>> {
    let bins = reliability(p, events, BINS).map_err(Error::statistic(STAGE))?;
    let bin = bins.into_iter().map(|bin| Bin {
        n: bin.n,
        mean_forecast: bin.mean_forecast,
        observed: bin.observed,
        interval: (bin.lo, bin.hi),
    });
    Ok(bin.collect())
}

/// Probabilities of a forecast: a rate says at least one by a Poisson count.
fn probabilities(input: &Input<'_>, one: &Judged) -> Vec<f64> {
    if one.name == MODEL {
        return one.score.clone();
    }
    let periods = f64::from(input.request.horizon_days) / RATE_DAYS;
    let p = one
        .score
        .iter()
        .map(|rate| -(-rate.max(0.0) * periods).exp_m1());
    p.map(|p| p.clamp(0.0, 1.0)).collect()
}

/// Sums of squared errors by block.
fn squares(p: &[f64], events: &[bool], block: &[u32], n_blocks: usize) -> Vec<f64> {
    let mut sums = vec![0.0; n_blocks];
    for ((p, &event), &block) in p.iter().zip(events).zip(block) {
        sums[block as usize] += (p - f64::from(u8::from(event))).powi(2);
    }
    sums
}

fn dot(a: &[f64], times: &[f64]) -> f64 {
    a.iter().zip(times).map(|(a, times)| a * times).sum()
}

/// Everything of one forecast.
fn score(
    input: &Input<'_>,
    cases: &Cases<'_>,
    one: &Judged,
    all: &[Judged],
) -> Result<ForecastScore> {
    let failed = Error::statistic(STAGE);
    let (seed, events) = (input.context.seed, cases.events());
    let blocks = (cases.periods.len(), cases.n_areas);
    let p = probabilities(input, one);
    let season = all.iter().find(|other| other.name == SEASON);
    let season = season.map(|season| probabilities(input, season));
    let base = share(events.iter().filter(|&&event| event).count(), events.len());
    let constant = vec![base; events.len()];
    let against = |other: &[f64]| brier_skill(cases, seed, &p, other, &events);
    let (hit_rate, pei, false_alarms) = places(input, cases, one)?;
    let counts = (one.name == MODEL).then(|| of_counts(cases));
    let mean: f64 = p.iter().sum::<f64>() / f64::max(share(p.len(), 1), 1.0);
    Ok(ForecastScore {
        forecast: one.name,
        average_precision: measure(
            blocks,
            seed,
            |times| one.by_period.average_precision(times),
            |times| one.by_area.average_precision(times),
        )?,
        auroc: measure(
            blocks,
            seed,
            |times| one.by_period.auroc(times),
            |times| one.by_area.auroc(times),
        )?,
        brier: mean_square(cases, seed, &p, &events)?,
        brier_skill: against(&constant)?,
        brier_skill_season: against(season.as_deref().unwrap_or(&constant))?,
        log_score: Some(log_score(&p, &events).map_err(&failed)?).filter(|score| score.is_finite()),
        calibration: calibration_line(&p, &events).map_err(&failed)?,
        magnitude_ratio: (base > 0.0).then(|| mean / base),
        hit_rate,
        pei,
        false_alarms,
        count_loss: counts.map(|(_, loss)| loss),
        coverage_90: counts.map(|(within, _)| within),
    })
}

fn mean_square(cases: &Cases<'_>, seed: Seed, p: &[f64], events: &[bool]) -> Result<Measure> {
    brier(p, events).map_err(Error::statistic(STAGE))?;
    let of = |block: &[u32], n| {
        let (sums, sizes) = (squares(p, events, block, n), sizes(block, n));
        move |times: &[f64]| {
            let n = dot(&sizes, times);
            (n > 0.0).then(|| dot(&sums, times) / n)
        }
    };
    let blocks = (cases.periods.len(), cases.n_areas);
    measure(
        blocks,
        seed,
        of(&cases.period, blocks.0),
        of(&cases.area, blocks.1),
    )
}

fn sizes(block: &[u32], n: usize) -> Vec<f64> {
    let mut sizes = vec![0.0; n];
    for &block in block {
        sizes[block as usize] += 1.0;
    }
    sizes
}

fn brier_skill(
    cases: &Cases<'_>,
    seed: Seed,
    p: &[f64],
    other: &[f64],
    events: &[bool],
) -> Result<Measure> {
    let of = |block: &[u32], n| {
        let (own, others) = (
            squares(p, events, block, n),
            squares(other, events, block, n),
        );
        move |times: &[f64]| {
            let reference = dot(&others, times);
            (reference > 0.0).then(|| 1.0 - dot(&own, times) / reference)
        }
    };
    let blocks = (cases.periods.len(), cases.n_areas);
    measure(
        blocks,
        seed,
        of(&cases.period, blocks.0),
        of(&cases.area, blocks.1),
    )
}

/// By share of the area in percent.
type ByBudget<T> = BTreeMap<u32, T>;

/// Hits and what could have been hit by budget; cells with an event count once.
fn places(
    input: &Input<'_>,
    cases: &Cases<'_>,
    one: &Judged,
) -> Result<(ByBudget<Measure>, ByBudget<Measure>, ByBudget<f64>)> {
    let mut told = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let seed = input.context.seed;
    for percent in BUDGETS_PERCENT {
        let caught = caught(input, cases, one, f64::from(percent) / 100.0)?;
        let n = cases.periods.len();
        let ratio = |part: &[f64], whole: &[f64], times: &[f64]| {
            let whole = dot(whole, times);
            (whole > 0.0).then(|| dot(part, times) / whole)
        };
        let rate = interval(n, seed, |times| ratio(&caught.hits, &caught.total, times))?;
        let pei = interval(n, seed, |times| ratio(&caught.hits, &caught.best, times))?;
        let of = |(value, by_period)| Measure {
            value,
            by_period,
            by_area: None,
        };
        told.0.insert(percent, of(rate));
        told.1.insert(percent, of(pei));
        let false_alarms: f64 =
            caught.flagged.iter().sum::<f64>() - caught.hits.iter().sum::<f64>();
        told.2
            .insert(percent, false_alarms / f64::max(share(n, 1), 1.0));
    }
    Ok(told)
}

/// Cells with an event, by period: in the riskiest part of the area, anywhere, and at best in such a part.
struct Caught {
    hits: Vec<f64>,
    total: Vec<f64>,
    best: Vec<f64>,
    flagged: Vec<f64>,
}

fn caught(input: &Input<'_>, cases: &Cases<'_>, one: &Judged, part: f64) -> Result<Caught> {
    let area_km2 = input.study_area.grid.area_km2();
    let budget_km2 = part * area_km2.iter().sum::<f64>();
    let mean_km2 = area_km2.iter().sum::<f64>() / f64::max(share(area_km2.len(), 1), 1.0);
    let mut all = Caught {
        hits: Vec::new(),
        total: Vec::new(),
        best: Vec::new(),
        flagged: Vec::new(),
    };
    for (scores, counts) in one
        .score
        .chunks(cases.n_cells)
        .zip(cases.count.chunks(cases.n_cells))
    {
        let events: Vec<f64> = counts
            .iter()
            .map(|&count| f64::from(count.min(1)))
            .collect();
        let flagged = |by: &[f64]| {
            flagged_within(by, &events, area_km2, budget_km2).map_err(Error::statistic(STAGE))
        };
        let (own, best) = (flagged(scores)?, flagged(&events)?);
        all.hits.push(own.hits);
        all.total.push(own.total);
        all.best.push(best.hits);
        all.flagged.push(own.area_km2 / mean_km2);
    }
    Ok(all)
}

fn curve(input: &Input<'_>, cases: &Cases<'_>, one: &Judged) -> Result<Vec<(f64, f64)>> {
    let mut points = vec![(0.0, 0.0)];
    for permille in CURVE_PERMILLE {
        let part = f64::from(permille) / 1000.0;
        let caught = caught(input, cases, one, part)?;
        let total: f64 = caught.total.iter().sum();
        if total > 0.0 {
            points.push((part, caught.hits.iter().sum::<f64>() / total));
        }
    }
    Ok(points)
}
