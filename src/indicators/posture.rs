//! A3, A9: where peacekeepers left. Only what a source says of the night's day counts: a list of bases that
//! ends before it tells of no closing.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::Array;

use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::Bases;

use super::card::Entry;
use super::facts::All;
use super::known::{At, Known};

/// Sources with a base that stands on the day: others may have ended, not their bases.
fn current(bases: &Bases, day: Day) -> BTreeSet<&str> {
    let open = (0..bases.len()).filter(|&row| bases.is_open(row, day));
    open.map(|row| bases.source().value(row)).collect()
}

fn place(bases: &Bases, row: usize) -> (f64, f64) {
    (bases.lat_deg().value(row), bases.lon_deg().value(row))
}

/// A3: a base closed within reach of a cell in the window, and none stands within the same reach now. Where
/// bases are known and none closed, there is no vacuum.
pub(super) fn vacuum(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let (bases, as_of) = (&all.input.surroundings.bases, all.facts.as_of);
    let (reach_km, days) = (entry.reach_km()?, entry.window_days()?);
    let current = current(bases, as_of);
    let mut covered = BTreeSet::new();
    let mut closed: BTreeMap<usize, Day> = BTreeMap::new();
    for row in 0..bases.len() {
        if !current.contains(bases.source().value(row)) {
            continue;
        }
        let (lat_deg, lon_deg) = place(bases, row);
        let near = || all.facts.ground.around(lat_deg, lon_deg, reach_km);
        if bases.is_open(row, as_of) {
            covered.extend(near().into_iter().map(|(cell, _)| cell));
        } else if let Some(last) = closing(bases, row, as_of, days) {
            for (cell, _) in near() {
                let newest = closed.entry(cell).or_insert(last);
                *newest = (*newest).max(last);
            }
        }
    }
    if current.is_empty() {
        return Ok(Vec::new());
    }
    let vacuums = closed
        .into_iter()
        .filter(|(cell, _)| !covered.contains(cell));
    let vacuums = vacuums
        .map(|(cell, last)| Known::seen(At::Cell(cell), f64::from(as_of.0 - last.0), 1.0, last));
    let none = Known::seen(At::Everywhere, 0.0, 0.0, as_of);
    Ok(std::iter::once(none).chain(vacuums).collect())
}

/// The last day of a base that closed within so many days before a day.
fn closing(bases: &Bases, row: usize, day: Day, days: i32) -> Option<Day> {
    let last = bases
        .last_day()
        .is_valid(row)
        .then(|| bases.last_day().value(row))?;
    (last < day.0 && last >= day.0 - days).then_some(Day(last))
}

/// A9: which part of the bases within reach half a year ago is gone.
pub(super) fn drawdown(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let (bases, as_of) = (&all.input.surroundings.bases, all.facts.as_of);
    let (reach_km, days) = (entry.reach_km()?, entry.window_days()?);
    let current = current(bases, as_of);
    let before = Day(as_of.0 - days);
    let mut counts: BTreeMap<usize, [BTreeSet<[u64; 2]>; 2]> = BTreeMap::new();
    for row in (0..bases.len()).filter(|&row| current.contains(bases.source().value(row))) {
        let open = [bases.is_open(row, before), bases.is_open(row, as_of)];
        if open == [false, false] {
            continue;
        }
        let (lat_deg, lon_deg) = place(bases, row);
        // A base that a source tells year by year is one base.
        let key = [lat_deg.to_bits(), lon_deg.to_bits()];
        for (cell, _) in all.facts.ground.around(lat_deg, lon_deg, reach_km) {
            let then_and_now = counts.entry(cell).or_default();
            for (set, open) in then_and_now.iter_mut().zip(open) {
                set.extend(open.then_some(key));
            }
        }
    }
    let known = counts.into_iter().filter(|(_, [then, _])| !then.is_empty());
    let known = known.map(|(cell, [then, now])| {
        let lost = then.len().saturating_sub(now.len());
        let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        let score = count(lost) / count(then.len());
        Known {
            expected: Some(count(then.len())),
            ..Known::seen(At::Cell(cell), count(now.len()), score, as_of)
        }
    });
    Ok(known.collect())
}
