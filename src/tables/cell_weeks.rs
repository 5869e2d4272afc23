//! Incidents per cell and week.

use crate::base::table::{Date, I32, I64, U64};
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
    }
}
