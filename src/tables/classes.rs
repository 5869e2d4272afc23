//! What course each cell took.

use crate::base::table::{Opt, Text, U64};
use crate::table;

table! {
    /// One row per cell of the study area, in its order: its emerging hot spot class over the steps.
    /// Missing where too few steps are known.
    Classes, row ClassRow, builder ClassesBuilder {
        /// H3 cell.
        cell: U64,
        /// By rates: a season is a pattern.
        classic: Opt<Text>,
        /// By departures from the season: a season is none.
        seasonal: Opt<Text>,
    }
}
