//! Outcomes as whole records in order of their days, and what an origin could know of them.

use std::collections::BTreeSet;

use arrow::array::Array;
use forewarn_models::forecast::{History, Space};
use forewarn_models::units::Coordinate;
use h3o::{CellIndex, LatLng};

use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::tables::{CellDays, StudyArea};

use super::STAGE;

/// One record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Record {
    pub(super) day: i32,
    pub(super) cell: u32,
    /// First origin that could know of it.
    pub(super) seen_from: i32,
    pub(super) place_precision: u8,
    pub(super) actor_class: u8,
    pub(super) discovered_by: u8,
}

/// Records in order of their days; what the mathematics takes stands in lists beside them.
#[derive(Debug, Default)]
pub(super) struct Past {
    pub(super) records: Vec<Record>,
    cell: Vec<u32>,
    day: Vec<i32>,
    seen_from: Vec<i32>,
    /// Whether a record became known after its delay.
    pub(super) has_late: bool,
}

impl Past {
    /// Records as they can be known `embargo_days` after their day, or from when they were known.
    pub(super) fn of(history: &CellDays, study_area: &StudyArea, embargo_days: i32) -> Self {
        let known = history.known_day();
        let mut records = Vec::new();
        for row in 0..history.len() {
            let cell = CellIndex::try_from(history.cell().value(row)).ok();
            let cell = cell.and_then(|cell| study_area.grid.position(cell));
            let Some(cell) = cell.and_then(|cell| u32::try_from(cell).ok()) else {
                continue;
            };
            let day = history.day().value(row);
            // What became known on a day is seen by the origin of the next.
            let known = known.is_valid(row).then(|| known.value(row) + 1);
            let record = Record {
                day,
                cell,
                seen_from: (day + embargo_days).max(known.unwrap_or(i32::MIN)),
                place_precision: history.place_precision().value(row),
                actor_class: history.actor_class().value(row),
                discovered_by: history.discovered_by().value(row),
            };
            let n = usize::try_from(history.n().value(row)).unwrap_or(0);
            records.extend(std::iter::repeat_n(record, n));
        }
        records.sort_unstable();
        let late = |record: &Record| record.seen_from > record.day + embargo_days.max(1);
        let has_late = records.iter().any(late);
        Self::in_order(records, has_late)
    }

    fn in_order(records: Vec<Record>, has_late: bool) -> Self {
        Self {
            cell: records.iter().map(|record| record.cell).collect(),
            day: records.iter().map(|record| record.day).collect(),
            seen_from: records.iter().map(|record| record.seen_from).collect(),
            has_late,
            records,
        }
    }

    /// First day on which anything is told.
    pub(super) fn first_day(&self) -> Option<i32> {
        self.day.first().copied()
    }

    /// Only what was known before a day, with every day before it.
    pub(super) fn known_by(&self, day: i32) -> Self {
        let records = self.records.iter().copied();
        let records: Vec<Record> = records.filter(|record| record.seen_from <= day).collect();
        Self::in_order(records, self.has_late)
    }

    /// The same records, each seen so many days later.
    pub(super) fn seen_later(&self, days: i32) -> Self {
        let records = self.records.iter().map(|record| Record {
            seen_from: record.seen_from + days,
            ..*record
        });
        Self::in_order(records.collect(), self.has_late)
    }

    /// The history before a day, for the mathematics.
    pub(super) fn history(&self, first_day: i32, until_day: i32) -> History<'_> {
        let from = self.day.partition_point(|&day| day < first_day);
        let to = self.day.partition_point(|&day| day < until_day);
        let known = from..to.max(from);
        History {
            first_day,
            until_day,
            cell: &self.cell[known.clone()],
            day: &self.day[known.clone()],
            seen_from: Some(&self.seen_from[known]),
        }
    }

    /// Records of some days, in order.
    pub(super) fn within(&self, first: Day, last: Day) -> &[Record] {
        let from = self.day.partition_point(|&day| day < first.0);
        let to = self.day.partition_point(|&day| day <= last.0);
        &self.records[from..to.max(from)]
    }
}

/// How far what happens in a cell is felt.
pub(super) fn space(study_area: &StudyArea) -> Result<Space> {
    let grid = &study_area.grid;
    let mut centres = Vec::with_capacity(grid.len());
    let mut rings = Vec::with_capacity(grid.len());
    for &cell in grid.cells() {
        let centre = LatLng::from(cell);
        let centre = Coordinate::new(centre.lat(), centre.lng());
        centres.push(centre.map_err(Error::statistic(STAGE))?);
        let mut within = BTreeSet::from([cell]);
        rings.push([1, 2, 3].map(|k| {
            let disk = cell.grid_disk::<Vec<_>>(k).into_iter();
            let ring: Vec<CellIndex> = disk.filter(|&cell| within.insert(cell)).collect();
            let known = ring.into_iter().filter_map(|cell| grid.position(cell));
            let mut known: Vec<u32> = known.filter_map(|at| u32::try_from(at).ok()).collect();
            known.sort_unstable();
            known
        }));
    }
    Space::new(&centres, &rings).map_err(Error::statistic(STAGE))
}
