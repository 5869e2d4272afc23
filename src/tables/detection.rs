//! How likely an incident is to be reported.

use crate::base::table::{F64, Opt, Text, U8, U32, U64};
use crate::table;

table! {
    /// One row per cell of the study area, for the detection window. Kept apart from risk: a low number
    /// says that little would be heard, not that little happens.
    Detection, row DetectionRow, builder DetectionBuilder {
        /// H3 cell.
        cell: U64,
        /// `base::code::ReportingState`.
        state: U8,
        /// Probability that an incident would be reported; of scenarios the middle one.
        q: Opt<F64>,
        /// 5 % end, or the lowest scenario.
        q_lo: Opt<F64>,
        /// 95 % end, or the highest scenario.
        q_hi: Opt<F64>,
        /// The same probability over its mean in the cell's own past: what reports are multiplied by
        /// though nothing but effort has changed. 1 where nothing is known.
        change: F64,
        /// Days from the last visit, report or day of an open service to the as-of date.
        days_since_contact: Opt<U32>,
        /// Why the state is what it is.
        reason: Text,
    }
}
