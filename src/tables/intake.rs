//! What all sources together fill in one reading of the inputs.

use std::sync::mpsc::SyncSender;

use super::{Area, EffortBuilder, Incidents, IncidentsBuilder, MovementsBuilder, Place, Rejection};

/// Incidents that are handed on together.
const PIECE_ROWS: usize = 1 << 20;

/// Everything read from the inputs, still growing.
#[derive(Debug, Default)]
pub struct Intake {
    /// Reported incidents.
    pub incidents: IncidentsBuilder,
    /// Herd movements.
    pub movements: MovementsBuilder,
    /// Patrols, sessions and visits.
    pub effort: EffortBuilder,
    /// Named places.
    pub places: Vec<Place>,
    /// Administrative areas.
    pub areas: Vec<Area>,
    /// Rows not taken.
    pub rejections: Vec<Rejection>,
    /// One entry per file read.
    pub files: Vec<FileCount>,
    /// Who takes incidents piece by piece; without anyone they all stay here.
    pub onward: Option<SyncSender<Incidents>>,
}

impl Intake {
    /// Hands incidents on where there are many and someone takes them: memory then does not grow with the files.
    pub fn hand_on(&mut self) {
        if self.incidents.len() >= PIECE_ROWS && self.onward.is_some() {
            self.hand_on_all();
        }
    }

    /// Hands on what is left.
    pub fn hand_on_all(&mut self) {
        if let Some(onward) = &self.onward {
            // Whoever stopped taking has stopped the night, and says why.
            let _ = onward.send(std::mem::take(&mut self.incidents).finish());
        }
    }
}

/// What became of one file's rows: `rows_read = rows_taken + rows_rejected`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct FileCount {
    /// The source's registered name.
    pub source: String,
    /// File name, without its folder.
    pub file: String,
    /// BLAKE3 of the file.
    pub digest: String,
    /// Data rows found (header and tag rows are not data).
    pub rows_read: u64,
    /// Rows taken.
    pub rows_taken: u64,
    /// Rows rejected.
    pub rows_rejected: u64,
    /// Free-text and other columns of the file that were left aside, by name.
    pub columns_dropped: Vec<String>,
}
