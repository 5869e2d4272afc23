//! What the files that are there hold: each is recognised by its content and read once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use geo::{Coord, Rect};

use crate::base::code::PlacePrecision;
use crate::base::error::{Error, Result};
use crate::base::settings::{Limits, SourceSettings};
use crate::sources::{self, Reading};
use crate::tables::{Incidents, Intake};

/// Why most files are no source's.
pub(super) const UNKNOWN: &str = "no source recognises it";

/// A file that a source recognises.
pub(super) struct Recognised {
    /// As it was named on the command line, or found below a folder that was.
    pub(super) shown: String,
    pub(super) settings: SourceSettings,
    pub(super) describe: &'static str,
}

/// A recognised file with what was read from it.
pub(super) struct Held {
    pub(super) file: Recognised,
    pub(super) digest: String,
    pub(super) rows: [u64; 3],
    pub(super) incidents: Incidents,
    pub(super) intake: Intake,
}

/// Every file among paths, folders walked in order of names; hidden ones are left out.
pub(super) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let listing = fs::read_dir(path).map_err(Error::io(path, "list the folder"))?;
        let mut below = Vec::new();
        for entry in listing {
            let entry = entry.map_err(Error::io(path, "list the folder"))?;
            // A link to a folder may lead back to where it stands.
            let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
            let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
            if !(is_hidden || is_link && entry.path().is_dir()) {
                below.push(entry.path());
            }
        }
        below.sort();
        files.extend(self::files(&below)?);
    }
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.clone()));
    Ok(files)
}

/// The source of a file, or the reason why there is none.
pub(super) fn recognise(path: &Path, helper: &Path) -> std::result::Result<Recognised, String> {
    let whole = fs::canonicalize(path).map_err(|_missing| "there is no such file".to_owned())?;
    let detected = sources::detect(&whole, Some(helper)).map_err(|error| reason(&error))?;
    let detected = detected.ok_or_else(|| UNKNOWN.to_owned())?;
    Ok(Recognised {
        shown: path.display().to_string(),
        settings: detected.settings,
        describe: detected.describe,
    })
}

/// Reads a recognised file, or says why it cannot be taken.
pub(super) fn read(
    file: Recognised,
    area: Option<Rect<f64>>,
    helper: &Path,
) -> std::result::Result<Held, (String, String)> {
    let mut intake = Intake::default();
    let source = sources::ALL
        .iter()
        .find(|source| source.name() == file.settings.kind);
    let reading = Reading {
        settings: &file.settings,
        limits: &Limits::default(),
        area,
        as_of: None,
        helper: Some(helper),
    };
    let path = Path::new(&file.settings.path);
    if let Some(Err(error)) = source.map(|source| source.read(path, &reading, &mut intake)) {
        return Err((file.shown, reason(&error)));
    }
    let sum = |count: fn(&crate::tables::FileCount) -> u64| intake.files.iter().map(count).sum();
    let rows = [
        sum(|file| file.rows_read),
        sum(|file| file.rows_taken),
        sum(|file| file.rows_rejected),
    ];
    Ok(Held {
        file,
        digest: intake
            .files
            .iter()
            .map(|file| file.digest.as_str())
            .collect(),
        rows,
        incidents: std::mem::take(&mut intake.incidents).finish(),
        intake,
    })
}

/// An error without the path, which is told already.
fn reason(error: &Error) -> String {
    match error {
        Error::File { what, expected, .. } => format!("{what}; {expected}"),
        Error::Identifying { columns, .. } => {
            format!(
                "column(s) that identify people: {}; remove them first",
                columns.join(", ")
            )
        }
        Error::Io { source, .. } => source.to_string(),
        other => other.to_string(),
    }
}

impl Held {
    /// Where its rows lie, longitude first.
    pub(super) fn points(&self) -> Vec<Coord<f64>> {
        let places = self.intake.places.iter().map(|place| Coord {
            x: place.lon_deg,
            y: place.lat_deg,
        });
        let incidents = self
            .incidents
            .lon_deg()
            .values()
            .iter()
            .zip(self.incidents.lat_deg().values());
        places
            .chain(incidents.map(|(&x, &y)| Coord { x, y }))
            .collect()
    }

    /// What tells its rows from others of the same source.
    pub(super) fn keys(&self) -> BTreeSet<String> {
        let incidents = self
            .incidents
            .source_id()
            .iter()
            .flatten()
            .map(str::to_owned);
        let places = self.intake.places.iter().map(|place| place.name.clone());
        let areas = self
            .intake
            .areas
            .iter()
            .map(|area| format!("{} {}", area.level.0, area.pcode));
        incidents.chain(places).chain(areas).collect()
    }

    /// Last day of any incident.
    pub(super) fn newest(&self) -> Option<i32> {
        self.incidents.date_end().values().iter().copied().max()
    }

    /// Countries of its areas.
    pub(super) fn countries(&self) -> BTreeSet<&str> {
        self.intake
            .areas
            .iter()
            .filter_map(|area| area.iso3.as_deref())
            .collect()
    }

    /// Its rows in words: how many, how precisely placed, how many with a P-code.
    pub(super) fn told(&self) -> String {
        let [read, _, rejected] = self.rows;
        let mut told = format!("{}, {read} rows", self.file.describe);
        if rejected > 0 {
            let _ = write!(told, ", {rejected} of them rejected");
        }
        let all = self.incidents.len();
        if all > 0 {
            let percent = |n: usize| (100 * n + all / 2) / all;
            let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
            for &precision in self.incidents.place_precision().values() {
                *counts.entry(precision).or_default() += 1;
            }
            let shares = counts.iter().map(|(&code, &n)| {
                let name = PlacePrecision::from_code(code).map_or("unknown", PlacePrecision::name);
                format!("{name} {} %", percent(n))
            });
            let shares = shares.collect::<Vec<_>>().join(", ");
            let coded = percent(self.incidents.admin1_pcode().iter().flatten().count());
            let _ = write!(told, "; placed to: {shares}; with a P-code: {coded} %");
        }
        told
    }
}
