//! Acute food insecurity.

use crate::base::table::{Date, F64, Opt, Text, U8, U32};
use crate::table;

table! {
    /// One row per analysis, area, period and phase. Areas have names only: what they are called, and
    /// what lies around them.
    FoodSecurity, row FoodSecurityRow, builder FoodSecurityBuilder {
        /// The source's registered name.
        source: Text,
        /// ISO 3166-1 alpha-3 code of the country.
        iso3: Text,
        /// Name of the first-level area, or of a grouping of the analysis.
        level1_name: Opt<Text>,
        /// Name of the area analysed.
        area_name: Text,
        /// First day of the month of the analysis: nobody knew the row before.
        analysed: Date,
        /// `base::code::Validity`.
        validity: U8,
        /// First day the row speaks of.
        first_day: Date,
        /// Last day the row speaks of.
        last_day: Date,
        /// `base::code::FoodPhase`.
        phase: U8,
        /// People in the phase.
        persons: Opt<U32>,
        /// Their share of the people analysed, 0..=1.
        share: Opt<F64>,
    }
}
