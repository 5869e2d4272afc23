//! Rain per P-code, H3 cell or PRIO-GRID cell and period. No rasters: tables that others made of them.

mod period;
mod place;

use std::path::Path;

use geo::Rect;

use crate::base::code::Footprint;
use crate::base::error::Result;
use crate::tables::{Intake, RainRow};

use super::reader::{Class, Column, Fault, Format, Header, Row, read_table};
use super::{Head, Reading, Source};
use period::{When, days};
use place::{Place, place};

const PRIOGRID: &[&str] = &["priogrid_gid", "pg_id", "gid"];
const HEX: &[&str] = &["hex_id", "h3_index"];
const PCODE: &[&str] = &["pcode", "adm3_pcode", "adm2_pcode", "adm1_pcode"];
/// Millimetres of the row's own period, and of the ten days from `date` on (WFP's tables on HDX).
const RAIN: &[&str] = &["rain_mm", "rainfall_mm", "precipitation_mm"];
const TEN_DAYS: &str = "rfh";
const MM: &str = "0..=10000 mm";
const MM_MOST: f64 = 10_000.0;
const PERCENT: &str = "0..=100 percent";

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

    fn is_published(&self) -> bool {
        true
    }

    fn recognises(&self, head: &Head) -> bool {
        let any = |names: &[&str]| names.iter().any(|&name| head.has(&[name]));
        let has_place = any(PRIOGRID) || any(HEX) || any(PCODE);
        let has_period = head.has(&["year", "month"]) || head.has(&["first_day", "last_day"]);
        let is_plain = any(RAIN) && has_period;
        has_place && !head.has_areas && (is_plain || head.has(&["date", TEN_DAYS]))
    }

    fn read(&self, path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
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

fn take(
    columns: &Columns,
    row: &Row<'_>,
    area: Option<Rect<f64>>,
    intake: &mut Intake,
) -> std::result::Result<(), Fault> {
    let (footprint, at) = columns.place;
    let place = place(row, footprint, at)?;
    if area.is_some_and(|area| !place.is_near(area)) || is_forecast(columns, row)? {
        return Err(Fault::aside());
    }
    let (first_day, last_day) = days(row, &columns.when)?;
    let saturated = columns.saturated.filter(|&at| !row.bytes(at).is_empty());
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

/// Tables on HDX hold the days to come too: what has not fallen is no rain.
fn is_forecast(columns: &Columns, row: &Row<'_>) -> std::result::Result<bool, Fault> {
    let version = columns.version.filter(|&at| !row.bytes(at).is_empty());
    let version = version.map(|at| row.text(at)).transpose()?;
    Ok(version.is_some_and(|version| version.eq_ignore_ascii_case("forecast")))
}

fn within(
    row: &Row<'_>,
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
