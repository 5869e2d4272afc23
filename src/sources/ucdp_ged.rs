//! UCDP Georeferenced Event Dataset: lethal events of organised violence.

use std::path::Path;

use crate::base::code::{
    ActorClass, DatePrecision, DiscoveredBy, Kind, PlacePrecision, Verification,
};
use crate::base::error::Result;
use crate::tables::{Incident, Intake};

use super::reader::{Fault, Format, Header, Row, read_table, value};
use super::{Head, Reading, Source};

/// As published by UCDP, and as packaged on HDX (tag row, ids and codes as `4.0`, timestamps).
#[derive(Debug)]
pub(super) struct UcdpGed;

struct Columns {
    id: usize,
    violence: usize,
    place: [usize; 2],
    where_prec: usize,
    date_prec: usize,
    days: [usize; 2],
    best: usize,
    government: Option<usize>,
}

impl Columns {
    fn of(header: &mut Header) -> std::result::Result<Self, &'static str> {
        let mut take = |name: &'static str| header.take(&[name]).ok_or(name);
        let columns = Self {
            id: take("id")?,
            violence: take("type_of_violence")?,
            place: [take("latitude")?, take("longitude")?],
            where_prec: take("where_prec")?,
            date_prec: take("date_prec")?,
            days: [take("date_start")?, take("date_end")?],
            best: take("best")?,
            government: None,
        };
        Ok(Self {
            government: header.take(&["gwnoa"]),
            ..columns
        })
    }
}

impl Source for UcdpGed {
    fn name(&self) -> &'static str {
        "ucdp_ged"
    }

    fn describe(&self) -> &'static str {
        "UCDP Georeferenced Event Dataset, plain or as packaged on HDX"
    }

    fn is_published(&self) -> bool {
        true
    }

    fn tells_of_incidents(&self) -> bool {
        true
    }

    fn recognises(&self, head: &Head) -> bool {
        head.is_table() && head.has(&["type_of_violence", "where_prec", "date_prec", "date_start"])
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
    let date_end = row.last_day(columns.days[1], date_start)?;
    let kind = kind(row, columns.violence)?;
    intake.incidents.push(Incident {
        source: UcdpGed.name(),
        source_id: std::str::from_utf8(id).unwrap_or_default(),
        known_at: None,
        date_start,
        date_end,
        date_precision: date_precision(row, columns.date_prec)?.code(),
        lat_deg,
        lon_deg,
        place_precision: place_precision(row, columns.where_prec)?.code(),
        admin1_pcode: None,
        admin2_pcode: None,
        kind: kind.code(),
        actor_class: actor_class(row, columns, kind).code(),
        verification: Verification::Reported.code(),
        discovered_by: DiscoveredBy::Unknown.code(),
        fatalities: row.count(columns.best)?,
    });
    Ok(())
}

/// 1 state-based, 2 non-state, 3 one-sided.
fn kind(row: &Row<'_>, at: usize) -> std::result::Result<Kind, Fault> {
    match row.whole(at, "1..=3")? {
        Some(1) => Ok(Kind::Battle),
        Some(2) => Ok(Kind::Clash),
        Some(3) => Ok(Kind::AttackOnCivilians),
        _ => Row::unknown(at, "1..=3"),
    }
}

/// 1 exact place, 2 within 25 km, 3 second and 4 first administrative level, 5 a linear feature or
/// fuzzy region (no finer than a first level), 6 country, 7 international waters or airspace.
fn place_precision(row: &Row<'_>, at: usize) -> std::result::Result<PlacePrecision, Fault> {
    match row.whole(at, "1..=7")? {
        Some(1) => Ok(PlacePrecision::Town),
        Some(2) => Ok(PlacePrecision::Near),
        Some(3) => Ok(PlacePrecision::Admin2),
        Some(4 | 5) => Ok(PlacePrecision::Admin1),
        Some(6 | 7) => Ok(PlacePrecision::Country),
        _ => Row::unknown(at, "1..=7"),
    }
}

/// 1 day, 2 two to six days, 3 week, 4 month, 5 more than a month.
fn date_precision(row: &Row<'_>, at: usize) -> std::result::Result<DatePrecision, Fault> {
    match row.whole(at, "1..=5")? {
        Some(1) => Ok(DatePrecision::Day),
        Some(2) => Ok(DatePrecision::Days),
        Some(3) => Ok(DatePrecision::Week),
        Some(4) => Ok(DatePrecision::Month),
        Some(5) => Ok(DatePrecision::Longer),
        _ => Row::unknown(at, "1..=5"),
    }
}

/// A government on side A makes the actor a state; without one, an armed group.
fn actor_class(row: &Row<'_>, columns: &Columns, kind: Kind) -> ActorClass {
    let has_government = columns
        .government
        .is_some_and(|at| !row.bytes(at).is_empty());
    match (kind, has_government) {
        (Kind::AttackOnCivilians, true) => ActorClass::State,
        (Kind::AttackOnCivilians | Kind::Clash, false) => ActorClass::ArmedGroup,
        _ => ActorClass::Unknown,
    }
}
