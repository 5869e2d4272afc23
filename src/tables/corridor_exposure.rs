//! How close cells lie to corridors.

use crate::base::table::{F64, Text, U8, U64};
use crate::table;

table! {
    /// One row per cell and corridor, where the corridor is felt at all.
    CorridorExposure, row CorridorExposureRow, builder CorridorExposureBuilder {
        /// H3 cell of the study area.
        cell: U64,
        /// Name of the corridor.
        corridor: Text,
        /// From the cell's centre to the nearest point of the corridor.
        distance_km: F64,
        /// exp(-distance / scale), 0..=1.
        exposure: F64,
        /// 1 where the corridor crosses the cell.
        crosses: U8,
    }
}
