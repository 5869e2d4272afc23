//! Population.

use crate::base::table::{Opt, Text, U8, U32};
use crate::table;

table! {
    /// One row per area and reference year: all people, no bands of age or sex.
    Population, row PopulationRow, builder PopulationBuilder {
        /// The source's registered name.
        source: Text,
        /// Level of the area, from the country (0) down.
        level: U8,
        /// P-code of the area; of a country its ISO3 code.
        pcode: Text,
        /// The year the figure stands for, where the source says so.
        year: Opt<U32>,
        /// People.
        persons: U32,
    }
}
