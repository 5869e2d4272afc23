//! Rows that were not taken.

/// One input row that was not taken, and why. Nothing of its content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rejection {
    /// The source's registered name.
    pub source: String,
    /// File name, without its folder.
    pub file: String,
    /// BLAKE3 of the file.
    pub file_digest: String,
    /// Physical line, 1-based, the header counted; for formats without lines the record number.
    pub line: u64,
    /// Header name of the column at fault.
    pub column: String,
    /// What is wrong, as a class (`out of range`, `not a date`, ..).
    pub reason: String,
    /// What would be right.
    pub expected: String,
}

/// All rejections of a run, in order.
#[derive(Debug, Clone, Default)]
pub struct Rejections {
    rows: Vec<Rejection>,
}

impl Rejections {
    /// Puts rejections in order.
    #[must_use]
    pub fn new(mut rows: Vec<Rejection>) -> Self {
        rows.sort();
        Self { rows }
    }

    /// The rejections.
    #[must_use]
    pub fn rows(&self) -> &[Rejection] {
        &self.rows
    }
}
