//! Outreach sessions, people as counts.

use crate::base::table::{Date, F64, Opt, U8, U32};
use crate::table;

table! {
    /// One row per session. Each is presence too, and stands in `tables::Effort` as outreach.
    Sessions, row Session, builder SessionsBuilder {
        /// The day.
        date: Date,
        /// Latitude in degrees north.
        lat_deg: F64,
        /// Longitude in degrees east.
        lon_deg: F64,
        /// `base::code::Audience`, where logged.
        audience: Opt<U8>,
        /// Women reached.
        women: U32,
        /// Men reached.
        men: U32,
        /// Girls reached, where counted apart from women.
        girls: Opt<U32>,
        /// Boys reached, where counted apart from men.
        boys: Opt<U32>,
        /// How many of all came for the first time, where logged.
        first_time: Opt<U32>,
    }
}
