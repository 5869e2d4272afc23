//! One row's values, each read as what its column must hold.

use std::borrow::Cow;

use forewarn_models::units::Coordinate;

use super::fault::{Class, Fault};
use super::header::Column;
use super::records::Record;
use super::value;
use super::written::Written;
use crate::base::day::Day;

pub(crate) const LAT: &str = "-90..=90";
pub(crate) const LON: &str = "-180..=180";
const NOT_SWAPPED: &str = "latitude and longitude each in its own column";
const TEXT: &str = "a text in UTF-8, or in what source.encoding says";
const CLEAN_TEXT: &str = "a text without control characters";
const DAY: &str = "YYYY-MM-DD, 1970 to 2100, or as source.date_format says";

/// One row.
pub(crate) struct Row<'a> {
    cells: Cells<'a>,
    written: Written,
}

/// Where the cells of a row are.
#[derive(Clone, Copy)]
enum Cells<'a> {
    Record(&'a Record<'a>),
    Listed(&'a [Vec<u8>]),
}

impl<'a> Row<'a> {
    pub(crate) fn new(record: &'a Record<'a>) -> Self {
        Self {
            cells: Cells::Record(record),
            written: Written::default(),
        }
    }

    /// A row that came as a list of cells.
    pub(crate) fn listed(cells: &'a [Vec<u8>]) -> Self {
        Self {
            cells: Cells::Listed(cells),
            written: Written::default(),
        }
    }

    /// The same row, its values read as its source writes them.
    pub(crate) fn as_written(&self, written: Written) -> Self {
        Self { written, ..*self }
    }

    /// Number of cells.
    pub(crate) fn len(&self) -> usize {
        match self.cells {
            Cells::Record(record) => record.len(),
            Cells::Listed(cells) => cells.len(),
        }
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
        let is_control = |byte: u8| byte < b' ' && !b"\t\r\n".contains(&byte);
        if text.is_empty() {
            Err(fault(Class::Missing))
        } else if text.bytes().any(is_control) {
            Err(Fault::new(Column::At(at), Class::Control, CLEAN_TEXT))
        } else {
            Ok(text)
        }
    }

    /// A text, or nothing where the cell is empty.
    pub(crate) fn text_or_none(&self, at: usize) -> Result<Option<Cow<'_, str>>, Fault> {
        if self.bytes(at).is_empty() {
            return Ok(None);
        }
        self.text(at).map(Some)
    }

    /// A number that must be there.
    pub(crate) fn number(&self, at: usize, expected: &'static str) -> Result<f64, Fault> {
        let bytes = self.bytes(at);
        let fault = |class, expected| Err(Fault::new(Column::At(at), class, expected));
        if bytes.is_empty() {
            return fault(Class::Missing, expected);
        }
        let remedy = || value::remedy(&bytes, self.written.decimal_comma).unwrap_or(expected);
        self.decimal(&bytes)
            .and_then(|text| value::number(&text))
            .map_or_else(|| fault(Class::NotANumber, remedy()), Ok)
    }

    /// A number's text with a decimal point, whatever the source writes.
    fn decimal<'b>(&self, bytes: &'b [u8]) -> Option<Cow<'b, [u8]>> {
        if self.written.decimal_comma {
            value::with_point(bytes)
        } else {
            Some(Cow::Borrowed(bytes))
        }
    }

    /// A whole number, or nothing where the cell is empty.
    pub(crate) fn whole(&self, at: usize, expected: &'static str) -> Result<Option<i64>, Fault> {
        let bytes = self.bytes(at);
        if bytes.is_empty() {
            return Ok(None);
        }
        let fault = Fault::new(Column::At(at), Class::NotAWholeNumber, expected);
        let text = self.decimal(&bytes);
        text.and_then(|text| value::whole(&text))
            .map(Some)
            .ok_or(fault)
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

    /// A count from 0 that must be there.
    pub(crate) fn counted(&self, at: usize) -> Result<u32, Fault> {
        let missing = Fault::new(Column::At(at), Class::Missing, "a whole number from 0");
        self.count(at)?.ok_or(missing)
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
        let day = value::written_day(&bytes, self.written.dates);
        day.map(Some)
            .map_err(|class| Fault::new(Column::At(at), class, DAY))
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

    /// First and last day of a period, each open where its cell is empty or the file has no such
    /// column.
    pub(crate) fn period(&self, at: [Option<usize>; 2]) -> Result<[Option<Day>; 2], Fault> {
        let first = at[0].map_or(Ok(None), |at| self.day_or_none(at))?;
        let last = match (at[1], first) {
            (None, _) => None,
            (Some(at), None) => self.day_or_none(at)?,
            (Some(at), Some(_)) if self.bytes(at).is_empty() => None,
            (Some(at), Some(first)) => Some(self.last_day(at, first)?),
        };
        Ok([first, last])
    }

    /// A place on Earth. Zero north, zero east is where missing coordinates end up: not taken. Nor
    /// is a place that lies in the mission's area only with its coordinates exchanged: whether they
    /// were is for whoever wrote them to say.
    pub(crate) fn place(&self, lat: usize, lon: usize) -> Result<(f64, f64), Fault> {
        let (lat_deg, lon_deg) = (self.number(lat, LAT)?, self.number(lon, LON)?);
        let place = checked_place((Column::At(lat), lat_deg), (Column::At(lon), lon_deg))?;
        if self.written.seems_swapped(lat_deg, lon_deg) {
            return Err(Fault::new(
                Column::At(lat),
                Class::SeemsSwapped,
                NOT_SWAPPED,
            ));
        }
        Ok(place)
    }

    /// A text, or nothing where the cell is empty or the file has no such column.
    pub(crate) fn optional_text(&self, at: Option<usize>) -> Result<Option<Cow<'_, str>>, Fault> {
        let at = at.filter(|&at| !self.bytes(at).is_empty());
        at.map(|at| self.text(at)).transpose()
    }

    /// 1 for yes and 0 for no; nothing where the cell is empty or the file has no such column.
    pub(crate) fn yes_or_no(&self, at: Option<usize>) -> Result<Option<u8>, Fault> {
        let Some(at) = at else { return Ok(None) };
        match &*self.bytes(at) {
            b"" => Ok(None),
            b"1" | b"yes" | b"true" => Ok(Some(1)),
            b"0" | b"no" | b"false" => Ok(Some(0)),
            _ => Self::unknown(at, "yes, no or empty"),
        }
    }

    /// A fault of the value in a column.
    pub(crate) fn unknown<T>(at: usize, expected: &'static str) -> Result<T, Fault> {
        Err(Fault::new(Column::At(at), Class::NotAValue, expected))
    }
}

/// A place to a tenth of a degree, about 11 km: as finely as survivor data are published.
pub(crate) fn to_a_tenth((lat_deg, lon_deg): (f64, f64)) -> (f64, f64) {
    let tenth = |degrees: f64| (degrees * 10.0).round() / 10.0;
    (tenth(lat_deg), tenth(lon_deg))
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
