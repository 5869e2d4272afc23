//! Places that have fallen silent.

use crate::base::table::{F64, Opt, U8, U32, U64};
use crate::table;

table! {
    /// One row per cell that is silent, in order of cell. Silence is no sign of safety.
    Silences, row Silence, builder SilencesBuilder {
        /// H3 cell.
        cell: U64,
        /// `base::code::SilenceKind`.
        kind: U8,
        /// Days from the last contact to the as-of date; missing where none is known at all.
        days_since_contact: Opt<U32>,
        /// Reports of the window in the cell, all precisions.
        observed: F64,
        /// What the season leads one to expect there.
        expected: F64,
        /// Probability of so few reports in the cell's neighbourhood, where they were compared.
        p: Opt<F64>,
        /// The same, corrected over all cells.
        p_bh: Opt<F64>,
    }
}
