//! What the detectors found.

use super::{Classes, DetectorRecord, Findings, Signals};

/// What every detector says, and what was really done.
#[derive(Debug)]
pub struct Detections {
    /// What each detector says of each cell.
    pub signals: Signals,
    /// What course each cell took.
    pub classes: Classes,
    /// What is told of the mission and of its areas.
    pub findings: Findings,
    /// What each detector did.
    pub records: Vec<DetectorRecord>,
    /// What a reader must know about the tests.
    pub notes: Vec<String>,
}
