//! A: armed actors, as far as records of violence show them. Classes of actors, never who.

use std::collections::{BTreeMap, BTreeSet};

use forewarn_models::indicators::{Reached, ramp, reach, slope};

use h3o::CellIndex;

use crate::base::code::{ActorClass, Kind};
use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::Level;

use super::card::Entry;
use super::facts::{All, Gathered, by_neighbourhood, mean_of_years};
use super::ground::WALK_KM_PER_HOUR;
use super::known::{At, Known};

/// Beyond as many decay lengths reach is below one in a hundred.
const REACH_TAUS: f64 = 5.0;
/// Days before a window that must be without a class for it to be new.
const NEW_AFTER_DAYS: i32 = 730;
const DISTRICT: Level = Level(2);

/// A1: the sighting within reach on foot that reaches a cell most, less what its age took. Travel time is
/// that of the straight line, so that reach is rather over- than understated. What is usual is the mean of
/// the same day in past years.
pub(super) fn within_reach(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let facts = all.facts;
    let (tau_hours, days) = (entry.tau_hours()?, entry.window_days()?);
    let reach_km = REACH_TAUS * tau_hours * WALK_KM_PER_HOUR;
    let of_day = |day: Day| {
        // Of one cell the newest reaches farthest.
        let mut newest: BTreeMap<usize, Day> = BTreeMap::new();
        for fact in facts.before(day, days).filter(|fact| fact.is_armed()) {
            let last = newest.entry(fact.cell).or_insert(fact.last_day);
            *last = (*last).max(fact.last_day);
        }
        let mut sightings: BTreeMap<usize, Vec<(f64, f64)>> = BTreeMap::new();
        for (from, last) in newest {
            let age_days = f64::from(day.0 - last.0);
            for (cell, km) in facts.ground.around_cell(from, reach_km) {
                let hours = km / WALK_KM_PER_HOUR;
                sightings.entry(cell).or_default().push((hours, age_days));
            }
        }
        let best = |seen: Vec<(f64, f64)>| reach(&seen, tau_hours, entry.half_life_days);
        let best = sightings
            .into_iter()
            .filter_map(move |(cell, seen)| Some((cell, best(seen)?)));
        best.collect::<BTreeMap<usize, Reached>>()
    };
    let years = facts.past_days(days).into_iter();
    let usual = mean_of_years(years.map(|day| {
        let reached = of_day(day).into_iter();
        reached
            .map(|(cell, reached)| (cell, reached.score))
            .collect()
    }));
    let armed = facts.within(days).filter(|fact| fact.is_armed());
    let gathered = by_neighbourhood(&facts.ground, armed);
    let known = of_day(facts.as_of).into_iter().map(|(cell, reached)| {
        #[allow(clippy::cast_possible_truncation, reason = "an age in whole days")]
        let day = Day(facts.as_of.0 - reached.age_days as i32);
        Known {
            usual: usual.get(&cell).copied().unwrap_or(0.0),
            n_sources: gathered.get(&cell).map_or(1, Gathered::n_sources),
            fades: false,
            ..Known::seen(At::Cell(cell), reached.score, reached.score, day)
        }
    });
    Ok(known.collect())
}

/// A2: how fast the nearest record of armed actors came nearer, in km a week, over the weeks of the window
/// that have one.
pub(super) fn approach(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let facts = all.facts;
    let (reach_km, [none, full]) = (entry.reach_km()?, entry.ends()?);
    let armed = facts
        .within(entry.window_days()?)
        .filter(|fact| fact.is_armed());
    let mut sightings: BTreeMap<usize, BTreeMap<i32, Day>> = BTreeMap::new();
    for fact in armed {
        let weeks = sightings.entry(fact.cell).or_default();
        let last = weeks.entry(fact.week).or_insert(fact.last_day);
        *last = (*last).max(fact.last_day);
    }
    let mut nearest: BTreeMap<usize, BTreeMap<i32, f64>> = BTreeMap::new();
    let mut newest: BTreeMap<usize, Day> = BTreeMap::new();
    for (from, weeks) in sightings {
        for (cell, km) in facts.ground.around_cell(from, reach_km) {
            for (&week, &last) in &weeks {
                let least = nearest.entry(cell).or_default().entry(week).or_insert(km);
                *least = least.min(km);
                let day = newest.entry(cell).or_insert(last);
                *day = (*day).max(last);
            }
        }
    }
    let known = |(cell, weeks): (usize, BTreeMap<i32, f64>)| {
        let fixes: Vec<(f64, f64)> = weeks
            .into_iter()
            .map(|(week, km)| (f64::from(week), km))
            .collect();
        // Coming nearer is a speed above 0.
        let km_per_week = -slope(&fixes)?;
        let score = ramp(km_per_week, none, full)?;
        Some(Known::seen(
            At::Cell(cell),
            km_per_week,
            score,
            *newest.get(&cell)?,
        ))
    };
    Ok(nearest.into_iter().filter_map(known).collect())
}

