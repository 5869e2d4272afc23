//! Whole incidents per cell and day: what forecasts learn from and are judged by.

use crate::base::table::{Date, I64, Opt, U8, U64};
use crate::table;

table! {
    /// One row per (cell of the study area, first day, day it became known, place precision, actor class,
    /// who brought the report), of outcomes known finely enough, as far back as reports go.
    CellDays, row CellDay, builder CellDaysBuilder {
        /// H3 cell that holds the point itself.
        cell: U64,
        /// First day on which it may have happened.
        day: Date,
        /// Day on which it became known; none where it is taken as known ever since.
        known_day: Opt<Date>,
        /// `base::code::PlacePrecision`.
        place_precision: U8,
        /// `base::code::ActorClass`.
        actor_class: U8,
        /// `base::code::DiscoveredBy`.
        discovered_by: U8,
        /// Records.
        n: I64,
    }
}
