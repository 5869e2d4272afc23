//! Rain per P-code, H3 cell or PRIO-GRID cell and period. No rasters: tables that others made of them.

mod parquet;

use std::borrow::Cow;
use std::path::Path;

use forewarn_models::units::priogrid_corners;
use geo::{Contains, Intersects, Rect, coord};
use h3o::{CellIndex, LatLng};

use crate::base::code::Footprint;
use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::{Intake, RainRow};

use super::pcodes::{CODE, is_pcode};
use super::reader::{Class, Column, Fault, Format, Header, Row, read_table};
use super::{Head, Reading, Source, shapes};

const PRIOGRID: &[&str] = &["priogrid_gid", "pg_id", "gid"];
const HEX: &[&str] = &["hex_id", "h3_index"];
const PCODE: &[&str] = &["pcode", "adm3_pcode", "adm2_pcode", "adm1_pcode"];
/// Millimetres of the row's own period, and of the ten days from `date` on (WFP's tables on HDX).
const RAIN: &[&str] = &["rain_mm", "rainfall_mm", "precipitation_mm"];
const TEN_DAYS: &str = "rfh";
const MM: &str = "0..=10000 mm";
const MM_MOST: f64 = 10_000.0;
const PERCENT: &str = "0..=100 percent";
const MONTH: &str = "a year and a month, 1970-01 to 2100-12";
/// How far from the mission's box the centre of an H3 cell may lie and still be of use.
const MARGIN_DEG: f64 = 0.5;

/// Delimited text and Parquet, monthly, per ten days or per period of any length.
#[derive(Debug)]
pub(super) struct Rain;

struct Columns {
    place: (Footprint, usize),
    when: When,
    rain: usize,
    saturated: Option<usize>,
    version: Option<usize>,
}

enum When {
    Month { year: usize, month: usize },
    Period { first: usize, last: usize },
    TenDays { first: usize },
}

impl Columns {
    fn of(header: &mut Header) -> std::result::Result<Self, &'static str> {
        let places = [
            (Footprint::PrioGrid, PRIOGRID),
            (Footprint::Hex, HEX),
            (Footprint::Area, PCODE),
        ];
        let mut places = places.into_iter();
        let place = places.find_map(|(what, names)| Some((what, header.take(names)?)));
        let place = place.ok_or("pcode, hex_id or priogrid_gid")?;
        let (rain, when) = if let Some(rain) = header.take(RAIN) {
            let mut take = |name: &'static str| header.take(&[name]).ok_or(name);
            let month = take("year").and_then(|year| Ok((year, take("month")?)));
            let when = match month {
                Ok((year, month)) => When::Month { year, month },
                Err(_) => When::Period {
                    first: take("first_day")?,
                    last: take("last_day")?,
                },
            };
            (rain, when)
        } else {
            let first = header.take(&["date"]).ok_or("date")?;
            (
                header.take(&[TEN_DAYS]).ok_or("rain_mm")?,
                When::TenDays { first },
            )
        };
        Ok(Self {
            place,
            when,
            rain,
            saturated: header.take(&["sat_frac"]),
            version: header.take(&["version"]),
        })
    }
}

impl Source for Rain {
    fn name(&self) -> &'static str {
        "rain"
    }

    fn describe(&self) -> &'static str {
        "rain per P-code, H3 cell or PRIO-GRID cell and period, CSV or Parquet"
    }

    fn recognises(&self, head: &Head) -> bool {
        let any = |names: &[&str]| names.iter().any(|&name| head.has(&[name]));
        let has_place = any(PRIOGRID) || any(HEX) || any(PCODE);
        let has_period = head.has(&["year", "month"]) || head.has(&["first_day", "last_day"]);
        let is_plain = any(RAIN) && has_period;
        has_place && !head.has_areas && (is_plain || head.has(&["date", TEN_DAYS]))
    }

    fn read(&self, path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
        if shapes::ending(path) == "parquet" {
            return parquet::read(path, reading, intake);
        }
        let format = Format {
            source: self.name(),
            left_aside: &[],
            reading,
        };
        read_table(
            &format,
            path,
            intake,
            Columns::of,
            |columns, row, intake| take(columns, row, reading.area, intake),
        )
    }
}

