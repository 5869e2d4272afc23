//! Where tracks of patrols went: cells and days, never points.

use h3o::Resolution;

use crate::base::table::{Date, Text, U32, U64};
use crate::table;

table! {
    /// One row per file, day and cell that a track has a fix in.
    Visits, row Visit, builder VisitsBuilder {
        /// The source's registered name.
        source: Text,
        /// The day, in UTC.
        date: Date,
        /// H3 cell at [`Visits::RESOLUTION`].
        cell: U64,
        /// Fixes of the track in this cell on this day.
        fixes: U32,
    }
}

impl Visits {
    /// The finest resolution that any mission may analyse at, and none that records are indexed at is
    /// coarser: every analysis finds its cells as parents, and no way is known street by street.
    pub const RESOLUTION: Resolution = Resolution::Seven;
}
