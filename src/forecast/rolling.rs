//! Rolling origin: every period is forecast from what was known on its first day, by models of the years before.

use std::collections::BTreeMap;

use forewarn_models::forecast::{Origins, Prediction, Settings, Space, Study};

use crate::base::Context;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::tables::{Backtest, BacktestRequest, CellDays, Forecast, StudyArea};

use super::STAGE;
use super::cases::Cases;
use super::judge;
use super::past::{Past, space};

/// Two years: less history tells no season.
pub(super) const FIRST_YEARS_DAYS: i32 = 728;

/// What a backtest is made of.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations, reason = "it holds a function")]
pub struct Input<'a> {
    /// Settings, seed and progress.
    pub context: &'a Context,
    /// Cells.
    pub study_area: &'a StudyArea,
    /// Outcomes of all years.
    pub history: &'a CellDays,
    /// What is asked.
    pub request: &'a BacktestRequest,
    /// Name of the season of a day.
    pub phase_of: &'a dyn Fn(Day) -> String,
    /// Digest of what the run depends on.
    pub digest: &'a str,
}

/// Forecasts every period within the days asked for, and scores them.
///
/// # Errors
/// Where no period lies within these days or has two years of history before it, or a fit is refused.
pub fn backtest(input: &Input<'_>) -> Result<Backtest> {
    let request = input.request;
    let past = Past::of(input.history, input.study_area, request.embargo_days);
    let refuse = |what: &str, expected: &str| Error::Usage {
        what: what.to_owned(),
        expected: expected.to_owned(),
    };
    let first = past.first_day().ok_or_else(|| {
        refuse(
            "there is no incident known to a cell and day",
            "see [forecast] of mission.toml",
        )
    })?;
    let targets: Vec<i32> = periods(request)
        .into_iter()
        .filter(|&day| day - first >= FIRST_YEARS_DAYS + 2 * request.horizon_days)
        .collect();
    if targets.is_empty() {
        let expected = "name days with at least two years of records before them";
        return Err(refuse("no period can be forecast", expected));
    }
    let space = space(input.study_area)?;
    let mut by_lead = Vec::new();
    for lead in 1..=request.leads.max(1) {
        input
            .context
            .progress
            .stage(format!("forecasts, {lead} ahead"));
        by_lead.push(forecasts(input, &past, &space, &targets, lead)?);
    }
    input.context.progress.stage("scores");
    let mut by_lead = by_lead.into_iter();
    let periods = by_lead.next().unwrap_or_default();
    let cases = Cases::of(input, &past, &periods);
    let others: Vec<Vec<Forecast>> = by_lead.collect();
    let scores = judge::scores(input, &past, &cases, &others)?;
    Ok(Backtest {
        cells: input.study_area.grid.cells().to_vec(),
        periods,
        scores,
    })
}

/// First days of the periods asked for: those that begin, or have their middle, within the days named.
fn periods(request: &BacktestRequest) -> Vec<i32> {
    let step = request.horizon_days.max(1);
    let since = (request.from.0 - request.periods_from.0).div_euclid(step);
    let all = (since - 1..).map(|k| request.periods_from.0 + k * step);
    let all = all.take_while(|&day| day <= request.to.0);
    let within = |day: i32| {
        let middle = day + step / 2;
        (request.from.0..=request.to.0).contains(&middle)
    };
    all.filter(|&day| within(day)).collect()
}

/// The year whose model forecasts an origin: that of the middle of its period.
fn first_day_of_year(day: i32) -> i32 {
    let year = Day(day).date().year();
    Day::from_ymd(year, 1, 1).map_or(day, |first| first.0)
}

/// Forecasts of some periods, each from the origin so many periods before its end.
fn forecasts(
    input: &Input<'_>,
    past: &Past,
    space: &Space,
    targets: &[i32],
    lead: i32,
) -> Result<Vec<Forecast>> {
    let step = input.request.horizon_days;
    let ahead = (lead - 1) * step;
    let Some((&first_target, &last_target)) = targets.first().zip(targets.last()) else {
        return Ok(Vec::new());
    };
    let first_day = past.first_day().unwrap_or(first_target);
    let back = (first_target - first_day - FIRST_YEARS_DAYS) / step;
    let origins = Origins {
        first_day: first_target - back * step,
        step_days: step,
        horizon_days: step,
    };
    // A period further ahead is one that an origin must look at with older records.
    let past = past.seen_later(ahead);
    let failed = Error::statistic(STAGE);
    let study =
        |past: &Past, until: i32| Study::new(space, past.history(first_day, until), origins, &[]);
    let all = study(&past, last_target + 1).map_err(&failed)?;
    let mut by_year: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
    for &target in targets {
        by_year
            .entry(first_day_of_year(target + step / 2))
            .or_default()
            .push(target);
    }
    // A year's model knows what had been reported when the first of its origins came.
    let embargo = input.request.embargo_days + ahead;
    let cuts: Vec<i32> = by_year
        .iter()
        .map(|(&year, targets)| year.min(targets[0]) - embargo)
        .collect();
    let settings = Settings::default();
    let seed = input.context.seed;
    let mut fitted = Vec::new();
    if past.has_late {
        for &cut in &cuts {
            let known = study(&past.known_by(cut + embargo), cut).map_err(&failed)?;
            fitted.extend(known.fit(&[cut], &settings, seed).map_err(&failed)?);
        }
    } else {
        fitted = all.fit(&cuts, &settings, seed).map_err(&failed)?;
    }
    let mut told = Vec::new();
    for (model, targets) in fitted.iter().zip(by_year.values()) {
        for target in targets {
            let Ok(origin) = all.origins().binary_search(target) else {
                continue;
            };
            told.push(forecast(model.predict(&all, origin).map_err(&failed)?));
        }
    }
    Ok(told)
}

/// A prediction as the engine's table.
pub(super) fn forecast(said: Prediction) -> Forecast {
    let told = said.contributions.into_iter();
    Forecast {
        first_day: Day(said.origin_day),
        last_day: Day(said.origin_day + said.horizon_days - 1),
        p_event: said.p_event,
        p_lo: said.p_lo,
        p_hi: said.p_hi,
        mean_count: said.mean_count,
        count_quantiles: said.count_quantiles,
        contributions: told.map(|one| (one.group, one.log_odds)).collect(),
        baselines: said.baselines,
    }
}
