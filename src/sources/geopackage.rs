//! Layers of lines of a `GeoPackage`: an `SQLite` file whose tables name its layers, their columns
//! and their system of reference.
//!
//! The file is opened read-only and immutable, and is not trusted: views, triggers, virtual tables and
//! computed columns, which are programs, are not looked at; the rows of a table must come in the order
//! of their numbers, and no more work is done than a file of its size can ask for, so that pages which
//! point at each other end the reading.

mod geometry;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::shapes::{Feature, Features};
use crate::base::digest;
use crate::base::error::{Error, Result};

const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const HEADER_BYTES: usize = 100;
/// What a `GeoPackage` writes into the file header, by generation.
const APPLICATIONS: [&[u8]; 3] = [b"GPKG", b"GP10", b"GP11"];
const MAX_LAYERS: usize = 1000;
/// Instructions of `SQLite` that a file may cost: a row asks for about two for every byte that it takes
/// at least, and twice as many are allowed.
const WORK_PER_BYTE: u64 = 4;
const WORK_AT_LEAST: u64 = 1_000_000;
const WORK_COUNTED_BY: i32 = 1000;
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

/// Whether a file is one of `SQLite`, by its first bytes.
pub(super) fn is_sqlite(path: &Path) -> Result<bool> {
    let file = File::open(path).map_err(Error::io(path, "open the file"))?;
    let mut head = Vec::new();
    let read = file.take(MAGIC.len() as u64).read_to_end(&mut head);
    read.map_err(Error::io(path, "read the file"))?;
    Ok(head == MAGIC)
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

fn open(path: &Path) -> Result<Connection> {
    let path_in_full = fs::canonicalize(path).map_err(Error::io(path, "find the file"))?;
    let length = whole_length(path).map_err(Error::io(path, "read the file"))?;
    let length = length.ok_or_else(|| refused(path, "not a whole GeoPackage"))?;
    let mut ahead = path_in_full.clone().into_os_string();
    ahead.push("-wal");
    if fs::metadata(ahead).is_ok_and(|ahead| ahead.len() > 0) {
        return Err(refused(
            path,
            "changes that lie beside it; close the program that has it open",
        ));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(address(&path_in_full), flags);
    let connection = connection.map_err(damaged(path))?;
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
    ] {
        connection
            .set_db_config(setting, on)
            .map_err(damaged(path))?;
    }
    let mut work = 0;
    let most = WORK_AT_LEAST + WORK_PER_BYTE * length;
    let too_much = move || {
        work += u64::from(WORK_COUNTED_BY.unsigned_abs());
        work > most
    };
    let counted = connection.progress_handler(WORK_COUNTED_BY, Some(too_much));
    counted.map_err(damaged(path))?;
    let checked = connection.pragma_update(None, "cell_size_check", true);
    checked.map_err(damaged(path))?;
    Ok(connection)
}

/// Length of a file whose header is a `GeoPackage`'s and whose pages are whole.
fn whole_length(path: &Path) -> io::Result<Option<u64>> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut head = Vec::new();
    file.take(HEADER_BYTES as u64).read_to_end(&mut head)?;
    let page = |head: &[u8]| match u16::from_be_bytes([head[16], head[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let is_whole = head.len() == HEADER_BYTES
        && head.starts_with(MAGIC)
        && APPLICATIONS.contains(&&head[68..72])
        && page(&head).is_power_of_two()
        && length.is_multiple_of(page(&head));
    Ok(is_whole.then_some(length))
}

/// A path as an address that says: read only, and nobody else writes.
fn address(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    let mut address = String::from("file:");
    for &byte in path.as_os_str().as_encoded_bytes() {
        if plain(byte) {
            address.push(char::from(byte));
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address + "?mode=ro&immutable=1"
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_hides_what_a_path_may_hold() {
        let address = address(Path::new("/a b/c?mode=rw#d%20.gpkg"));
        let due = "file:/a%20b/c%3Fmode%3Drw%23d%2520.gpkg?mode=ro&immutable=1";
        assert_eq!(address, due);
    }
}
