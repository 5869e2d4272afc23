//! `forewarn synth`: a generated mission with a known truth, of any size. Every record is invented.
//!
//! The world (places, seasons, planted processes) is the same for every seed and size; the seed only
//! decides what is drawn from it. Rows are drawn in chunks that depend on (seed, chunk) alone, so
//! the bytes depend on nothing else, and memory stays at one chunk whatever the size. The truth file
//! tells what was planted, and what a detector that knows the season should raise.

mod calendar;
mod communities;
mod draws;
mod incidents;
mod logs;
mod observations;
mod places;
mod processes;
mod sectors;
mod text;
mod truth;
mod world;

use std::fs::{self, File};
use std::io::Write;
use std::ops::RangeInclusive;
use std::path::Path;

use forewarn_models::units::Seed;

use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::base::progress::Progress;
use world::World;

/// The day the demo is run for, 2025-02-02: herds are in the south, and the detection window ends
/// two weeks before.
pub const DEMO_AS_OF: Day = Day(20_121);
/// Incidents of the demo: most cells of 250 km2 have none to two a year.
pub const DEMO_INCIDENTS: u64 = 6_000;
/// Seed of the demo.
pub const DEMO_SEED: Seed = Seed(1);
/// Sizes that can be generated.
pub const SIZES: RangeInclusive<u64> = 1_000..=1_000_000_000;

const SETTINGS: &str = include_str!("../../fixtures/demo/mission.toml");
const NOTICE: &str = include_str!("../../fixtures/demo/NOTICE.txt");

/// One season that comes earlier or later than the others: herds, and all that comes with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SeasonShift {
    /// Year in which the season begins, 2018 to 2024.
    pub year: i16,
    /// Days by which it comes later; negative: earlier.
    pub days: i32,
}

/// What to generate.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Incidents, within [`SIZES`]. The rates of all processes grow with them.
    pub incidents: u64,
    /// Root of every random number.
    pub seed: Seed,
    /// A season that does not come when it should; none by default.
    pub shift: SeasonShift,
}

impl Plan {
    /// The demo.
    pub const DEMO: Self = Self {
        incidents: DEMO_INCIDENTS,
        seed: DEMO_SEED,
        shift: SeasonShift { year: 0, days: 0 },
    };

    /// Steps that [`generate`] reports to its progress bar.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.chunks() + 2
    }

    fn chunks(&self) -> u64 {
        self.incidents.div_ceil(incidents::CHUNK)
    }
}

/// What was generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Incident rows that can be read.
    pub incidents: u64,
    /// Incident rows beside them that break a rule on purpose and must be rejected.
    pub broken: u64,
    /// Herd counts.
    pub movements: u64,
    /// Patrols, sessions and visits.
    pub effort: u64,
    /// Observations of indicators.
    pub observations: u64,
    /// Named places.
    pub places: u64,
    /// Areas of all levels.
    pub areas: u64,
    /// Planted processes.
    pub planted: u64,
    /// Planted processes that a detector should raise at [`DEMO_AS_OF`].
    pub to_raise: u64,
}

/// Writes a whole mission folder to `out`: settings, inbox, notice, and `truth.parquet`.
///
/// # Errors
/// [`Error::Usage`] where the size is out of range or `out` holds another mission's settings,
/// [`Error::Io`] and [`Error::File`] where a file cannot be written.
pub fn generate(plan: &Plan, out: &Path, progress: &Progress) -> Result<Summary> {
    if !SIZES.contains(&plan.incidents) {
        return Err(Error::Usage {
            what: format!("{} incidents cannot be generated", plan.incidents),
            expected: format!("ask for {}..={}", SIZES.start(), SIZES.end()),
        });
    }
    keep_other_missions(out)?;
    progress.stage("world");
    let world = World::new(plan.shift);
    write_file(&out.join("mission.toml"), "", SETTINGS.as_bytes())?;
    write_file(&out.join("NOTICE.txt"), "", NOTICE.as_bytes())?;
    truth::write(&out.join("truth.parquet"), &world, plan.incidents)?;
    let inbox = out.join("inbox");
    let boundaries = sectors::geojson();
    write_file(
        &inbox.join("boundaries/boundaries.geojson"),
        "",
        boundaries.as_bytes(),
    )?;
    let mut rows = Vec::new();
    places::rows(&mut rows);
    write_file(&inbox.join("places/places.csv"), places::HEADER, &rows)?;
    rows.clear();
    let movements = logs::movements(plan.seed, plan.shift, &mut rows);
    write_file(
        &inbox.join("movements/movements.csv"),
        logs::MOVEMENTS_HEADER,
        &rows,
    )?;
    rows.clear();
    let effort = logs::effort(plan.seed, &mut rows);
    write_file(&inbox.join("effort/effort.csv"), logs::EFFORT_HEADER, &rows)?;
    rows.clear();
    let observations = observations::rows(&mut rows);
    write_file(
        &inbox.join("observations/observations.csv"),
        observations::HEADER,
        &rows,
    )?;
    write_communities(&inbox, &mut rows)?;
    write_incidents(
        plan,
        &world,
        &inbox.join("incidents/incidents.csv"),
        progress,
    )?;
    let to_raise = processes::PROCESSES
        .iter()
        .filter(|process| process.should_raise());
    Ok(Summary {
        incidents: plan.incidents,
        broken: incidents::BROKEN.len() as u64,
        movements,
        effort,
        observations,
        places: places::PLACES,
        areas: sectors::AREAS,
        planted: processes::PROCESSES.len() as u64,
        to_raise: to_raise.count() as u64,
    })
}

fn write_communities(inbox: &Path, rows: &mut Vec<u8>) -> Result<()> {
    rows.clear();
    communities::rows(rows);
    let path = inbox.join("communities/communities.csv");
    write_file(&path, communities::HEADER, rows)
}

fn write_incidents(plan: &Plan, world: &World, path: &Path, progress: &Progress) -> Result<()> {
    let mut file = create(path)?;
    let mut write = |rows: &[u8]| file.write_all(rows).map_err(Error::io(path, "write"));
    write(incidents::HEADER.as_bytes())?;
    let mut rows = Vec::new();
    for chunk in 0..plan.chunks() {
        progress.stage("incidents");
        rows.clear();
        incidents::chunk(world, plan.seed, chunk, plan.incidents, &mut rows);
        write(&rows)?;
    }
    progress.stage("broken rows");
    rows.clear();
    incidents::broken(plan.incidents, &mut rows);
    write(&rows)
}

/// A mission whose settings are not the demo's is someone's own: nothing is written into it.
fn keep_other_missions(out: &Path) -> Result<()> {
    let path = out.join("mission.toml");
    match fs::read(&path) {
        Ok(found) if found != SETTINGS.as_bytes() => Err(Error::Usage {
            what: format!("{} holds another mission's settings", path.display()),
            expected: "choose a folder that is empty or not there yet".to_owned(),
        }),
        _ => Ok(()),
    }
}

fn create(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::io(folder, "create the folder"))?;
    }
    File::create(path).map_err(Error::io(path, "create"))
}

fn write_file(path: &Path, header: &str, rest: &[u8]) -> Result<()> {
    let mut file = create(path)?;
    file.write_all(header.as_bytes())
        .map_err(Error::io(path, "write"))?;
    file.write_all(rest).map_err(Error::io(path, "write"))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
