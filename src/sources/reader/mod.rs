//! From a file to typed rows: what every source shares.

mod encoding;
pub(crate) mod fault;
pub(crate) mod header;
mod list;
pub(crate) mod records;
mod row;
pub(crate) mod value;

use std::fs::File;
use std::path::Path;

use crate::base::error::{Error, Result};
use crate::tables::Intake;

pub(crate) use fault::{Class, Fault, Tally};
pub(crate) use header::{Column, Header};
pub(crate) use list::names as names_of_list;
pub(crate) use row::{LAT, LON, Row, checked_place};

use super::{Reading, shapes};
use encoding::Decoded;
use list::read_list;
use records::{Cut, Records};

/// What a source says about its files of rows.
pub(crate) struct Format<'a> {
    /// The source's registered name.
    pub(crate) source: &'static str,
    /// Columns that this public source is known to carry and that are left aside, though their
    /// names would have the file refused.
    pub(crate) left_aside: &'a [&'a str],
    /// What they are read against.
    pub(crate) reading: &'a Reading<'a>,
}

/// Reads one file of rows, whatever its format: the header once, then every row on its own.
///
/// # Errors
/// [`Error::Identifying`] for a file that identifies people, [`Error::File`] where a needed column
/// is missing, [`Error::Io`] where the file cannot be read. Bad rows are rejections.
pub(crate) fn read_table<C>(
    format: &Format<'_>,
    path: &Path,
    intake: &mut Intake,
    columns: impl FnOnce(&mut Header) -> std::result::Result<C, &'static str>,
    take: impl FnMut(&C, &Row<'_>, &mut Intake) -> std::result::Result<(), Fault>,
) -> Result<()> {
    match shapes::ending(path).as_str() {
        "json" => read_list(format, path, intake, columns, take),
        _ => read_text(format, path, intake, columns, take),
    }
}

/// Reads one delimited text file.
fn read_text<C>(
    format: &Format<'_>,
    path: &Path,
    intake: &mut Intake,
    columns: impl FnOnce(&mut Header) -> std::result::Result<C, &'static str>,
    mut take: impl FnMut(&C, &Row<'_>, &mut Intake) -> std::result::Result<(), Fault>,
) -> Result<()> {
    let unreadable = || Error::io(path, "read the file");
    let file = File::open(path).map_err(unreadable())?;
    let file =
        Decoded::new(file, format.reading.settings.encoding.as_deref()).map_err(unreadable())?;
    let mut records = Records::new(file).map_err(unreadable())?;
    let mut header = header(&mut records, path)?;
    refuse_identifying(&header, format.left_aside, path)?;
    let columns = columns(&mut header).map_err(|missing| Error::File {
        path: path.to_path_buf(),
        line: Some(1),
        what: format!("no column {missing}"),
        expected: format!("the header of a {} file", format.source),
    })?;
    let width = header.names().len();
    let mut tally = Tally::default();
    let mut first = true;
    loop {
        match records.next().map_err(unreadable())? {
            Cut::End => break,
            Cut::Broken(line, class) => tally.count(line, Err(Fault::of_row(class))),
            Cut::Record(record) => {
                let is_tags = first && record.is_tags();
                first = false;
                if is_tags {
                    continue;
                }
                let line = record.line;
                let outcome = if record.len() == width {
                    take(&columns, &Row::new(&record), intake)
                } else {
                    Err(Fault::of_row(Class::WrongNumberOfColumns))
                };
                tally.count(line, outcome);
                intake.hand_on();
            }
        }
    }
    let digest = records.finish().map_err(unreadable())?.digest();
    tally.close(format.source, &file_name(path), digest, &header, intake);
    Ok(())
}

/// Refuses a file whose columns identify people, whatever its format.
pub(crate) fn refuse_identifying(header: &Header, known: &[&str], path: &Path) -> Result<()> {
    let columns = header.identifying(known);
    if columns.is_empty() {
        return Ok(());
    }
    let path = path.to_path_buf();
    Err(Error::Identifying { path, columns })
}

/// Names of the columns of a delimited text file.
pub(crate) fn header_of(path: &Path, encoding: Option<&str>) -> Result<Vec<String>> {
    let file = File::open(path).map_err(Error::io(path, "read the file"))?;
    let file = Decoded::new(file, encoding).map_err(Error::io(path, "read the file"))?;
    let mut records = Records::new(file).map_err(Error::io(path, "read the file"))?;
    Ok(header(&mut records, path)?.names().to_vec())
}

fn header(records: &mut Records<Decoded<File>>, path: &Path) -> Result<Header> {
    match records.next().map_err(Error::io(path, "read the file"))? {
        Cut::Record(record) => {
            let names = (0..record.len())
                .map(|i| String::from_utf8_lossy(&record.cell(i)).into_owned())
                .collect();
            Ok(Header::new(names))
        }
        _ => Err(Error::File {
            path: path.to_path_buf(),
            line: Some(1),
            what: "no header".to_owned(),
            expected: "a first line with the names of the columns".to_owned(),
        }),
    }
}

/// Name of a file without its folder.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
