//! Stage: files to typed rows and rejections. One file per provider.
//!
//! Columns are taken by name; what is not asked for never enters memory as a value. A bad row is
//! counted and told by file, line and column, without its content, and never stops a night.

mod acled;
mod acled_deleted;
mod bases;
mod boundaries;
mod communities;
mod consent;
mod crsv;
mod detect;
mod effort;
pub mod foreign;
mod geopackage;
mod gpx;
mod hdx_hapi;
mod idmc_idu;
mod iom_dtm;
mod ipc;
mod lines;
mod mapped;
mod movements;
mod observations;
mod pcodes;
mod places;
mod population;
mod rain;
mod reader;
mod services;
mod sessions;
mod shapes;
mod ucdp_ged;

use std::path::Path;

use geo::{BoundingRect, Rect};

use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::base::settings::{Limits, Settings, SourceSettings, files_of};
use crate::tables::{Area, Intake};

pub use consent::provenance;
pub use detect::{Detected, Head, Ways, detect};

/// One provider's files.
pub trait Source: Sync {
    /// Its registered name, as `kind` in `mission.toml`.
    fn name(&self) -> &'static str;

    /// What it holds, in one sentence.
    fn describe(&self) -> &'static str;

    /// Whether a file with this head is one of this provider's.
    fn recognises(&self, head: &Head) -> bool;

    /// Whether its rows are incidents: what several sources tell of one counts once.
    fn tells_of_incidents(&self) -> bool {
        false
    }

    /// Whether its files are published by whoever makes them, for many countries; else they are the
    /// mission's own, or were shared with it.
    fn is_published(&self) -> bool {
        false
    }

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
    /// The day of the night, where there is one. A file may tell of later days, as it does in a night
    /// over the past: these are left out by the night, and are no fault of the file.
    pub as_of: Option<Day>,
    /// The program whose child decodes workbooks and Parquet: this one, as the command line knows
    /// it. Without it they are decoded here, which only tests should do.
    pub helper: Option<&'a Path>,
}

/// Every source. Adding one is a file here and a line there.
pub const ALL: &[&dyn Source] = &[
    &acled::Acled,
    &acled_deleted::AcledDeleted,
    &bases::Bases,
    &boundaries::Boundaries,
    &communities::Communities,
    &crsv::Crsv,
    &effort::Effort,
    &gpx::Gpx,
    &hdx_hapi::HdxHapi,
    &idmc_idu::IdmcIdu,
    &iom_dtm::IomDtm,
    &ipc::Ipc,
    &lines::Lines,
    &mapped::Mapped,
    &movements::Movements,
    &observations::Observations,
    &places::Places,
    &population::Population,
    &rain::Rain,
    &services::Services,
    &sessions::Sessions,
    &ucdp_ged::UcdpGed,
];

/// Names of the sources.
#[must_use]
pub fn names() -> Vec<&'static str> {
    ALL.iter().map(|source| source.name()).collect()
}

/// How many sources of incidents a mission declares.
#[must_use]
pub fn tell_of_incidents(settings: &Settings) -> usize {
    let tells = |name: &str| {
        settings
            .sources
            .iter()
            .any(|declared| declared.kind == name)
    };
    let sources = ALL.iter().filter(|source| source.tells_of_incidents());
    sources.filter(|source| tells(source.name())).count()
}

/// Whether a source's files are published by whoever makes them.
fn is_published(name: &str) -> bool {
    let source = ALL.iter().find(|source| source.name() == name);
    source.is_some_and(|source| source.is_published())
}

/// Read before all others: what others are held against.
const FIRST: &[&str] = &["boundaries", "acled_deleted"];

/// Reads every file of every source of a mission, boundaries first: what is read after them is held
/// against the area they enclose.
///
/// # Errors
/// [`Error::Settings`] where a source may not be used, or no longer; else the first file's that
/// cannot be taken as a whole.
pub fn read_all(
    settings: &Settings,
    as_of: Option<Day>,
    mission: &Path,
    data: Option<&Path>,
    helper: Option<&Path>,
) -> Result<Intake> {
    let mut intake = Intake::default();
    read_into(settings, as_of, mission, data, helper, &mut intake)?;
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
    helper: Option<&Path>,
    intake: &mut Intake,
) -> Result<()> {
    let problems = consent::refusals(settings, as_of);
    if !problems.is_empty() {
        let path = mission.join("mission.toml");
        return Err(Error::Settings { path, problems });
    }
    let turn = |declared: &&SourceSettings| FIRST.iter().position(|&kind| kind == declared.kind);
    let mut sources: Vec<&SourceSettings> = settings.sources.iter().collect();
    sources.sort_by_key(|declared| turn(declared).unwrap_or(FIRST.len()));
    for declared in sources {
        let reading = Reading {
            settings: declared,
            limits: &settings.limits,
            area: enclosed(&intake.areas),
            as_of,
            helper,
        };
        let source = ALL.iter().find(|source| source.name() == declared.kind);
        let source = source.ok_or_else(|| Error::Usage {
            what: format!("there is no source {}", declared.kind),
            expected: format!("one of {}", names().join(", ")),
        })?;
        // The newest first, as files are named by their day: what it tells stands over what older ones do.
        for file in files_of(declared, mission, data)?.into_iter().rev() {
            source.read(&file, &reading, intake)?;
        }
    }
    Ok(())
}

/// Box around areas, where there are any.
#[must_use]
pub fn enclosed(areas: &[Area]) -> Option<Rect<f64>> {
    let boxes = areas.iter().filter_map(|area| area.shape.bounding_rect());
    boxes.reduce(|a, b| {
        Rect::new(
            (a.min().x.min(b.min().x), a.min().y.min(b.min().y)),
            (a.max().x.max(b.max().x), a.max().y.max(b.max().y)),
        )
    })
}
