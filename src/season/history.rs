//! Sums per cell: the detection window, and the same phases of past years.

use std::ops::Range;

use h3o::CellIndex;

use crate::base::Context;
use crate::base::day::Week;
use crate::base::fixed;
use crate::tables::{AreaWeeks, Placed, StudyArea};

use super::Card;
use super::years::Years;

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
    /// These of each past year.
    pub(super) years: Years,
    /// The same over equal steps, each parted by phase.
    pub(super) steps: Vec<Vec<StepPart>>,
}

/// The weeks of one step that lie in one phase.
#[derive(Debug, Clone)]
pub(super) struct StepPart {
    pub(super) phase: usize,
    pub(super) weeks: u32,
    /// Whether they belong to the past that the expectation is made from. Steps divide the detection
    /// window, so all weeks of a part do or none does.
    pub(super) in_past: bool,
    /// Incidents by cell; a cell's weeks come in order, so that sums are the same at any thread count.
    pub(super) located: Vec<f64>,
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

    /// The sum that a week of a cell belongs to.
    fn at(&mut self, weeks: &Weeks, week: i32, cell: usize) -> &mut i64 {
        if week >= weeks.first {
            &mut self.window[cell]
        } else {
            &mut self.past[weeks.phases[weeks.at(week)] * self.n_cells + cell]
        }
    }

    /// Adds what is known to areas only: summed over weeks first, then spread over cells.
    fn add_areas(&mut self, weeks: &Weeks, study_area: &StudyArea, area_weeks: &AreaWeeks) {
        let n_phases = self.past.len() / self.n_cells;
        let mut of_areas = Self::new(area_weeks.parts.len(), n_phases);
        let rows = &area_weeks.rows;
        let places = rows.area().values().iter().zip(rows.week().values());
        for ((&area, &week), &e6) in places.zip(rows.incidents_e6().values()) {
            if (weeks.start..=weeks.last).contains(&week) {
                *of_areas.at(weeks, week, area as usize) += e6;
            }
        }
        for (area, parts) in area_weeks.parts.iter().enumerate() {
            for &(cell, parts) in parts {
                let Some(cell) = study_area.grid.position(cell) else {
                    continue;
                };
                self.window[cell] += of_areas.window[area] * parts;
                for phase in 0..n_phases {
                    let of_area = of_areas.past[phase * of_areas.n_cells + area];
                    self.past[phase * self.n_cells + cell] += of_area * parts;
                }
            }
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

/// Which phase, part of which step, and past or present, by week.
struct Weeks {
    start: i32,
    first: i32,
    last: i32,
    phases: Vec<usize>,
    /// Step and part of each week; none before the first step.
    parts: Vec<Option<(usize, usize)>>,
}

impl Weeks {
    fn new(context: &Context, card: &Card) -> Self {
        let (start, first, last) = (
            context.first_history_week().0,
            context.first_week().0,
            context.last_week().0,
        );
        Self {
            start,
            first,
            last,
            phases: (start..=last).map(|w| card.phase_index(Week(w))).collect(),
            parts: vec![None; usize::try_from(last + 1 - start).unwrap_or(0)],
        }
    }

    /// Parts the steps by phase, as yet without counts, and notes which week belongs to which part.
    fn steps(&mut self, context: &Context, n_cells: usize) -> Vec<Vec<StepPart>> {
        let step_weeks = i32::from(context.settings.trend.step_weeks);
        let begin = context.first_step_week().0;
        let mut steps: Vec<Vec<StepPart>> = Vec::new();
        for week in begin..=self.last {
            let at = self.at(week);
            let t = usize::try_from((week - begin) / step_weeks).unwrap_or(0);
            if t == steps.len() {
                steps.push(Vec::new());
            }
            let parts = &mut steps[t];
            let phase = self.phases[at];
            let known = parts.iter().position(|part| part.phase == phase);
            let part = known.unwrap_or(parts.len());
            if part == parts.len() {
                parts.push(StepPart {
                    phase,
                    weeks: 0,
                    in_past: week < self.first,
                    located: vec![0.0; n_cells],
                });
            }
            parts[part].weeks += 1;
            self.parts[at] = Some((t, part));
        }
        steps
    }

    fn at(&self, week: i32) -> usize {
        usize::try_from(week - self.start).unwrap_or(0)
    }

    fn of_phases(&self, weeks: Range<i32>, n_phases: usize) -> Vec<u32> {
        let mut by_phase = vec![0_u32; n_phases];
        for week in weeks {
            by_phase[self.phases[self.at(week)]] += 1;
        }
        by_phase
    }
}

impl History {
    pub(super) fn read(
        context: &Context,
        card: &Card,
        study_area: &StudyArea,
        placed: &Placed,
    ) -> Self {
        let (n_cells, cell_weeks) = (study_area.grid.len(), &placed.cell_weeks);
        let mut weeks = Weeks::new(context, card);
        let mut steps = weeks.steps(context, n_cells);
        let mut all = Sums::new(n_cells, card.n_phases());
        let mut located = Sums::new(n_cells, card.n_phases());
        let past = &weeks.phases[..weeks.at(weeks.first)];
        let mut years = Years::new(past, card.n_phases(), n_cells);
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
            let Some(cell) = cell.filter(|_| (weeks.start..=weeks.last).contains(&week)) else {
                continue;
            };
            *all.at(&weeks, week, cell) += incidents;
            *located.at(&weeks, week, cell) += fine;
            years.add(weeks.at(week), cell, fine);
            if let Some((t, part)) = weeks.parts[weeks.at(week)] {
                steps[t][part].located[cell] += fixed::incidents(fine);
            }
        }
        all.add_areas(&weeks, study_area, &placed.area_weeks);
        Self {
            window_weeks: weeks.of_phases(weeks.first..weeks.last + 1, card.n_phases()),
            past_weeks: weeks.of_phases(weeks.start..weeks.first, card.n_phases()),
            all: all.counts(),
            located: located.counts(),
            years,
            steps,
        }
    }
}
