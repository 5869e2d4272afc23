//! Sums per cell: the detection window, and the phases of past years.

use h3o::CellIndex;

use crate::base::Context;
use crate::base::day::Week;
use crate::base::fixed;
use crate::tables::{AreaWeeks, Placed, StudyArea};

use super::Card;

/// Weeks of a past year.
const YEAR_WEEKS: usize = 52;

/// One way of counting: all records, or those known finely enough for the detector.
#[derive(Debug, Clone)]
pub(super) struct Counts {
    /// Incidents of the window, by cell.
    pub(super) window: Vec<f64>,
    /// Incidents by slot (see [`Weeks`]) and cell.
    pub(super) past: Vec<Vec<f64>>,
}

/// Window and past of every cell of the study area.
#[derive(Debug, Clone)]
pub(super) struct History {
    /// Which week is what.
    pub(super) weeks: Weeks,
    /// All records.
    pub(super) all: Counts,
    /// Records known finely enough for the detector.
    pub(super) located: Counts,
    /// The same over equal steps, each parted by phase.
    pub(super) steps: Vec<Vec<StepPart>>,
}

/// The weeks of one step that lie in one phase.
#[derive(Debug, Clone)]
pub(super) struct StepPart {
    pub(super) phase: usize,
    /// Positions of its weeks, from the first week of history.
    pub(super) weeks: Vec<usize>,
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
    fn new(n_cells: usize, n_slots: usize) -> Self {
        Self {
            n_cells,
            window: vec![0; n_cells],
            past: vec![0; n_cells * n_slots],
        }
    }

    /// The sum that a week of a cell belongs to.
    fn at(&mut self, weeks: &Weeks, week: i32, cell: usize) -> &mut i64 {
        if week >= weeks.first {
            &mut self.window[cell]
        } else {
            &mut self.past[weeks.slot(weeks.at(week)) * self.n_cells + cell]
        }
    }

    /// Adds what is known to areas only: summed over weeks first, then spread over cells.
    fn add_areas(&mut self, weeks: &Weeks, study_area: &StudyArea, area_weeks: &AreaWeeks) {
        let n_slots = weeks.n_slots();
        let mut of_areas = Self::new(area_weeks.parts.len(), n_slots);
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
                for slot in 0..n_slots {
                    let of_area = of_areas.past[slot * of_areas.n_cells + area];
                    self.past[slot * self.n_cells + cell] += of_area * parts;
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

/// Which phase, part of which step, and past or present, by week. The past is cut into slots: phase `p`
/// of past year `y` is slot `y * n_phases + p`.
#[derive(Debug, Clone)]
pub(super) struct Weeks {
    start: i32,
    first: i32,
    last: i32,
    phases: Vec<usize>,
    n_phases: usize,
    /// Weeks of every slot.
    slots: Vec<Vec<usize>>,
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
        let mut weeks = Self {
            start,
            first,
            last,
            phases: (start..=last).map(|w| card.phase_index(Week(w))).collect(),
            n_phases: card.n_phases(),
            slots: Vec::new(),
            parts: vec![None; usize::try_from(last + 1 - start).unwrap_or(0)],
        };
        let n_years = weeks.n_past().div_ceil(YEAR_WEEKS);
        weeks.slots = vec![Vec::new(); n_years * weeks.n_phases];
        for at in 0..weeks.n_past() {
            let slot = weeks.slot(at);
            weeks.slots[slot].push(at);
        }
        weeks
    }

    /// Number of weeks, those of the window among them.
    pub(super) fn len(&self) -> usize {
        self.phases.len()
    }

    /// Number of weeks before the window.
    pub(super) fn n_past(&self) -> usize {
        self.at(self.first)
    }

    pub(super) const fn n_phases(&self) -> usize {
        self.n_phases
    }

    pub(super) fn n_slots(&self) -> usize {
        self.slots.len()
    }

    /// Every week in order.
    pub(super) fn all(&self) -> impl Iterator<Item = Week> {
        (self.start..=self.last).map(Week)
    }

    /// Position of a week, from the first of history to the last of the window.
    pub(super) fn position(&self, week: Week) -> Option<usize> {
        (self.start..=self.last)
            .contains(&week.0)
            .then(|| self.at(week.0))
    }

    /// Past year of a past week.
    pub(super) const fn year(at: usize) -> usize {
        at / YEAR_WEEKS
    }

    pub(super) fn phase(&self, at: usize) -> usize {
        self.phases[at]
    }

    /// Slot of a past week.
    fn slot(&self, at: usize) -> usize {
        Self::year(at) * self.n_phases + self.phases[at]
    }

    pub(super) fn of_slot(&self, slot: usize) -> &[usize] {
        &self.slots[slot]
    }

    /// Weeks of the window that lie in a phase.
    pub(super) fn in_window(&self, phase: usize) -> Vec<usize> {
        let window = self.n_past()..self.len();
        window.filter(|&at| self.phases[at] == phase).collect()
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
                    weeks: Vec::new(),
                    in_past: week < self.first,
                    located: vec![0.0; n_cells],
                });
            }
            parts[part].weeks.push(at);
            self.parts[at] = Some((t, part));
        }
        steps
    }

    fn at(&self, week: i32) -> usize {
        usize::try_from(week - self.start).unwrap_or(0)
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
        let mut all = Sums::new(n_cells, weeks.n_slots());
        let mut located = Sums::new(n_cells, weeks.n_slots());
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
            if let Some((t, part)) = weeks.parts[weeks.at(week)] {
                steps[t][part].located[cell] += fixed::incidents(fine);
            }
        }
        all.add_areas(&weeks, study_area, &placed.area_weeks);
        Self {
            all: all.counts(),
            located: located.counts(),
            steps,
            weeks,
        }
    }
}
