//! Outreach sessions, people as counts by sex and age band.
//!
//! Our own header: `session, audience, latitude, longitude, hours, women, men, girls, boys, first_time`,
//! the day under `session`. Every session is presence too, and is taken as outreach among the effort: it
//! stands in this log or in that of effort, not in both.

use std::path::Path;

use crate::base::code::{Audience, EffortKind};
use crate::base::error::Result;
use crate::tables::{EffortRow, Intake, Session};

use super::reader::{Class, Column, Fault, Format, Header, Row, read_table};
use super::{Head, Reading, Source};

const HEAD: [&str; 6] = ["session", "latitude", "longitude", "hours", "women", "men"];
const HOURS: &str = "0..=24";
const AUDIENCE: &str = "herder_camps, farming_villages, women_only or men_and_boys";
const FIRST_TIME: &str = "not more than all people of the session";

/// Our own header: one row per session.
#[derive(Debug)]
pub(super) struct Sessions;

impl Source for Sessions {
    fn name(&self) -> &'static str {
        "sessions"
    }

    fn describe(&self) -> &'static str {
        "outreach sessions, people as counts by sex and age band, first time or again"
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
    always: [usize; 6],
    audience: Option<usize>,
    girls: Option<usize>,
    boys: Option<usize>,
    first_time: Option<usize>,
}

impl Columns {
    fn of(header: &mut Header) -> std::result::Result<Self, &'static str> {
        let mut always = [0; 6];
        for (column, name) in always.iter_mut().zip(HEAD) {
            *column = header.take(&[name]).ok_or(name)?;
        }
        let mut may = |name: &str| header.take(&[name]);
        Ok(Self {
            always,
            audience: may("audience"),
            girls: may("girls"),
            boys: may("boys"),
            first_time: may("first_time"),
        })
    }
}

fn take(at: &Columns, row: &Row<'_>, intake: &mut Intake) -> std::result::Result<(), Fault> {
    let [day, lat, lon, hours, women, men] = at.always;
    let (lat_deg, lon_deg) = row.place(lat, lon)?;
    let on_the_spot = row.number(hours, HOURS)?;
    if !(0.0..=24.0).contains(&on_the_spot) {
        return Err(Fault::new(Column::At(hours), Class::OutOfRange, HOURS));
    }
    let count = |at: Option<usize>| at.map_or(Ok(None), |at| row.count(at));
    let session = Session {
        date: row.day(day)?,
        lat_deg,
        lon_deg,
        audience: audience(at.audience, row)?,
        women: row.counted(women)?,
        men: row.counted(men)?,
        girls: count(at.girls)?,
        boys: count(at.boys)?,
        first_time: count(at.first_time)?,
    };
    let female = session.women.saturating_add(session.girls.unwrap_or(0));
    let male = session.men.saturating_add(session.boys.unwrap_or(0));
    if let Some((at, first)) = at.first_time.zip(session.first_time)
        && first > female.saturating_add(male)
    {
        return Err(Fault::new(Column::At(at), Class::OutOfRange, FIRST_TIME));
    }
    intake.effort.push(EffortRow {
        source: Sessions.name(),
        kind: EffortKind::Outreach.code(),
        date: session.date,
        lat_deg,
        lon_deg,
        hours: on_the_spot,
        mixed_team: None,
        women: Some(female),
        men: Some(male),
    });
    intake.sessions.push(session);
    Ok(())
}

fn audience(at: Option<usize>, row: &Row<'_>) -> std::result::Result<Option<u8>, Fault> {
    let Some((at, name)) = at.zip(row.optional_text(at)?) else {
        return Ok(None);
    };
    match Audience::from_name(&name) {
        Some(audience) => Ok(Some(audience.code())),
        None => Row::unknown(at, AUDIENCE),
    }
}
