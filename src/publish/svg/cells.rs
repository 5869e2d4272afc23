//! Classes of every cell: risk, reporting, and reports of each of the last periods.

use arrow::array::{Array, Float64Array, UInt64Array};
use h3o::CellIndex;

use crate::base::code::ReportingState;
use crate::base::day::{Day, Week};
use crate::publish::TierTables;
use crate::publish::palette::{REPORTING, REPORTS, RISK};

/// The slider has so many periods at most.
const PERIODS: usize = 12;

/// Classes of cells, in order of the grid. `None`: no number.
#[derive(Debug)]
pub(crate) struct CellClasses {
    /// Of [`RISK`].
    pub risk: Vec<Option<usize>>,
    /// Of [`REPORTING`].
    pub reporting: Vec<Option<usize>>,
    /// Whether nothing is known of reporting.
    pub unknown: Vec<bool>,
    /// Whether it is silent.
    pub blind: Vec<bool>,
    /// The last periods, oldest first; none where the tier may not carry them.
    pub periods: Vec<Period>,
}

/// One period of the slider.
#[derive(Debug)]
pub(crate) struct Period {
    /// Its first day.
    pub first: Day,
    /// Its last day.
    pub last: Day,
    /// Class of every cell, of [`REPORTS`].
    pub reports: Vec<usize>,
}

impl CellClasses {
    /// Of the cells of a tier.
    pub(crate) fn of(tier: &TierTables<'_>) -> Self {
        let n = tier.study_area.grid.cells().len();
        let expected = tier.expected;
        let (shape, rate) = (expected.posterior_shape(), expected.posterior_rate());
        let risk = at_cells(tier, expected.cell(), |row| {
            RISK.class(Some(shape.value(row) / rate.value(row)))
        });
        let detection = &tier.reporting.detection;
        let value =
            |column: &Float64Array, row: usize| column.is_valid(row).then(|| column.value(row));
        let reporting = at_cells(tier, detection.cell(), |row| {
            REPORTING.class(value(detection.q(), row))
        });
        let unknown = at_cells(tier, detection.cell(), |row| {
            let state = ReportingState::from_code(detection.state().value(row));
            (state != Some(ReportingState::Unknown)).then_some(0)
        });
        let silences = &tier.reporting.silences;
        let blind = at_cells(tier, silences.cell(), |_| Some(0));
        Self {
            risk,
            reporting,
            unknown: unknown.into_iter().map(|known| known.is_none()).collect(),
            blind: blind.into_iter().map(|silent| silent.is_some()).collect(),
            periods: periods(tier, n),
        }
    }
}

/// What the rows of a table say of each cell.
fn at_cells(
    tier: &TierTables<'_>,
    cells: &UInt64Array,
    class: impl Fn(usize) -> Option<usize>,
) -> Vec<Option<usize>> {
    let grid = &tier.study_area.grid;
    let mut classes = vec![None; grid.cells().len()];
    for (row, &id) in cells.values().iter().enumerate() {
        let cell = CellIndex::try_from(id).ok();
        if let Some(at) = cell.and_then(|cell| grid.position(cell)) {
            classes[at] = class(row);
        }
    }
    classes
}

fn periods(tier: &TierTables<'_>, n_cells: usize) -> Vec<Period> {
    let Some(steps) = tier.ground.steps.filter(|steps| steps.n_steps > 0) else {
        return Vec::new();
    };
    let weeks = i32::from(steps.step_weeks);
    let first = steps.n_steps.saturating_sub(PERIODS);
    (first..steps.n_steps)
        .map(|t| {
            let at = Week(steps.first_week.0 + weeks * i32::try_from(t).unwrap_or(0));
            let count = |cell: usize| steps.located.get(cell * steps.n_steps + t).copied();
            let class = |cell| REPORTS.class(count(cell)).unwrap_or(0);
            Period {
                first: at.first_day(),
                last: Week(at.0 + weeks - 1).last_day(),
                reports: (0..n_cells).map(class).collect(),
            }
        })
        .collect()
}
