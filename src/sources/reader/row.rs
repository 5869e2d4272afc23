//! One row's values, each read as what its column must hold.

use std::borrow::Cow;

use forewarn_models::units::Coordinate;

use super::fault::{Class, Fault};
use super::header::Column;
use super::records::Record;
use super::value;
use crate::base::day::Day;

pub(crate) const LAT: &str = "-90..=90";
pub(crate) const LON: &str = "-180..=180";
const TEXT: &str = "a text in UTF-8, or in what source.encoding says";
const DAY: &str = "YYYY-MM-DD, 1970 to 2100";

/// One row.
pub(crate) struct Row<'a> {
    line: u64,
    cells: Cells<'a>,
}

/// Where the cells of a row are.
enum Cells<'a> {
    Record(&'a Record<'a>),
    Listed(&'a [Vec<u8>]),
}

impl<'a> Row<'a> {
    pub(crate) fn new(record: &'a Record<'a>) -> Self {
        Self {
            line: record.line,
            cells: Cells::Record(record),
        }
    }

    /// A row of a saved answer, told by its number.
    pub(crate) fn listed(line: u64, cells: &'a [Vec<u8>]) -> Self {
        let cells = Cells::Listed(cells);
        Self { line, cells }
    }

    /// Physical line of the row.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The bytes of a cell, or nothing.
    pub(crate) fn bytes(&self, at: usize) -> Cow<'_, [u8]> {
        match self.cells {
            Cells::Record(record) => record.cell(at),
            Cells::Listed(cells) => Cow::Borrowed(cells.get(at).map_or(&[], Vec::as_slice)),
        }
    }

    /// A text that must be there.
    pub(crate) fn text(&self, at: usize) -> Result<Cow<'_, str>, Fault> {
        let fault = |class| Fault::new(Column::At(at), class, TEXT);
        let text = match self.bytes(at) {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
        };
        let text = text.ok_or_else(|| fault(Class::NotUtf8))?;
        if text.is_empty() {
            Err(fault(Class::Missing))
        } else {
            Ok(text)
        }
    }

    /// A number that must be there.
    pub(crate) fn number(&self, at: usize, expected: &'static str) -> Result<f64, Fault> {
        let bytes = self.bytes(at);
        let class = if bytes.is_empty() {
            Class::Missing
        } else {
            Class::NotANumber
        };
        value::number(&bytes).ok_or(Fault::new(Column::At(at), class, expected))
    }

    /// A whole number, or nothing where the cell is empty.
    pub(crate) fn whole(&self, at: usize, expected: &'static str) -> Result<Option<i64>, Fault> {
        let bytes = self.bytes(at);
        if bytes.is_empty() {
            return Ok(None);
        }
        let fault = Fault::new(Column::At(at), Class::NotAWholeNumber, expected);
        value::whole(&bytes).map(Some).ok_or(fault)
    }

    /// A count from 0, or nothing where the cell is empty.
    pub(crate) fn count(&self, at: usize) -> Result<Option<u32>, Fault> {
        let expected = "a whole number from 0";
        let Some(value) = self.whole(at, expected)? else {
            return Ok(None);
        };
        let fault = Fault::new(Column::At(at), Class::OutOfRange, expected);
        u32::try_from(value).map(Some).map_err(|_out| fault)
    }

    /// A day that must be there.
    pub(crate) fn day(&self, at: usize) -> Result<Day, Fault> {
        self.day_or_none(at)?
            .ok_or(Fault::new(Column::At(at), Class::Missing, DAY))
    }

    /// A day, or nothing where the cell is empty.
    pub(crate) fn day_or_none(&self, at: usize) -> Result<Option<Day>, Fault> {
        let bytes = self.bytes(at);
        if bytes.is_empty() {
            return Ok(None);
        }
        value::day(&bytes).map(Some).map_err(|is_date| {
            let class = if is_date {
                Class::OutOfRange
            } else {
                Class::NotADate
            };
            Fault::new(Column::At(at), class, DAY)
        })
    }

    /// A day that must be there, in a source's own way of writing it.
    pub(crate) fn day_as(
        &self,
        at: usize,
        parse: fn(&[u8]) -> Option<Day>,
        expected: &'static str,
    ) -> Result<Day, Fault> {
        let fault = |class| Fault::new(Column::At(at), class, expected);
        let bytes = self.bytes(at);
        if bytes.is_empty() {
            return Err(fault(Class::Missing));
        }
        let day = parse(&bytes).ok_or_else(|| fault(Class::NotADate))?;
        if value::is_in_range(day) {
            Ok(day)
        } else {
            Err(fault(Class::OutOfRange))
        }
    }

    /// A last day that is not before the first; the first where the cell is empty.
    pub(crate) fn last_day(&self, at: usize, first: Day) -> Result<Day, Fault> {
        let last = self.day_or_none(at)?.unwrap_or(first);
        let fault = Fault::new(
            Column::At(at),
            Class::EndsBeforeStart,
            "not before the first day",
        );
        if last < first { Err(fault) } else { Ok(last) }
    }

    /// A place on Earth. Zero north, zero east is where missing coordinates end up: not taken.
    pub(crate) fn place(&self, lat: usize, lon: usize) -> Result<(f64, f64), Fault> {
        let (lat_deg, lon_deg) = (self.number(lat, LAT)?, self.number(lon, LON)?);
        checked_place((Column::At(lat), lat_deg), (Column::At(lon), lon_deg))
    }

    /// A fault of the value in a column.
    pub(crate) fn unknown<T>(at: usize, expected: &'static str) -> Result<T, Fault> {
        Err(Fault::new(Column::At(at), Class::NotAValue, expected))
    }
}

/// Degrees north and east, each with its column, where they are a place on Earth.
pub(crate) fn checked_place(lat: (Column, f64), lon: (Column, f64)) -> Result<(f64, f64), Fault> {
    let ((lat, lat_deg), (lon, lon_deg)) = (lat, lon);
    if Coordinate::new(lat_deg, 0.0).is_err() {
        return Err(Fault::new(lat, Class::OutOfRange, LAT));
    }
    if Coordinate::new(0.0, lon_deg).is_err() {
        return Err(Fault::new(lon, Class::OutOfRange, LON));
    }
    if lat_deg.abs() < f64::EPSILON && lon_deg.abs() < f64::EPSILON {
        return Err(Fault::new(
            lat,
            Class::NullIsland,
            "the record's own coordinates",
        ));
    }
    Ok((lat_deg, lon_deg))
}
