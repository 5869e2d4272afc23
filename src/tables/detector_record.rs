//! What a detector really did.

use std::collections::BTreeMap;

/// One detector's run: its parameters as used, and the family its tests belong to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DetectorRecord {
    /// Registered name.
    pub name: &'static str,
    /// Textbook name of the statistic.
    pub statistic: &'static str,
    /// The tests that were corrected together.
    pub family: String,
    /// Their number.
    pub n_tests: usize,
    /// Cells called hot.
    pub n_hot: u32,
    /// Every parameter, as used.
    pub parameters: BTreeMap<&'static str, String>,
}
