//! G1 to G4, H5: who can be turned to, and who was there.

use std::collections::BTreeMap;

use arrow::array::Array;
use forewarn_models::indicators::{dose, ramp};

use crate::base::code::EffortKind;
use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::Effort;

use super::card::Entry;
use super::facts::All;
use super::ground::WALK_KM_PER_HOUR;
use super::known::{At, Known};

/// Beyond it a service is out of reach, however far.
const FARTHEST_KM: f64 = 150.0;
const DAYS_PER_YEAR: i32 = 365;

/// G1: hours on foot to the nearest open service with clinical care or psychosocial support.
pub(super) fn nearest_service(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let (services, as_of) = (&all.input.surroundings.services, all.facts.as_of);
    let [none, full] = entry.ends()?;
    let mut nearest: BTreeMap<usize, f64> = BTreeMap::new();
    for row in (0..services.len())
        .filter(|&row| services.is_open(row, as_of) && services.helps_survivors(row))
    {
        if services.lat_deg().is_null(row) || services.lon_deg().is_null(row) {
            continue;
        }
        let (lat_deg, lon_deg) = (services.lat_deg().value(row), services.lon_deg().value(row));
        for (cell, km) in all.facts.ground.around(lat_deg, lon_deg, FARTHEST_KM) {
            let least = nearest.entry(cell).or_insert(km);
            *least = least.min(km);
        }
    }
    let known = |(cell, km): (usize, f64)| {
        let hours = km / WALK_KM_PER_HOUR;
        Some(Known::seen(
            At::Cell(cell),
            hours,
            ramp(hours, none, full)?,
            as_of,
        ))
    };
    Ok(nearest.into_iter().filter_map(known).collect())
}

/// G3: whether a road of the cell can be used this month.
#[allow(
    clippy::unnecessary_wraps,
    reason = "what computes an indicator may fail"
)]
pub(super) fn roads(all: &All<'_>, _entry: &Entry) -> Result<Vec<Known>> {
    let roads = all.input.roads_open.iter();
    let known = roads.filter_map(|(&cell, &is_open)| {
        let at = At::Cell(all.facts.ground.grid.position(cell)?);
        let open = if is_open { 1.0 } else { 0.0 };
        Some(Known::seen(at, open, open, all.facts.as_of))
    });
    Ok(known.collect())
}

/// Amounts of effort with their ages in days, around each cell.
type Around = BTreeMap<usize, Vec<(f64, i32)>>;

/// What some rows of effort of so many days bring to the cells within reach.
fn around(
    all: &All<'_>,
    entry: &Entry,
    days: i32,
    amount: impl Fn(&Effort, usize) -> Option<f64>,
) -> Result<Around> {
    let effort = &all.input.surroundings.effort;
    let reach_km = entry.reach_km()?;
    let mut found = Around::new();
    for row in 0..effort.len() {
        let age = all.facts.as_of.0 - effort.date().value(row);
        let Some(amount) = amount(effort, row).filter(|_| (0..days).contains(&age)) else {
            continue;
        };
        let (lat_deg, lon_deg) = (effort.lat_deg().value(row), effort.lon_deg().value(row));
        for (cell, _) in all.facts.ground.around(lat_deg, lon_deg, reach_km) {
            found.entry(cell).or_default().push((amount, age));
        }
    }
    Ok(found)
}

/// That nobody was there, where a log was kept within so many days: an observation like any other, as old
/// as the log's newest entry. Without a log nothing is known of where nobody was.
fn nobody(all: &All<'_>, entry: &Entry) -> Result<Option<Known>> {
    let as_of = all.facts.as_of.0;
    let dates = all.input.surroundings.effort.date().values().iter();
    let newest = dates.copied().filter(|date| *date <= as_of).max();
    let days = entry.window_days()?;
    let kept = newest.filter(|date| as_of - date < days);
    Ok(kept.map(|date| Known {
        usual: entry.usual,
        ..Known::seen(At::Everywhere, 0.0, 0.0, Day(date))
    }))
}

/// G2: hours of patrols, sessions and visits in the window, within reach.
pub(super) fn effort(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let (days, [none, full]) = (entry.window_days()?, entry.ends()?);
    let hours = around(all, entry, days, |effort, row| {
        Some(effort.hours().value(row))
    })?;
    let known = |(cell, hours): (usize, Vec<(f64, i32)>)| {
        let newest = hours.iter().map(|&(_, age)| age).min()?;
        let sum: f64 = hours.iter().map(|(hours, _)| hours).sum();
        let day = Day(all.facts.as_of.0 - newest);
        Some(Known::seen(
            At::Cell(cell),
            sum,
            ramp(sum, none, full)?,
            day,
        ))
    };
    let known = hours.into_iter().filter_map(known);
    Ok(nobody(all, entry)?.into_iter().chain(known).collect())
}

/// G4: people reached by outreach within reach, each session fading.
pub(super) fn outreach(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let (days, [none, full]) = (entry.window_days()?, entry.ends()?);
    let people = |effort: &Effort, row: usize| {
        let kind = EffortKind::from_code(effort.kind().value(row));
        let counted = [effort.women(), effort.men()];
        let counted = counted.map(|n| n.is_valid(row).then(|| f64::from(n.value(row))));
        let any = kind == Some(EffortKind::Outreach) && counted.iter().any(Option::is_some);
        any.then(|| counted.into_iter().flatten().sum())
    };
    let sessions = around(all, entry, days, people)?;
    let known = |(cell, sessions): (usize, Vec<(f64, i32)>)| {
        let newest = sessions.iter().map(|&(_, age)| age).min()?;
        let doses = sessions.iter().map(|&(n, age)| (n, f64::from(age)));
        let left = dose(&doses.collect::<Vec<_>>(), entry.half_life_days)?;
        let day = Day(all.facts.as_of.0 - newest);
        Some(Known {
            fades: false,
            ..Known::seen(At::Cell(cell), left, ramp(left, none, full)?, day)
        })
    };
    Ok(sessions.into_iter().filter_map(known).collect())
}

/// H5: visits of mixed teams in the window, within reach; usual is their number over the last year.
pub(super) fn mixed_teams(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let (days, [none, full]) = (entry.window_days()?, entry.ends()?);
    let Some(nobody) = nobody(all, entry)? else {
        return Ok(Vec::new());
    };
    let is_mixed = |effort: &Effort, row: usize| {
        let mixed = effort.mixed_team();
        (mixed.is_valid(row) && mixed.value(row) == 1).then_some(1.0)
    };
    let visits = around(all, entry, DAYS_PER_YEAR, is_mixed)?;
    let known = |(cell, visits): (usize, Vec<(f64, i32)>)| {
        let recent = visits.iter().filter(|(_, age)| *age < days);
        let sum =
            |visits: &mut dyn Iterator<Item = &(f64, i32)>| visits.map(|(n, _)| n).sum::<f64>();
        let now = sum(&mut recent.clone());
        let expected = sum(&mut visits.iter()) * f64::from(days) / f64::from(DAYS_PER_YEAR);
        let newest = recent.map(|&(_, age)| Day(all.facts.as_of.0 - age)).max();
        Some(Known {
            expected: Some(expected),
            usual: ramp(expected, none, full)?,
            ..Known::seen(
                At::Cell(cell),
                now,
                ramp(now, none, full)?,
                newest.unwrap_or(nobody.day),
            )
        })
    };
    let known: Vec<Known> = visits.into_iter().filter_map(known).collect();
    Ok(std::iter::once(nobody.clone()).chain(known).collect())
}
