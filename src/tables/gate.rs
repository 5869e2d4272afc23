//! What could refuse publication.

use serde::Serialize;

/// One quality gate, with what it found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gate {
    /// The setting that limits it.
    pub name: &'static str,
    /// What was found; missing where there was nothing to measure.
    pub value: Option<f64>,
    /// The limit.
    pub limit: f64,
    /// Whether it lets the run publish.
    pub passed: bool,
}
