//! Insecurity Insight: reported conflict-related sexual violence.

use std::path::Path;

use crate::base::code::{
    ActorClass, DatePrecision, DiscoveredBy, Kind, PlacePrecision, Verification,
};
use crate::base::error::Result;
use crate::tables::{Incident, Intake};

use super::reader::{Fault, Format, Header, Row, read_table, to_a_tenth, value};
use super::{Head, Reading, Source};

/// The published header with its row of tags, and the reduced form of ten columns.
///
/// Coordinates are published to a tenth of a degree, so the finest class is "within 25 km", whatever
/// a row says. What a row tells of survivors is left aside.
#[derive(Debug)]
pub(super) struct Crsv;

struct Columns {
    id: usize,
    date: usize,
    place: [usize; 2],
    precision: usize,
    perpetrator: usize,
    context: usize,
}

impl Columns {
    fn of(header: &mut Header) -> std::result::Result<Self, &'static str> {
        let mut take = |ours: &'static str, theirs| header.take(&[ours, theirs]).ok_or(ours);
        Ok(Self {
            id: take("event_id", "SIND Event ID")?,
            date: take("date", "Date")?,
            place: [take("lat", "Latitude")?, take("lon", "Longitude")?],
            precision: take("geo_precision", "Geo Precision")?,
            perpetrator: take("perpetrator_category", "Reported Perpetrator")?,
            context: take("sv_context", "SV Context")?,
        })
    }
}

impl Source for Crsv {
    fn name(&self) -> &'static str {
        "crsv"
    }

    fn describe(&self) -> &'static str {
        "Insecurity Insight, conflict-related sexual violence, published or reduced header"
    }

    fn is_published(&self) -> bool {
        true
    }

    fn tells_of_incidents(&self) -> bool {
        true
    }

    fn recognises(&self, head: &Head) -> bool {
        head.is_table()
            && (head.has(&["geo_precision", "sv_context", "perpetrator_category"])
                || head.has(&["geo precision", "sv context", "sind event id"]))
    }

    fn read(&self, path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
        let left_aside = &[
            "Reported Perpetrator Name",
            "Survivor or Victim",
            "Survivor Or Victim Sex",
            "Adult or Minor",
        ];
        let format = Format {
            source: self.name(),
            left_aside,
            reading,
        };
        read_table(&format, path, intake, Columns::of, take)
    }
}

fn take(columns: &Columns, row: &Row<'_>, intake: &mut Intake) -> std::result::Result<(), Fault> {
    let id = row.text(columns.id)?;
    let id = value::without_zero_fraction(id.as_bytes());
    let date = row.day(columns.date)?;
    let place_precision = place_precision(row, columns.precision)?;
    // A file with the same header that is finer than what is published is taken no finer.
    let (lat_deg, lon_deg) = to_a_tenth(row.place(columns.place[0], columns.place[1])?);
    intake.incidents.push(Incident {
        source: Crsv.name(),
        source_id: std::str::from_utf8(id).unwrap_or_default(),
        known_at: None,
        date_start: date,
        date_end: date,
        date_precision: DatePrecision::Day.code(),
        lat_deg,
        lon_deg,
        place_precision: place_precision.code(),
        admin1_pcode: None,
        admin2_pcode: None,
        kind: kind(&row.text(columns.context)?).code(),
        actor_class: actor_class(&row.bytes(columns.perpetrator)).code(),
        verification: Verification::Reported.code(),
        discovered_by: DiscoveredBy::Partner.code(),
        fatalities: None,
    });
    Ok(())
}

/// The class is the number in brackets before its words.
fn place_precision(row: &Row<'_>, at: usize) -> std::result::Result<PlacePrecision, Fault> {
    match row.text(at)?.as_bytes() {
        [b'(', b'1' | b'2', b')', ..] => Ok(PlacePrecision::Near),
        [b'(', b'3', b')', ..] => Ok(PlacePrecision::Admin2),
        [b'(', b'4' | b'5', b')', ..] => Ok(PlacePrecision::Admin1),
        [b'(', b'6', b')', ..] => Ok(PlacePrecision::Country),
        _ => Row::unknown(at, "a class from (1) to (6)"),
    }
}

/// Abuse by or of aid and other staff has channels of its own and is no outcome here.
fn kind(context: &str) -> Kind {
    match context {
        "CRSV" | "SV by security personnel" => Kind::SexualViolence,
        _ => Kind::Other,
    }
}

fn actor_class(category: &[u8]) -> ActorClass {
    match category {
        b"NSA" => ActorClass::ArmedGroup,
        b"Police" | b"Military" | b"Foreign Forces - Military" => ActorClass::State,
        b"Vigilante" => ActorClass::Militia,
        b"" | b"No Information" | b"Multiple" => ActorClass::Unknown,
        _ => ActorClass::Other,
    }
}
