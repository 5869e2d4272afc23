//! Which source a file belongs to, by its content.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use arrow::datatypes::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::base::error::{Error, Result};
use crate::base::settings::SourceSettings;

use super::reader::{header_of, names_of_list};
use super::{ALL, Source, geopackage, gpx, shapes};

/// What can be seen of a file without reading it whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// Names of its columns or properties, in lower case.
    pub names: Vec<String>,
    /// Whether it is a delimited text file.
    pub is_text: bool,
    /// Whether it is JSON with an array of rows under `data` or `result`, as an API answers.
    pub is_list: bool,
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
    /// Reads the head of a file.
    ///
    /// # Errors
    /// Where the file cannot be read as what its ending says.
    pub fn of(path: &Path) -> Result<Self> {
        if geopackage::is_sqlite(path)? {
            return Self::of_layers(path);
        }
        if gpx::is_gpx(path)? {
            return Ok(Self {
                ways: Some(Ways::Tracks),
                ..Self::default()
            });
        }
        let list = list_of(path)?;
        let is_list = list.is_some();
        let mut has_lines = false;
        let (names, is_text, has_areas) = match shapes::ending(path).as_str() {
            "csv" | "tsv" | "txt" => (header_of(path, None)?, true, false),
            "geojson" | "json" if is_list => (list.unwrap_or_default(), false, false),
            "geojson" | "json" => {
                let features = shapes::read(path)?;
                let has_areas = features.rows.iter().any(|feature| feature.shape.is_some());
                has_lines = features.rows.iter().any(|feature| feature.line.is_some());
                (features.names, false, has_areas)
            }
            "parquet" => schema_of(path)?,
            _ => (Vec::new(), false, false),
        };
        let names = names
            .iter()
            .map(|name| name.trim().to_lowercase())
            .collect();
        Ok(Self {
            names,
            is_text,
            is_list,
            has_areas,
            ways: has_lines.then_some(Ways::Lines),
        })
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

    /// Whether it is a table of delimited text.
    #[must_use]
    pub fn is_table(&self) -> bool {
        self.is_text
    }

    /// Whether all these columns are there, whatever their case.
    #[must_use]
    pub fn has(&self, names: &[&str]) -> bool {
        names
            .iter()
            .all(|name| self.names.contains(&name.to_lowercase()))
    }
}

/// Names of the columns of an API's saved answer; nothing where the file is none.
fn list_of(path: &Path) -> Result<Option<Vec<String>>> {
    if shapes::ending(path) != "json" {
        return Ok(None);
    }
    let bytes = fs::read(path).map_err(Error::io(path, "read the file"))?;
    Ok(names_of_list(&bytes))
}

fn schema_of(path: &Path) -> Result<(Vec<String>, bool, bool)> {
    let file = File::open(path).map_err(Error::io(path, "open the file"))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|_why| Error::File {
        path: path.to_path_buf(),
        line: None,
        what: "not a readable Parquet file".to_owned(),
        expected: "GeoParquet".to_owned(),
    })?;
    let fields = reader.schema().fields();
    let is_area = |data_type: &DataType| {
        matches!(
            data_type,
            DataType::List(_) | DataType::Binary | DataType::LargeBinary
        )
    };
    let told = reader
        .metadata()
        .file_metadata()
        .key_value_metadata()
        .and_then(|pairs| pairs.iter().find(|pair| pair.key == "geo"))
        .and_then(|pair| pair.value.as_deref());
    let has_areas = told.is_none_or(tells_of_areas)
        && fields.iter().any(|field| {
            ["geometry", "geom"].contains(&field.name().as_str()) && is_area(field.data_type())
        });
    Ok((
        fields.iter().map(|field| field.name().clone()).collect(),
        false,
        has_areas,
    ))
}

/// Whether `GeoParquet`'s own words leave room for areas: points as well-known binary are binary too.
fn tells_of_areas(geo: &str) -> bool {
    let geo: serde_json::Value = serde_json::from_str(geo).unwrap_or_default();
    let columns = geo["columns"].as_object().into_iter().flatten();
    let mut types = columns.filter_map(|(_, column)| column["geometry_types"].as_array());
    types.all(|types| {
        let is_area = |told: &serde_json::Value| told.as_str().unwrap_or("").contains("Polygon");
        types.is_empty() || types.iter().any(is_area)
    })
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
pub fn detect(path: &Path) -> Result<Option<Detected>> {
    let head = Head::of(path)?;
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
                encoding: if head.is_text {
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