/// Classes of one district now and before, and the newest record of them.
#[derive(Default)]
struct Classes {
    now: BTreeSet<ActorClass>,
    before: BTreeSet<ActorClass>,
    newest: Option<Day>,
}

/// A7: whether a class of armed actor was reported in a district that was not there in the two years
/// before. Districts without any record before are unknown.
pub(super) fn new_class(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let facts = all.facts;
    let days = entry.window_days()?;
    let split = facts.as_of.0 - days;
    let areas = all.input.study_area.cells_of.iter();
    let levels = areas.clone().map(|((level, _), _)| *level);
    let finest = levels.filter(|level| *level <= DISTRICT).max();
    let districts: Vec<_> = areas
        .filter(|((level, _), _)| Some(*level) == finest)
        .collect();
    // A cell at an edge belongs to more than one.
    let mut districts_of: BTreeMap<CellIndex, Vec<usize>> = BTreeMap::new();
    for (i, (_, cells)) in districts.iter().enumerate() {
        for &cell in *cells {
            districts_of.entry(cell).or_default().push(i);
        }
    }
    let mut classes: BTreeMap<usize, Classes> = BTreeMap::new();
    for fact in facts
        .within(days + NEW_AFTER_DAYS)
        .filter(|fact| fact.is_armed())
    {
        let cell = facts.ground.grid.cells()[fact.cell];
        for &district in districts_of.get(&cell).into_iter().flatten() {
            let of = classes.entry(district).or_default();
            if fact.last_day.0 > split {
                of.now.insert(fact.actor);
                of.newest = of.newest.max(Some(fact.last_day));
            } else {
                of.before.insert(fact.actor);
            }
        }
    }
    let known = classes.into_iter().filter(|(_, of)| !of.before.is_empty());
    let known = known.filter_map(|(district, of)| {
        let n_new = of.now.difference(&of.before).count();
        let score = if n_new > 0 { 1.0 } else { 0.0 };
        let ((level, pcode), _) = districts[district];
        let n_new = u32::try_from(n_new).unwrap_or(u32::MAX);
        let at = At::Area(*level, pcode.clone());
        Some(Known::seen(at, n_new.into(), score, of.newest?))
    });
    Ok(known.collect())
}

/// A8: classes of actors reported around a cell that were also reported for sexual violence there in the
/// years before. A class is wide: it says where to look, and nothing of any group. What is usual is how often
/// it was so on the same day of past years.
pub(super) fn history(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let facts = all.facts;
    let (days, past_days) = (entry.window_days()?, entry.past_days()?);
    let of_day = |day: Day| {
        let mut before: BTreeMap<usize, BTreeSet<ActorClass>> = BTreeMap::new();
        let past = facts.before(Day(day.0 - days), past_days);
        for fact in past.filter(|fact| fact.kind == Kind::SexualViolence && fact.is_armed()) {
            for cell in facts.ground.near(fact.cell) {
                before.entry(cell).or_default().insert(fact.actor);
            }
        }
        let mut now: BTreeMap<usize, (BTreeSet<ActorClass>, Day)> = BTreeMap::new();
        for fact in facts.before(day, days).filter(|fact| fact.is_armed()) {
            for cell in facts.ground.near(fact.cell) {
                let known = before
                    .get(&cell)
                    .is_some_and(|before| before.contains(&fact.actor));
                let (classes, newest) = now.entry(cell).or_insert((BTreeSet::new(), fact.last_day));
                classes.extend(known.then_some(fact.actor));
                *newest = (*newest).max(fact.last_day);
            }
        }
        now
    };
    let score = |classes: &BTreeSet<ActorClass>| if classes.is_empty() { 0.0 } else { 1.0 };
    let years = facts.past_days(days + past_days).into_iter();
    let usual = mean_of_years(years.map(|day| {
        let now = of_day(day).into_iter();
        now.map(|(cell, (classes, _))| (cell, score(&classes)))
            .collect()
    }));
    let known = of_day(facts.as_of)
        .into_iter()
        .map(|(cell, (classes, newest))| {
            let n = u32::try_from(classes.len()).unwrap_or(u32::MAX);
            Known {
                usual: usual.get(&cell).copied().unwrap_or(0.0),
                ..Known::seen(At::Cell(cell), n.into(), score(&classes), newest)
            }
        });
    Ok(known.collect())
}
