//! What a detector really did.

use std::collections::BTreeMap;

/// What a detector compares a place with, and so what a reader may conclude from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ComparedWith {
    /// Its own past in the same phase of the season.
    Season,
    /// The other places, now.
    Elsewhere,
}

/// One detector's run: its parameters as used, and the family its tests belong to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DetectorRecord {
    /// Registered name.
    pub name: &'static str,
    /// What it is called in a reason.
    pub words: &'static str,
    /// What it compares a place with; missing where it only tells a course.
    pub compared_with: Option<ComparedWith>,
    /// Textbook name of the statistic.
    pub statistic: &'static str,
    /// The tests that were corrected together, and the detectors that share one level.
    pub family: String,
    /// Their number.
    pub n_tests: usize,
    /// Cells called hot.
    pub n_hot: u32,
    /// Every parameter, as used.
    pub parameters: BTreeMap<&'static str, String>,
}
