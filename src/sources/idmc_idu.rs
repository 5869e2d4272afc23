//! IDMC Internal Displacement Updates: reported displacements, days after they happen.

use std::path::Path;

use crate::base::code::{DisplacementReason, Qualifier};
use crate::base::error::Result;
use crate::tables::{DisplacementEvent, Intake};

use super::reader::{Fault, Format, Header, Row, read_table, value};
use super::{Head, Reading, Source};

/// The export as delimited text or JSON. Descriptions, links and names of events are left aside.
///
/// A time behind a date is left aside: where an export wrote local midnights as UTC, as some do, a
/// date may be a day early.
#[derive(Debug)]
pub(super) struct IdmcIdu;

struct Columns {
    id: usize,
    place: [usize; 2],
    cause: usize,
    qualifier: usize,
    figure: usize,
    days: [usize; 2],
}

impl Columns {
    fn of(header: &mut Header) -> std::result::Result<Self, &'static str> {
        let mut take = |name: &'static str| header.take(&[name]).ok_or(name);
        Ok(Self {
            id: take("id")?,
            place: [take("latitude")?, take("longitude")?],
            cause: take("displacement_type")?,
            qualifier: take("qualifier")?,
            figure: take("figure")?,
            days: [
                take("displacement_start_date")?,
                take("displacement_end_date")?,
            ],
        })
    }
}

impl Source for IdmcIdu {
    fn name(&self) -> &'static str {
        "idmc_idu"
    }

    fn describe(&self) -> &'static str {
        "IDMC Internal Displacement Updates, reported displacements by place and day"
    }

    fn is_published(&self) -> bool {
        true
    }

    fn recognises(&self, head: &Head) -> bool {
        head.is_table()
            && head.has(&[
                "displacement_type",
                "qualifier",
                "figure",
                "displacement_start_date",
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
    let id = row.text(columns.id)?;
    let id = value::without_zero_fraction(id.as_bytes());
    let (lat_deg, lon_deg) = row.place(columns.place[0], columns.place[1])?;
    let date_start = row.day(columns.days[0])?;
    intake.displacement_events.push(DisplacementEvent {
        source: IdmcIdu.name(),
        source_id: std::str::from_utf8(id).unwrap_or_default(),
        date_start,
        date_end: row.last_day(columns.days[1], date_start)?,
        lat_deg,
        lon_deg,
        persons: row.counted(columns.figure)?,
        qualifier: qualifier(&row.bytes(columns.qualifier)).code(),
        reason: reason(row, columns.cause)?.code(),
    });
    Ok(())
}

fn reason(row: &Row<'_>, at: usize) -> std::result::Result<DisplacementReason, Fault> {
    match row.text(at)?.to_ascii_lowercase().as_str() {
        "conflict" => Ok(DisplacementReason::Conflict),
        "disaster" => Ok(DisplacementReason::Disaster),
        "other" => Ok(DisplacementReason::Other),
        _ => Row::unknown(at, "Conflict, Disaster or Other"),
    }
}

fn qualifier(said: &[u8]) -> Qualifier {
    match said.to_ascii_lowercase().as_slice() {
        b"total" => Qualifier::Total,
        b"approximately" => Qualifier::Approximately,
        b"more than" => Qualifier::MoreThan,
        b"less than" | b"less than or equal" => Qualifier::LessThan,
        _ => Qualifier::Unknown,
    }
}
