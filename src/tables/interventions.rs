//! What may change how much is reported from a place.

use crate::base::table::{Date, F64, Opt, Text, U8, U64};
use crate::table;

table! {
    /// One row per patrol, session, visit, opening or closure up to the as-of date, in order of day.
    Interventions, row Intervention, builder InterventionsBuilder {
        /// H3 cell, where the place is known so finely.
        cell: Opt<U64>,
        /// P-code of the finest area told, where only that is known.
        pcode: Opt<Text>,
        /// The first day on which it can have an effect.
        first_day: Date,
        /// `base::code::InterventionKind`.
        kind: U8,
        /// Hours of a patrol, session or visit; days a week of a service; 1 of a base.
        dose: F64,
    }
}
