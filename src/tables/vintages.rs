//! What a night brought to what was known.

/// What became of one source's records on one night.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Vintage {
    /// The source's registered name.
    pub source: String,
    /// Records that no earlier night had.
    pub added: u64,
    /// Records whose values changed.
    pub changed: u64,
    /// Records that the source no longer holds, or lists as deleted.
    pub withdrawn: u64,
    /// Records that came back.
    pub returned: u64,
    /// Records that are as they were.
    pub unchanged: u64,
}

impl Vintage {
    /// Records that were live before the night.
    #[must_use]
    pub const fn live_before(&self) -> u64 {
        self.unchanged + self.changed + self.withdrawn
    }

    /// Nothing yet.
    #[must_use]
    pub fn of(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            added: 0,
            changed: 0,
            withdrawn: 0,
            returned: 0,
            unchanged: 0,
        }
    }
}
