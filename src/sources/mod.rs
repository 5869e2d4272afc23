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

use geo::{BoundingRect, Rect};

use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::base::settings::{Limits, Settings, SourceSettings, files_of};
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
    fn read(&self, path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()>;
}

/// What a file is read against.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// What the mission declares about the source.
    pub settings: &'a SourceSettings,
    /// How large a file, a row or an unpacked archive may be.
    pub limits: &'a Limits,
    /// Box around the mission's boundaries, where any are known.
    pub area: Option<Rect<f64>>,
    /// The day of the night, where there is one: nothing can have happened after it.
    pub as_of: Option<Day>,
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

/// Reads every file of every source of a mission, boundaries first: what is read after them is held
/// against the area they enclose.
///
/// # Errors
/// The first file's that cannot be taken as a whole.
pub fn read_all(
    settings: &Settings,
    as_of: Option<Day>,
    mission: &Path,
    data: Option<&Path>,
) -> Result<Intake> {
    let mut intake = Intake::default();
    read_into(settings, as_of, mission, data, &mut intake)?;
    Ok(intake)
}

/// The same into an intake that hands incidents on, or not.
///
/// # Errors
/// The first file's that cannot be taken as a whole.
pub fn read_into(
    settings: &Settings,
    as_of: Option<Day>,
    mission: &Path,
    data: Option<&Path>,
    intake: &mut Intake,
) -> Result<()> {
    let (boundaries, others): (Vec<_>, Vec<_>) = settings
        .sources
        .iter()
        .partition(|declared| declared.kind == boundaries::Boundaries.name());
    for declared in boundaries.into_iter().chain(others) {
        let reading = Reading {
            settings: declared,
            limits: &settings.limits,
            area: enclosed(intake),
            as_of,
        };
        let source = ALL.iter().find(|source| source.name() == declared.kind);
        let source = source.ok_or_else(|| Error::Usage {
            what: format!("there is no source {}", declared.kind),
            expected: format!("one of {}", names().join(", ")),
        })?;
        for file in files_of(declared, mission, data)? {
            source.read(&file, &reading, intake)?;
        }
    }
    Ok(())
}

/// Box around all areas read so far.
fn enclosed(intake: &Intake) -> Option<Rect<f64>> {
    let boxes = intake
        .areas
        .iter()
        .filter_map(|area| area.shape.bounding_rect());
    boxes.reduce(|a, b| {
        Rect::new(
            (a.min().x.min(b.min().x), a.min().y.min(b.min().y)),
            (a.max().x.max(b.max().x), a.max().y.max(b.max().y)),
        )
    })
}
