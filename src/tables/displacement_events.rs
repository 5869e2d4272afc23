//! Reported displacements.

use crate::base::table::{Date, F64, Text, U8, U32};
use crate::table;

table! {
    /// One row per reported displacement: how many moved, when, and from about where. A flow, while
    /// [`Displacement`](super::Displacement) is how many are there: the two are never added.
    DisplacementEvents, row DisplacementEvent, builder DisplacementEventsBuilder {
        /// The source's registered name.
        source: Text,
        /// The source's own id.
        source_id: Text,
        /// First day.
        date_start: Date,
        /// Last day, not before the first.
        date_end: Date,
        /// Latitude in degrees north, checked.
        lat_deg: F64,
        /// Longitude in degrees east, checked.
        lon_deg: F64,
        /// Persons who moved.
        persons: U32,
        /// `base::code::Qualifier`.
        qualifier: U8,
        /// `base::code::DisplacementReason`.
        reason: U8,
    }
}
