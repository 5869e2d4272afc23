//! Records as indicators look at them.

use std::collections::{BTreeMap, BTreeSet};

use forewarn_models::season::{self, Expectation};
use h3o::CellIndex;

use crate::base::code::{ActorClass, DiscoveredBy, Kind, Observable};
use crate::base::day::{Day, Week};
use crate::base::error::{Error, Result};
use crate::tables::Level;

use super::Input;
use super::ground::Ground;
use super::known::{At, Known};

/// Weeks on either side of the same weeks in past years that make the expectation.
const MARGIN_WEEKS: i32 = 4;
const WEEKS_PER_YEAR: i32 = 52;

/// Records of one cell and week that are alike.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fact {
    pub(super) cell: usize,
    pub(super) week: i32,
    pub(super) kind: Kind,
    pub(super) actor: ActorClass,
    pub(super) brought_by: DiscoveredBy,
    pub(super) last_day: Day,
    pub(super) n: u32,
}

impl Fact {
    /// Whether an armed actor of a known class is behind it.
    pub(super) fn is_armed(&self) -> bool {
        use ActorClass::{ArmedGroup, Militia, State};
        matches!(self.actor, State | ArmedGroup | Militia)
    }
}

/// All records, in order of cell and week, and the ground they lie on.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) ground: Ground<'a>,
    pub(super) rows: Vec<Fact>,
    pub(super) as_of: Day,
    /// Level and own spelling of each area, by its P-code in capitals.
    areas: BTreeMap<String, (Level, String)>,
    history_years: i32,
    first_week: i32,
}

/// What indicators are computed from.
#[derive(Debug, Clone, Copy)]
pub(super) struct All<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) facts: &'a Facts<'a>,
    pub(super) observed: &'a BTreeMap<Observable, Vec<Known>>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(input: &Input<'a>) -> Self {
        let table = input.facts;
        let grid = &input.study_area.grid;
        let as_of = input.context.as_of;
        let areas = input.study_area.cells_of.keys();
        let row = |row: usize| {
            let cell = CellIndex::try_from(table.cell().value(row)).ok()?;
            Some(Fact {
                cell: grid.position(cell)?,
                week: table.week().value(row),
                kind: Kind::from_code(table.kind().value(row))?,
                actor: ActorClass::from_code(table.actor_class().value(row))?,
                brought_by: DiscoveredBy::from_code(table.discovered_by().value(row))?,
                last_day: Day(table.last_day().value(row)),
                n: u32::try_from(table.n().value(row)).unwrap_or(u32::MAX),
            })
        };
        let rows = (0..table.len()).filter_map(row);
        Self {
            ground: Ground::new(grid),
            rows: rows.filter(|fact| fact.last_day <= as_of).collect(),
            as_of,
            areas: areas
                .map(|area| (area.1.to_uppercase(), area.clone()))
                .collect(),
            history_years: input.context.settings.window.history_years.into(),
            first_week: input.context.first_history_week().0,
        }
    }

    /// The cells of an area of the study area, by its P-code.
    pub(super) fn area(&self, pcode: &str) -> Option<At> {
        let area = self.areas.get(&pcode.to_uppercase())?;
        Some(At::Area(area.0, area.1.clone()))
    }

    /// Records whose last day lies within so many days before a day, that day included.
    pub(super) fn before(&self, day: Day, days: i32) -> impl Iterator<Item = &Fact> {
        let window = day.0 - days + 1..=day.0;
        self.rows
            .iter()
            .filter(move |fact| window.contains(&fact.last_day.0))
    }

    /// The same before the night's day.
    pub(super) fn within(&self, days: i32) -> impl Iterator<Item = &Fact> {
        self.before(self.as_of, days)
    }

    /// The week of the night's day.
    pub(super) fn this_week(&self) -> i32 {
        self.as_of.week().0
    }

    /// First and last week of a window that ends with this week, as many years ago, wider by a margin.
    /// Only years that the records go back to.
    pub(super) fn past_windows(&self, weeks: i32) -> Vec<(i32, i32)> {
        let last = self.this_week();
        let of = |year: i32| {
            let shift = year * WEEKS_PER_YEAR;
            let first = last - weeks + 1 - MARGIN_WEEKS - shift;
            (first, last + MARGIN_WEEKS - shift)
        };
        let windows = (1..=self.history_years).map(of);
        windows
            .filter(|&(first, _)| first >= self.first_week)
            .collect()
    }

    /// The weeks that lie whole years before this one, as far as such windows go back.
    pub(super) fn past_weeks(&self, weeks: i32) -> Vec<i32> {
        let windows = self.past_windows(weeks).into_iter();
        windows.map(|(_, last)| last - MARGIN_WEEKS).collect()
    }

    /// The days that lie whole years before the night's, by weeks, as far as such windows go back.
    pub(super) fn past_days(&self, days: i32) -> Vec<Day> {
        let shift = |week: i32| Day(self.as_of.0 - 7 * (self.this_week() - week));
        self.past_weeks(days / 7).into_iter().map(shift).collect()
    }

    /// What the same weeks of past years lead one to expect of some records in each cell over a window
    /// that ends today; nothing where there are no past years.
    pub(super) fn expectation(
        &self,
        weeks: i32,
        of: impl Fn(&Fact) -> bool,
    ) -> Result<Option<Expectation>> {
        let windows = self.past_windows(weeks);
        if windows.is_empty() {
            return Ok(None);
        }
        let mut past = vec![0.0; self.ground.grid.len()];
        for fact in self.rows.iter().filter(|fact| of(fact)) {
            if windows
                .iter()
                .any(|&(first, last)| (first..=last).contains(&fact.week))
            {
                past[fact.cell] += f64::from(fact.n);
            }
        }
        let n_weeks: i32 = windows.iter().map(|&(first, last)| last - first + 1).sum();
        let exposed = |weeks: f64| {
            let areas = self.ground.grid.area_km2().iter();
            areas.map(|area_km2| area_km2 * weeks).collect::<Vec<f64>>()
        };
        // This week has only its days so far.
        let begun = f64::from(self.as_of.0 - Week(self.this_week()).first_day().0 + 1) / 7.0;
        let target = exposed(f64::from(weeks - 1) + begun);
        season::expected(&past, &exposed(f64::from(n_weeks)), &target)
            .map(Some)
            .map_err(Error::statistic("indicators"))
    }
}

