//! Early-warning indicators, as far as they are known.

use crate::base::table::{F64, I32, Opt, Text, U8, U32, U64};
use crate::table;

table! {
    /// One row per indicator and place that something is known of: a cell, or an area or the whole
    /// mission for all their cells; of several rows about one cell the finest stands. Where nothing is
    /// known of an indicator in a whole area, a row says `missing`; a cell without a row in an area that
    /// has others is missing too. Missing is no zero.
    IndicatorValues, row IndicatorValue, builder IndicatorValuesBuilder {
        /// Code of the indicator.
        indicator: Text,
        /// H3 cell; of an area or the whole mission there is none.
        cell: Opt<U64>,
        /// P-code of the area; of the whole mission there is none.
        pcode: Opt<Text>,
        /// What was observed or counted, in the indicator's unit.
        value: Opt<F64>,
        /// What the same season of past years, a baseline or a plan leads one to expect, in the same unit.
        expected: Opt<F64>,
        /// How far the value goes towards the indicator, 0..=1.
        score: Opt<F64>,
        /// The score that is usual in this season, 0..=1.
        usual_score: Opt<F64>,
        /// `base::code::IndicatorRole`: whether more of it warns, speaks against, or tells of reporting.
        direction: U8,
        /// Days from the newest observation behind it to the night's day.
        data_age_days: Opt<I32>,
        /// Independent sources behind it, as far as they can be told apart.
        n_sources: Opt<U32>,
        /// `base::code::IndicatorState`.
        state: U8,
    }
}

table! {
    /// One row per zone and indicator: what it says at the zone's most warned cell, and what it adds to
    /// that cell's sum.
    ZoneIndicators, row ZoneIndicator, builder ZoneIndicatorsBuilder {
        /// The zone.
        zone_id: Text,
        /// Its cell with the highest sum.
        cell: U64,
        /// Code of the indicator.
        indicator: Text,
        /// As in [`IndicatorValues`].
        value: Opt<F64>,
        /// As in [`IndicatorValues`].
        expected: Opt<F64>,
        /// As in [`IndicatorValues`].
        score: Opt<F64>,
        /// As in [`IndicatorValues`].
        usual_score: Opt<F64>,
        /// As in [`IndicatorValues`].
        direction: U8,
        /// Log-odds that it adds before the cap of its theme; 0 where it is missing.
        push: F64,
        /// As in [`IndicatorValues`].
        data_age_days: Opt<I32>,
        /// As in [`IndicatorValues`].
        n_sources: Opt<U32>,
        /// As in [`IndicatorValues`].
        state: U8,
    }
}

table! {
    /// One row per cell of the study area: the sum of its indicators, in log-odds against what is
    /// usual. Its own quantity: it is no rate, no probability, and never part of the reported risk.
    EarlyWarnings, row CellWarning, builder EarlyWarningsBuilder {
        /// H3 cell.
        cell: U64,
        /// 0 where everything is as in every year.
        log_odds: F64,
        /// 5 % end of what missing and old observations leave open.
        lo: F64,
        /// 95 % end.
        hi: F64,
        /// Lowest sum while weights are changed.
        band_lo: F64,
        /// Highest sum while weights are changed.
        band_hi: F64,
        /// Indicators that are known here.
        n_known: U32,
        /// 1 where an indicator calls for a review by itself.
        review: U8,
    }
}

/// What a night did with indicators.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct IndicatorRecord {
    /// Digest of the card that holds weights, half-lives and caps.
    pub card_digest: String,
    /// What must be known of its weights.
    pub caution: String,
    /// Factors on weights between which the band is told.
    pub sensitivity: [f64; 2],
    /// Variance of a score that nobody observed.
    pub prior_variance: f64,
    /// Indicators with a value somewhere.
    pub known: Vec<&'static str>,
    /// Indicators without any.
    pub missing: Vec<&'static str>,
    /// Cells where an indicator calls for a review by itself, by its code.
    pub reviews: std::collections::BTreeMap<&'static str, u32>,
}
