//! Indicators that a mission observes itself: dated, place-level, aggregate.
//!
//! Our own header: `indicator, date, latitude, longitude, place_precision, pcode, value, baseline,
//! sources, expires, due`. The indicator is one of a closed list (`base::code::Observable`): none of
//! another kind, and none about people's ethnicity, religion or nationality, can be told here. A row
//! has a point, a P-code, or neither where it stands for the whole mission.
//!
//! How communities protect themselves (D4) is taken as yes or no of a district or more, never with a
//! point: routes and hours would show where they can be found. Where women's groups voice a threat
//! (D5) is taken to a tenth of a degree.

use std::path::Path;

use crate::base::code::{Measure, Observable, PlacePrecision};
use crate::base::error::Result;
use crate::tables::{Intake, Level, Observation};

use super::pcodes::pcode;
use super::reader::{Class, Column, Fault, Format, Header, Row, read_table, to_a_tenth};
use super::{Head, Reading, Source};

const HEAD: [&str; 4] = ["indicator", "date", "value", "sources"];
const INDICATOR: &str = "an indicator of the observation form, such as A5, D5 or H1; none is about \
                         ethnicity, religion or nationality";
const YES_NO: &str = "yes or no";
const SHARE: &str = "0..=1";
const AMOUNT: &str = "from 0";
const SOURCES: &str = "independent sources, from 1";
const PRECISION: &str = "exact, town or near";
const NO_POINT: &str = "for protective habits no point, only a P-code of the first or second level";
const DUE: &str = "the day that the row speaks of, such as that of the election";
/// The finest level that may tell of protective habits.
const FINEST: Level = Level(2);

/// Our own header: one row per indicator, day and place.
#[derive(Debug)]
pub(super) struct Observations;

impl Source for Observations {
    fn name(&self) -> &'static str {
        "observations"
    }

    fn describe(&self) -> &'static str {
        "early-warning indicators that the mission observes itself, as counts, shares, yes or no"
    }

    fn recognises(&self, head: &Head) -> bool {
        head.is_table() && head.has(&HEAD)
    }

    fn read(&self, path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
        let format = Format {
            source: self.name(),
            left_aside: &[],
            reading,
        };
        read_table(&format, path, intake, Columns::of, take)
    }
}

struct Columns {
    indicator: usize,
    date: usize,
    value: usize,
    sources: usize,
    place: Option<[usize; 2]>,
    place_precision: Option<usize>,
    pcode: Option<usize>,
    baseline: Option<usize>,
    expires: Option<usize>,
    due: Option<usize>,
}

impl Columns {
    fn of(header: &mut Header) -> std::result::Result<Self, &'static str> {
        let mut may = |name: &str| header.take(&[name]);
        Ok(Self {
            indicator: may("indicator").ok_or("indicator")?,
            date: may("date").ok_or("date")?,
            value: may("value").ok_or("value")?,
            sources: may("sources").ok_or("sources")?,
            place: may("latitude")
                .zip(may("longitude"))
                .map(<[usize; 2]>::from),
            place_precision: may("place_precision"),
            pcode: may("pcode"),
            baseline: may("baseline"),
            expires: may("expires"),
            due: may("due"),
        })
    }
}

fn take(at: &Columns, row: &Row<'_>, intake: &mut Intake) -> std::result::Result<(), Fault> {
    let Some(indicator) = Observable::from_name(&row.text(at.indicator)?) else {
        return Row::unknown(at.indicator, INDICATOR);
    };
    let date = row.day(at.date)?;
    let code = at.pcode.map_or(Ok(None), |at| pcode(row, at))?;
    if indicator == Observable::ProtectiveHabits {
        refuse_point(at, code.as_deref(), row, intake)?;
    }
    let told = |at: &[usize; 2]| at.iter().any(|&at| !row.bytes(at).is_empty());
    let point = at.place.filter(told);
    let point = point.map(|[lat, lon]| row.place(lat, lon)).transpose()?;
    let hidden = indicator == Observable::ThreatsVoiced;
    let point = point.map(|point| if hidden { to_a_tenth(point) } else { point });
    let precision = precision(at.place_precision, row)?;
    let precision = if hidden {
        PlacePrecision::Near
    } else {
        precision
    };
    let last_day = match at.expires.filter(|&at| !row.bytes(at).is_empty()) {
        Some(expires) => Some(row.last_day(expires, date)?),
        None => None,
    };
    let due = at.due.map_or(Ok(None), |at| row.day_or_none(at))?;
    if indicator == Observable::Election && due.is_none() {
        let column = at.due.map_or(Column::Row, Column::At);
        return Err(Fault::new(column, Class::Missing, DUE));
    }
    intake.observations.push(Observation {
        source: Observations.name(),
        indicator: indicator.code(),
        date,
        lat_deg: point.map(|(lat_deg, _)| lat_deg),
        lon_deg: point.map(|(_, lon_deg)| lon_deg),
        place_precision: point.map(|_| precision.code()),
        pcode: code.as_deref(),
        value: value(indicator.measure(), at.value, row)?,
        baseline: baseline(indicator.measure(), at.baseline, row)?,
        n_sources: sources(at.sources, row)?,
        last_day,
        due,
    });
    Ok(())
}

