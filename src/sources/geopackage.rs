//! Layers of lines of a `GeoPackage`: an `SQLite` file whose tables name its layers, their columns
//! and their system of reference.
//!
//! It is not trusted: views, triggers, virtual tables and computed columns, which are programs, are not
//! looked at, and the rows of a table must come in the order of their numbers.

mod geometry;
mod open;

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::shapes::{Feature, Features};
use crate::base::digest;
use crate::base::error::{Error, Result};
pub(super) use open::is_sqlite;
use open::open;

const MAX_LAYERS: usize = 1000;
/// Longitude and latitude on WGS 84.
const EPSG: i64 = 4326;

const IS_TABLE: &str = "SELECT count(*) FROM sqlite_schema
    WHERE type = 'table' AND rootpage > 0 AND name = ?1 COLLATE NOCASE";
const LAYERS: &str = "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns
    WHERE upper(geometry_type_name) IN ('LINESTRING', 'MULTILINESTRING')";
const IS_FEATURES: &str = "SELECT count(*) FROM gpkg_contents
    WHERE table_name = ?1 AND data_type = 'features'";
const IS_DEGREES: &str = "SELECT count(*) FROM gpkg_spatial_ref_sys
    WHERE srs_id = ?1 AND upper(organization) = 'EPSG' AND organization_coordsys_id = ?2";
/// Columns that are stored, not computed.
const COLUMNS: &str = "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0";

/// A layer of lines.
struct Layer {
    table: String,
    geometry: String,
    srs_id: i64,
    /// Its other columns.
    columns: Vec<String>,
}

/// Names of the columns of all layers of lines; nothing where there is no such layer.
pub(super) fn names(path: &Path) -> Result<Option<Vec<String>>> {
    let connection = open(path)?;
    let layers = layers(&connection, path)?;
    let names = layers.iter().flat_map(|layer| layer.columns.clone());
    Ok((!layers.is_empty()).then(|| names.collect()))
}

/// Every feature of every layer of lines; of its columns only those asked for.
pub(super) fn read(path: &Path, asked: &dyn Fn(&str) -> bool) -> Result<Features> {
    let mut hasher = blake3::Hasher::new();
    let mut file = File::open(path).map_err(Error::io(path, "open the file"))?;
    let bytes = io::copy(&mut file, &mut hasher).map_err(Error::io(path, "read the file"))?;
    let connection = open(path)?;
    let layers = layers(&connection, path)?;
    if layers.is_empty() {
        return Err(refused(path, "no layer of lines"));
    }
    let mut rows = Vec::new();
    for layer in &layers {
        if !holds(&connection, IS_DEGREES, (layer.srs_id, EPSG)).map_err(damaged(path))? {
            return Err(Error::File {
                path: path.to_path_buf(),
                line: None,
                what: "a layer of lines in another system of reference".to_owned(),
                expected: "longitude and latitude, EPSG:4326".to_owned(),
            });
        }
        features(&connection, layer, asked, bytes, &mut rows).map_err(damaged(path))?;
    }
    let mut names: Vec<String> = layers.into_iter().flat_map(|layer| layer.columns).collect();
    names.sort();
    names.dedup();
    Ok(Features {
        rows,
        digest: digest::hex(&hasher),
        names,
    })
}

fn refused(path: &Path, what: &str) -> Error {
    Error::File {
        path: path.to_path_buf(),
        line: None,
        what: what.to_owned(),
        expected: "a GeoPackage with a layer of lines".to_owned(),
    }
}

/// `SQLite`'s own reasons can quote what the file says.
fn damaged<E>(path: &Path) -> impl Fn(E) -> Error {
    move |_why| refused(path, "not a readable GeoPackage")
}

fn holds(
    connection: &Connection,
    statement: &str,
    values: impl rusqlite::Params,
) -> rusqlite::Result<bool> {
    connection.query_row(statement, values, |row| Ok(row.get::<_, i64>(0)? > 0))
}

