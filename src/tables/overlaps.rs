//! How far two sources tell of the same incidents.

use crate::base::code::Kind;

/// Incidents of one kind that two sources told, over the time that both cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The source that comes first by name.
    pub first: String,
    /// The other.
    pub second: String,
    /// The kind.
    pub kind: Kind,
    /// Incidents that the first tells.
    pub n_first: usize,
    /// Incidents that the second tells.
    pub n_second: usize,
    /// Incidents that both tell.
    pub both: usize,
}
