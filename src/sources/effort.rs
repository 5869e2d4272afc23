//! Presence that can hear of incidents: patrols, outreach sessions, monitoring visits.

use std::path::Path;

use crate::base::code::EffortKind;
use crate::base::error::Result;
use crate::tables::{EffortRow, Intake};

use super::reader::{Class, Column, Fault, Format, Header, Row, read_table};
use super::{Head, Reading, Source};

const HEADER: [&str; 8] = [
    "date",
    "kind",
    "latitude",
    "longitude",
    "hours",
    "mixed_team",
    "women",
    "men",
];
const HOURS: &str = "0..=24";

/// Our own header: one row per patrol, session or visit and place.
#[derive(Debug)]
pub(super) struct Effort;

impl Source for Effort {
    fn name(&self) -> &'static str {
        "effort"
    }

    fn describe(&self) -> &'static str {
        "patrols, outreach sessions and monitoring visits, people as counts"
    }

    fn recognises(&self, head: &Head) -> bool {
        head.is_table() && head.has(&HEADER)
    }

    fn read(&self, path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
        let format = Format {
            source: self.name(),
            left_aside: &[],
            reading,
        };
        read_table(&format, path, intake, columns, take)
    }
}

fn columns(header: &mut Header) -> std::result::Result<[usize; 8], &'static str> {
    let mut columns = [0; 8];
    for (column, name) in columns.iter_mut().zip(HEADER) {
        *column = header.take(&[name]).ok_or(name)?;
    }
    Ok(columns)
}

fn take(at: &[usize; 8], row: &Row<'_>, intake: &mut Intake) -> std::result::Result<(), Fault> {
    let [date, kind, lat, lon, hours, mixed_team, women, men] = *at;
    let (lat_deg, lon_deg) = row.place(lat, lon)?;
    let Some(what) = EffortKind::from_name(&row.text(kind)?) else {
        return Row::unknown(kind, "patrol, outreach or monitoring");
    };
    let on_the_spot = row.number(hours, HOURS)?;
    if !(0.0..=24.0).contains(&on_the_spot) {
        return Err(Fault::new(Column::At(hours), Class::OutOfRange, HOURS));
    }
    intake.effort.push(EffortRow {
        source: Effort.name(),
        kind: what.code(),
        date: row.day(date)?,
        lat_deg,
        lon_deg,
        hours: on_the_spot,
        mixed_team: row.yes_or_no(Some(mixed_team))?,
        women: row.count(women)?,
        men: row.count(men)?,
    });
    Ok(())
}
