//! By what right inputs are used.

use serde::Serialize;

/// By what right a source is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// The source's registered name.
    pub source: String,
    /// Its files, as the settings say.
    pub path: String,
    /// `public`, `agreement`, `consent`; nothing for logs of the mission's own.
    pub basis: Option<&'static str>,
    /// Whom an agreement is made with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// Its last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}
