//! What counting points tell that differs from the season. About movements, never about who moves.

use serde::Serialize;

use crate::base::code;
use crate::base::day::Day;

/// One departure of a counting point from its season.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MovementAlert {
    /// Name of the counting point.
    pub counting_point: String,
    /// The season that it departs from.
    pub season: String,
    /// Last day counted.
    pub day: Day,
    /// What it is.
    pub kind: code::MovementAlert,
    /// The figure that departs.
    pub figure: f64,
    /// What the figure and its interval are of.
    pub unit: &'static str,
    /// Lower end of what was to be expected.
    pub expected_lo: f64,
    /// Upper end.
    pub expected_hi: f64,
    /// At this counting point, chance alone brings it about once in so many seasons.
    pub once_in_seasons: Option<f64>,
    /// Days from the last day counted to the as-of date.
    pub data_age_days: i32,
    /// All this in words.
    pub text: String,
}

/// Whether a counting point can be watched, and if not why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WatchedPoint {
    /// Name of the counting point.
    pub counting_point: String,
    /// The season it is watched for.
    pub season: String,
    /// Past seasons whose onset was seen there.
    pub seasons: usize,
    /// `watched`, or what is missing.
    pub state: String,
}

/// Alerts by counting point, season and kind, and what was watched.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MovementAlerts {
    /// The alerts.
    pub alerts: Vec<MovementAlert>,
    /// Every counting point and season.
    pub watched: Vec<WatchedPoint>,
}
