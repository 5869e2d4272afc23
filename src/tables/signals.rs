//! What the detectors say.

use crate::base::table::{F64, Opt, Text, U8, U64};
use crate::table;

table! {
    /// One row per (detector, cell). Undefined statistics are missing.
    Signals, row Signal, builder SignalsBuilder {
        /// The detector's registered name.
        detector: Text,
        /// H3 cell.
        cell: U64,
        /// The value the statistic was computed from.
        value: Opt<F64>,
        /// Reports of the cell itself, all precisions, beyond what it is compared with.
        excess: F64,
        /// Standardised local statistic, positive = more than elsewhere.
        z: Opt<F64>,
        /// Conditional permutation p-value, upper tail.
        p: Opt<F64>,
        /// Benjamini-Hochberg adjusted p over all cells of the window.
        p_bh: Opt<F64>,
        /// Benjamini-Yekutieli adjusted p over the same family.
        p_by: Opt<F64>,
        /// Number of the area found that the cell belongs to and the signal speaks of, among the detector's;
        /// missing where it speaks of the neighbourhood of its cell.
        area: Opt<U8>,
        /// 1 where the detector calls the cell hot: at the level that the mission's rate of false
        /// discoveries leaves it beside the detectors of its family.
        hot: U8,
    }
}
