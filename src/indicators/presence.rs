//! G1, G2, G4, H5: who can be turned to, and who was there.

use std::collections::BTreeMap;

use arrow::array::Array;
use forewarn_models::indicators::{dose, ramp};

use crate::base::code::{EffortKind, ServiceKind};
use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::Effort;

use super::card::Entry;
use super::facts::All;
use super::ground::WALK_KM_PER_HOUR;
use super::known::{At, Known};

/// Beyond it a service is out of reach, however far.
const FARTHEST_KM: f64 = 150.0;
const DAYS_PER_YEAR: f64 = 365.0;

/// G1: hours on foot to the nearest open service with clinical care or psychosocial support.
pub(super) fn nearest_service(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let (services, as_of) = (&all.input.surroundings.services, all.facts.as_of);
    let [none, full] = entry.ends()?;
    let yes =
        |column: &arrow::array::UInt8Array, row| column.is_valid(row) && column.value(row) == 1;
    let helps = |row: usize| {
        let kind = ServiceKind::from_code(services.kind().value(row));
        let meant = matches!(
            kind,
            Some(ServiceKind::OneStopCentre | ServiceKind::Psychosocial)
        );
        meant || yes(services.clinical_care(), row) || yes(services.psychosocial(), row)
    };
    let mut nearest: BTreeMap<usize, f64> = BTreeMap::new();
    for row in (0..services.len()).filter(|&row| services.is_open(row, as_of) && helps(row)) {
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

/// Amounts of effort with their ages, around each cell, and the newest day of any.
type Around = BTreeMap<usize, Vec<(f64, i32)>>;

/// What some rows of effort bring to the cells within reach.
fn around(
    all: &All<'_>,
    entry: &Entry,
    amount: impl Fn(&Effort, usize) -> Option<f64>,
) -> Result<Around> {
    let effort = &all.input.surroundings.effort;
    let reach_km = entry.reach_km()?;
    let mut found = Around::new();
    for row in 0..effort.len() {
        let age = all.facts.as_of.0 - effort.date().value(row);
        let Some(amount) = amount(effort, row).filter(|_| age >= 0) else {
            continue;
        };
        let (lat_deg, lon_deg) = (effort.lat_deg().value(row), effort.lon_deg().value(row));
        for (cell, _) in all.facts.ground.around(lat_deg, lon_deg, reach_km) {
            found.entry(cell).or_default().push((amount, age));
        }
    }
    Ok(found)
}

/// Whether the log was kept within so many days: else nothing is known of where nobody was.
fn is_kept(all: &All<'_>, days: i32) -> bool {
    let dates = all.input.surroundings.effort.date().values().iter();
    dates
        .map(|date| all.facts.as_of.0 - date)
        .any(|age| (0..days).contains(&age))
}

/// No presence, where a log is kept: an observation like any other.
fn nobody(all: &All<'_>, usual: f64) -> Known {
    let none = Known::seen(At::Everywhere, 0.0, 0.0, all.facts.as_of);
    Known { usual, ..none }
}

/// G2: hours of patrols, sessions and visits in the window, within reach.
pub(super) fn effort(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let (days, [none, full]) = (entry.window_days()?, entry.ends()?);
    if !is_kept(all, days) {
        return Ok(Vec::new());
    }
    let hours = around(all, entry, |effort, row| Some(effort.hours().value(row)))?;
    let mut known = vec![nobody(all, entry.usual)];
    for (cell, hours) in hours {
        let recent = || hours.iter().filter(|(_, age)| *age < days);
        let Some(newest) = recent().map(|(_, age)| *age).min() else {
            continue;
        };
        let sum: f64 = recent().map(|(hours, _)| hours).sum();
        let Some(score) = ramp(sum, none, full) else {
            continue;
        };
        known.push(Known::seen(
            At::Cell(cell),
            sum,
            score,
            Day(all.facts.as_of.0 - newest),
        ));
    }
    Ok(known)
}

/// G4: people reached by outreach within reach, each session fading.
pub(super) fn outreach(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let (days, [none, full]) = (entry.window_days()?, entry.ends()?);
    let people = |effort: &Effort, row: usize| {
        let is_session =
            EffortKind::from_code(effort.kind().value(row)) == Some(EffortKind::Outreach);
        let counted = [effort.women(), effort.men()];
        let counted = counted.map(|n| n.is_valid(row).then(|| f64::from(n.value(row))));
        let any = is_session && counted.iter().any(Option::is_some);
        any.then(|| counted.into_iter().flatten().sum())
    };
    let sessions = around(all, entry, people)?;
    let known = |(cell, sessions): (usize, Vec<(f64, i32)>)| {
        let recent = sessions.iter().filter(|(_, age)| *age < days);
        let doses: Vec<(f64, f64)> = recent.map(|&(n, age)| (n, f64::from(age))).collect();
        let newest = sessions
            .iter()
            .map(|(_, age)| *age)
            .min()
            .filter(|age| *age < days)?;
        let left = dose(&doses, entry.half_life_days)?;
        let day = Day(all.facts.as_of.0 - newest);
        let seen = Known::seen(At::Cell(cell), left, ramp(left, none, full)?, day);
        Some(Known {
            fades: false,
            ..seen
        })
    };
    Ok(sessions.into_iter().filter_map(known).collect())
}

/// H5: visits of mixed teams in the window, within reach; usual is their number over the last year.
pub(super) fn mixed_teams(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let (days, [none, full]) = (entry.window_days()?, entry.ends()?);
    if !is_kept(all, days) {
        return Ok(Vec::new());
    }
    let is_mixed = |effort: &Effort, row: usize| {
        let mixed = effort.mixed_team();
        (mixed.is_valid(row) && mixed.value(row) == 1).then_some(1.0)
    };
    let visits = around(all, entry, is_mixed)?;
    let mut known = vec![nobody(all, entry.usual)];
    for (cell, visits) in visits {
        let within = |days: f64| visits.iter().filter(move |(_, age)| f64::from(*age) < days);
        let count = |days: f64| within(days).map(|(n, _)| n).sum::<f64>();
        let (now, expected) = (
            count(days.into()),
            count(DAYS_PER_YEAR) * f64::from(days) / DAYS_PER_YEAR,
        );
        let newest = within(days.into()).map(|(_, age)| *age).min();
        let Some((score, usual)) = ramp(now, none, full).zip(ramp(expected, none, full)) else {
            continue;
        };
        known.push(Known {
            expected: Some(expected),
            usual,
            ..Known::seen(
                At::Cell(cell),
                now,
                score,
                Day(all.facts.as_of.0 - newest.unwrap_or(0)),
            )
        });
    }
    Ok(known)
}
