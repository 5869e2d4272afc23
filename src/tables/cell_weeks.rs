//! Incidents per cell and week.

use h3o::CellIndex;

use crate::base::day::{Day, Week};
use crate::base::table::{Date, I32, I64, U8, U64};
use crate::table;

table! {
    /// One row per (cell, ISO week) that at least one incident reaches which is known finer than to an
    /// area. Other weeks hold no report, which is not the same as no incident.
    CellWeeks, row CellWeek, builder CellWeeksBuilder {
        /// H3 cell.
        cell: U64,
        /// `base::day::Week`.
        week: I32,
        /// Incidents, spread by precision, in parts of 1e-12.
        incidents_e12: I64,
        /// Incidents known finely enough to testify about a neighbourhood, each whole at its own cell.
        located_e12: I64,
        /// Latest day of the week on which any of them may have happened.
        last_day: Date,
        /// Bit `k`: `k` days after the Monday there was an incident known to the day and to the cell.
        days: U8,
    }
}

impl CellWeeks {
    /// Every day of a cell with an incident that is known to both, in order of cell and day. A raid of
    /// many incidents, or one that several told of, is one.
    pub fn cell_days(&self) -> impl Iterator<Item = (CellIndex, Day)> {
        let weeks = self.week().values().iter().zip(self.days().values());
        let rows = self.cell().values().iter().zip(weeks);
        rows.filter_map(|(&cell, week)| Some((CellIndex::try_from(cell).ok()?, week)))
            .flat_map(|(cell, (&week, &days))| {
                let monday = Week(week).first_day().0;
                let known = (0..7).filter(move |k| days >> k & 1 == 1);
                known.map(move |k| (cell, Day(monday + k)))
            })
    }
}
