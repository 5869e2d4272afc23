//! E1: movement past counting points against the same weeks of past years.

use std::collections::BTreeMap;

use forewarn_models::indicators::against_same_season;

use crate::base::day::Day;
use crate::base::error::Result;

use super::card::Entry;
use super::facts::All;
use super::known::{At, Known};

const DAYS_PER_YEAR: f64 = 365.25;
const HALF: f64 = 0.5;

/// Sum and number of the counts of one window.
type Counts = (f64, f64);

/// Herds per count over the window, at each point and in each direction, against the same days of at least
/// three past years; much more and much less both are other than usual. The direction that departs most
/// speaks for the cells around the point.
pub(super) fn flow(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let rows = &all.input.surroundings.movements;
    let (days, as_of) = (entry.window_days()?, all.facts.as_of);
    let mut series: BTreeMap<(&str, &str), BTreeMap<i32, Counts>> = BTreeMap::new();
    let mut newest: BTreeMap<&str, (i32, [f64; 2])> = BTreeMap::new();
    for row in 0..rows.len() {
        let age = as_of.0 - rows.date().value(row);
        let Some(year) = year_of(age, days) else {
            continue;
        };
        let point = rows.counting_point().value(row);
        let counts = series
            .entry((point, rows.direction().value(row)))
            .or_default();
        let counts = counts.entry(year).or_default();
        *counts = (
            counts.0 + f64::from(rows.herds().value(row)),
            counts.1 + 1.0,
        );
        let place = [rows.lat_deg().value(row), rows.lon_deg().value(row)];
        let last = newest.entry(point).or_insert((age, place));
        if age <= last.0 {
            *last = (age, place);
        }
    }
    let mut strongest: BTreeMap<&str, (f64, f64, f64)> = BTreeMap::new();
    for ((point, _), years) in series {
        let Some((score, now, usual)) = departure(&years) else {
            continue;
        };
        let most = strongest.entry(point).or_insert((score, now, usual));
        if score > most.0 {
            *most = (score, now, usual);
        }
    }
    let mut known = Vec::new();
    for (point, (score, now, usual)) in strongest {
        let Some(&(age, [lat_deg, lon_deg])) = newest.get(point) else {
            continue;
        };
        for (cell, _) in all.facts.ground.around(lat_deg, lon_deg, entry.reach_km()?) {
            known.push(Known {
                expected: Some(usual),
                usual: HALF,
                ..Known::seen(At::Cell(cell), now, score, Day(as_of.0 - age))
            });
        }
    }
    Ok(known)
}

/// Which past year's window an age in days belongs to: 0 the present one.
pub(super) fn year_of(age: i32, window_days: i32) -> Option<i32> {
    if age < 0 {
        return None;
    }
    #[allow(clippy::cast_possible_truncation, reason = "years and days are small")]
    let (year, left) = {
        let year = (f64::from(age) / DAYS_PER_YEAR).floor();
        (year as i32, (f64::from(age) - year * DAYS_PER_YEAR) as i32)
    };
    (left < window_days).then_some(year)
}

/// How far the present mean departs from those of past years, with both.
pub(super) fn departure(years: &BTreeMap<i32, Counts>) -> Option<(f64, f64, f64)> {
    let mean = |counts: &Counts| counts.0 / counts.1;
    let now = mean(years.get(&0)?);
    let past: Vec<f64> = years.range(1..).map(|(_, counts)| mean(counts)).collect();
    let score = (2.0 * against_same_season(now, &past)? - 1.0).abs();
    let n_years = f64::from(u32::try_from(past.len()).ok()?);
    Some((score, now, past.iter().sum::<f64>() / n_years))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_of_past_years_end_on_the_same_day() {
        assert_eq!(year_of(0, 28), Some(0));
        assert_eq!(year_of(27, 28), Some(0));
        assert_eq!(year_of(28, 28), None);
        assert_eq!(year_of(365, 28), None);
        assert_eq!(year_of(366, 28), Some(1));
        assert_eq!(year_of(1461, 28), Some(4));
        assert_eq!(year_of(-1, 28), None);
    }
}
