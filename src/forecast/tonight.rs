//! What a night says of the next weeks.

use forewarn_models::forecast::{Fitted, Origins, Settings, Space, Study};
use h3o::CellIndex;

use crate::base::Context;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::tables::{
    CellDays, Forecast, ForecastRecord, Forecasts, HorizonRecord, StudyArea, ZoneForecast, Zones,
};

use super::past::{Past, space};
use super::rolling::{FIRST_YEARS_DAYS, forecast};
use super::{STAGE, card_digest};

/// Days that a night's forecasts reach.
pub const HORIZONS_DAYS: [i32; 3] = [7, 28, 84];
/// Days between the origins that a night learns from.
const STEP_DAYS: i32 = 28;
/// Rows a night's models are fitted on at most: nights are to stay fast.
const ROWS_MAX: usize = 8_000;
/// Days of the past that a night learns from at most, for the same reason: fifteen years.
const LEARN_DAYS: i32 = 15 * 364;
/// Contributions told of a zone.
const STRONGEST: usize = 5;

/// Forecasts from the day after the as-of date, of what is known on it.
///
/// # Errors
/// Where a fit is refused.
pub fn night(context: &Context, study_area: &StudyArea, history: &CellDays) -> Result<Forecasts> {
    let embargo_days = i32::from(context.settings.window.reporting_delay_days);
    let past = Past::of(history, study_area, embargo_days);
    let origin = context.as_of.0 + 1;
    let first_day = past.first_day().map(|first| first.max(origin - LEARN_DAYS));
    let mut record = ForecastRecord {
        card_digest: card_digest(),
        history_from: first_day.map(Day),
        n_incidents: first_day.map_or(0, |first| past.within(Day(first), context.as_of).len()),
        embargo_days,
        ..ForecastRecord::default()
    };
    let enough = |first: i32| origin - first >= 2 * FIRST_YEARS_DAYS;
    let Some(first_day) = first_day.filter(|&first| enough(first)) else {
        let why = "no forecast: it takes four years of records known to a cell and day";
        record.notes.push(why.to_owned());
        return Ok(Forecasts {
            horizons: Vec::new(),
            record,
        });
    };
    if !context.settings.forecast.nightly {
        record
            .notes
            .push("no forecast: [forecast] nightly = false".to_owned());
        return Ok(Forecasts {
            horizons: Vec::new(),
            record,
        });
    }
    let space = space(study_area)?;
    let mut horizons = Vec::new();
    for horizon_days in HORIZONS_DAYS {
        let (told, of) = one(context, &past, &space, (first_day, origin), horizon_days)?;
        if of.is_shown {
            horizons.push(told);
        } else {
            record.notes.push(lost(&of));
        }
        record.horizons.push(of);
    }
    Ok(Forecasts { horizons, record })
}

fn one(
    context: &Context,
    past: &Past,
    space: &Space,
    (first_day, origin): (i32, i32),
    horizon_days: i32,
) -> Result<(Forecast, HorizonRecord)> {
    let failed = Error::statistic(STAGE);
    let origins = Origins {
        first_day: origin - (origin - first_day - FIRST_YEARS_DAYS) / STEP_DAYS * STEP_DAYS,
        step_days: STEP_DAYS,
        horizon_days,
    };
    let study =
        Study::new(space, past.history(first_day, origin), origins, &[]).map_err(&failed)?;
    let settings = Settings {
        rows_max: ROWS_MAX,
        ..Settings::default()
    };
    let embargo_days = i32::from(context.settings.window.reporting_delay_days);
    let cut = origin - embargo_days;
    let fitted = study
        .fit(&[cut], &settings, context.seed)
        .map_err(&failed)?;
    let model = fitted.first().ok_or(Error::Statistic {
        stage: STAGE,
        reason: "there is no model".to_owned(),
    })?;
    let said = model
        .predict(&study, study.origins().len() - 1)
        .map_err(&failed)?;
    Ok((forecast(said), record(model, horizon_days)))
}

fn record(model: &Fitted, horizon_days: i32) -> HorizonRecord {
    let ladder = model.ladder();
    let best = ladder.map(|ladder| ladder.rungs[ladder.best]);
    HorizonRecord {
        horizon_days,
        // Where too little is known to compare, what could be compared did not lose.
        is_shown: ladder.is_none_or(forewarn_models::forecast::Ladder::holds),
        best_baseline: best.map(|best| best.name),
        average_precision: ladder.map(|ladder| ladder.model),
        best_baseline_average_precision: best.map(|best| best.average_precision),
        base_rate: ladder.map(|ladder| ladder.base_rate),
        lead: ladder.and_then(|ladder| ladder.lead),
        n_events: ladder.map(|ladder| ladder.n_events),
        members: model
            .members()
            .iter()
            .map(|member| (member.name, member.weight))
            .collect(),
        calibration: model.calibration(),
    }
}

/// Why a forecast is not shown.
fn lost(of: &HorizonRecord) -> String {
    let best = of.best_baseline.unwrap_or("a baseline");
    format!(
        "no forecast of {} days: on past years the model did worse than {best}, which needs none",
        of.horizon_days
    )
}

/// What is forecast of each zone for 28 days.
#[must_use]
pub fn zones(forecasts: &Forecasts, zones: &Zones, study_area: &StudyArea) -> Vec<ZoneForecast> {
    let Some(month) = forecasts.of(28) else {
        return Vec::new();
    };
    let told = zones.rows.iter().filter_map(|zone| {
        let positions = |cell: &CellIndex| study_area.grid.position(*cell);
        let cells: Vec<usize> = zone.cells.iter().filter_map(positions).collect();
        of_zone(month, &zone.zone_id, &cells, study_area)
    });
    told.collect()
}

fn of_zone(
    month: &Forecast,
    zone_id: &str,
    cells: &[usize],
    study_area: &StudyArea,
) -> Option<ZoneForecast> {
    let by_p = |a: &&usize, b: &&usize| {
        month.p_event[**a]
            .total_cmp(&month.p_event[**b])
            .then(b.cmp(a))
    };
    let &first = cells.iter().max_by(by_p)?;
    let any = |p: &[f64]| 1.0 - cells.iter().map(|&cell| 1.0 - p[cell]).product::<f64>();
    let most = |p: &[f64]| cells.iter().map(|&cell| p[cell]).fold(0.0, f64::max);
    let mut contributions: Vec<(String, f64)> = month
        .contributions
        .iter()
        .map(|(group, log_odds)| (group.clone(), log_odds[first]))
        .collect();
    contributions.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
    contributions.truncate(STRONGEST);
    Some(ZoneForecast {
        zone_id: zone_id.to_owned(),
        p_event_28d: any(&month.p_event),
        p_event_28d_lo: most(&month.p_lo),
        p_event_28d_hi: any(&month.p_hi),
        cell: study_area.grid.cells()[first].to_string(),
        contributions,
    })
}
