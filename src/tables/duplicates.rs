//! Records of two sources that tell of one event.

use crate::base::table::{F64, I32, Text};
use crate::table;

table! {
    /// One row per pair: the record that stays, and the one that is merged into it.
    Duplicates, row Duplicate, builder DuplicatesBuilder {
        /// Source of the record that stays.
        kept_source: Text,
        /// Its id there.
        kept_id: Text,
        /// Source of the other.
        merged_source: Text,
        /// Its id there.
        merged_id: Text,
        /// Days between their first days.
        days_apart: I32,
        /// Distance of their points.
        apart_km: F64,
    }
}
