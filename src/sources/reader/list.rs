//! Saved answers of an API: JSON with an array of rows under `data` or `result`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::fault::{Fault, Tally};
use super::header::Header;
use super::row::Row;
use super::shape::Shape;
use super::{Format, file_name, refuse_identifying};
use crate::base::digest;
use crate::base::error::{Error, Result};
use crate::tables::Intake;

/// Under which name an answer holds its rows: ACLED, IOM.
const ROWS: &[&str] = &["data", "result"];

/// Reads one saved answer: every object of the array is a row, told by its number in the array.
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
        expected: format!(
            "a saved answer of {} with rows under data or result",
            format.source
        ),
    };
    let names = names(&bytes).ok_or_else(|| refused("no array of rows".to_owned()))?;
    let mut header = Header::new(names);
    refuse_identifying(&header, format.left_aside, path)?;
    let columns =
        columns(&mut header).map_err(|missing| refused(format!("no column {missing}")))?;
    let rows = rows(&bytes, &|name| header.is_taken(name))
        .ok_or_else(|| refused("values that are no JSON".to_owned()))?;
    let mut tally = Tally::default();
    for (line, mut row) in (1..).zip(rows) {
        let of = |name: &String| row.remove(name).unwrap_or_default();
        let cells: Vec<String> = header.names().iter().map(of).collect();
        tally.count(line, take(&columns, &Row::listed(line, &cells), intake));
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(&bytes);
    let digest = digest::hex(&hasher);
    tally.close(format.source, &file_name(path), digest, &header, intake);
    Ok(())
}

/// Names of the columns of a saved answer; nothing where it is none.
pub(crate) fn names(bytes: &[u8]) -> Option<Vec<String>> {
    let rows = rows(bytes, &|_name| false)?;
    let names: BTreeSet<String> = rows.into_iter().flat_map(BTreeMap::into_keys).collect();
    Some(names.into_iter().collect())
}

/// Every row's values by column. Of a column that is not asked for the name is kept, and of its
/// values no more than what they look like.
fn rows(bytes: &[u8], asked: &dyn Fn(&str) -> bool) -> Option<Vec<BTreeMap<String, String>>> {
    let mut input = serde_json::Deserializer::from_slice(bytes);
    let rows = Answer(asked).deserialize(&mut input).ok()?;
    input.end().ok()?;
    rows
}

macro_rules! part {
    ($(#[$doc:meta])* $part:ident, $type:ty, $what:literal, $as:ident, $visit:ident, $access:ident) => {
        $(#[$doc])*
        struct $part<'a>(&'a dyn Fn(&str) -> bool);

        impl<'de> DeserializeSeed<'de> for $part<'_> {
            type Value = $type;

            fn deserialize<D: Deserializer<'de>>(
                self,
                input: D,
            ) -> std::result::Result<$type, D::Error> {
                input.$as(self)
            }
        }

        impl<'de> Visitor<'de> for $part<'_> {
            type Value = $type;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($what)
            }

            fn $visit<A: $access<'de>>(self, part: A) -> std::result::Result<$type, A::Error> {
                self.read(part)
            }
        }
    };
}

part! {
    /// The answer as a whole; nothing where it has no rows.
    Answer, Option<Vec<BTreeMap<String, String>>>, "an object", deserialize_map, visit_map, MapAccess
}
part! {
    /// The array of rows.
    Rows, Vec<BTreeMap<String, String>>, "an array", deserialize_seq, visit_seq, SeqAccess
}
part! {
    /// One row.
    OneRow, BTreeMap<String, String>, "an object", deserialize_map, visit_map, MapAccess
}

impl Answer<'_> {
    fn read<'de, A: MapAccess<'de>>(
        self,
        mut part: A,
    ) -> std::result::Result<Option<Vec<BTreeMap<String, String>>>, A::Error> {
        let mut rows = None;
        while let Some(name) = part.next_key::<String>()? {
            if ROWS.contains(&name.as_str()) {
                rows = Some(part.next_value_seed(Rows(self.0))?);
            } else {
                part.next_value::<IgnoredAny>()?;
            }
        }
        Ok(rows)
    }
}

impl Rows<'_> {
    fn read<'de, A: SeqAccess<'de>>(
        self,
        mut part: A,
    ) -> std::result::Result<Vec<BTreeMap<String, String>>, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = part.next_element_seed(OneRow(self.0))? {
            rows.push(row);
        }
        Ok(rows)
    }
}

impl OneRow<'_> {
    fn read<'de, A: MapAccess<'de>>(
        self,
        mut part: A,
    ) -> std::result::Result<BTreeMap<String, String>, A::Error> {
        let mut cells = BTreeMap::new();
        while let Some(name) = part.next_key::<String>()? {
            let cell = if (self.0)(&name) {
                plain(part.next_value()?)
            } else {
                looks_like(part.next_value()?).to_owned()
            };
            cells.insert(name, cell);
        }
        Ok(cells)
    }
}

/// Of a value that is not asked for, what it looks like: nobody's value of the same shape.
fn looks_like(value: serde_json::Value) -> &'static str {
    let shape = match value {
        serde_json::Value::Array(_) | serde_json::Value::Object(_) => None,
        value => Shape::of(plain(value).as_bytes()),
    };
    shape.map_or("", Shape::stand_in)
}

/// A value as a delimited text file would hold it. What is nested is no value of a cell.
fn plain(value: serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}
