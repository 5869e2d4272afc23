//! What a mission observes itself of indicators that no other table tells.

use crate::base::table::{Date, F64, Opt, Text, U8, U32};
use crate::table;

table! {
    /// One row per indicator, day and place. Counts, shares and yes or no, never of a person; a row
    /// without a place stands for the whole mission.
    Observations, row Observation, builder ObservationsBuilder {
        /// The source's registered name.
        source: Text,
        /// `base::code::Observable`.
        indicator: U8,
        /// The day it was observed or became known.
        date: Date,
        /// Latitude in degrees north, where a point is told.
        lat_deg: Opt<F64>,
        /// Longitude in degrees east, where a point is told.
        lon_deg: Opt<F64>,
        /// `base::code::PlacePrecision`, of a point.
        place_precision: Opt<U8>,
        /// P-code, where an area is told.
        pcode: Opt<Text>,
        /// What was observed, in the unit of the indicator; 1 for yes and 0 for no.
        value: F64,
        /// What is usual or was planned, in the same unit, where the form carries it.
        baseline: Opt<F64>,
        /// Independent sources.
        n_sources: U32,
        /// Last day it stands for, such as that of an agreement.
        last_day: Opt<Date>,
        /// The day it speaks of, where that is another, such as that of an election.
        due: Opt<Date>,
    }
}
