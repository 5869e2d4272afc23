//! IPC: acute food insecurity by area, period and phase.

use std::path::Path;

use crate::base::code::{FoodPhase, Validity};
use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::{FoodSecurityRow, Intake};

use super::reader::{Class, Column, Fault, Format, Header, Row, read_table};
use super::{Head, Reading, Source};

const SHARE: &str = "0..=1";
const MONTH: &str = "a month such as Apr 2023, 1970 to 2100";
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The long form by area, as packaged on HDX. It has no P-codes: areas are known by name.
#[derive(Debug)]
pub(super) struct Ipc;

struct Columns {
    analysed: usize,
    country: usize,
    level1: usize,
    area: usize,
    validity: usize,
    days: [usize; 2],
    phase: usize,
    persons: usize,
    share: usize,
}

impl Columns {
    fn of(header: &mut Header) -> std::result::Result<Self, &'static str> {
        let mut take = |name: &'static str| header.take(&[name]).ok_or(name);
        Ok(Self {
            analysed: take("Date of analysis")?,
            country: take("Country")?,
            level1: take("Level 1")?,
            area: take("Area")?,
            validity: take("Validity period")?,
            days: [take("From")?, take("To")?],
            phase: take("Phase")?,
            persons: take("Number")?,
            share: take("Percentage")?,
        })
    }
}

impl Source for Ipc {
    fn name(&self) -> &'static str {
        "ipc"
    }

    fn describe(&self) -> &'static str {
        "IPC acute food insecurity, long form by area"
    }

    fn is_published(&self) -> bool {
        true
    }

    fn recognises(&self, head: &Head) -> bool {
        head.is_table()
            && head.has(&[
                "Date of analysis",
                "Level 1",
                "Area",
                "Validity period",
                "Phase",
                "Percentage",
            ])
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

fn take(columns: &Columns, row: &Row<'_>, intake: &mut Intake) -> std::result::Result<(), Fault> {
    let country = row.text(columns.country)?;
    if country.len() != 3 || !country.bytes().all(|c| c.is_ascii_uppercase()) {
        return Row::unknown(columns.country, "an ISO 3166-1 alpha-3 code");
    }
    let level1 = row.text_or_none(columns.level1)?;
    let first_day = row.day(columns.days[0])?;
    let Some(phase) = FoodPhase::from_name(&row.text(columns.phase)?) else {
        return Row::unknown(columns.phase, "1 to 5, 3+ or all");
    };
    let share = share(row, columns.share)?;
    intake.food_security.push(FoodSecurityRow {
        source: Ipc.name(),
        iso3: &country,
        level1_name: level1.as_deref(),
        area_name: &row.text(columns.area)?,
        analysed: row.day_as(columns.analysed, month, MONTH)?,
        validity: validity(row, columns.validity)?.code(),
        first_day,
        last_day: row.last_day(columns.days[1], first_day)?,
        phase: phase.code(),
        persons: row.count(columns.persons)?,
        share,
    });
    Ok(())
}

fn validity(row: &Row<'_>, at: usize) -> std::result::Result<Validity, Fault> {
    match row.text(at)?.to_ascii_lowercase().as_str() {
        "current" => Ok(Validity::Current),
        "projection" | "first projection" => Ok(Validity::FirstProjection),
        "second projection" => Ok(Validity::SecondProjection),
        _ => Row::unknown(at, "current, first projection or second projection"),
    }
}

fn share(row: &Row<'_>, at: usize) -> std::result::Result<Option<f64>, Fault> {
    if row.bytes(at).is_empty() {
        return Ok(None);
    }
    let share = row.number(at, SHARE)?;
    if (0.0..=1.0).contains(&share) {
        Ok(Some(share))
    } else {
        Err(Fault::new(Column::At(at), Class::OutOfRange, SHARE))
    }
}

/// The first day of `Apr 2023`.
fn month(text: &[u8]) -> Option<Day> {
    let text = std::str::from_utf8(text).ok()?;
    let (name, year) = text.split_once(' ')?;
    let name = name.get(..3)?.to_ascii_lowercase();
    let month = (1..).zip(MONTHS).find(|(_, known)| *known == name)?.0;
    if year.len() != 4 || !year.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    Day::from_ymd(year.parse().ok()?, month, 1)
}
