//! Forecasts of past periods beside what came, and what they were worth.

use std::collections::BTreeMap;

use h3o::CellIndex;
use serde::Serialize;

use super::Forecast;

/// What is asked of a backtest; days are those of the calendar.
#[derive(Debug, Clone, Serialize)]
pub struct BacktestRequest {
    /// First day whose periods are forecast.
    pub from: crate::base::day::Day,
    /// Last day.
    pub to: crate::base::day::Day,
    /// Day from which periods are counted, backwards and forwards.
    pub periods_from: crate::base::day::Day,
    /// Days of a period.
    pub horizon_days: i32,
    /// Days before an origin whose reports are not yet looked at.
    pub embargo_days: i32,
    /// Periods ahead that are forecast: 1 is the one that begins on the origin.
    pub leads: i32,
}

/// A figure with its 90 % intervals over resampled periods, and over resampled areas.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measure {
    /// The figure.
    pub value: Option<f64>,
    /// Over periods.
    pub by_period: Option<(f64, f64)>,
    /// Over second-level areas; none where the figure has none.
    pub by_area: Option<(f64, f64)>,
}

/// How one forecast did. What is undefined, as without events, is missing.
#[derive(Debug, Clone, Serialize)]
pub struct ForecastScore {
    /// `model`, or a baseline.
    pub forecast: &'static str,
    /// Average precision; its value without skill is the base rate.
    pub average_precision: Measure,
    /// Area under the ROC curve, never to be read without the two beside it.
    pub auroc: Measure,
    /// Mean square error of the probability.
    pub brier: Measure,
    /// Against saying the base rate everywhere.
    pub brier_skill: Measure,
    /// Against the same season of past years.
    pub brier_skill_season: Measure,
    /// Logarithmic score in nats.
    pub log_score: Option<f64>,
    /// Intercept and slope of calibration; 0 and 1 are calibrated.
    pub calibration: Option<(f64, f64)>,
    /// Mean of the probabilities over the share that came.
    pub magnitude_ratio: Option<f64>,
    /// Share of cells with an event caught by the riskiest share of the area, by that share in percent.
    pub hit_rate: BTreeMap<u32, Measure>,
    /// That over what the best choice would have caught.
    pub pei: BTreeMap<u32, Measure>,
    /// Cells raised for nothing a period, at that share.
    pub false_alarms: BTreeMap<u32, f64>,
    /// Of counts: twice the mean pinball loss of their five quantiles, an estimate of the continuous ranked
    /// probability score.
    pub count_loss: Option<f64>,
    /// Share of counts within the 90 % interval.
    pub coverage_90: Option<f64>,
}

/// How the model and the best baseline did on some of the cases.
#[derive(Debug, Clone, Serialize)]
pub struct Slice {
    /// What cases are told apart by.
    pub by: &'static str,
    /// Which of them these are.
    pub of: String,
    /// Which forecast.
    pub forecast: &'static str,
    /// Cells and periods.
    pub n_cases: usize,
    /// Those with an event.
    pub n_events: usize,
    /// Their share.
    pub base_rate: f64,
    /// Average precision.
    pub average_precision: Measure,
    /// Area under the ROC curve.
    pub auroc: Measure,
}

/// A bin of the reliability diagram.
#[derive(Debug, Clone, Serialize)]
pub struct Bin {
    /// Forecasts in it.
    pub n: usize,
    /// Their mean.
    pub mean_forecast: f64,
    /// What came.
    pub observed: f64,
    /// 95 % Wilson interval of that.
    pub interval: (f64, f64),
}

/// What a backtest says in figures.
#[derive(Debug, Clone, Serialize)]
pub struct Scores {
    /// What was asked.
    pub request: BacktestRequest,
    /// Mission.
    pub mission: String,
    /// Stands in every file of invented data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<&'static str>,
    /// Digest of inputs, settings, seed, request and card.
    pub digest: String,
    /// Digest of the model's card.
    pub card_digest: String,
    /// H3 resolution.
    pub resolution: u8,
    /// Cells.
    pub n_cells: usize,
    /// Periods forecast.
    pub n_periods: usize,
    /// Incidents in them.
    pub n_incidents: usize,
    /// Cells and periods with an incident.
    pub n_events: usize,
    /// Their share of all.
    pub base_rate: f64,
    /// The baseline with the highest average precision here.
    pub best_baseline: &'static str,
    /// Lead of the model over it in average precision.
    pub lead: Measure,
    /// Whether the model is shown by default: it did no worse than the best baseline.
    pub model_is_shown: bool,
    /// The model and every baseline.
    pub forecasts: Vec<ForecastScore>,
    /// Cases told apart.
    pub slices: Vec<Slice>,
    /// The model's reliability.
    pub reliability: Vec<Bin>,
    /// Share of events caught by share of area, model and best baseline.
    pub hit_curve: Vec<(&'static str, Vec<(f64, f64)>)>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// Forecasts of every cell and period, and their scores.
#[derive(Debug)]
pub struct Backtest {
    /// Cells, in the order of every list.
    pub cells: Vec<CellIndex>,
    /// One a period, of the nearest lead.
    pub periods: Vec<Forecast>,
    /// What they were worth.
    pub scores: Scores,
}
