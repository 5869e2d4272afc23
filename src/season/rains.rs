//! Rain of the study area, period by period.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::Array;
use forewarn_models::units::priogrid_corners;
use h3o::{CellIndex, LatLng, Resolution};

use crate::base::code::Footprint;
use crate::base::day::Day;
use crate::tables::{Rain, StudyArea};

/// Mean rain over the places of the study area.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RainPeriod {
    pub(super) first: Day,
    pub(super) last: Day,
    pub(super) rain_mm: f64,
}

/// Periods that had ended by a day, in order and without overlap: of several kinds of table the one with the newest
/// period, then the one with the shortest.
pub(super) fn periods(rain: &Rain, study_area: &StudyArea, as_of: Day) -> Vec<RainPeriod> {
    let inside = Inside::of(study_area);
    let mut kinds: BTreeMap<(&str, u8), BTreeMap<(Day, Day), (f64, f64)>> = BTreeMap::new();
    for row in 0..rain.len() {
        let (first, last) = (
            Day(rain.first_day().value(row)),
            Day(rain.last_day().value(row)),
        );
        if last > as_of || !inside.holds(rain, row) {
            continue;
        }
        let kind = (rain.source().value(row), rain.footprint().value(row));
        let sum = kinds
            .entry(kind)
            .or_default()
            .entry((first, last))
            .or_default();
        *sum = (sum.0 + rain.rain_mm().value(row), sum.1 + 1.0);
    }
    let best = kinds.into_values().max_by_key(|periods| {
        let newest = periods.keys().map(|(_, last)| *last).max();
        let shortest = periods.keys().map(|(first, last)| last.0 - first.0).min();
        (newest, shortest.map(std::cmp::Reverse))
    });
    let mut periods: Vec<RainPeriod> = Vec::new();
    for ((first, last), (sum, n)) in best.unwrap_or_default() {
        if periods.last().is_none_or(|before| before.last < first) {
            periods.push(RainPeriod {
                first,
                last,
                rain_mm: sum / n,
            });
        }
    }
    periods
}

/// Which places of rain lie in the study area.
struct Inside<'a> {
    study_area: &'a StudyArea,
    resolution: Option<Resolution>,
    pcodes: BTreeSet<&'a str>,
    /// Cells above the study area's own.
    parents: BTreeSet<CellIndex>,
}

impl<'a> Inside<'a> {
    fn of(study_area: &'a StudyArea) -> Self {
        let cells = study_area.grid.cells();
        let areas = study_area.cells_of.iter();
        let mut parents = BTreeSet::new();
        for cell in cells {
            let above = std::iter::successors(Some(cell.resolution()), |r| r.pred());
            parents.extend(
                above
                    .skip(1)
                    .filter_map(|resolution| cell.parent(resolution)),
            );
        }
        Self {
            study_area,
            resolution: cells.first().map(|cell| cell.resolution()),
            pcodes: areas
                .filter(|(_, cells)| !cells.is_empty())
                .map(|((_, pcode), _)| pcode.as_str())
                .collect(),
            parents,
        }
    }

    fn holds(&self, rain: &Rain, row: usize) -> bool {
        if rain.pcode().is_valid(row) {
            return self.pcodes.contains(rain.pcode().value(row));
        }
        let Some(resolution) = self.resolution.filter(|_| rain.cell().is_valid(row)) else {
            return false;
        };
        let id = rain.cell().value(row);
        let cell = match Footprint::from_code(rain.footprint().value(row)) {
            Some(Footprint::PrioGrid) => u32::try_from(id)
                .ok()
                .and_then(priogrid_corners)
                .and_then(|[(south, west), (north, east)]| {
                    let centre = LatLng::new((south + north) / 2.0, (west + east) / 2.0);
                    Some(centre.ok()?.to_cell(resolution))
                }),
            _ => CellIndex::try_from(id).ok(),
        };
        cell.is_some_and(|cell| {
            let own = cell.parent(resolution);
            self.parents.contains(&cell)
                || own.is_some_and(|own| self.study_area.grid.position(own).is_some())
        })
    }
}