/// The layers of lines, by name.
fn layers(connection: &Connection, path: &Path) -> Result<Vec<Layer>> {
    let is_table = |name: &str| holds(connection, IS_TABLE, [name]);
    for table in [
        "gpkg_contents",
        "gpkg_geometry_columns",
        "gpkg_spatial_ref_sys",
    ] {
        if !is_table(table).map_err(damaged(path))? {
            return Err(refused(path, "a GeoPackage without its own tables"));
        }
    }
    let mut layers = told(connection).map_err(damaged(path))?;
    if layers.len() > MAX_LAYERS {
        return Err(refused(path, "more than 1000 layers"));
    }
    layers.sort_by(|a, b| (&a.table, &a.geometry).cmp(&(&b.table, &b.geometry)));
    layers.dedup_by(|next, kept| next.table == kept.table);
    for layer in &mut layers {
        let of_features = holds(connection, IS_FEATURES, [&layer.table]);
        if !of_features.map_err(damaged(path))? || !is_table(&layer.table).map_err(damaged(path))? {
            return Err(refused(
                path,
                "a layer of lines that is no table of features",
            ));
        }
        let columns = columns(connection, &layer.table).map_err(damaged(path))?;
        let is_geometry = |name: &String| name.eq_ignore_ascii_case(&layer.geometry);
        if !columns.iter().any(is_geometry) {
            return Err(refused(path, "a layer of lines without its geometry"));
        }
        layer.columns = columns
            .into_iter()
            .filter(|name| !is_geometry(name))
            .collect();
    }
    Ok(layers)
}

fn told(connection: &Connection) -> rusqlite::Result<Vec<Layer>> {
    let mut statement = connection.prepare(LAYERS)?;
    let layers = statement.query_map([], |row| {
        Ok(Layer {
            table: row.get(0)?,
            geometry: row.get(1)?,
            srs_id: row.get(2)?,
            columns: Vec::new(),
        })
    })?;
    layers.take(MAX_LAYERS + 1).collect()
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(COLUMNS)?;
    let names = statement.query_map([table], |row| row.get(0))?;
    names.collect()
}

/// The rows of one layer. The names of a layer and its columns are the file's own words: they can
/// only be quoted, not bound.
fn features(
    connection: &Connection,
    layer: &Layer,
    asked: &dyn Fn(&str) -> bool,
    most: u64,
    into: &mut Vec<Feature>,
) -> rusqlite::Result<()> {
    let quoted = |name: &String| format!("\"{}\"", name.replace('"', "\"\""));
    let taken: Vec<&String> = layer.columns.iter().filter(|name| asked(name)).collect();
    let mut names = vec!["rowid".to_owned(), quoted(&layer.geometry)];
    names.extend(taken.iter().map(|name| quoted(name)));
    let text = format!("SELECT {} FROM {}", names.join(", "), quoted(&layer.table));
    let mut statement = connection.prepare(&text)?;
    let mut rows = statement.query([])?;
    let mut last = None;
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        // A row takes a byte at least, and comes once.
        if last.is_some_and(|last| number <= last) || into.len() as u64 >= most {
            return Err(rusqlite::Error::InvalidQuery);
        }
        last = Some(number);
        let mut fields = BTreeMap::new();
        for (at, name) in (2..).zip(&taken) {
            fields.insert((*name).clone(), plain(row.get_ref(at)?));
        }
        let line = match row.get_ref(1)? {
            ValueRef::Blob(bytes) => geometry::line(bytes, layer.srs_id),
            _ => None,
        };
        let shape = None;
        into.push(Feature {
            fields,
            shape,
            line,
        });
    }
    Ok(())
}

/// A value as a delimited text file would hold it; what is no text in UTF-8 is no value.
fn plain(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes)
            .unwrap_or_default()
            .trim()
            .to_owned(),
        ValueRef::Null | ValueRef::Blob(_) => String::new(),
    }
}
