/// Levels of the quantiles of a count.
pub const COUNT_LEVELS: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// What one group of features adds to the log-odds of every cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// Name of the group: `here_lately`, `here_before`, `nearby`, `region`, `time_of_year`, or a column's.
    pub group: String,
    /// Log-odds of the logistic member beyond those of a cell with the mean of every feature.
    pub log_odds: Vec<f64>,
}

/// A forecast for every cell, from one origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// The day it is made.
    pub origin_day: i32,
    /// Days it reaches.
    pub horizon_days: i32,
    /// Probability of at least one incident.
    pub p_event: Vec<f64>,
    /// Lower end of the 90 % interval that the fit leaves of it; equal to it where only baselines speak.
    pub p_lo: Vec<f64>,
    /// Upper end.
    pub p_hi: Vec<f64>,
    /// Mean number of incidents.
    pub mean_count: Vec<f64>,
    /// Quantiles of the number, at [`COUNT_LEVELS`].
    pub count_quantiles: Vec<[u32; COUNT_LEVELS.len()]>,
    /// Why; empty where only baselines speak.
    pub contributions: Vec<Contribution>,
    /// Rates of the past, by the names of [`BASELINES`](super::BASELINES): scores, not probabilities.
    pub baselines: Vec<(&'static str, Vec<f64>)>,
}
