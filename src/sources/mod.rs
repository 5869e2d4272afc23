//! Stage: files to typed rows and rejections. One file per provider.
//!
//! Columns are taken by name; what is not asked for never enters memory as a value. A bad row is
//! counted and told by file, line and column, without its content, and never stops a night.

mod acled;
mod boundaries;
mod crsv;
mod detect;
mod effort;
mod mapped;
mod movements;
mod places;
mod reader;
mod shapes;
mod ucdp_ged;

use std::path::Path;

use crate::base::error::{Error, Result};
use crate::base::settings::{Settings, SourceSettings, files_of};
use crate::tables::Intake;

pub use detect::{Detected, Head, detect};

/// One provider's files.
pub trait Source: Sync {
    /// Its registered name, as `kind` in `mission.toml`.
    fn name(&self) -> &'static str;

    /// What it holds, in one sentence.
    fn describe(&self) -> &'static str;

    /// Whether a file with this head is one of this provider's.
    fn recognises(&self, head: &Head) -> bool;

    /// Reads one file. Every row becomes a row of a table or a rejection.
    ///
    /// # Errors
    /// Where the file as a whole cannot be taken.
    fn read(&self, path: &Path, settings: &SourceSettings, intake: &mut Intake) -> Result<()>;
}

/// Every source. Adding one is a file here and a line there.
pub const ALL: &[&dyn Source] = &[
    &acled::Acled,
    &boundaries::Boundaries,
    &crsv::Crsv,
    &effort::Effort,
    &mapped::Mapped,
    &movements::Movements,
    &places::Places,
    &ucdp_ged::UcdpGed,
];

/// Names of the sources.
#[must_use]
pub fn names() -> Vec<&'static str> {
    ALL.iter().map(|source| source.name()).collect()
}

/// Reads every file of every source of a mission.
///
/// # Errors
/// The first file's that cannot be taken as a whole.
pub fn read_all(settings: &Settings, mission: &Path, data: Option<&Path>) -> Result<Intake> {
    let mut intake = Intake::default();
    for declared in &settings.sources {
        let source = ALL.iter().find(|source| source.name() == declared.kind);
        let source = source.ok_or_else(|| Error::Usage {
            what: format!("there is no source {}", declared.kind),
            expected: format!("one of {}", names().join(", ")),
        })?;
        for file in files_of(declared, mission, data)? {
            source.read(&file, declared, &mut intake)?;
        }
    }
    Ok(intake)
}
