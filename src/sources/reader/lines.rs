//! JSON lines: one object a line, each on its own, so that one that is broken costs itself only.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;

use super::encoding::Decoded;
use super::fault::{Class, Fault};
use super::header::Header;
use super::listed::read_listed;
use super::row::Row;
use super::{Format, json};
use crate::base::error::{Error, Result};
use crate::sources::Reading;
use crate::tables::Intake;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Passes on every line that is not blank, or nothing in its place where it is too long, and gives
/// the digest of the file.
fn pass(
    file: &File,
    reading: &Reading<'_>,
    mut line: impl FnMut(u64, Option<&[u8]>),
) -> io::Result<String> {
    let mut file = file;
    file.rewind()?;
    let text = Decoded::new(file, reading.settings.encoding.as_deref())?;
    let mut input = BufReader::new(text);
    let most = u64::from(reading.limits.row_kib) * 1024;
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        let read = input
            .by_ref()
            .take(most + 1)
            .read_until(b'\n', &mut bytes)? as u64;
        if read == 0 {
            break;
        }
        let is_long = read > most && bytes.last() != Some(&b'\n');
        if is_long {
            while bytes.last() != Some(&b'\n') {
                bytes.clear();
                if input.by_ref().take(most).read_until(b'\n', &mut bytes)? == 0 {
                    break;
                }
            }
        }
        let text = bytes.trim_ascii();
        let text = text.strip_prefix(BOM).unwrap_or(text);
        if is_long {
            line(number, None);
        } else if !text.is_empty() {
            line(number, Some(text));
        }
    }
    Ok(input.into_inner().digest())
}

/// The columns: every name that any line has.
pub(super) fn names(path: &Path, file: &File, reading: &Reading<'_>) -> Result<Vec<String>> {
    let mut names = BTreeSet::new();
    let mut objects = 0_u64;
    let read = pass(file, reading, |_number, text| {
        if let Some(cells) = text.and_then(|text| json::one(text, &|_name| false)) {
            objects += 1;
            names.extend(cells.into_keys());
        }
    });
    read.map_err(Error::io(path, "read the file"))?;
    if objects == 0 {
        return Err(Error::File {
            path: path.to_path_buf(),
            line: None,
            what: "no row".to_owned(),
            expected: "one JSON object a line".to_owned(),
        });
    }
    Ok(names.into_iter().collect())
}

/// Reads a file of JSON lines.
///
/// # Errors
/// As [`super::read_table`].
pub(super) fn read_lines<C>(
    format: &Format<'_>,
    path: &Path,
    file: &File,
    intake: &mut Intake,
    columns: impl FnOnce(&mut Header) -> std::result::Result<C, &'static str>,
    take: impl FnMut(&C, &Row<'_>, &mut Intake) -> std::result::Result<(), Fault>,
) -> Result<()> {
    let reading = format.reading;
    let names = names(path, file, reading)?;
    read_listed(format, path, intake, names, columns, take, |header, row| {
        let asked = |name: &str| header.is_taken(name);
        let read = pass(file, reading, |number, text| {
            let Some(text) = text else {
                return row(number, Err(Fault::of_row(Class::TooLong)));
            };
            let cells = json::one(text, &asked);
            let cells = cells.map(|mut cells| {
                let of = |name: &String| cells.remove(name).unwrap_or_default().into_bytes();
                header.names().iter().map(of).collect()
            });
            row(number, cells.ok_or(Fault::of_row(Class::NotAnObject)));
        });
        read.map_err(Error::io(path, "read the file"))
    })
}
