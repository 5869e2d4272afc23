//! Herd counts at counting points, in a form close to IOM's flow registry.

use std::path::Path;

use crate::base::code::MovementAlert;
use crate::base::error::Result;
use crate::tables::{Intake, Movement};

use super::reader::{Fault, Format, Header, Row, read_table};
use super::{Head, Reading, Source};

const COMPASS: &[&str] = &[
    "N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW",
    "NNW",
];
const HEADER: [&str; 9] = [
    "date",
    "counting_point",
    "latitude",
    "longitude",
    "direction",
    "herds",
    "head_of_cattle",
    "herders",
    "alert",
];

/// A compass point by its name.
pub(super) fn compass_point(name: &str) -> Option<&'static str> {
    COMPASS.iter().copied().find(|point| *point == name)
}

/// Our own header: one row per counting point, day and direction.
#[derive(Debug)]
pub(super) struct Movements;

impl Source for Movements {
    fn name(&self) -> &'static str {
        "movements"
    }

    fn describe(&self) -> &'static str {
        "herd counts per counting point, day and direction"
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

fn columns(header: &mut Header) -> std::result::Result<[usize; 9], &'static str> {
    let mut columns = [0; 9];
    for (column, name) in columns.iter_mut().zip(HEADER) {
        *column = header.take(&[name]).ok_or(name)?;
    }
    Ok(columns)
}

fn take(at: &[usize; 9], row: &Row<'_>, intake: &mut Intake) -> std::result::Result<(), Fault> {
    let [
        date,
        point,
        lat,
        lon,
        direction,
        herds,
        head,
        herders,
        alert,
    ] = *at;
    let (lat_deg, lon_deg) = row.place(lat, lon)?;
    let Some(heading) = compass_point(&row.text(direction)?) else {
        return Row::unknown(direction, "a compass point such as N, SW or SSE");
    };
    let warned = row.bytes(alert);
    let warned = match std::str::from_utf8(&warned) {
        Ok("") => Some(MovementAlert::None),
        Ok(name) => MovementAlert::from_name(name),
        Err(_) => None,
    };
    let Some(warned) = warned else {
        return Row::unknown(
            alert,
            "none, early, late, massive, wrong_direction or missing",
        );
    };
    intake.movements.push(Movement {
        source: Movements.name(),
        date: row.day(date)?,
        counting_point: &row.text(point)?,
        lat_deg,
        lon_deg,
        direction: heading,
        herds: row.counted(herds)?,
        head: row.count(head)?,
        herders: row.count(herders)?,
        alert: warned.code(),
    });
    Ok(())
}
