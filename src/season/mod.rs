//! Stage: what the season leads one to expect, and how far the present departs from it.
//!
//! Waves over the year give each first-level area and actor class its season, where they forecast past years better than
//! a flat year; each cell its level, and a season of its own where that forecasts better still. Where the past is too short
//! to try, phases of the card's dates stand in. The departure of the window from it gives the posterior that zones are
//! ranked by. Movable seasons stand beside them: each has a first day known up to a distribution, and counting points are
//! held against it.

mod alerts;
mod card;
mod classes;
mod clocks;
mod effort;
mod entry;
mod expectation;
mod flows;
mod herds;
mod history;
mod movable;
mod rains;
mod rules;
mod seasons;
mod shape;
mod signs;
mod steps;
mod strata;

use std::collections::BTreeMap;

use crate::base::Context;
use crate::base::code::{Anchor, LineKind};
use crate::base::day::Week;
use crate::base::error::{Error, Result};
use crate::base::settings::{ImportedOnset, SeasonSettings};
use crate::tables::{
    CellFacts, CellSteps, Effort, Expected, Line, MovementAlerts, PhaseWeeks, Phases, Placed,
    StudyArea, Surroundings,
};
use history::History;
use movable::Known;
use seasons::Seasons;

pub use card::{Card, names};

/// A counting point so near a corridor counts what passes on it.
const ON_CORRIDOR_KM: f64 = 25.0;

/// What this stage gives the next ones.
#[derive(Debug)]
pub struct Season {
    /// Phase of the window's last week.
    pub phase: String,
    /// Phase of every week of the history and of the window.
    pub weeks: PhaseWeeks,
    /// One row per cell.
    pub expected: Expected,
    /// Every cell over equal steps of the last years.
    pub steps: CellSteps,
    /// What a reader must know about the fits.
    pub notes: Vec<String>,
}

/// Compares the detection window with the season: of incidents by what they are, effort, and movable seasons.
///
/// # Errors
/// Where the card cannot be read or a fit is refused.
pub fn run(
    context: &Context,
    study_area: &StudyArea,
    placed: &Placed,
    known: (&CellFacts, &Effort, &Phases),
) -> Result<Season> {
    let card = Card::named(&context.settings.season.card)?;
    let phase = card.phase_of(context.last_week()).to_owned();
    let history = History::read(context, &card, study_area, placed);
    let mut notes = Vec::new();
    let seasons = Seasons::fit(context, study_area, &history, known, &mut notes)?;
    let steps = steps::steps(context, &history, &seasons)?;
    let expected = expectation::expected(&study_area.grid, &history, &seasons, &mut notes)?;
    let first = context.first_history_week();
    let weeks = PhaseWeeks {
        first,
        phase: (first.0..=context.last_week().0)
            .map(|week| card.phase_index(Week(week)))
            .collect(),
    };
    Ok(Season {
        phase,
        weeks,
        expected,
        steps,
        notes,
    })
}

/// Movable seasons and what counting points tell of them.
#[derive(Debug)]
pub struct Movable {
    /// Every season of the card in every year of the history.
    pub phases: Phases,
    /// Departures of counting points from them.
    pub alerts: MovementAlerts,
    /// What a reader must know.
    pub notes: Vec<String>,
}

/// Sees when the card's seasons began, and holds counting points against them.
///
/// # Errors
/// Where the card cannot be read, a day is imported for a season it does not have, or a fit is refused.
pub fn movable(
    context: &Context,
    study_area: &StudyArea,
    surroundings: &Surroundings,
) -> Result<Movable> {
    let card = Card::named(&context.settings.season.card)?;
    refuse_unknown(&context.settings.season, &card)?;
    let points = herds::points(&surroundings.movements, context.as_of);
    let corridors: Vec<Option<String>> = points
        .iter()
        .map(|point| corridor_of(point, surroundings.lines.of_kind(LineKind::Corridor)))
        .collect();
    let known = Known {
        context,
        points: &points,
        corridors: &corridors,
        rain: &surroundings.rain,
        study_area,
    };
    let (mut phases, mut notes) = (Phases::default(), Vec::new());
    let courses: Vec<_> = card
        .entries
        .iter()
        .map(|entry| known.entry_course(entry))
        .collect();
    for of in &courses {
        phases.rows.extend(known.phases(of, &mut notes)?);
    }
    let mut alerts = MovementAlerts::default();
    let counted = courses
        .iter()
        .filter(|of| of.entry.anchor == Anchor::HerdCount && !points.is_empty());
    for of in counted {
        watch(&known, of, &mut phases, &mut alerts)?;
    }
    notes.extend(unwatched(&alerts));
    Ok(Movable {
        phases,
        alerts,
        notes,
    })
}

/// Holds every counting point against one season.
fn watch(
    known: &Known<'_>,
    of: &movable::EntryCourse<'_>,
    phases: &mut Phases,
    alerts: &mut MovementAlerts,
) -> Result<()> {
    let (as_of, name) = (known.context.as_of, &of.entry.name);
    let flow = flows::fit(
        &of.courses,
        |point, week| {
            let row = phases.of(name, known.corridors[point].as_deref(), week.day)?;
            (row.is_seen && row.window.1 < as_of).then_some(row)
        },
        of.entry.length_days,
    )?;
    for row in &mut phases.rows {
        let is_now = row.window.0 <= as_of && as_of <= row.window.1;
        if row.season == *name && is_now && row.seasons_behind > 0 {
            let at: Vec<usize> = (0..known.points.len())
                .filter(|&point| row.corridor.is_none() || row.corridor == known.corridors[point])
                .collect();
            row.peak_day = flows::peak(&flow, &at, row);
        }
    }
    let watch = alerts::Watch {
        known,
        of,
        phases,
        flow: &flow,
    };
    (0..known.points.len()).try_for_each(|point| watch.point(point, alerts))
}

/// Refuses imported days of seasons that the card does not have.
///
/// # Errors
/// [`Error::Usage`] with the first of them.
pub fn refuse_unknown(settings: &SeasonSettings, card: &Card) -> Result<()> {
    let names: Vec<&str> = card
        .entries
        .iter()
        .map(|entry| entry.name.as_str())
        .collect();
    let unknown = |one: &ImportedOnset| !names.contains(&one.season.as_str());
    match settings.onset.iter().position(unknown) {
        None => Ok(()),
        Some(i) => Err(Error::Usage {
            what: format!(
                "season.onset[{i}].season = {} is no season of the card {}",
                settings.onset[i].season, settings.card
            ),
            expected: format!("name one of {}", names.join(", ")),
        }),
    }
}

/// The corridor that a counting point lies on: the nearest within reach.
fn corridor_of<'a>(
    point: &herds::Point,
    corridors: impl Iterator<Item = &'a Line>,
) -> Option<String> {
    let near = corridors.filter_map(|line| {
        let distance_km = line.distance_km(point.lat_deg, point.lon_deg)?;
        (distance_km <= ON_CORRIDOR_KM).then(|| (distance_km, line.corridor_name()))
    });
    let nearest = near.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
    nearest.map(|(_, name)| name.to_owned())
}

/// Counting points that cannot be watched, one note for each reason.
fn unwatched(alerts: &MovementAlerts) -> Vec<String> {
    let mut reasons: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for point in alerts.watched.iter().filter(|one| one.state != "watched") {
        let at = reasons.entry((&point.season, &point.state)).or_default();
        at.push(&point.counting_point);
    }
    reasons
        .into_iter()
        .map(|((season, state), points)| {
            format!(
                "no movement alert of {season} at {}: {state}",
                points.join(", ")
            )
        })
        .collect()
}
