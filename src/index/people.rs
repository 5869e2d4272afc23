//! From people per area to people per cell: population by area, displaced persons by population.
//!
//! Figures stop at administrative areas. An area's people are split over its cells in whole parts of
//! 1e-6 of a person, so that every total is kept exactly. Nobody is counted twice: of several figures
//! for the same ground one stands, and every row that does not is told why.

mod ground;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, StringArray, UInt32Array};
use h3o::CellIndex;

use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::base::fixed;
use crate::tables::{Balance, Displacement, Population, StudyArea};

use super::areas::AreaIndex;
use ground::Ground;

/// People per cell, and what became of every row behind them.
#[derive(Debug, Clone)]
pub struct PeopleCells {
    /// People in parts of 1e-6, by cell.
    pub persons_e6: BTreeMap<CellIndex, i64>,
    /// Where the rows went.
    pub balance: Balance,
}

/// Why a row stands for no people of any cell, or that it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Spread,
    /// Its first day is still to come.
    NotYet,
    /// The same row stood before, as in an export and an answer of one round.
    Repeated,
    /// The same source told the same area anew.
    Superseded,
    /// Its people stand in finer areas, or in the same area by another source.
    ToldElsewhere,
    /// Its P-code is none of the boundaries'.
    NoSuchArea,
    /// Its area has no cell of the study area.
    Outside,
}

const FATES: [(Fate, &str); 7] = [
    (Fate::Spread, "spread"),
    (Fate::NotYet, "not_yet"),
    (Fate::Repeated, "repeated"),
    (Fate::Superseded, "superseded"),
    (Fate::ToldElsewhere, "told_elsewhere"),
    (Fate::NoSuchArea, "no_such_area"),
    (Fate::Outside, "outside_study_area"),
];

/// What figures are of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// Population: a figure told twice is one figure, and fine ground weighs more than new figures.
    Population,
    /// Displaced persons: figures of one area and day are parts, such as origins, and the newest count.
    Displaced,
}

/// What one teller tells of one area.
struct Told<'a> {
    /// Position of the area among the boundaries.
    area: usize,
    cells: Cow<'a, [CellIndex]>,
    /// The source and its operation.
    teller: (&'a str, &'a str),
    /// When it stands for; the later, the newer.
    moment: i32,
    persons: i64,
    rows: i64,
}

/// Population per cell: of every area the newest figure, finer areas before coarser, of which only what
/// they tell beyond the finer is added; spread evenly.
///
/// # Errors
/// Where the books do not balance.
pub fn population(
    rows: &Population,
    study_area: &StudyArea,
    areas: &AreaIndex<'_>,
) -> Result<PeopleCells> {
    let told = (0..rows.len()).map(|i| {
        let year = rows.year();
        let year = year.is_valid(i).then(|| year.value(i));
        let moment = year.and_then(|year| i32::try_from(year).ok());
        let (area, cells) = ground(study_area, areas, rows.pcode().value(i))?;
        Ok(Told {
            area,
            cells: Cow::Borrowed(cells),
            teller: (rows.source().value(i), ""),
            moment: moment.unwrap_or(0),
            persons: rows.persons().value(i).into(),
            rows: 1,
        })
    });
    Books::of(told, What::Population, areas).spread(study_area, None)
}

/// Displaced persons present on a day: of every area the last count that started by then, spread by
/// population where that of all its cells is known, else evenly.
///
/// # Errors
/// Where the books do not balance.
pub fn displaced(
    rows: &Displacement,
    day: Day,
    people: &PeopleCells,
    study_area: &StudyArea,
    areas: &AreaIndex<'_>,
) -> Result<PeopleCells> {
    let mut seen = BTreeSet::new();
    let told = (0..rows.len()).map(|i| {
        let moment = rows.first_day().value(i);
        if moment > day.0 {
            return Err(Fate::NotYet);
        }
        if !seen.insert(whole_row(rows, i)) {
            return Err(Fate::Repeated);
        }
        let operation = rows.operation();
        let operation = operation.is_valid(i).then(|| operation.value(i));
        let (area, cells) = ground(study_area, areas, rows.pcode().value(i))?;
        Ok(Told {
            area,
            cells: Cow::Borrowed(cells),
            teller: (rows.source().value(i), operation.unwrap_or_default()),
            moment,
            persons: rows.persons().value(i).into(),
            rows: 1,
        })
    });
    Books::of(told, What::Displaced, areas).spread(study_area, Some(&people.persons_e6))
}

/// All that a row tells, to be compared.
fn whole_row(rows: &Displacement, i: usize) -> impl Ord + use<> {
    let count = |column: &UInt32Array| column.is_valid(i).then(|| column.value(i));
    let text = |column: &StringArray| column.is_valid(i).then(|| column.value(i).to_owned());
    let texts = [
        rows.source(),
        rows.operation(),
        rows.pcode(),
        rows.origin_pcode(),
    ]
    .map(text);
    let counts = [rows.round(), rows.persons(), rows.males(), rows.females()].map(count);
    let days = [rows.first_day().value(i), rows.last_day().value(i)];
    (texts, counts, days, rows.reason().value(i))
}