/// One row's values, whatever holds them.
trait Cells {
    fn text(&self, at: usize) -> std::result::Result<Cow<'_, str>, Fault>;
    fn number(&self, at: usize, expected: &'static str) -> std::result::Result<f64, Fault>;
    fn whole(&self, at: usize, expected: &'static str) -> std::result::Result<Option<i64>, Fault>;
    fn day(&self, at: usize) -> std::result::Result<Day, Fault>;
    fn is_empty(&self, at: usize) -> bool;
}

impl Cells for Row<'_> {
    fn text(&self, at: usize) -> std::result::Result<Cow<'_, str>, Fault> {
        Row::text(self, at)
    }
    fn number(&self, at: usize, expected: &'static str) -> std::result::Result<f64, Fault> {
        Row::number(self, at, expected)
    }
    fn whole(&self, at: usize, expected: &'static str) -> std::result::Result<Option<i64>, Fault> {
        Row::whole(self, at, expected)
    }
    fn day(&self, at: usize) -> std::result::Result<Day, Fault> {
        Row::day(self, at)
    }
    fn is_empty(&self, at: usize) -> bool {
        self.bytes(at).is_empty()
    }
}

fn take(
    columns: &Columns,
    row: &impl Cells,
    area: Option<Rect<f64>>,
    intake: &mut Intake,
) -> std::result::Result<(), Fault> {
    let (footprint, at) = columns.place;
    let place = place(row, footprint, at)?;
    if area.is_some_and(|area| !place.is_near(area)) || is_forecast(columns, row)? {
        return Err(Fault::aside());
    }
    let (first_day, last_day) = days(row, &columns.when)?;
    let saturated = columns.saturated.filter(|&at| !row.is_empty(at));
    let saturated = saturated.map(|at| within(row, at, 100.0, PERCENT));
    let (cell, pcode) = match &place {
        Place::Hex(cell) => (Some(u64::from(*cell)), None),
        Place::PrioGrid(id) => (Some(u64::from(*id)), None),
        Place::Area(pcode) => (None, Some(pcode.as_ref())),
    };
    intake.rain.push(RainRow {
        source: Rain.name(),
        footprint: footprint.code(),
        cell,
        pcode,
        first_day,
        last_day,
        rain_mm: within(row, columns.rain, MM_MOST, MM)?,
        saturated: saturated.transpose()?.map(|percent| percent / 100.0),
    });
    Ok(())
}

/// Where it rained.
enum Place<'a> {
    Area(Cow<'a, str>),
    Hex(CellIndex),
    PrioGrid(u32),
}

fn place(row: &impl Cells, what: Footprint, at: usize) -> std::result::Result<Place<'_>, Fault> {
    let fault = |class, expected| Fault::new(Column::At(at), class, expected);
    match what {
        Footprint::PrioGrid => {
            let expected = "a PRIO-GRID id, 1..=259200";
            let id = row.whole(at, expected)?;
            let id = id.ok_or(fault(Class::Missing, expected))?;
            let known = u32::try_from(id)
                .ok()
                .filter(|&id| priogrid_corners(id).is_some());
            let id = known.ok_or(fault(Class::OutOfRange, expected))?;
            Ok(Place::PrioGrid(id))
        }
        Footprint::Hex => {
            let cell = row.text(at)?.parse().ok();
            let expected = "an H3 cell in hexadecimal";
            Ok(Place::Hex(cell.ok_or(fault(Class::NotAValue, expected))?))
        }
        Footprint::Area => {
            let code = row.text(at)?;
            if is_pcode(&code) {
                Ok(Place::Area(code))
            } else {
                Err(fault(Class::NotAValue, CODE))
            }
        }
    }
}

impl Place<'_> {
    /// Whether it lies in or around a box. Where an administrative area lies its P-code does not say:
    /// it is of use.
    fn is_near(&self, area: Rect<f64>) -> bool {
        match *self {
            Place::Area(_) => true,
            Place::Hex(cell) => {
                let centre = LatLng::from(cell);
                let margin = coord! { x: MARGIN_DEG, y: MARGIN_DEG };
                let around = Rect::new(area.min() - margin, area.max() + margin);
                around.contains(&coord! { x: centre.lng(), y: centre.lat() })
            }
            Place::PrioGrid(id) => {
                priogrid_corners(id).is_some_and(|[(south, west), (north, east)]| {
                    area.intersects(&Rect::new((west, south), (east, north)))
                })
            }
        }
    }
}

