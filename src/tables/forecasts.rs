//! How likely incidents are in the next weeks, cell by cell.

use serde::Serialize;

use crate::base::day::Day;

/// Levels of the quantiles of a count, in the order in which they stand.
pub use forewarn_models::forecast::COUNT_LEVELS;

/// The forecast of one horizon; every list is in the order of the study area's cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// First day that it speaks of.
    pub first_day: Day,
    /// Last day that it speaks of.
    pub last_day: Day,
    /// Probability of at least one incident.
    pub p_event: Vec<f64>,
    /// Lower end of the 90 % interval that the fit leaves of it.
    pub p_lo: Vec<f64>,
    /// Upper end.
    pub p_hi: Vec<f64>,
    /// Mean number of incidents.
    pub mean_count: Vec<f64>,
    /// Quantiles of the number, at [`COUNT_LEVELS`].
    pub count_quantiles: Vec<[u32; COUNT_LEVELS.len()]>,
    /// What each group of features adds to the log-odds; none where the past alone speaks.
    pub contributions: Vec<(String, Vec<f64>)>,
    /// Rates of the past that any forecast must beat, by name: scores, no probabilities.
    pub baselines: Vec<(&'static str, Vec<f64>)>,
}

impl Forecast {
    /// Days from the first to the last.
    #[must_use]
    pub fn horizon_days(&self) -> i32 {
        self.last_day.0 - self.first_day.0 + 1
    }
}

/// Forecasts of a night, and how they were made.
#[derive(Debug, Clone, Default)]
pub struct Forecasts {
    /// One a horizon, the nearest first; none where there is too little to learn from, or a baseline did better.
    pub horizons: Vec<Forecast>,
    /// What `run.json` says of them.
    pub record: ForecastRecord,
}

impl Forecasts {
    /// The forecast of so many days.
    #[must_use]
    pub fn of(&self, horizon_days: i32) -> Option<&Forecast> {
        let mut all = self.horizons.iter();
        all.find(|forecast| forecast.horizon_days() == horizon_days)
    }
}

/// How forecasts were made, and what they were worth on past origins.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ForecastRecord {
    /// Digest of the model's card.
    pub card_digest: String,
    /// First day learned from.
    pub history_from: Option<Day>,
    /// Incidents learned from.
    pub n_incidents: usize,
    /// Days before an origin whose reports are not yet looked at.
    pub embargo_days: i32,
    /// One entry a horizon.
    pub horizons: Vec<HorizonRecord>,
    /// What is forecast of each zone.
    pub zones: Vec<ZoneForecast>,
    /// Why there is none, or how it is to be read.
    pub notes: Vec<String>,
}

/// What one horizon's forecast was worth on past origins.
#[derive(Debug, Clone, Serialize)]
pub struct HorizonRecord {
    /// Days it reaches.
    pub horizon_days: i32,
    /// Whether it is shown: not where the model did worse than the best baseline.
    pub is_shown: bool,
    /// The baseline that was best on past origins.
    pub best_baseline: Option<&'static str>,
    /// Average precision of the model on past origins.
    pub average_precision: Option<f64>,
    /// Of the best baseline.
    pub best_baseline_average_precision: Option<f64>,
    /// What it would be without skill.
    pub base_rate: Option<f64>,
    /// 90 % interval of the lead over the best baseline, over resampled origins.
    pub lead: Option<(f64, f64)>,
    /// Cells and weeks with an incident behind these figures.
    pub n_events: Option<usize>,
    /// Members of the pool with their weights.
    pub members: Vec<(&'static str, f64)>,
    /// Intercept and slope that calibrate the pool.
    pub calibration: (f64, f64),
}

/// What is forecast of a zone for the next 28 days.
#[derive(Debug, Clone, Serialize)]
pub struct ZoneForecast {
    /// The zone.
    pub zone_id: String,
    /// Probability of at least one incident in any of its cells, these taken as independent.
    pub p_event_28d: f64,
    /// That of its most likely cell at the lower end: all cells together or none.
    pub p_event_28d_lo: f64,
    /// That of independent cells at the upper end.
    pub p_event_28d_hi: f64,
    /// Its most likely cell, in hex.
    pub cell: String,
    /// What adds most to the log-odds there, or takes most away, the strongest first.
    pub contributions: Vec<(String, f64)>,
}
