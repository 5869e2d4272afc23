//! From a file to typed rows: what every source shares.

mod encoding;
pub(crate) mod fault;
mod feature;
mod form;
pub(crate) mod header;
mod json;
mod lines;
mod list;
mod listed;
pub(crate) mod records;
mod row;
mod scan;
mod shape;
pub(crate) mod value;
mod watch;
mod written;

use std::cell::RefCell;
use std::fs::File;
use std::path::Path;

use memchr::memchr;

use crate::base::error::{Error, Result};
use crate::tables::Intake;

pub(crate) use fault::{Class, Fault, Tally};
pub(crate) use form::{Form, open};
pub(crate) use header::{Column, Header};
pub(crate) use list::Text;
pub(crate) use row::{LAT, LON, Row, checked_place, to_a_tenth};

use super::consent::is_public;
use super::foreign::Foreign;
use super::{Reading, is_published};
use encoding::Decoded;
use lines::read_lines;
use list::read_list;
use listed::read_listed;
use records::{Cut, Most, Records};
use watch::{Right, Watch};
use written::Written;

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

/// Reads one file of rows, whatever its format: the header once, then every row on its own, its
/// values as the source writes them and watched for what tells of a person.
///
/// # Errors
/// [`Error::Identifying`] for a file that identifies people, [`Error::File`] where a needed column
/// is missing, [`Error::Io`] where the file cannot be read. Bad rows are rejections.
pub(crate) fn read_table<C>(
    format: &Format<'_>,
    path: &Path,
    intake: &mut Intake,
    columns: impl FnOnce(&mut Header) -> std::result::Result<C, &'static str>,
    mut take: impl FnMut(&C, &Row<'_>, &mut Intake) -> std::result::Result<(), Fault>,
) -> Result<()> {
    let reading = format.reading;
    let right = match (is_public(reading.settings), is_published(format.source)) {
        (true, true) => Right::Published,
        (true, false) => Right::SaidPublic,
        (false, _) => Right::Shared,
    };
    // What is public covers many countries: a place far away is no mistake there.
    let area = reading.area.filter(|_| right == Right::Shared);
    let written = Written::of(reading.settings, area);
    let watch = RefCell::new(Watch::default());
    let columns = |header: &mut Header| {
        let columns = columns(header)?;
        watch.borrow_mut().over(header);
        Ok(columns)
    };
    let take = |columns: &C, row: &Row<'_>, intake: &mut Intake| {
        watch.borrow_mut().see(row);
        take(columns, &row.as_written(written), intake)
    };
    let (file, form) = open(path, reading)?;
    match form {
        Form::Text => read_text(format, path, file, intake, columns, take),
        Form::Json => read_list(format, path, file, intake, columns, take),
        Form::Lines => read_lines(format, path, &file, intake, columns, take),
        Form::Foreign(container) => {
            let foreign = Foreign::open(path, file, container, reading)?;
            read_foreign(format, path, foreign, intake, columns, take)
        }
    }?;
    intake.notes.extend(watch.borrow().judge(path, right)?);
    Ok(())
}

/// Reads a workbook or a Parquet file: a row is told by its number in the sheet, or its position.
fn read_foreign<C>(
    format: &Format<'_>,
    path: &Path,
    foreign: Foreign<'_>,
    intake: &mut Intake,
    columns: impl FnOnce(&mut Header) -> std::result::Result<C, &'static str>,
    take: impl FnMut(&C, &Row<'_>, &mut Intake) -> std::result::Result<(), Fault>,
) -> Result<()> {
    let names = foreign.heading()?.names;
    read_listed(format, path, intake, names, columns, take, |header, row| {
        // All columns, a row at a time: what is left aside is watched too.
        let all = (0..header.names().len()).collect();
        foreign.rows(all, |line, cells| row(line, Ok(cells)))
    })
}

/// Reads one delimited text file.
fn read_text<C>(
    format: &Format<'_>,
    path: &Path,
    file: File,
    intake: &mut Intake,
    columns: impl FnOnce(&mut Header) -> std::result::Result<C, &'static str>,
    mut take: impl FnMut(&C, &Row<'_>, &mut Intake) -> std::result::Result<(), Fault>,
) -> Result<()> {
    let unreadable = || Error::io(path, "read the file");
    let file =
        Decoded::new(file, format.reading.settings.encoding.as_deref()).map_err(unreadable())?;
    let most = Most::of(format.reading.limits);
    let mut records = Records::new(file, most).map_err(unreadable())?;
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
            Cut::Entangled(line) => return Err(entangled(path, line)),
            Cut::Record(record) => {
                let is_tags = first && record.is_tags();
                first = false;
                if is_tags {
                    continue;
                }
                let line = record.line;
                let outcome = if record.len() == width {
                    take(&columns, &Row::new(&record), intake)
                } else if record.has_lone_return() {
                    Err(Fault::of_row(Class::LoneReturn))
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

fn entangled(path: &Path, line: u64) -> Error {
    Error::File {
        path: path.to_path_buf(),
        line: Some(line),
        what:
            "a quoted field longer than limits.row_lines or limits.row_kib, so that no row behind \
               it can be told from its text"
                .to_owned(),
        expected: "close its quote where the field ends, or raise the limit".to_owned(),
    }
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

/// Names of the columns of a file of rows, whatever its format.
pub(crate) fn header_of(path: &Path, reading: &Reading<'_>) -> Result<Vec<String>> {
    let (file, form) = open(path, reading)?;
    match form {
        Form::Text => header_of_text(path, file, reading),
        Form::Json => Text::read(path, file, reading)?.names(path),
        Form::Lines => lines::names(path, &file, reading),
        Form::Foreign(container) => Ok(Foreign::open(path, file, container, reading)?
            .heading()?
            .names),
    }
}

fn header_of_text(path: &Path, file: File, reading: &Reading<'_>) -> Result<Vec<String>> {
    let encoding = reading.settings.encoding.as_deref();
    let file = Decoded::new(file, encoding).map_err(Error::io(path, "read the file"))?;
    let most = Most::of(reading.limits);
    let mut records = Records::new(file, most).map_err(Error::io(path, "read the file"))?;
    Ok(header(&mut records, path)?.names().to_vec())
}

fn header(records: &mut Records<Decoded<File>>, path: &Path) -> Result<Header> {
    let refused = |what: &str, expected: &str| Error::File {
        path: path.to_path_buf(),
        line: Some(1),
        what: what.to_owned(),
        expected: expected.to_owned(),
    };
    let next = records.next().map_err(Error::io(path, "read the file"))?;
    let record = match next {
        Cut::Record(record) => record,
        Cut::Broken(_, class) => {
            let what = format!("a header that is broken: {}", class.name());
            return Err(refused(&what, class.remedy()));
        }
        Cut::Entangled(_) | Cut::End => {
            let expected = "a first line with the names of the columns";
            return Err(refused("no header", expected));
        }
    };
    let cells = (0..record.len()).map(|i| record.cell(i).into_owned());
    let names: Vec<Vec<u8>> = cells.collect();
    let have = |byte| names.iter().any(|name| memchr(byte, name).is_some());
    if have(0) {
        let expected = "UTF-8, UTF-16 with a byte order mark, or source.encoding";
        return Err(refused("zero bytes in the header", expected));
    }
    if have(b'\r') {
        let expected = "lines ended by line feeds, with or without carriage returns";
        return Err(refused("a carriage return within the header", expected));
    }
    let text = |name: Vec<u8>| String::from_utf8_lossy(&name).into_owned();
    Ok(Header::new(names.into_iter().map(text).collect()))
}

/// Name of a file without its folder.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