/// Tables on HDX hold the days to come too: what has not fallen is no rain.
fn is_forecast(columns: &Columns, row: &impl Cells) -> std::result::Result<bool, Fault> {
    let version = columns.version.filter(|&at| !row.is_empty(at));
    let version = version.map(|at| row.text(at)).transpose()?;
    Ok(version.is_some_and(|version| version.eq_ignore_ascii_case("forecast")))
}

fn days(row: &impl Cells, when: &When) -> std::result::Result<(Day, Day), Fault> {
    match *when {
        When::Month { year, month } => {
            let whole = |at| {
                let missing = Fault::new(Column::At(at), Class::Missing, MONTH);
                row.whole(at, MONTH)?.ok_or(missing)
            };
            let (year_told, month_told) = (whole(year)?, whole(month)?);
            let fault = |at| Fault::new(Column::At(at), Class::OutOfRange, MONTH);
            let year_told = Some(year_told).filter(|year| (1970..=2100).contains(year));
            let year_told = year_told.ok_or(fault(year))?;
            month_days(year_told, month_told).ok_or(fault(month))
        }
        When::Period { first, last } => {
            let (first_day, last_day) = (row.day(first)?, row.day(last)?);
            let expected = "not before the first day";
            let fault = Fault::new(Column::At(last), Class::EndsBeforeStart, expected);
            Some((first_day, last_day))
                .filter(|(first, last)| first <= last)
                .ok_or(fault)
        }
        When::TenDays { first } => {
            let first_day = row.day(first)?;
            let expected = "the 1st, 11th or 21st of a month";
            let fault = Fault::new(Column::At(first), Class::OutOfRange, expected);
            ten_days(first_day).ok_or(fault)
        }
    }
}

/// First and last day of a month.
fn month_days(year: i64, month: i64) -> Option<(Day, Day)> {
    let (year, month) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?);
    let first = Day::from_ymd(year, month, 1)?;
    let last = (28..=31)
        .rev()
        .find_map(|day| Day::from_ymd(year, month, day))?;
    Some((first, last))
}

/// The third of a month that starts on a day: ten days, or what is left of the month.
fn ten_days(first: Day) -> Option<(Day, Day)> {
    let date = first.date();
    match date.day() {
        1 | 11 => Some((first, Day(first.0 + 9))),
        21 => {
            let (_, last) = month_days(date.year().into(), date.month().into())?;
            Some((first, last))
        }
        _ => None,
    }
}

fn within(
    row: &impl Cells,
    at: usize,
    most: f64,
    expected: &'static str,
) -> std::result::Result<f64, Fault> {
    let value = row.number(at, expected)?;
    if (0.0..=most).contains(&value) {
        Ok(value)
    } else {
        Err(Fault::new(Column::At(at), Class::OutOfRange, expected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_end_with_their_month() {
        let days = |first: &str, last: &str| {
            let day = |text| Day::parse_iso(text).unwrap();
            Some((day(first), day(last)))
        };
        assert_eq!(month_days(2020, 2), days("2020-02-01", "2020-02-29"));
        assert_eq!(month_days(2021, 13), None);
        let third = |text| ten_days(Day::parse_iso(text).unwrap());
        assert_eq!(third("2021-02-11"), days("2021-02-11", "2021-02-20"));
        assert_eq!(third("2021-02-21"), days("2021-02-21", "2021-02-28"));
        assert_eq!(third("2021-12-21"), days("2021-12-21", "2021-12-31"));
        assert_eq!(third("2021-02-05"), None);
    }

    #[test]
    fn a_cell_is_near_a_box_that_it_touches() {
        let area = Rect::new((18.2, 7.2), (19.0, 8.0));
        // 18.0..18.5 east, 7.0..7.5 north.
        let own = 140_077;
        assert!(Place::PrioGrid(own).is_near(area));
        for outside in [own - 1, own - 720, own + 3, own + 3 * 720] {
            assert!(!Place::PrioGrid(outside).is_near(area), "{outside}");
        }
    }
}
