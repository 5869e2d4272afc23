//! Saved answers of an API: JSON with an array of rows under `data`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};

use super::fault::{Class, Fault, Tally};
use super::header::{Column, Header};
use super::row::Row;
use super::{Format, file_name, refuse_identifying};
use crate::base::digest;
use crate::base::error::{Error, Result};
use crate::tables::Intake;

const ROW: &str = "an object with a value for each column";

#[derive(Deserialize)]
struct Answer<T> {
    data: Vec<T>,
}

/// Reads one saved answer: every object of `data` is a row, told by its number in the array.
///
/// # Errors
/// As [`super::read_table`], and where the file is no such JSON.
pub(crate) fn read_list<C>(
    format: &Format<'_>,
    path: &Path,
    intake: &mut Intake,
    columns: impl FnOnce(&mut Header) -> std::result::Result<C, &'static str>,
    mut take: impl FnMut(&C, &Row<'_>, &mut Intake) -> std::result::Result<(), Fault>,
) -> Result<()> {
    let bytes = fs::read(path).map_err(Error::io(path, "read the file"))?;
    let refused = |what: String| Error::File {
        path: path.to_path_buf(),
        line: None,
        what,
        expected: format!("a saved answer of {} with rows under data", format.source),
    };
    let names = names(&bytes).ok_or_else(|| refused("no array of rows".to_owned()))?;
    let mut header = Header::new(names);
    refuse_identifying(&header, format.left_aside, path)?;
    let columns =
        columns(&mut header).map_err(|missing| refused(format!("no column {missing}")))?;
    let rows: Answer<Cells> = serde_json::from_slice(&bytes)
        .map_err(|_why| refused("values that are no JSON".to_owned()))?;
    let mut tally = Tally::default();
    for (line, cells) in (1..).zip(rows.data) {
        let outcome = match cells.0 {
            Some(mut cells) => {
                let of = |name: &String| cells.remove(name).unwrap_or_default();
                let cells: Vec<String> = header.names().iter().map(of).collect();
                take(&columns, &Row::listed(line, &cells), intake)
            }
            None => Err(Fault::new(Column::Row, Class::NotAValue, ROW)),
        };
        tally.count(line, outcome);
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(&bytes);
    let digest = digest::hex(&hasher);
    tally.close(format.source, &file_name(path), digest, &header, intake);
    Ok(())
}

/// Names of the columns of a saved answer; nothing where it is none.
pub(crate) fn names(bytes: &[u8]) -> Option<Vec<String>> {
    let answer: Answer<Names> = serde_json::from_slice(bytes).ok()?;
    let names = answer.data.into_iter().flat_map(|row| match row {
        Names::Row(row) => row.into_keys().collect(),
        Names::Other(_) => Vec::new(),
    });
    let names: BTreeSet<String> = names.collect();
    Some(names.into_iter().collect())
}

/// Names in one row, its values passed over.
#[derive(Deserialize)]
#[serde(untagged)]
enum Names {
    Row(BTreeMap<String, IgnoredAny>),
    Other(IgnoredAny),
}

/// One row's values as texts; nothing where it is no object.
struct Cells(Option<BTreeMap<String, String>>);

impl<'de> Deserialize<'de> for Cells {
    fn deserialize<D: Deserializer<'de>>(input: D) -> std::result::Result<Self, D::Error> {
        let row = serde_json::Value::deserialize(input)?;
        let serde_json::Value::Object(row) = row else {
            return Ok(Self(None));
        };
        let cells = row.into_iter().map(|(name, value)| (name, plain(value)));
        Ok(Self(Some(cells.collect())))
    }
}

/// A value as a delimited text file would hold it. What is nested is no value of a cell.
fn plain(value: serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}
