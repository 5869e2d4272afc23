//! Communities that outreach may go to.
//!
//! Our own header: `community, kind, date, latitude, longitude, languages, committee, people,
//! last_session`. Languages are those a session is held in, as codes of ISO 639: they are for whoever
//! interprets, and are no predictor of anything.

use std::path::Path;

use crate::base::code::CommunityKind;
use crate::base::error::Result;
use crate::tables::{Community, Intake};

use super::reader::{Fault, Format, Header, Row, read_table};
use super::{Head, Reading, Source};

const HEAD: [&str; 5] = ["community", "kind", "date", "latitude", "longitude"];
const KIND: &str = "herder_camp, farming_village, mixed or site";
const LANGUAGES: &str = "ISO 639 codes of session languages, such as sag fra";
const MOST_LANGUAGES: usize = 8;

/// Our own header: one row per community and day on which it was described.
#[derive(Debug)]
pub(super) struct Communities;

impl Source for Communities {
    fn name(&self) -> &'static str {
        "communities"
    }

    fn describe(&self) -> &'static str {
        "communities that outreach may go to: kind, languages of sessions, focal committee"
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
    always: [usize; 5],
    languages: Option<usize>,
    committee: Option<usize>,
    people: Option<usize>,
    last_session: Option<usize>,
}

impl Columns {
    fn of(header: &mut Header) -> std::result::Result<Self, &'static str> {
        let mut always = [0; 5];
        for (column, name) in always.iter_mut().zip(HEAD) {
            *column = header.take(&[name]).ok_or(name)?;
        }
        let mut may = |name: &str| header.take(&[name]);
        Ok(Self {
            always,
            languages: may("languages"),
            committee: may("committee"),
            people: may("people"),
            last_session: may("last_session"),
        })
    }
}

fn take(at: &Columns, row: &Row<'_>, intake: &mut Intake) -> std::result::Result<(), Fault> {
    let [name, kind, date, lat, lon] = at.always;
    let Some(what) = CommunityKind::from_name(&row.text(kind)?) else {
        return Row::unknown(kind, KIND);
    };
    let (lat_deg, lon_deg) = row.place(lat, lon)?;
    let last_session = at.last_session.map_or(Ok(None), |at| row.day_or_none(at))?;
    intake.communities.push(Community {
        source: Communities.name(),
        name: &row.text(name)?,
        kind: what.code(),
        date: row.day(date)?,
        lat_deg,
        lon_deg,
        languages: languages(at.languages, row)?.as_deref(),
        committee: row.yes_or_no(at.committee)?,
        people: at.people.map_or(Ok(None), |at| row.count(at))?,
        last_session,
    });
    Ok(())
}

/// Codes of two or three letters, in order: words could tell of people.
fn languages(at: Option<usize>, row: &Row<'_>) -> std::result::Result<Option<String>, Fault> {
    let Some((at, text)) = at.zip(row.optional_text(at)?) else {
        return Ok(None);
    };
    let is_code = |code: &&str| {
        matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    let mut codes: Vec<&str> = text.split_ascii_whitespace().collect();
    if codes.len() > MOST_LANGUAGES || !codes.iter().all(is_code) {
        return Row::unknown(at, LANGUAGES);
    }
    codes.sort_unstable();
    codes.dedup();
    Ok((!codes.is_empty()).then(|| codes.join(" ")))
}