/// What is gathered of one neighbourhood.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered {
    pub(super) n: u32,
    pub(super) newest: Option<Day>,
    pub(super) brought_by: BTreeSet<DiscoveredBy>,
}

impl Gathered {
    fn add(&mut self, fact: &Fact) {
        self.n += fact.n;
        self.newest = self.newest.max(Some(fact.last_day));
        self.brought_by.insert(fact.brought_by);
    }

    /// Ways by which records came that can be told apart, at least one.
    pub(super) fn n_sources(&self) -> u32 {
        let told = self
            .brought_by
            .iter()
            .filter(|by| **by != DiscoveredBy::Unknown);
        u32::try_from(told.count().max(1)).unwrap_or(1)
    }
}

/// Gathers records by the cells whose neighbourhood they lie in.
pub(super) fn by_neighbourhood<'f>(
    ground: &Ground<'_>,
    facts: impl Iterator<Item = &'f Fact>,
) -> BTreeMap<usize, Gathered> {
    let mut gathered: BTreeMap<usize, Gathered> = BTreeMap::new();
    for fact in facts {
        for cell in ground.near(fact.cell) {
            gathered.entry(cell).or_default().add(fact);
        }
    }
    gathered
}

/// Mean score of each cell over years; a year without a score had none of it.
pub(super) fn mean_of_years(
    years: impl Iterator<Item = BTreeMap<usize, f64>>,
) -> BTreeMap<usize, f64> {
    let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
    let mut n_years = 0.0;
    for year in years {
        n_years += 1.0;
        for (cell, score) in year {
            *sums.entry(cell).or_default() += score;
        }
    }
    sums.into_iter()
        .map(|(cell, sum)| (cell, sum / n_years))
        .collect()
}
