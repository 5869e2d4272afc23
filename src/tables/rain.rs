//! Rain.

use crate::base::table::{Date, F64, Opt, Text, U8, U64};
use crate::table;

table! {
    /// One row per place and period.
    Rain, row RainRow, builder RainBuilder {
        /// The source's registered name.
        source: Text,
        /// `base::code::Footprint`.
        footprint: U8,
        /// H3 or PRIO-GRID cell; missing for an administrative area.
        cell: Opt<U64>,
        /// P-code of the administrative area; missing for a cell.
        pcode: Opt<Text>,
        /// First day.
        first_day: Date,
        /// Last day.
        last_day: Date,
        /// Rain of the whole period, in millimetres.
        rain_mm: F64,
        /// Share of the place where the figure is cut off at the largest one that could be told, 0..=1.
        saturated: Opt<F64>,
    }
}
