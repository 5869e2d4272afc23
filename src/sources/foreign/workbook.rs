//! XLSX, XLS and ODS: which sheet, and each cell as a delimited text file would hold it.

use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};

use calamine::{
    Data, DataType, Dimensions, Ods, Range, Reader, Sheet as About, SheetType, SheetVisible, Xls,
    Xlsx,
};

use super::archive::{self, Packed};
use super::sheet::Sheet;
use super::{Order, Stop, refuse};

pub(super) const EXPECTED: &str = "XLSX, XLS or ODS as its program saves it, without a password";
/// How an XLS file begins.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0";
/// 10000-01-01 as a serial date: what is no day of four digits stays a number.
const LAST_SERIAL: f64 = 2_958_466.0;

fn unreadable<E>(_why: E) -> Stop {
    Stop::Refused("not a readable workbook".to_owned(), EXPECTED)
}

/// Decodes one sheet, and gives the number of rows written.
pub(super) fn decode(order: &Order, mut file: File, out: &mut dyn Write) -> Result<u64, Stop> {
    let mut magic = Vec::new();
    (&file).take(4).read_to_end(&mut magic)?;
    file.rewind()?;
    if magic == COMPOUND {
        let mut book = Xls::new(BufReader::new(file)).map_err(unreadable)?;
        return whole(order, &mut book, Xls::merge_cells_by_sheet_name, out);
    }
    if !magic.starts_with(b"PK") {
        return Err(unreadable(()));
    }
    let packed = archive::check(&file, &order.limits)?;
    file.rewind()?;
    match packed {
        Packed::Xlsx => streamed(
            order,
            Xlsx::new(BufReader::new(file)).map_err(unreadable)?,
            out,
        ),
        Packed::Ods => {
            let mut book = Ods::new(BufReader::new(file)).map_err(unreadable)?;
            whole(order, &mut book, |_book, _name| Ok(Vec::new()), out)
        }
    }
}

/// Sheets to look at: the one that is told, or all that can be seen.
fn candidates(order: &Order, sheets: &[About]) -> Result<Vec<String>, Stop> {
    let is_wanted = |sheet: &&About| match &order.sheet {
        Some(told) => sheet.name.trim().eq_ignore_ascii_case(told.trim()),
        None => sheet.visible == SheetVisible::Visible,
    };
    let sheets = sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = sheets
        .filter(is_wanted)
        .map(|sheet| sheet.name.clone())
        .collect();
    if names.is_empty() && order.sheet.is_some() {
        return refuse(
            "no sheet of that name",
            "source.sheet names a sheet of the workbook",
        );
    }
    Ok(names)
}

fn nothing_in_it<T>() -> Result<T, Stop> {
    refuse(
        "a workbook without a cell",
        "a sheet with a row of column names",
    )
}

/// An XLSX sheet, cell by cell: a lone cell in the last corner costs no more than any other.
fn streamed(
    order: &Order,
    mut book: Xlsx<BufReader<File>>,
    out: &mut dyn Write,
) -> Result<u64, Stop> {
    for name in candidates(order, book.sheets_metadata())? {
        let merged = book.merge_cells_by_sheet_name(&name).map_err(unreadable)?;
        let mut cells = book.worksheet_cells_reader(&name).map_err(unreadable)?;
        let mut sheet = Sheet::new(order, merged, &mut *out);
        while let Some(cell) = cells.next_cell().map_err(unreadable)? {
            let (text, is_word) = text(cell.get_value());
            if text.is_empty() {
                continue;
            }
            sheet.cell(cell.get_position(), text, is_word)?;
            if sheet.is_done() {
                break;
            }
        }
        if !sheet.is_empty() {
            return sheet.finish();
        }
    }
    nothing_in_it()
}

/// A sheet of the formats that are decoded whole.
fn whole<B: Reader<BufReader<File>>>(
    order: &Order,
    book: &mut B,
    merged: impl Fn(&B, &str) -> Result<Vec<Dimensions>, B::Error>,
    out: &mut dyn Write,
) -> Result<u64, Stop> {
    for name in candidates(order, book.sheets_metadata())? {
        let range: Range<Data> = book.worksheet_range(&name).map_err(unreadable)?;
        let merged = merged(book, &name).map_err(unreadable)?;
        let (top, left) = range.start().unwrap_or_default();
        let mut sheet = Sheet::new(order, merged, &mut *out);
        for (row, column, cell) in range.used_cells() {
            let (text, is_word) = text(cell);
            if text.is_empty() {
                continue;
            }
            let offset = |from: u32, by: usize| u32::try_from(by).ok()?.checked_add(from);
            let place = offset(top, row).zip(offset(left, column));
            let place = place.ok_or_else(|| unreadable(()))?;
            sheet.cell(place, text, is_word)?;
        }
        if !sheet.is_empty() {
            return sheet.finish();
        }
    }
    nothing_in_it()
}

/// A cell as text, and whether it is a word: days as YYYY-MM-DD, whole numbers without a fraction.
fn text(cell: &impl DataType) -> (String, bool) {
    if let Some(date) = cell.get_datetime() {
        let serial = date.as_f64();
        if !date.is_datetime() || !(1.0..LAST_SERIAL).contains(&serial) {
            return (serial.to_string(), false);
        }
        let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
        let day = format!("{year:04}-{month:02}-{day:02}");
        return match (hour, minute, second) {
            (0, 0, 0) => (day, false),
            _ => (format!("{day}T{hour:02}:{minute:02}:{second:02}"), false),
        };
    }
    if let Some(date) = cell.get_datetime_iso() {
        let day = date.strip_suffix("T00:00:00").unwrap_or(date);
        return (day.to_owned(), false);
    }
    if let Some(number) = cell.get_float() {
        return (number.to_string(), false);
    }
    if let Some(number) = cell.get_int() {
        return (number.to_string(), false);
    }
    if let Some(truth) = cell.get_bool() {
        return (truth.to_string(), false);
    }
    if let Some(words) = cell.get_string() {
        return (words.trim().to_owned(), true);
    }
    // A formula that failed: told as what it is, so that it is no missing value.
    match cell.get_error() {
        Some(error) => (error.to_string(), false),
        None => (String::new(), false),
    }
}
