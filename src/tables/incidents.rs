//! Reported incidents.

use crate::base::day::Day;
use crate::base::table::{Date, F64, Opt, Text, U8, U32};
use crate::table;

table! {
    /// One row per reported incident, as one source tells it. No free text, no names, no ages.
    Incidents, row Incident, builder IncidentsBuilder {
        /// The source's registered name.
        source: Text,
        /// The source's own id.
        source_id: Text,
        /// The day the record was known, where the source or the mission says so.
        known_at: Opt<Date>,
        /// First day it may have happened.
        date_start: Date,
        /// Last day it may have happened, not before the first.
        date_end: Date,
        /// `base::code::DatePrecision`.
        date_precision: U8,
        /// Latitude in degrees north, checked.
        lat_deg: F64,
        /// Longitude in degrees east, checked.
        lon_deg: F64,
        /// `base::code::PlacePrecision`.
        place_precision: U8,
        /// First-level P-code, where the source carries one.
        admin1_pcode: Opt<Text>,
        /// Second-level P-code, where the source carries one.
        admin2_pcode: Opt<Text>,
        /// `base::code::Kind`.
        kind: U8,
        /// `base::code::ActorClass`.
        actor_class: U8,
        /// `base::code::Verification`.
        verification: U8,
        /// `base::code::DiscoveredBy`.
        discovered_by: U8,
        /// Deaths, best estimate.
        fatalities: Opt<U32>,
    }
}

impl Incidents {
    /// Days from the newest incident of a day's past to that day.
    #[must_use]
    pub fn age_days(&self, day: Day) -> Option<i32> {
        let days = self.date_start().values().iter().copied();
        let newest = days.filter(|&start| start <= day.0).max();
        newest.map(|newest| day.0 - newest)
    }
}

/// The id that people quote: the source's own id behind the source's name.
#[must_use]
pub fn incident_id(source: &str, source_id: &str) -> String {
    format!("{source}:{source_id}")
}
