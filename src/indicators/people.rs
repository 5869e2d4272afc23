//! C: displaced people, and what they meet.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, StringArray};
use forewarn_models::indicators::{log_ratio, ramp};

use crate::base::code::ActorClass;
use crate::base::day::Day;
use crate::base::error::Result;
use crate::base::fixed;
use crate::tables::Displacement;

use super::card::Entry;
use super::facts::All;
use super::known::{At, Known};

/// Earlier changes below which nothing is said of what is usual.
const FEWEST_CHANGES: usize = 3;
/// Classes of armed actors that are rivals where they meet.
const RIVALS: u32 = 2;

/// Who counted where.
type Teller<'a> = (&'a str, &'a str, &'a str);

/// C1: displaced people present against the round before, in or out, area by area; each operation against
/// itself.
pub(super) fn displacement(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let rows = &all.input.surroundings.displacement;
    let [none, full] = entry.ends()?;
    let change = |pair: &[(i32, u64)]| {
        #[allow(clippy::cast_precision_loss, reason = "numbers of people")]
        let [before, now] = [pair[0].1 as f64, pair[1].1 as f64];
        let score = ramp(log_ratio(now, before)?.abs(), none, full)?;
        Some((now, before, score))
    };
    let mut known = Vec::new();
    for ((_, _, pcode), rounds) in rounds(rows, all.facts.as_of) {
        let rounds: Vec<(i32, u64)> = rounds.into_iter().collect();
        let changes: Vec<(f64, f64, f64)> = rounds.windows(2).filter_map(change).collect();
        let Some((&(now, before, score), earlier)) = changes.split_last() else {
            continue;
        };
        let Some(at) = all.facts.area(pcode) else {
            continue;
        };
        let day = Day(rounds.last().map_or(0, |&(day, _)| day));
        let n_earlier = f64::from(u32::try_from(earlier.len()).unwrap_or(u32::MAX));
        let usual = earlier.iter().map(|&(_, _, score)| score).sum::<f64>() / n_earlier;
        known.push(Known {
            expected: Some(before),
            usual: if earlier.len() >= FEWEST_CHANGES {
                usual
            } else {
                entry.usual
            },
            ..Known::seen(at, now, score, day)
        });
    }
    Ok(known)
}

/// Persons by first day of the round; rows told twice, as in an export and an answer, count once.
fn rounds(rows: &Displacement, as_of: Day) -> BTreeMap<Teller<'_>, BTreeMap<i32, u64>> {
    let text =
        |column: &'_ StringArray, row| column.is_valid(row).then(|| column.value(row).to_owned());
    let mut seen = BTreeSet::new();
    let mut rounds: BTreeMap<Teller<'_>, BTreeMap<i32, u64>> = BTreeMap::new();
    for row in 0..rows.len() {
        let first_day = rows.first_day().value(row);
        let operation = rows.operation();
        let operation = if operation.is_valid(row) {
            operation.value(row)
        } else {
            ""
        };
        let teller = (rows.source().value(row), operation, rows.pcode().value(row));
        let persons = rows.persons().value(row);
        let part = (
            text(rows.origin_pcode(), row),
            rows.reason().value(row),
            persons,
        );
        if first_day <= as_of.0 && seen.insert((teller, first_day, part)) {
            *rounds
                .entry(teller)
                .or_default()
                .entry(first_day)
                .or_default() += u64::from(persons);
        }
    }
    rounds
}

/// C6: classes of armed actors reported in the window around cells where displaced people are.
pub(super) fn rivals(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let facts = all.facts;
    let mut classes: BTreeMap<usize, (BTreeSet<ActorClass>, Day)> = BTreeMap::new();
    for fact in facts
        .within(entry.window_days()?)
        .filter(|fact| fact.is_armed())
    {
        for cell in facts.ground.near(fact.cell) {
            let (classes, newest) = classes
                .entry(cell)
                .or_insert((BTreeSet::new(), fact.last_day));
            classes.insert(fact.actor);
            *newest = (*newest).max(fact.last_day);
        }
    }
    let is_home = |cell: usize| {
        let displaced = all.input.displaced_e6.get(&facts.ground.grid.cells()[cell]);
        displaced.is_some_and(|&e6| e6 >= fixed::PARTS)
    };
    let known = classes.into_iter().filter(|&(cell, _)| is_home(cell));
    let known = known.map(|(cell, (classes, newest))| {
        let n = u32::try_from(classes.len()).unwrap_or(u32::MAX);
        let score = if n >= RIVALS { 1.0 } else { 0.0 };
        Known::seen(At::Cell(cell), n.into(), score, newest)
    });
    Ok(known.collect())
}
