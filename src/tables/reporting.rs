//! What is known of reporting, apart from risk.

use std::collections::BTreeMap;

use h3o::CellIndex;

use super::{Detection, Doubt, Interventions, Silences};

/// What the reporting stage found.
#[derive(Debug)]
pub struct Reporting {
    /// How likely an incident is to be reported, per cell.
    pub detection: Detection,
    /// Cells that have fallen silent.
    pub silences: Silences,
    /// What may have changed reporting.
    pub interventions: Interventions,
    /// What interventions of the window lead one to expect, in order of cell.
    pub effects: Vec<Effect>,
    /// The posterior of risk under each scenario, lowest q first; none where nothing is known of effort.
    pub scenarios: Vec<ScenarioRisk>,
    /// What was fitted, or why not.
    pub record: ReportingRecord,
}

/// By how much reports of a cell are expected to multiply for its interventions alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The cell.
    pub cell: CellIndex,
    /// Interventions of the window, in words.
    pub what: String,
    /// Expected ratio of reporting to that of the year before, with its band.
    pub ratio: Doubt,
    /// Whether reports rose, and by no more than that.
    pub is_expected: bool,
    /// Whether they rose by more.
    pub is_beyond: bool,
}

/// Gamma posteriors of the cells' relative rates, if reporting were as a scenario has it.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioRisk {
    /// Shapes, by position of the cell.
    pub shape: Vec<f64>,
    /// Rates.
    pub rate: Vec<f64>,
}

/// What `run.json` says of reporting.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ReportingRecord {
    /// `fitted`, `scenarios` or `unknown`.
    pub state: &'static str,
    /// Why no fit is used, or what stands against the one that is.
    pub reason: Option<String>,
    /// First and last day of the effort that is logged.
    pub effort_logged: Option<[String; 2]>,
    /// Reports that the fit was made from, in cells that could speak.
    pub n_reports: Option<f64>,
    /// Cells that could speak.
    pub n_cells: Option<usize>,
    /// Logit of q without any effort, and its standard error, where fitted.
    pub level: Option<[f64; 2]>,
    /// Variance over mean of the reports, by which bands are widened.
    pub dispersion: Option<f64>,
    /// What q may depend on.
    pub covariates: Vec<Covariate>,
    /// What is carried side by side, lowest first.
    pub scenarios: Vec<ScenarioRecord>,
    /// Cells by state.
    pub cells: BTreeMap<&'static str, u32>,
    /// Cells that are silent.
    pub n_silent: usize,
    /// Interventions known.
    pub n_interventions: usize,
    /// Incidents of the window that patrols discovered and that enter with a weight.
    pub n_weighted: i64,
}

/// One covariate of q.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Covariate {
    /// Its name and unit.
    pub name: &'static str,
    /// Slope on the logit of q; missing where it does not vary within cells, 0 where reports do not rise
    /// with it.
    pub slope: Option<f64>,
    /// Standard error of the slope.
    pub se: Option<f64>,
}

/// One of three ways reporting may be.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ScenarioRecord {
    /// `low`, `mid` or `high`.
    pub name: &'static str,
    /// Probability that an incident is reported though nobody comes.
    pub background: f64,
    /// Probability that one visit hears of it, where that is assumed.
    pub per_visit: Option<f64>,
    /// Mean of q over cells where it is told.
    pub mean_q: Option<f64>,
    /// Where the numbers are from.
    pub reason: String,
}
