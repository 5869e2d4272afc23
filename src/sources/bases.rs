//! Bases that patrols leave from: our own form, and Geo-PKO's bases of United Nations missions by
//! year.
//!
//! Geo-PKO holds the world. Its rows of other countries are taken like any other, as places are;
//! `Bases::within` says which of them matter to a mission.
//!
//! Our own header: `name, latitude, longitude, opened, closed, kind, range_km, mixed_team, vehicles,
//! night`.

use std::path::Path;

use crate::base::code::BaseKind;
use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::{Base, Intake};

use super::reader::{Class, Column, Fault, Format, Header, Row, read_table};
use super::{Head, Reading, Source};

const OWN: [&str; 5] = ["name", "latitude", "longitude", "range_km", "vehicles"];
const GEO_PKO: [&str; 6] = [
    "mission",
    "year",
    "location",
    "latitude",
    "longitude",
    "notroops",
];
const RANGE_KM: &str = "more than 0, at most 2000";
const YEAR: &str = "1970..=2100";
/// What Geo-PKO writes where its maps give no figure.
const NO_FIGURE: &[u8] = b"NA";

/// CSV with our own header, or Geo-PKO.
#[derive(Debug)]
pub(super) struct Bases;

impl Source for Bases {
    fn name(&self) -> &'static str {
        "bases"
    }

    fn describe(&self) -> &'static str {
        "bases that patrols leave from, our own or Geo-PKO's by year"
    }

    fn recognises(&self, head: &Head) -> bool {
        head.is_table() && (head.has(&OWN) || head.has(&GEO_PKO))
    }

    fn read(&self, path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
        // Geo-PKO lists the bases of the world: one far away is no mistake of its writer.
        let everywhere = Reading {
            area: None,
            ..*reading
        };
        let format = Format {
            source: self.name(),
            left_aside: &[],
            reading: &everywhere,
        };
        read_table(
            &format,
            path,
            intake,
            Form::of,
            |form, row, intake| match form {
                Form::Own(columns) => columns.take(row, intake),
                Form::GeoPko(columns) => columns.take(row, intake),
            },
        )
    }
}

/// The two forms of files.
enum Form {
    Own(Own),
    GeoPko(GeoPko),
}

impl Form {
    fn of(header: &mut Header) -> std::result::Result<Self, &'static str> {
        let mut take = |name: &'static str| header.take(&[name]).ok_or(name);
        let place = [take("latitude")?, take("longitude")?];
        if let (Ok(year), Ok(location)) = (take("year"), take("location")) {
            return Ok(Self::GeoPko(GeoPko {
                year,
                location,
                place,
                troops: take("notroops")?,
            }));
        }
        let name = take("name")?;
        let mut may = |name: &str| header.take(&[name]);
        Ok(Self::Own(Own {
            name,
            place,
            period: [may("opened"), may("closed")],
            kind: may("kind"),
            range_km: may("range_km"),
            mixed_team: may("mixed_team"),
            vehicles: may("vehicles"),
            night: may("night"),
        }))
    }
}

struct Own {
    name: usize,
    place: [usize; 2],
    period: [Option<usize>; 2],
    kind: Option<usize>,
    range_km: Option<usize>,
    mixed_team: Option<usize>,
    vehicles: Option<usize>,
    night: Option<usize>,
}

impl Own {
    fn take(&self, row: &Row<'_>, intake: &mut Intake) -> std::result::Result<(), Fault> {
        let (lat_deg, lon_deg) = row.place(self.place[0], self.place[1])?;
        let [first_day, last_day] = row.period(self.period)?;
        intake.bases.push(Base {
            source: Bases.name(),
            name: &row.text(self.name)?,
            kind: self.kind(row)?.code(),
            lat_deg,
            lon_deg,
            first_day,
            last_day,
            range_km: self.range_km(row)?,
            mixed_team: row.yes_or_no(self.mixed_team)?,
            vehicles: self.vehicles.map_or(Ok(None), |at| row.count(at))?,
            night: row.yes_or_no(self.night)?,
            troops: None,
        });
        Ok(())
    }

    fn kind(&self, row: &Row<'_>) -> std::result::Result<BaseKind, Fault> {
        let Some((at, name)) = self.kind.zip(row.optional_text(self.kind)?) else {
            return Ok(BaseKind::Unknown);
        };
        BaseKind::from_name(&name).map_or_else(|| Row::unknown(at, "permanent or temporary"), Ok)
    }

    fn range_km(&self, row: &Row<'_>) -> std::result::Result<Option<f64>, Fault> {
        let Some(at) = self.range_km.filter(|&at| !row.bytes(at).is_empty()) else {
            return Ok(None);
        };
        let range_km = row.number(at, RANGE_KM)?;
        if range_km > 0.0 && range_km <= 2000.0 {
            return Ok(Some(range_km));
        }
        Err(Fault::new(Column::At(at), Class::OutOfRange, RANGE_KM))
    }
}

/// One row per base and year in which the mission's maps show it.
struct GeoPko {
    year: usize,
    location: usize,
    place: [usize; 2],
    troops: usize,
}

impl GeoPko {
    fn take(&self, row: &Row<'_>, intake: &mut Intake) -> std::result::Result<(), Fault> {
        let (lat_deg, lon_deg) = row.place(self.place[0], self.place[1])?;
        let fault = |class| Fault::new(Column::At(self.year), class, YEAR);
        let year = row.whole(self.year, YEAR)?;
        let year = year.ok_or_else(|| fault(Class::Missing))?;
        let year = i16::try_from(year)
            .ok()
            .filter(|y| (1970..=2100).contains(y));
        let year = year.ok_or_else(|| fault(Class::OutOfRange))?;
        let troops = match &*row.bytes(self.troops) {
            NO_FIGURE => None,
            _ => row.count(self.troops)?,
        };
        intake.bases.push(Base {
            source: Bases.name(),
            name: &row.text(self.location)?,
            kind: BaseKind::Unknown.code(),
            lat_deg,
            lon_deg,
            first_day: Day::from_ymd(year, 1, 1),
            last_day: Day::from_ymd(year, 12, 31),
            range_km: None,
            mixed_team: None,
            vehicles: None,
            night: None,
            troops,
        });
        Ok(())
    }
}
