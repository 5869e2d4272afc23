//! Saved answers of an API, and `GeoJSON` points: one JSON text with an array of rows in it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::Format;
use super::encoding::Decoded;
use super::fault::Fault;
use super::header::Header;
use super::json::Rows;
use super::listed::read_listed;
use super::row::Row;
use crate::base::error::{Error, Result};
use crate::sources::Reading;
use crate::tables::Intake;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A text, read whole, and the digest of its file.
pub(crate) struct Text {
    bytes: Vec<u8>,
    digest: String,
}

/// What can be told of a text before its rows.
pub(crate) struct Told {
    pub(crate) names: Vec<String>,
    /// Whether the rows are features of a `GeoJSON` collection.
    pub(crate) features: bool,
}

impl Text {
    pub(crate) fn read(path: &Path, file: File, reading: &Reading<'_>) -> Result<Self> {
        let unreadable = || Error::io(path, "read the file");
        let mut input =
            Decoded::new(file, reading.settings.encoding.as_deref()).map_err(unreadable())?;
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes).map_err(unreadable())?;
        let digest = input.digest();
        if bytes.starts_with(BOM) {
            bytes.drain(..BOM.len());
        }
        Ok(Self { bytes, digest })
    }

    /// The columns; nothing where the text holds no rows.
    pub(crate) fn told(&self) -> Option<Told> {
        let mut names = BTreeSet::new();
        let nothing = |_name: &str| false;
        let mut row = |cells: super::json::Cells| names.extend(cells.into_keys());
        let features = Rows::pass(&self.bytes, &nothing, &mut row)?;
        let names = names.into_iter().collect();
        Some(Told { names, features })
    }

    /// The columns.
    ///
    /// # Errors
    /// Where the text holds no rows.
    pub(crate) fn names(&self, path: &Path) -> Result<Vec<String>> {
        let refused = || Error::File {
            path: path.to_path_buf(),
            line: None,
            what: "no array of rows".to_owned(),
            expected: "a saved answer with one array of rows under data, Result, result, value or \
                       items, or GeoJSON points"
                .to_owned(),
        };
        Ok(self.told().ok_or_else(refused)?.names)
    }
}

/// Reads one saved answer: every row is told by its number in the array.
///
/// # Errors
/// As [`super::read_table`], and where the file is no such JSON.
pub(super) fn read_list<C>(
    format: &Format<'_>,
    path: &Path,
    file: File,
    intake: &mut Intake,
    columns: impl FnOnce(&mut Header) -> std::result::Result<C, &'static str>,
    take: impl FnMut(&C, &Row<'_>, &mut Intake) -> std::result::Result<(), Fault>,
) -> Result<()> {
    let text = Text::read(path, file, format.reading)?;
    let names = text.names(path)?;
    read_listed(format, path, intake, names, columns, take, |header, row| {
        let mut line = 0;
        let asked = |name: &str| header.is_taken(name);
        let mut pass = |mut cells: super::json::Cells| {
            line += 1;
            let of = |name: &String| cells.remove(name).unwrap_or_default().into_bytes();
            row(line, Ok(header.names().iter().map(of).collect()));
        };
        // It was walked once for its names, so it can be walked again.
        Rows::pass(&text.bytes, &asked, &mut pass);
        Ok(text.digest.clone())
    })
}
