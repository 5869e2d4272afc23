//! Displaced persons present in an area.

use crate::base::table::{Date, Opt, Text, U8, U32};
use crate::table;

table! {
    /// One row per area, period and, where told apart, origin and reason. Counts, never persons.
    Displacement, row Displaced, builder DisplacementBuilder {
        /// The source's registered name.
        source: Text,
        /// The operation that counted, as its source calls it: two may count the same people.
        operation: Opt<Text>,
        /// Level of the area, from the country (0) down.
        level: U8,
        /// P-code of the area, the finest that the row has; of a country its ISO3 code.
        pcode: Text,
        /// First day the count stands for.
        first_day: Date,
        /// Last day the count stands for.
        last_day: Date,
        /// Round of the assessment.
        round: Opt<U32>,
        /// Displaced persons present.
        persons: U32,
        /// Men and boys among them, where counted.
        males: Opt<U32>,
        /// Women and girls among them, where counted.
        females: Opt<U32>,
        /// First-level P-code they came from, where told.
        origin_pcode: Opt<Text>,
        /// `base::code::DisplacementReason`.
        reason: U8,
    }
}
