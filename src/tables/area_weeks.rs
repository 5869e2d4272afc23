//! Incidents known to an area only.

use h3o::CellIndex;

use crate::base::table::{I32, I64, U32};
use crate::table;

table! {
    /// One row per (area, ISO week) that at least one incident reaches which is known to the area and
    /// no finer.
    AreaWeekRows, row AreaWeekRow, builder AreaWeekRowsBuilder {
        /// Position of the area in [`AreaWeeks::parts`].
        area: U32,
        /// `base::day::Week`.
        week: I32,
        /// Incidents, in parts of 1e-6.
        incidents_e6: I64,
    }
}

/// Incidents per area and week, and the cells that each area is spread over. They are kept apart from
/// [`CellWeeks`](super::CellWeeks): spread week by week, a few of them would fill every cell.
#[derive(Debug, Clone)]
pub struct AreaWeeks {
    /// The incidents.
    pub rows: AreaWeekRows,
    /// Of each area its cells with their parts of a million, which sum to one whole.
    pub parts: Vec<Vec<(CellIndex, i64)>>,
}

impl AreaWeeks {
    /// Every (cell, week, incidents in parts of 1e-12) that the rows amount to.
    pub fn spread(&self) -> impl Iterator<Item = (CellIndex, i32, i64)> {
        let areas = self.rows.area().values().iter();
        let rows = areas.zip(self.rows.week().values());
        rows.zip(self.rows.incidents_e6().values())
            .flat_map(|((&area, &week), &e6)| {
                let cells = self.parts[area as usize].iter();
                cells.map(move |&(cell, parts)| (cell, week, e6 * parts))
            })
    }
}
