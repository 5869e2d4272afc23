//! ACLED: political violence and protest, by day and place.

use std::path::Path;

use crate::base::code::{
    ActorClass, DatePrecision, DiscoveredBy, Kind, PlacePrecision, Verification,
};
use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::{Incident, Intake};

use super::reader::{Fault, Format, Header, Row, read_table, value};
use super::{Head, Reading, Source};

const DAY: &str = "YYYY-MM-DD, dd Month yyyy or dd-mm-yyyy, 1970 to 2100";
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The current and the older export as delimited text, and the API's answer saved as JSON.
///
/// Coordinates are of named places, so the finest class is a town. Notes, names of actors and tags
/// are left aside, and so is which identity an identity militia claims.
#[derive(Debug)]
pub(super) struct Acled;

impl Acled {
    pub(super) const NAME: &str = "acled";
}

struct Columns {
    id: usize,
    date: usize,
    time_precision: usize,
    event: usize,
    sub_event: usize,
    place: [usize; 2],
    geo_precision: usize,
    sides: [usize; 2],
    fatalities: usize,
}

impl Columns {
    fn of(header: &mut Header) -> std::result::Result<Self, &'static str> {
        let mut take = |name: &'static str| header.take(&[name]).ok_or(name);
        Ok(Self {
            id: take("event_id_cnty")?,
            date: take("event_date")?,
            time_precision: take("time_precision")?,
            event: take("event_type")?,
            sub_event: take("sub_event_type")?,
            place: [take("latitude")?, take("longitude")?],
            geo_precision: take("geo_precision")?,
            sides: [take("inter1")?, take("inter2")?],
            fatalities: take("fatalities")?,
        })
    }
}

impl Source for Acled {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn describe(&self) -> &'static str {
        "ACLED, current or older export, or the API's answer saved as JSON"
    }

    fn is_published(&self) -> bool {
        true
    }

    fn tells_of_incidents(&self) -> bool {
        true
    }

    fn recognises(&self, head: &Head) -> bool {
        head.is_table() && head.has(&["event_id_cnty", "event_date", "time_precision", "inter1"])
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
    let date = row.day_as(columns.date, day, DAY)?;
    let date_precision = date_precision(row, columns.time_precision)?;
    let [date_start, date_end] = span(date, date_precision);
    let (lat_deg, lon_deg) = row.place(columns.place[0], columns.place[1])?;
    let sides = [
        actor_class(&row.bytes(columns.sides[0])),
        actor_class(&row.bytes(columns.sides[1])),
    ];
    let kind = kind(
        &row.text(columns.event)?,
        &row.text(columns.sub_event)?,
        sides,
    );
    intake.incidents.push(Incident {
        source: Acled.name(),
        source_id: &id,
        // `timestamp` is that of the last upload: taken for the first, it would hide the past of every row
        // that was ever corrected.
        known_at: None,
        date_start,
        date_end,
        date_precision: date_precision.code(),
        lat_deg,
        lon_deg,
        place_precision: place_precision(row, columns.geo_precision)?.code(),
        admin1_pcode: None,
        admin2_pcode: None,
        kind: kind.code(),
        actor_class: sides[0].code(),
        verification: Verification::Reported.code(),
        discovered_by: DiscoveredBy::Unknown.code(),
        fatalities: row.count(columns.fatalities)?,
    });
    Ok(())
}

/// The three ways in which exports write a day. `05-03-2021` is the codebook's `dd-mm-yyyy`, never
/// the fifth of a third month read the other way.
fn day(text: &[u8]) -> Option<Day> {
    let text = std::str::from_utf8(text).ok()?;
    if let Some(day) = Day::parse_iso(text) {
        return Some(day);
    }
    let mut parts = text.split([' ', '-']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || day.len() > 2 {
        return None;
    }
    let whole = |text: &str| value::whole(text.as_bytes());
    let named = MONTHS
        .iter()
        .position(|name| name.eq_ignore_ascii_case(month));
    let month = named.map_or_else(|| whole(month), |at| i64::try_from(at + 1).ok());
    Day::from_ymd(
        i16::try_from(whole(year)?).ok()?,
        i8::try_from(month?).ok()?,
        i8::try_from(whole(day)?).ok()?,
    )
}

/// The days on which it may have happened: a date known to a week or a month is the middle of it.
fn span(date: Day, precision: DatePrecision) -> [Day; 2] {
    match precision {
        DatePrecision::Week => [Day(date.0 - 3), Day(date.0 + 3)],
        DatePrecision::Month => {
            let month = date.date();
            let length = i32::from(month.days_in_month());
            let first = date.0 - i32::from(month.day()) + 1;
            [Day(first), Day(first + length - 1)]
        }
        _ => [date, date],
    }
}

/// 1 day, 2 week, 3 month.
fn date_precision(row: &Row<'_>, at: usize) -> std::result::Result<DatePrecision, Fault> {
    match row.whole(at, "1..=3")? {
        Some(1) => Ok(DatePrecision::Day),
        Some(2) => Ok(DatePrecision::Week),
        Some(3) => Ok(DatePrecision::Month),
        _ => Row::unknown(at, "1..=3"),
    }
}

/// 1 a named place, 2 near one, 3 a first administrative level.
fn place_precision(row: &Row<'_>, at: usize) -> std::result::Result<PlacePrecision, Fault> {
    match row.whole(at, "1..=3")? {
        Some(1) => Ok(PlacePrecision::Town),
        Some(2) => Ok(PlacePrecision::Near),
        Some(3) => Ok(PlacePrecision::Admin1),
        _ => Row::unknown(at, "1..=3"),
    }
}

/// The sub-event decides where it names a kind of ours; else the event does.
fn kind(event: &str, sub_event: &str, sides: [ActorClass; 2]) -> Kind {
    let event = event.to_lowercase();
    match sub_event.to_lowercase().as_str() {
        "sexual violence" => Kind::SexualViolence,
        "abduction/forced disappearance" => Kind::Abduction,
        "looting/property destruction" => Kind::Looting,
        "attack" => Kind::AttackOnCivilians,
        _ if event == "violence against civilians" => Kind::AttackOnCivilians,
        // Older exports tell the outcome with the event: "Battle-No change of territory".
        _ if event.starts_with("battle") && sides.contains(&ActorClass::State) => Kind::Battle,
        _ if event.starts_with("battle") => Kind::Clash,
        _ => Kind::Other,
    }
}

/// Class of a side by its number or word; political and identity militias are one class.
fn actor_class(side: &[u8]) -> ActorClass {
    let side = value::without_zero_fraction(side).to_ascii_lowercase();
    match side.as_slice() {
        b"" | b"0" => ActorClass::Unknown,
        b"1" | b"state forces" => ActorClass::State,
        b"2" | b"rebel group" | b"rebel groups" | b"rebel forces" => ActorClass::ArmedGroup,
        b"3"
        | b"4"
        | b"political militia"
        | b"political militias"
        | b"identity militia"
        | b"identity militias" => ActorClass::Militia,
        _ => ActorClass::Other,
    }
}
