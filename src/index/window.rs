//! The records of the detection window as they are known, for placing them whole again and again.
//!
//! What the statements spread is the mean of these placements; the spread between them is what is not
//! known of where and when.

use std::collections::BTreeMap;

use forewarn_models::grid::Grid;
use forewarn_models::rank::{Placements, Uncertain, WHOLE};
use h3o::CellIndex;

use crate::base::Context;
use crate::base::code::PlacePrecision;
use crate::base::day::{Day, Week};
use crate::base::digest;
use crate::base::error::{Error, Result};
use crate::tables::Boundaries;

use super::anchors::{Anchors, rows};
use super::support::{InArea, Spread, Support, Supports};
use super::weeks;

/// Positions with their parts of a whole.
type Parts = Vec<(u32, u32)>;

/// Distinct lists, numbered as they are met.
#[derive(Debug, Default)]
struct Lists {
    lists: Vec<Parts>,
    numbers: BTreeMap<Parts, u32>,
}

impl Lists {
    fn number(&mut self, list: Parts) -> u32 {
        let next = u32::try_from(self.lists.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(list).or_insert_with_key(|list| {
            self.lists.push(list.clone());
            next
        })
    }
}

/// Where a place's records may be, and whether they testify there.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// Number of its list of cells.
    cells: u32,
    testifies: bool,
}

/// Collects records of the window, anchor by anchor.
#[derive(Debug)]
pub(super) struct Window {
    first_week: Week,
    last_week: Week,
    step_weeks: u16,
    n_steps: usize,
    certain: Vec<u32>,
    places: Lists,
    of_areas: BTreeMap<usize, u32>,
    steps: Lists,
    uncertain: Vec<Uncertain>,
}

impl Window {
    pub(super) fn new(context: &Context, grid: &Grid) -> Self {
        let settings = &context.settings;
        let step_weeks = settings.trend.step_weeks;
        let n_steps = usize::from(settings.window.detect_weeks / step_weeks);
        Self {
            first_week: context.first_week(),
            last_week: context.last_week(),
            step_weeks,
            n_steps,
            certain: vec![0; grid.len() * n_steps],
            places: Lists::default(),
            of_areas: BTreeMap::new(),
            steps: Lists::default(),
            uncertain: Vec::new(),
        }
    }

    /// Adds the records of some anchors whose days touch the window; rows of one place stand together.
    pub(super) fn add(
        &mut self,
        anchors: &Anchors,
        supports: &Supports<'_>,
        boundaries: &Boundaries,
    ) -> Result<()> {
        let mut last: Option<((u64, u8), Option<Place>)> = None;
        for (anchor, precision, first_day, last_day, n) in rows(anchors) {
            let steps = self.steps_of(Day(first_day), Day(last_day));
            if steps.is_empty() {
                continue;
            }
            let place = match last {
                Some((known, place)) if known == (anchor, precision) => place,
                _ => self.place(anchor, precision, supports, boundaries)?,
            };
            last = Some(((anchor, precision), place));
            let Some(Place { cells, testifies }) = place else {
                continue;
            };
            let n = u32::try_from(n).map_err(Error::statistic("index"))?;
            let cell = only(&self.places.lists[cells as usize]);
            match cell.zip(only(&steps)).filter(|_| testifies) {
                Some((cell, step)) => {
                    self.certain[cell as usize * self.n_steps + step as usize] += n;
                }
                None => self.uncertain.push(Uncertain {
                    key: key(anchor, precision, first_day, last_day),
                    n,
                    testifies,
                    places: cells,
                    steps: self.steps.number(steps),
                }),
            }
        }
        Ok(())
    }

    /// Everything there is to place.
    pub(super) fn finish(self) -> Result<Placements> {
        let (places, steps) = (self.places.lists, self.steps.lists);
        Placements::new(self.n_steps, self.certain, places, steps, self.uncertain)
            .map_err(Error::statistic("index"))
    }

    /// The cells of a place, or none where it has none in the study area.
    fn place(
        &mut self,
        anchor: u64,
        precision: u8,
        supports: &Supports<'_>,
        boundaries: &Boundaries,
    ) -> Result<Option<Place>> {
        let anchor = CellIndex::try_from(anchor).map_err(Error::statistic("index"))?;
        let precision = PlacePrecision::from_code(precision).unwrap_or(PlacePrecision::Country);
        let (cells, located) = match supports.of(anchor, precision) {
            Support::CountryOnly | Support::Outside => return Ok(None),
            Support::Cells(Spread { parts, located }) => {
                let parts = supports.positions(&parts);
                (self.places.number(parts), located)
            }
            Support::Area(InArea { area, located }) => {
                let known = self.of_areas.get(&area).copied();
                let cells = known.unwrap_or_else(|| {
                    let parts = supports.parts_of(&boundaries.areas()[area]);
                    self.places.number(supports.positions(&parts))
                });
                self.of_areas.insert(area, cells);
                (cells, located)
            }
        };
        let testifies = located.is_some();
        Ok(Some(Place { cells, testifies }))
    }

    /// The steps of the window that a range of days falls into, with its parts in each.
    fn steps_of(&self, first: Day, last: Day) -> Parts {
        if last.week() < self.first_week || first.week() > self.last_week {
            return Vec::new();
        }
        let mut steps = Parts::new();
        for (week, parts) in weeks::parts(first, last) {
            if !(self.first_week..=self.last_week).contains(&week) || parts == 0 {
                continue;
            }
            let since = u32::try_from(week.0 - self.first_week.0).unwrap_or(0);
            let step = since / u32::from(self.step_weeks);
            let parts = u32::try_from(parts).unwrap_or(WHOLE);
            match steps.last_mut() {
                Some((known, sum)) if *known == step => *sum += parts,
                _ => steps.push((step, parts)),
            }
        }
        steps
    }
}

/// The one entry of a list that holds the whole.
fn only(list: &Parts) -> Option<u32> {
    let mut with_parts = list.iter().filter(|&&(_, parts)| parts > 0);
    let (at, parts) = with_parts.next()?;
    (*parts == WHOLE).then_some(*at)
}

/// A number that is an anchor's own for good.
fn key(anchor: u64, precision: u8, first_day: i32, last_day: i32) -> u64 {
    let days = [first_day, last_day].map(i32::to_be_bytes);
    digest::number([&anchor.to_be_bytes()[..], &[precision], &days[0], &days[1]])
}
