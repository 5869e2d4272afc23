//! Which source a file belongs to, by its content.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::base::error::{Error, Result};
use crate::base::settings::{Limits, SourceSettings};

use super::foreign::{Container, Foreign};
use super::reader::{self, Form, Text, header_of};
use super::{ALL, Reading, Source, geopackage, gpx, shapes};

/// Endings of delimited text.
const TEXTS: &[&str] = &["csv", "tsv", "txt"];
/// Endings of the files that are looked into.
const ENDINGS: &[&str] = &[
    "csv", "tsv", "txt", "json", "geojson", "ndjson", "jsonl", "parquet", "xlsx", "xlsm", "xls",
    "ods",
];

/// What can be seen of a file without reading it whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// Names of its columns or properties, in lower case.
    pub names: Vec<String>,
    /// Whether it holds rows with named columns, in whatever form.
    pub has_rows: bool,
    /// Whether its features are areas.
    pub has_areas: bool,
    /// Ways that it holds, if any.
    pub ways: Option<Ways>,
}

/// Ways that a file can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ways {
    /// Features that are lines.
    Lines,
    /// Tracks (`GPX`).
    Tracks,
}

impl Head {
    /// Reads the head of a file, containers by the helper where there is one.
    ///
    /// # Errors
    /// Where the file cannot be read as what its ending says.
    pub fn of(path: &Path, helper: Option<&Path>) -> Result<Self> {
        let reading = Reading {
            settings: &SourceSettings::default(),
            limits: &Limits::default(),
            area: None,
            as_of: None,
            helper,
        };
        let mut head = Self::default();
        if geopackage::is_sqlite(path)? {
            head = Self::of_layers(path)?;
        } else if gpx::is_gpx(path)? {
            head.ways = Some(Ways::Tracks);
        } else if ENDINGS.contains(&shapes::ending(path).as_str()) {
            head.look(path, &reading)?;
        }
        for name in &mut head.names {
            *name = name.trim().to_lowercase();
        }
        Ok(head)
    }

    /// Of a `GeoPackage` only layers of lines are looked at.
    fn of_layers(path: &Path) -> Result<Self> {
        let names = geopackage::names(path)?;
        Ok(Self {
            ways: names.is_some().then_some(Ways::Lines),
            names: names
                .iter()
                .flatten()
                .map(|name| name.trim().to_lowercase())
                .collect(),
            ..Self::default()
        })
    }

    fn look(&mut self, path: &Path, reading: &Reading<'_>) -> Result<()> {
        let (file, form) = reader::open(path, reading)?;
        match form {
            Form::Text | Form::Lines => {
                self.has_rows = true;
                self.names = header_of(path, reading)?;
            }
            Form::Foreign(container) => {
                let heading = Foreign::open(path, file, container, reading)?.heading()?;
                self.has_rows = container == Container::Workbook || !heading.has_geometry;
                self.has_areas = heading.has_areas;
                self.names = heading.names;
            }
            Form::Json => match Text::read(path, file, reading)?.told() {
                Some(told) if !told.features => {
                    self.has_rows = true;
                    self.names = told.names;
                }
                told => {
                    let features = shapes::read(path, reading)?;
                    self.has_areas = features.rows.iter().any(|one| one.shape.is_some());
                    let has_lines = features.rows.iter().any(|one| one.line.is_some());
                    self.ways = has_lines.then_some(Ways::Lines);
                    self.names = told.map_or(features.names, |told| told.names);
                    let is_point = |name: &String| name == "longitude";
                    self.has_rows = !self.has_areas && self.names.iter().any(is_point);
                }
            },
        }
        Ok(())
    }

    /// Whether it holds rows with named columns, whatever its form.
    #[must_use]
    pub fn is_table(&self) -> bool {
        self.has_rows
    }

    /// Whether all these columns are there, whatever their case.
    #[must_use]
    pub fn has(&self, names: &[&str]) -> bool {
        names
            .iter()
            .all(|name| self.names.contains(&name.to_lowercase()))
    }
}

/// How much of a text is looked at to tell whether it is UTF-8.
const ENCODING_BYTES: u64 = 1024 * 1024;

/// The encoding to declare for a text: none where its beginning is UTF-8 or carries a byte order mark.
/// Which 8-bit encoding it is nothing tells; Latin-1 is by far the likeliest, and a proposal.
fn proposed_encoding(path: &Path) -> Result<Option<String>> {
    let mut head = Vec::new();
    let file = File::open(path).map_err(Error::io(path, "read the file"))?;
    file.take(ENCODING_BYTES)
        .read_to_end(&mut head)
        .map_err(Error::io(path, "read the file"))?;
    let is_marked = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    // A character cut at the end is no error: it goes on behind what was looked at.
    let is_utf8 = std::str::from_utf8(&head).map_or_else(|e| e.error_len().is_none(), |_| true);
    Ok((!is_marked && !is_utf8).then(|| "latin-1".to_owned()))
}

/// A file that a source recognises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detected {
    /// The declaration for `mission.toml`; its path is the caller's to fill in.
    pub settings: SourceSettings,
    /// What the source holds.
    pub describe: &'static str,
}

/// The source a file belongs to, or none: then a mapped source with a column map can take it.
///
/// # Errors
/// Where the file cannot be read, or two sources claim it.
pub fn detect(path: &Path, helper: Option<&Path>) -> Result<Option<Detected>> {
    let head = Head::of(path, helper)?;
    let claims: Vec<&&dyn Source> = ALL
        .iter()
        .filter(|source| source.recognises(&head))
        .collect();
    match claims.as_slice() {
        [] => Ok(None),
        [source] => Ok(Some(Detected {
            settings: SourceSettings {
                kind: source.name().to_owned(),
                path: path.display().to_string(),
                encoding: if head.has_rows && TEXTS.contains(&shapes::ending(path).as_str()) {
                    proposed_encoding(path)?
                } else {
                    None
                },
                ..SourceSettings::default()
            },
            describe: source.describe(),
        })),
        several => Err(Error::File {
            path: path.to_path_buf(),
            line: None,
            what: format!("{} sources claim it", several.len()),
            expected: "name its source in mission.toml".to_owned(),
        }),
    }
}
