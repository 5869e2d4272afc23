//! Communities that outreach may go to.

use crate::base::table::{Date, F64, Opt, Text, U8, U32};
use crate::table;

table! {
    /// One row per community and day on which it was described; the newest stands. Places, never people.
    Communities, row Community, builder CommunitiesBuilder {
        /// The source's registered name.
        source: Text,
        /// Name of the place.
        name: Text,
        /// `base::code::CommunityKind`.
        kind: U8,
        /// The day it was described.
        date: Date,
        /// Latitude in degrees north.
        lat_deg: F64,
        /// Longitude in degrees east.
        lon_deg: F64,
        /// Languages that a session is held in, for whoever interprets. They say nothing of who lives there.
        languages: Opt<Text>,
        /// Whether a focal committee is at work.
        committee: Opt<U8>,
        /// People living there, where known.
        people: Opt<U32>,
        /// Day of the last session, where one is known.
        last_session: Opt<Date>,
    }
}