/// The area of a P-code and its cells.
fn ground<'a>(
    study_area: &'a StudyArea,
    areas: &AreaIndex<'_>,
    pcode: &str,
) -> std::result::Result<(usize, &'a [CellIndex]), Fate> {
    let position = areas.position(pcode).ok_or(Fate::NoSuchArea)?;
    let area = areas.area(position);
    let cells = study_area.cells_of.get(&(area.level, area.pcode.clone()));
    let cells = cells.filter(|cells| !cells.is_empty());
    Ok((position, cells.ok_or(Fate::Outside)?))
}

/// The figures that stand, and how many rows met which fate.
struct Books<'a> {
    standing: Vec<Told<'a>>,
    fates: BTreeMap<Fate, i64>,
}

impl<'a> Books<'a> {
    fn of(
        rows: impl Iterator<Item = std::result::Result<Told<'a>, Fate>>,
        what: What,
        areas: &AreaIndex<'_>,
    ) -> Self {
        let mut books = Self {
            standing: Vec::new(),
            fates: BTreeMap::new(),
        };
        let mut newest: BTreeMap<(usize, (&str, &str)), Told<'a>> = BTreeMap::new();
        for row in rows {
            let row = match row {
                Ok(row) => row,
                Err(fate) => {
                    books.count(fate, 1);
                    continue;
                }
            };
            match newest.entry((row.area, row.teller)) {
                Entry::Vacant(place) => drop(place.insert(row)),
                Entry::Occupied(mut kept) => books.join(kept.get_mut(), row, what),
            }
        }
        books.settle(newest.into_values().collect(), what, areas);
        books
    }

    fn count(&mut self, fate: Fate, rows: i64) {
        *self.fates.entry(fate).or_default() += rows;
    }

    /// Of two figures of one teller about one area: their sum, or the one that stands.
    fn join(&mut self, kept: &mut Told<'a>, row: Told<'a>, what: What) {
        if what == What::Displaced && row.moment == kept.moment {
            kept.persons += row.persons;
            kept.rows += row.rows;
            return;
        }
        let stands = (row.moment, row.persons) > (kept.moment, kept.persons);
        let passed = if stands {
            std::mem::replace(kept, row)
        } else {
            row
        };
        self.count(Fate::Superseded, passed.rows);
    }

    /// Lets figures stand in order of preference, each where no ground of it is told yet.
    fn settle(&mut self, mut told: Vec<Told<'a>>, what: What, areas: &AreaIndex<'_>) {
        let level = |one: &Told<'_>| areas.area(one.area).level;
        told.sort_by(|a, b| {
            let finer = level(b).cmp(&level(a));
            let newer = b.moment.cmp(&a.moment);
            let first = match what {
                What::Population => finer.then(newer),
                What::Displaced => newer.then(finer),
            };
            let rest = (b.persons, a.teller, a.area).cmp(&(a.persons, b.teller, b.area));
            first.then(rest)
        });
        let mut ground = Ground::default();
        for one in told {
            let holders = areas.holders(one.area);
            let (rows, stands) = (one.rows, ground.left_to(one, holders, what));
            let Some(one) = stands else {
                self.count(Fate::ToldElsewhere, rows);
                continue;
            };
            ground.take(&one, holders);
            self.count(Fate::Spread, rows);
            self.standing.push(one);
        }
    }

    /// Splits every standing figure over its cells by population, or by the figures split before it,
    /// and closes the books on rows and on people.
    fn spread(
        self,
        study_area: &StudyArea,
        population: Option<&BTreeMap<CellIndex, i64>>,
    ) -> Result<PeopleCells> {
        let mut persons_e6: BTreeMap<CellIndex, i64> = BTreeMap::new();
        let mut before = 0_i128;
        for one in &self.standing {
            before += i128::from(one.persons) * i128::from(fixed::PARTS);
            let weights = population.unwrap_or(&persons_e6);
            let parts = fixed::split(&shares(&one.cells, study_area, weights));
            for (&cell, parts) in one.cells.iter().zip(parts) {
                let persons = persons_e6.entry(cell).or_default();
                // Figures beyond all the people there are do not fit, and then the books tell.
                *persons = persons.saturating_add(one.persons.saturating_mul(parts));
            }
        }
        let after = persons_e6.values().map(|&e6| i128::from(e6)).sum();
        if before != after {
            let (stage, what) = ("index", "parts of people");
            return Err(Error::Unbalanced {
                stage,
                what,
                before,
                after,
            });
        }
        let rows = self.fates.values().sum();
        let fates = FATES.map(|(fate, name)| (name, self.fates.get(&fate).copied().unwrap_or(0)));
        let balance = Balance::close("index", "rows", rows, fates)?;
        Ok(PeopleCells {
            persons_e6,
            balance,
        })
    }
}

/// How much of an area's people each of its cells is likely to hold: by population where that of every
/// cell is known, else by area.
#[allow(clippy::cast_precision_loss, reason = "a weight")]
fn shares(
    cells: &[CellIndex],
    study_area: &StudyArea,
    weights: &BTreeMap<CellIndex, i64>,
) -> Vec<f64> {
    let known = cells
        .iter()
        .map(|cell| weights.get(cell).map(|&e6| e6 as f64));
    let known: Option<Vec<f64>> = known.collect();
    known
        .filter(|known| known.iter().sum::<f64>() > 0.0)
        .unwrap_or_else(|| {
            let grid = &study_area.grid;
            let area_km2 = |&cell| grid.position(cell).map_or(0.0, |i| grid.area_km2()[i]);
            cells.iter().map(area_km2).collect()
        })
}