/// Refuses a row of protective habits that tells more than an area: by coordinates, even half of them,
/// or by a code that the mission's boundaries know to be finer than a district.
fn refuse_point(
    at: &Columns,
    code: Option<&str>,
    row: &Row<'_>,
    intake: &Intake,
) -> std::result::Result<(), Fault> {
    let fault = |at| Err(Fault::new(Column::At(at), Class::HabitPlace, NO_POINT));
    for at in at.place.into_iter().flatten() {
        if !row.bytes(at).is_empty() {
            return fault(at);
        }
    }
    let Some(code) = code else {
        let column = at.pcode.map_or(Column::Row, Column::At);
        return Err(Fault::new(column, Class::Missing, NO_POINT));
    };
    let mut areas = intake.areas.iter();
    let is_finer = areas.any(|area| area.level > FINEST && area.pcode == code);
    match at.pcode {
        Some(at) if is_finer => fault(at),
        _ => Ok(()),
    }
}

/// Of a point; what says nothing is taken as near it.
fn precision(at: Option<usize>, row: &Row<'_>) -> std::result::Result<PlacePrecision, Fault> {
    let Some((at, name)) = at.zip(row.optional_text(at)?) else {
        return Ok(PlacePrecision::Near);
    };
    match PlacePrecision::from_name(&name) {
        Some(precision) if precision <= PlacePrecision::Near => Ok(precision),
        _ => Row::unknown(at, PRECISION),
    }
}

fn value(measure: Measure, at: usize, row: &Row<'_>) -> std::result::Result<f64, Fault> {
    match measure {
        Measure::YesNo => match row.yes_or_no(Some(at))? {
            Some(said) => Ok(said.into()),
            None => Err(Fault::new(Column::At(at), Class::Missing, YES_NO)),
        },
        Measure::Count => row.counted(at).map(f64::from),
        Measure::Share => within(0.0..=1.0, at, SHARE, row),
        Measure::Amount => within(0.0..=f64::MAX, at, AMOUNT, row),
    }
}

/// Yes and no have no baseline: what stands there is left aside.
fn baseline(
    measure: Measure,
    at: Option<usize>,
    row: &Row<'_>,
) -> std::result::Result<Option<f64>, Fault> {
    let told = at.filter(|&at| !row.bytes(at).is_empty());
    let Some(at) = told.filter(|_| measure != Measure::YesNo) else {
        return Ok(None);
    };
    let (range, expected) = match measure {
        Measure::Share => (0.0..=1.0, SHARE),
        _ => (0.0..=f64::MAX, AMOUNT),
    };
    within(range, at, expected, row).map(Some)
}

fn within(
    range: std::ops::RangeInclusive<f64>,
    at: usize,
    expected: &'static str,
    row: &Row<'_>,
) -> std::result::Result<f64, Fault> {
    let number = row.number(at, expected)?;
    if range.contains(&number) {
        return Ok(number);
    }
    Err(Fault::new(Column::At(at), Class::OutOfRange, expected))
}

/// A row was told by someone: one source where it does not say.
fn sources(at: usize, row: &Row<'_>) -> std::result::Result<u32, Fault> {
    match row.count(at)? {
        Some(0) => Err(Fault::new(Column::At(at), Class::OutOfRange, SOURCES)),
        told => Ok(told.unwrap_or(1)),
    }
}
