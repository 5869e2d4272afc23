//! What the detectors found.

use super::{Classes, DetectorRecord, Findings, PlacementRecord, Signals};

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
    /// For each placement of the window's records the rows of `signals` that would be hot, ascending.
    pub hot_again: Vec<Vec<usize>>,
    /// How these placements were made.
    pub placements: PlacementRecord,
    /// What a reader must know about the tests.
    pub notes: Vec<String>,
}
