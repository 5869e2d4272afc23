//! Reports over equal steps of time.

use crate::base::day::Week;

/// Reports of every cell over equal steps, those known finely enough for the detectors, against what
/// the season leads one to expect of each step. Cell-major: step `t` of cell `i` stands at
/// `i * n_steps + t`; cells as in the study area, the last step ends with the detection window.
#[derive(Debug, Clone, PartialEq)]
pub struct CellSteps {
    /// Number of steps.
    pub n_steps: usize,
    /// Weeks of a step.
    pub step_weeks: u16,
    /// Variance of the factor by which a window's count of a cell differs from its season, beyond chance; none where the past is too
    /// empty to tell, and windows are taken as alike.
    pub year_variance: Option<f64>,
    /// First week of the first step.
    pub first_week: Week,
    /// Incidents, each whole at its own cell.
    pub located: Vec<f64>,
    /// Expected of them, by what the past shows without this step.
    pub expected: Vec<f64>,
    /// Predictive variance.
    pub variance: Vec<f64>,
}
