//! How incidents of the next weeks are forecast.

use serde::{Deserialize, Serialize};

use crate::base::code::{DatePrecision, PlacePrecision};
use crate::base::day::Day;

/// Which incidents are forecast, and what is learned from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ForecastSettings {
    /// Whether a night forecasts.
    pub nightly: bool,
    /// Coarsest precision at which a place counts as known to a cell.
    pub place_precision: PlacePrecision,
    /// Coarsest precision at which a date counts as known to a day.
    pub date_precision: DatePrecision,
    /// First day of the reports that are learned from, `YYYY-MM-DD`; the earliest record where none is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_from: Option<String>,
}

impl Default for ForecastSettings {
    fn default() -> Self {
        Self {
            nightly: true,
            place_precision: PlacePrecision::Admin2,
            date_precision: DatePrecision::Week,
            history_from: None,
        }
    }
}

impl ForecastSettings {
    /// First day that is learned from; before any record where none is told.
    #[must_use]
    pub fn first_day(&self) -> Day {
        let told = self.history_from.as_deref().and_then(Day::parse_iso);
        told.unwrap_or(Day(i32::MIN / 2))
    }

    /// What is wrong with the day, if anything.
    pub(super) fn wrong_day(&self) -> Option<&str> {
        let told = self.history_from.as_deref()?;
        let is_day = told.len() == 10 && Day::parse_iso(told).is_some();
        (!is_day).then_some(told)
    }
}
