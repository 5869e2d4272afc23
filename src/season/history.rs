//! Sums per cell: the detection window, and the same phases of past years.

use h3o::CellIndex;

use crate::base::Context;
use crate::base::day::Week;
use crate::base::fixed;
use crate::tables::{CellWeeks, StudyArea};

use super::Card;

/// One way of counting: all records, or those known finely enough for the detector.
#[derive(Debug, Clone)]
pub(super) struct Counts {
    /// Incidents of the window, by cell.
    pub(super) window: Vec<f64>,
    /// Incidents of each phase in past years, by phase and cell.
    pub(super) past: Vec<Vec<f64>>,
}

/// Window and past of every cell of the study area.
#[derive(Debug, Clone)]
pub(super) struct History {
    /// Weeks of each phase in the window.
    pub(super) window_weeks: Vec<u32>,
    /// Weeks of each phase in the past.
    pub(super) past_weeks: Vec<u32>,
    /// All records.
    pub(super) all: Counts,
    /// Records known finely enough for the detector.
    pub(super) located: Counts,
}

/// Sums of fixed-point parts: whole numbers, so that their order cannot matter.
struct Sums {
    n_cells: usize,
    window: Vec<i64>,
    past: Vec<i64>,
}

impl Sums {
    fn new(n_cells: usize, n_phases: usize) -> Self {
        Self {
            n_cells,
            window: vec![0; n_cells],
            past: vec![0; n_cells * n_phases],
        }
    }

    fn counts(&self) -> Counts {
        let incidents = |sums: &[i64]| sums.iter().map(|&e12| fixed::incidents(e12)).collect();
        Counts {
            window: incidents(&self.window),
            past: self.past.chunks(self.n_cells).map(incidents).collect(),
        }
    }
}

impl History {
    pub(super) fn read(
        context: &Context,
        card: &Card,
        study_area: &StudyArea,
        cell_weeks: &CellWeeks,
    ) -> Self {
        let (start, first, last) = (
            context.first_history_week().0,
            context.first_week().0,
            context.last_week().0,
        );
        let phases: Vec<usize> = (start..=last).map(|w| card.phase_index(Week(w))).collect();
        let n_past = usize::try_from(first - start).unwrap_or(0);
        let count = |weeks: &[usize]| {
            let mut by_phase = vec![0_u32; card.n_phases()];
            for &phase in weeks {
                by_phase[phase] += 1;
            }
            by_phase
        };
        let n_cells = study_area.grid.len();
        let mut all = Sums::new(n_cells, card.n_phases());
        let mut located = Sums::new(n_cells, card.n_phases());
        let rows = cell_weeks
            .cell()
            .values()
            .iter()
            .zip(cell_weeks.week().values());
        let parts = cell_weeks.incidents_e12().values().iter();
        for ((&cell, &week), (&incidents, &fine)) in
            rows.zip(parts.zip(cell_weeks.located_e12().values()))
        {
            let cell = CellIndex::try_from(cell)
                .ok()
                .and_then(|c| study_area.grid.position(c));
            let Some(cell) = cell.filter(|_| (start..=last).contains(&week)) else {
                continue;
            };
            for (sums, part) in [(&mut all, incidents), (&mut located, fine)] {
                if week >= first {
                    sums.window[cell] += part;
                } else {
                    let phase = usize::try_from(week - start).map_or(0, |i| phases[i]);
                    sums.past[phase * n_cells + cell] += part;
                }
            }
        }
        Self {
            window_weeks: count(&phases[n_past..]),
            past_weeks: count(&phases[..n_past]),
            all: all.counts(),
            located: located.counts(),
        }
    }
}
