//! Rows that come as lists of cells: what every form but delimited text shares.

use std::path::Path;

use super::fault::{Class, Fault, Tally};
use super::header::Header;
use super::row::Row;
use super::{Format, file_name, refuse_identifying};
use crate::base::error::{Error, Result};
use crate::tables::Intake;

/// One row on its way: its line, and a cell for every column, filled where asked for.
pub(super) type Cells = std::result::Result<Vec<Vec<u8>>, Fault>;

/// Reads the rows that `rows` passes on; it gives the digest of the file at the end.
///
/// # Errors
/// As [`super::read_table`].
pub(super) fn read_listed<C>(
    format: &Format<'_>,
    path: &Path,
    intake: &mut Intake,
    names: Vec<String>,
    columns: impl FnOnce(&mut Header) -> std::result::Result<C, &'static str>,
    mut take: impl FnMut(&C, &Row<'_>, &mut Intake) -> std::result::Result<(), Fault>,
    rows: impl FnOnce(&Header, &mut dyn FnMut(u64, Cells)) -> Result<String>,
) -> Result<()> {
    let mut header = Header::new(names);
    refuse_identifying(&header, format.left_aside, path)?;
    let columns = columns(&mut header).map_err(|missing| Error::File {
        path: path.to_path_buf(),
        line: None,
        what: format!("no column {missing}"),
        expected: format!("the columns of a {} file", format.source),
    })?;
    let most = format.reading.limits.row_kib as usize * 1024;
    let mut tally = Tally::default();
    let digest = rows(&header, &mut |line, cells| {
        let outcome = cells.and_then(|cells| {
            if cells.iter().map(Vec::len).sum::<usize>() > most {
                return Err(Fault::of_row(Class::TooLong));
            }
            take(&columns, &Row::listed(&cells), intake)
        });
        tally.count(line, outcome);
        intake.hand_on();
    })?;
    tally.close(format.source, &file_name(path), digest, &header, intake);
    Ok(())
}
