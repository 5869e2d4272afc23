//! Movement of herds past counting points.

use crate::base::table::{Date, F64, Opt, Text, U8, U32};
use crate::table;

table! {
    /// One row per counting point, day and direction.
    Movements, row Movement, builder MovementsBuilder {
        /// The source's registered name.
        source: Text,
        /// The day of the count.
        date: Date,
        /// Name of the counting point.
        counting_point: Text,
        /// Latitude in degrees north.
        lat_deg: F64,
        /// Longitude in degrees east.
        lon_deg: F64,
        /// Direction of travel as a compass point (`N`, `SW`, ..).
        direction: Text,
        /// Herds counted.
        herds: U32,
        /// Head of cattle, where counted.
        head: Opt<U32>,
        /// Herders with them, where counted.
        herders: Opt<U32>,
        /// `base::code::MovementAlert`.
        alert: U8,
    }
}
