//! Cells and periods side by side: what was said of each, and what came.

use std::collections::BTreeMap;

use h3o::{CellIndex, Resolution};

use crate::tables::{Forecast, Level, StudyArea};

use super::past::Past;
use super::rolling::Input;

/// One entry per period and cell, period after period.
pub(super) struct Cases<'a> {
    pub(super) periods: &'a [Forecast],
    pub(super) n_cells: usize,
    /// Incidents.
    pub(super) count: Vec<u32>,
    /// Number of the period.
    pub(super) period: Vec<u32>,
    /// Number of the area that holds the cell.
    pub(super) area: Vec<u32>,
    pub(super) n_areas: usize,
    /// Whether the cell had an incident in the year before, as known at the origin.
    pub(super) continues: Vec<bool>,
}

impl<'a> Cases<'a> {
    pub(super) fn of(input: &Input<'_>, past: &Past, periods: &'a [Forecast]) -> Self {
        let n_cells = input.study_area.grid.len();
        let (areas, n_areas) = areas(input.study_area);
        let mut cases = Self {
            periods,
            n_cells,
            count: vec![0; periods.len() * n_cells],
            period: Vec::with_capacity(periods.len() * n_cells),
            area: Vec::with_capacity(periods.len() * n_cells),
            n_areas,
            continues: vec![false; periods.len() * n_cells],
        };
        for (number, period) in (0_u32..).zip(periods) {
            let from = cases.period.len();
            cases.period.extend(std::iter::repeat_n(number, n_cells));
            cases.area.extend_from_slice(&areas);
            for record in past.within(period.first_day, period.last_day) {
                cases.count[from + record.cell as usize] += 1;
            }
            let origin = period.first_day;
            let year_ago = crate::base::day::Day(origin.0 - 364);
            let before = crate::base::day::Day(origin.0 - 1);
            for record in past.within(year_ago, before) {
                if record.seen_from <= origin.0 {
                    cases.continues[from + record.cell as usize] = true;
                }
            }
        }
        cases
    }

    pub(super) fn len(&self) -> usize {
        self.count.len()
    }

    pub(super) fn events(&self) -> Vec<bool> {
        self.count.iter().map(|&count| count > 0).collect()
    }

    /// What the forecasts of all periods say, one after the other.
    pub(super) fn said(&self) -> Vec<f64> {
        self.periods
            .iter()
            .flat_map(|period| period.p_event.iter().copied())
            .collect()
    }

    /// Names of the baselines.
    pub(super) fn baselines(&self) -> Vec<&'static str> {
        let first = self.periods.first();
        first.map_or_else(Vec::new, |period| {
            period.baselines.iter().map(|(name, _)| *name).collect()
        })
    }

    /// The rates of one baseline.
    pub(super) fn rates(&self, baseline: usize) -> Vec<f64> {
        let rates = self
            .periods
            .iter()
            .flat_map(|period| period.baselines[baseline].1.iter());
        rates.copied().collect()
    }
}

/// The second-level area of each cell; where there are none, the coarser cell that holds it.
fn areas(study_area: &StudyArea) -> (Vec<u32>, usize) {
    let grid = &study_area.grid;
    let mut area_of = vec![None; grid.len()];
    let second = study_area
        .cells_of
        .iter()
        .filter(|((level, _), _)| *level == Level(2));
    let mut n = 0;
    for (_, cells) in second {
        for at in cells.iter().filter_map(|&cell| grid.position(cell)) {
            area_of[at] = Some(n);
        }
        n += 1;
    }
    let mut others: BTreeMap<Option<CellIndex>, u32> = BTreeMap::new();
    let of = |(&cell, area): (&CellIndex, Option<u32>)| {
        area.unwrap_or_else(|| {
            *others
                .entry(cell.parent(Resolution::Two))
                .or_insert_with(|| {
                    n += 1;
                    n - 1
                })
        })
    };
    let areas: Vec<u32> = grid.cells().iter().zip(area_of).map(of).collect();
    (areas, n as usize)
}
