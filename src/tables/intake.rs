//! What all sources together fill in one reading of the inputs.

use super::{Area, EffortBuilder, IncidentsBuilder, MovementsBuilder, Place, Rejection};

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
    /// Records that their source has taken back.
    pub withdrawals: Vec<Withdrawal>,
    /// What a reader should know of the inputs; no content of a row.
    pub notes: Vec<String>,
}

/// A record that its source has taken back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Withdrawal {
    /// Registered name of the source that told the record.
    pub source: String,
    /// The source's own id of it.
    pub source_id: String,
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
