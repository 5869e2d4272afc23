//! Stage: how likely incidents are in the next weeks, and what such forecasts were worth in the past.
//!
//! The mathematics is `models::forecast`. This stage says what an origin could know: records of after
//! the embargo and known by then, nothing later. Scores are of forecasts made so, period after period.

mod cases;
mod counts;
mod judge;
mod past;
mod rolling;
mod slices;
mod tonight;

#[cfg(test)]
mod tests;

use crate::base::digest;

pub use rolling::{Input, backtest};
pub use tonight::{HORIZONS_DAYS, night, zones};

const STAGE: &str = "forecast";

/// The model's card: every parameter that is not learned from the mission's own history.
const CARD: &str = include_str!("../../models/cards/forecast.toml");

/// Digest of the model's card.
#[must_use]
pub fn card_digest() -> String {
    digest::of_parts([CARD.as_bytes()])
}
