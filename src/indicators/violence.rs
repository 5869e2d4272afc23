//! B: violence that conflict-related sexual violence comes with.

use std::collections::{BTreeMap, BTreeSet};

use forewarn_models::indicators::{mid_tail, near_repeat, ramp};

use crate::base::code::Kind;
use crate::base::day::Day;
use crate::base::error::{Error, Result};

use super::card::Entry;
use super::facts::{All, Fact, Gathered, by_neighbourhood, mean_of_years};
use super::known::{At, Known};

/// Under its own law a count scores one half in every season.
const HALF: f64 = 0.5;
/// Beyond as many scales a wake has no weight that counts.
const WAKE_SCALES: f64 = 4.0;

/// B1: looting.
pub(super) fn looting(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    against_expected(all, entry, &[Kind::Looting])
}

/// B2: abductions.
pub(super) fn abductions(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    against_expected(all, entry, &[Kind::Abduction])
}

/// B4: crop damage.
pub(super) fn crop_damage(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    against_expected(all, entry, &[Kind::CropDamage])
}

/// B5: battles and clashes.
pub(super) fn fighting(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    against_expected(all, entry, &[Kind::Battle, Kind::Clash])
}

/// Records around each cell against the same weeks of past years. Where none was reported nothing is
/// known: silence is no safety.
fn against_expected(all: &All<'_>, entry: &Entry, kinds: &[Kind]) -> Result<Vec<Known>> {
    let facts = all.facts;
    let weeks = entry.window_weeks()?;
    let is_of = |fact: &Fact| kinds.contains(&fact.kind);
    let Some(expectation) = facts.expectation(weeks, is_of)? else {
        return Ok(Vec::new());
    };
    let sums = |values: &[f64]| {
        let summed = facts.ground.adjacent.sums(values);
        summed.map_err(Error::statistic("indicators"))
    };
    let (means, variances) = (sums(&expectation.mean)?, sums(&expectation.variance)?);
    let first_week = facts.this_week() - weeks + 1;
    let recent = facts.rows.iter();
    let recent = recent.filter(|fact| fact.week >= first_week && is_of(fact));
    let known = |(cell, gathered): (usize, Gathered)| {
        let n = f64::from(gathered.n);
        Some(Known {
            expected: Some(means[cell]),
            usual: HALF,
            n_sources: gathered.n_sources(),
            ..Known::seen(
                At::Cell(cell),
                n,
                mid_tail(n, means[cell], variances[cell])?,
                gathered.newest?,
            )
        })
    };
    let gathered = by_neighbourhood(&facts.ground, recent);
    Ok(gathered.into_iter().filter_map(known).collect())
}

/// B3: in the wake of raids on livestock. What is usual is the mean wake of the same day in past years.
pub(super) fn raids(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let facts = all.facts;
    let (scale_km, days) = (entry.reach_km()?, entry.window_days()?);
    let raids = |day: i32| {
        let rows = facts.rows.iter();
        rows.filter(move |fact| {
            let age = day - fact.last_day.0;
            fact.kind == Kind::CattleRaid && (0..days).contains(&age)
        })
    };
    let wake = |day: i32| {
        let mut ages: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        for raid in raids(day) {
            let age_days = f64::from(day - raid.last_day.0);
            let of_cell = ages.entry(raid.cell).or_default();
            of_cell.extend(std::iter::repeat_n(age_days, raid.n as usize));
        }
        let mut events: BTreeMap<usize, Vec<(f64, f64)>> = BTreeMap::new();
        for (from, ages) in ages {
            for (cell, km) in facts.ground.around_cell(from, WAKE_SCALES * scale_km) {
                let of_cell = ages.iter().map(|&age_days| (km, age_days));
                events.entry(cell).or_default().extend(of_cell);
            }
        }
        let score = |events: &[(f64, f64)]| near_repeat(events, scale_km, entry.half_life_days);
        let scored = events
            .iter()
            .filter_map(|(&cell, events)| Some((cell, score(events)?)));
        scored.collect::<BTreeMap<usize, f64>>()
    };
    let years = facts.past_days(days).into_iter();
    let usual = mean_of_years(years.map(|day| wake(day.0)));
    let n_sources = by_neighbourhood(&facts.ground, raids(facts.as_of.0));
    let mut last_raids: BTreeMap<usize, Day> = BTreeMap::new();
    for raid in raids(facts.as_of.0) {
        let day = last_raids.entry(raid.cell).or_insert(raid.last_day);
        *day = (*day).max(raid.last_day);
    }
    let mut newest: BTreeMap<usize, Day> = BTreeMap::new();
    for (from, last) in last_raids {
        for (cell, _) in facts.ground.around_cell(from, WAKE_SCALES * scale_km) {
            let day = newest.entry(cell).or_insert(last);
            *day = (*day).max(last);
        }
    }
    let known = |(cell, score): (usize, f64)| {
        Some(Known {
            usual: usual.get(&cell).copied().unwrap_or(0.0),
            n_sources: n_sources.get(&cell).map_or(1, Gathered::n_sources),
            fades: false,
            ..Known::seen(At::Cell(cell), score, score, *newest.get(&cell)?)
        })
    };
    Ok(wake(facts.as_of.0).into_iter().filter_map(known).collect())
}

/// B7: kinds of violence reported around a cell in one week, the most of any week of the window.
pub(super) fn convergence(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let facts = all.facts;
    let (weeks, [none, full]) = (entry.window_weeks()?, entry.ends()?);
    let of_weeks = |first: i32, last: i32| {
        let mut kinds: BTreeMap<(usize, i32), BTreeSet<Kind>> = BTreeMap::new();
        let rows = facts
            .rows
            .iter()
            .filter(|fact| (first..=last).contains(&fact.week));
        for fact in rows.filter(|fact| fact.kind != Kind::Other) {
            for cell in facts.ground.near(fact.cell) {
                kinds
                    .entry((cell, fact.week))
                    .or_default()
                    .insert(fact.kind);
            }
        }
        let mut most: BTreeMap<usize, u32> = BTreeMap::new();
        for ((cell, _), kinds) in kinds {
            let n = most.entry(cell).or_default();
            *n = (*n).max(u32::try_from(kinds.len()).unwrap_or(u32::MAX));
        }
        most
    };
    let score = |n: u32| ramp(f64::from(n), none, full);
    let years = facts.past_weeks(weeks).into_iter();
    let usual = mean_of_years(years.map(|last| {
        let most = of_weeks(last - weeks + 1, last);
        let scored = most
            .into_iter()
            .filter_map(|(cell, n)| Some((cell, score(n)?)));
        scored.collect()
    }));
    let first_week = facts.this_week() - weeks + 1;
    let recent = facts.rows.iter().filter(|fact| fact.week >= first_week);
    let gathered = by_neighbourhood(
        &facts.ground,
        recent.filter(|fact| fact.kind != Kind::Other),
    );
    let known = |(cell, n): (usize, u32)| {
        let gathered = gathered.get(&cell)?;
        Some(Known {
            usual: usual.get(&cell).copied().unwrap_or(0.0),
            n_sources: gathered.n_sources(),
            ..Known::seen(At::Cell(cell), f64::from(n), score(n)?, gathered.newest?)
        })
    };
    let now = of_weeks(first_week, facts.this_week());
    Ok(now.into_iter().filter_map(known).collect())
}
