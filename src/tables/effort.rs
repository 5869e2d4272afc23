//! Presence that can hear of incidents: patrols, outreach sessions, monitoring visits.

use crate::base::table::{Date, F64, Opt, Text, U8, U32};
use crate::table;

table! {
    /// One row per patrol, session or visit and place. People are counts, never persons.
    Effort, row EffortRow, builder EffortBuilder {
        /// The source's registered name.
        source: Text,
        /// `base::code::EffortKind`.
        kind: U8,
        /// The day.
        date: Date,
        /// Latitude in degrees north.
        lat_deg: F64,
        /// Longitude in degrees east.
        lon_deg: F64,
        /// Hours on the spot.
        hours: F64,
        /// Whether the team had women in it, where logged.
        mixed_team: Opt<U8>,
        /// Women reached, where logged.
        women: Opt<U32>,
        /// Men reached, where logged.
        men: Opt<U32>,
    }
}
