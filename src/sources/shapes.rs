//! Features of `GeoJSON` and `GeoParquet` files: texts by column name, and a shape or a line.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

use geo::{Coord, LineString, MultiLineString, MultiPolygon, Polygon};
use geojson::{FeatureCollection, GeometryValue, Position};

use super::foreign::{Container, Foreign, from_wkb};
use super::{Reading, reader};
use crate::base::digest;
use crate::base::error::{Error, Result};

/// One feature. Names are as the file spells them.
#[derive(Debug)]
pub(super) struct Feature {
    pub(super) fields: BTreeMap<String, String>,
    pub(super) shape: Option<MultiPolygon<f64>>,
    pub(super) line: Option<MultiLineString<f64>>,
}

impl Feature {
    /// The first field that has one of these names, whatever their case, and is not empty.
    pub(super) fn text(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            let field = self
                .fields
                .iter()
                .find(|(field, _)| field.eq_ignore_ascii_case(name));
            field
                .map(|(_, value)| value.as_str())
                .filter(|value| !value.is_empty())
        })
    }
}

/// All features of a file, its column names and its digest.
#[derive(Debug)]
pub(super) struct Features {
    pub(super) rows: Vec<Feature>,
    pub(super) digest: String,
    pub(super) names: Vec<String>,
}

/// A file's ending in lower case; empty where it has none.
pub(super) fn ending(path: &Path) -> String {
    let ending = path.extension().unwrap_or_default();
    ending.to_string_lossy().to_lowercase()
}

/// Whether a path names a `GeoParquet` file; anything else is read as `GeoJSON`.
fn is_parquet(path: &Path) -> bool {
    ending(path) == "parquet"
}

/// Reads every feature of a file.
pub(super) fn read(path: &Path, reading: &Reading<'_>) -> Result<Features> {
    if is_parquet(path) {
        return parquet(path, reading);
    }
    let (mut file, _form) = reader::open(path, reading)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)
        .map_err(Error::io(path, "read the file"))?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(&bytes);
    let digest = digest::hex(&hasher);
    let rows = geojson(path, &bytes)?;
    let names: BTreeSet<&String> = rows.iter().flat_map(|row| row.fields.keys()).collect();
    let names = names.into_iter().cloned().collect();
    Ok(Features {
        rows,
        digest,
        names,
    })
}

fn not_a(path: &Path, what: &str, expected: &str) -> Error {
    let (what, expected) = (what.to_owned(), expected.to_owned());
    Error::File {
        path: path.to_path_buf(),
        line: None,
        what,
        expected,
    }
}

fn geojson(path: &Path, bytes: &[u8]) -> Result<Vec<Feature>> {
    let features = match serde_json::from_slice::<FeatureCollection>(bytes) {
        Ok(collection) => collection.features,
        Err(_) => one_by_one(bytes)
            .ok_or_else(|| not_a(path, "not a GeoJSON feature collection", "RFC 7946"))?,
    };
    let rows = features.into_iter().map(|feature| {
        let properties = feature.properties.into_iter().flatten();
        let fields = properties
            .map(|(name, value)| (name, plain(&value)))
            .collect();
        let geometry = feature.geometry.map(|geometry| geometry.value);
        Feature {
            fields,
            shape: geometry.as_ref().and_then(told_polygons),
            line: geometry.as_ref().and_then(told_lines),
        }
    });
    Ok(rows.collect())
}

/// The features of a collection with a feature in it that is none: that one is left without a
/// shape, the others stay what they are.
fn one_by_one(bytes: &[u8]) -> Option<Vec<geojson::Feature>> {
    let mut collection: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    if collection.get("type")? != "FeatureCollection" {
        return None;
    }
    let features = collection.get_mut("features")?.as_array_mut()?;
    let feature = |value: &mut serde_json::Value| {
        let whole: Option<geojson::Feature> = serde_json::from_value(value.clone()).ok();
        whole.unwrap_or_else(|| geojson::Feature {
            properties: value
                .get_mut("properties")
                .and_then(|fields| fields.as_object_mut().map(std::mem::take)),
            ..geojson::Feature::default()
        })
    };
    Some(features.iter_mut().map(feature).collect())
}

/// Of a list or an object only the name is kept, so that it is told as left aside.
fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.trim().to_owned(),
        serde_json::Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// The polygons of a `GeoJSON` geometry; the crate's own conversion panics where a position has one
/// number only.
fn told_polygons(shape: &GeometryValue) -> Option<MultiPolygon<f64>> {
    match shape {
        GeometryValue::Polygon { coordinates } => Some(told_polygon(coordinates)?.into()),
        GeometryValue::MultiPolygon { coordinates } => {
            let polygons = coordinates.iter().map(|rings| told_polygon(rings));
            Some(MultiPolygon(polygons.collect::<Option<Vec<_>>>()?))
        }
        _ => None,
    }
}

fn told_lines(shape: &GeometryValue) -> Option<MultiLineString<f64>> {
    match shape {
        GeometryValue::LineString { coordinates } => Some(told_line(coordinates)?.into()),
        GeometryValue::MultiLineString { coordinates } => {
            let lines = coordinates.iter().map(|line| told_line(line));
            Some(MultiLineString(lines.collect::<Option<Vec<_>>>()?))
        }
        _ => None,
    }
}

fn told_line(line: &[Position]) -> Option<LineString<f64>> {
    let point = |position: &Position| match position.as_slice() {
        [x, y, ..] => Some(Coord { x: *x, y: *y }),
        _ => None,
    };
    line.iter().map(point).collect()
}

fn told_polygon(rings: &[Vec<Position>]) -> Option<Polygon<f64>> {
    let mut rings = rings.iter().map(|ring| told_line(ring));
    let outer = rings.next()??;
    Some(Polygon::new(outer, rings.collect::<Option<Vec<_>>>()?))
}

fn parquet(path: &Path, reading: &Reading<'_>) -> Result<Features> {
    let (file, _form) = reader::open(path, reading)?;
    let foreign = Foreign::open(path, file, Container::Parquet, reading)?;
    let mut texts = Vec::new();
    let (mut names, digest) = foreign.shapes(|_row, cells| texts.push(cells))?;
    let feature = |mut cells: Vec<Vec<u8>>| {
        let shape = cells.pop().filter(|bytes| !bytes.is_empty());
        let text =
            |(name, cell): (&String, Vec<u8>)| Some((name.clone(), String::from_utf8(cell).ok()?));
        Feature {
            fields: names.iter().zip(cells).filter_map(text).collect(),
            shape: shape.and_then(|bytes| from_wkb(&bytes)),
            line: None,
        }
    };
    let rows = texts.into_iter().map(feature).collect();
    names.sort();
    Ok(Features {
        rows,
        digest,
        names,
    })
}
