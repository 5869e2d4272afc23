//! The same scores on some of the cases: by lead, season, onset, actor class, and how reports came.

use forewarn_models::score::Ranked;

use crate::base::code::{ActorClass, DiscoveredBy, PlacePrecision};
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::tables::{Forecast, Slice};

use super::STAGE;
use super::cases::Cases;
use super::judge::{Judged, measure, share};
use super::past::{Past, Record};
use super::rolling::Input;

/// Events below which a slice says nothing but their number.
const EVENTS_MIN: usize = 10;

/// Cases of one slice: which they are, and which of them had the event asked for.
struct Part {
    by: &'static str,
    of: String,
    at: Vec<usize>,
    event: Vec<bool>,
}

/// All slices, of the model and of the best baseline.
pub(super) fn slices(
    input: &Input<'_>,
    past: &Past,
    cases: &Cases<'_>,
    (model, best): (&Judged, &Judged),
    further: &[Vec<Forecast>],
) -> Result<Vec<Slice>> {
    let mut told = Vec::new();
    let mut parts = by_period(input, cases);
    parts.extend(by_course(cases));
    parts.extend(by_report(past, cases));
    for part in &parts {
        for one in [model, best] {
            told.push(slice(input, cases, part, one.name, &one.score)?);
        }
    }
    let whole = |lead: usize| Part {
        by: "lead",
        of: format!("{lead}"),
        at: (0..cases.len()).collect(),
        event: cases.events(),
    };
    for one in [model, best] {
        told.push(slice(input, cases, &whole(1), one.name, &one.score)?);
    }
    for (lead, forecasts) in (2..).zip(further) {
        let ahead = Cases::of(input, past, forecasts);
        if ahead.len() != cases.len() {
            continue;
        }
        let baseline = cases.baselines().iter().position(|name| *name == best.name);
        let rates = baseline.map(|k| ahead.rates(k)).unwrap_or_default();
        told.push(slice(
            input,
            cases,
            &whole(lead),
            model.name,
            &ahead.said(),
        )?);
        if rates.len() == cases.len() {
            told.push(slice(input, cases, &whole(lead), best.name, &rates)?);
        }
    }
    Ok(told)
}

/// By year and by phase of the season, each by the middle of the period.
fn by_period(input: &Input<'_>, cases: &Cases<'_>) -> Vec<Part> {
    let events = cases.events();
    let middle = |period: &Forecast| Day(i32::midpoint(period.first_day.0, period.last_day.0));
    let years = cases
        .periods
        .iter()
        .map(|period| middle(period).date().year().to_string());
    let phases = cases
        .periods
        .iter()
        .map(|period| (input.phase_of)(middle(period)));
    let mut parts = Vec::new();
    for (by, names) in [
        ("year", years.collect::<Vec<_>>()),
        ("season_phase", phases.collect()),
    ] {
        let mut kinds = names.clone();
        kinds.sort();
        kinds.dedup();
        for of in kinds {
            let is_of = |case: &usize| names[cases.period[*case] as usize] == of;
            let at: Vec<usize> = (0..cases.len()).filter(is_of).collect();
            let event = at.iter().map(|&case| events[case]).collect();
            parts.push(Part { by, of, at, event });
        }
    }
    parts
}

/// Cells without an incident in the year before, and those with one.
fn by_course(cases: &Cases<'_>) -> Vec<Part> {
    let events = cases.events();
    let part = |(of, continues): (&str, bool)| {
        let is_of = |case: &usize| cases.continues[*case] == continues;
        let at: Vec<usize> = (0..cases.len()).filter(is_of).collect();
        let event = at.iter().map(|&case| events[case]).collect();
        Part {
            by: "course",
            of: of.to_owned(),
            at,
            event,
        }
    };
    [("onset", false), ("continuing", true)].map(part).into()
}

/// By who is told to have done it, how finely the place is known, and who brought the report: cells with such
/// an incident against those with none at all.
fn by_report(past: &Past, cases: &Cases<'_>) -> Vec<Part> {
    let known_to = |record: &Record| match PlacePrecision::from_code(record.place_precision) {
        Some(PlacePrecision::Exact | PlacePrecision::Town) => "point",
        Some(PlacePrecision::Near) => "25_km",
        _ => "area",
    };
    let actor = |record: &Record| {
        ActorClass::from_code(record.actor_class).map_or("unknown", ActorClass::name)
    };
    let brought = |record: &Record| {
        DiscoveredBy::from_code(record.discovered_by).map_or("unknown", DiscoveredBy::name)
    };
    let mut parts = Vec::new();
    parts.extend(by(past, cases, "actor_class", &actor));
    parts.extend(by(past, cases, "known_to", &known_to));
    parts.extend(by(past, cases, "brought_by", &brought));
    parts
}

fn by(
    past: &Past,
    cases: &Cases<'_>,
    by: &'static str,
    name: &dyn Fn(&Record) -> &'static str,
) -> Vec<Part> {
    let mut names: Vec<&'static str> = past.records.iter().map(name).collect();
    names.sort_unstable();
    names.dedup();
    let part = |of: &'static str| {
        let mut such = vec![false; cases.len()];
        for (number, period) in cases.periods.iter().enumerate() {
            let records = past.within(period.first_day, period.last_day).iter();
            for record in records.filter(|record| name(record) == of) {
                such[number * cases.n_cells + record.cell as usize] = true;
            }
        }
        let at: Vec<usize> = (0..cases.len())
            .filter(|&case| such[case] || cases.count[case] == 0)
            .collect();
        let event = at.iter().map(|&case| such[case]).collect();
        Part {
            by,
            of: of.to_owned(),
            at,
            event,
        }
    };
    names.into_iter().map(part).collect()
}

fn slice(
    input: &Input<'_>,
    cases: &Cases<'_>,
    part: &Part,
    forecast: &'static str,
    score: &[f64],
) -> Result<Slice> {
    let scores: Vec<f64> = part.at.iter().map(|&case| score[case]).collect();
    let n_events = part.event.iter().filter(|&&event| event).count();
    let ranked = |blocks: &[u32]| {
        let block: Vec<u32> = part.at.iter().map(|&case| blocks[case]).collect();
        Ranked::new(&scores, &part.event, &block).map_err(Error::statistic(STAGE))
    };
    let (by_period, by_area) = (ranked(&cases.period)?, ranked(&cases.area)?);
    let blocks = (cases.periods.len(), cases.n_areas);
    let enough = n_events >= EVENTS_MIN;
    let seed = input.context.seed;
    let of = |of: fn(&Ranked, &[f64]) -> Option<f64>| {
        let asked = |ranked: &Ranked, times: &[f64]| enough.then(|| of(ranked, times)).flatten();
        measure(
            blocks,
            seed,
            |times| asked(&by_period, times),
            |times| asked(&by_area, times),
        )
    };
    Ok(Slice {
        by: part.by,
        of: part.of.clone(),
        forecast,
        n_cases: part.at.len(),
        n_events,
        base_rate: share(n_events, part.at.len()),
        average_precision: of(Ranked::average_precision)?,
        auroc: of(Ranked::auroc)?,
    })
}
