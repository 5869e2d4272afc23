//! Services that survivors and communities can turn to: our own form, and who does what where (3W).
//!
//! Where a safe house stands is never taken: a row that tells it is refused, and one known to an area
//! is kept without its name. Columns that name organisations or people are left aside.
//!
//! Our own header: `name, kind, latitude, longitude, admin1_pcode, admin2_pcode, opened, closed,
//! weekdays, clinical_care, psychosocial, legal, safe_house`; a row has coordinates or a P-code.

mod who_what_where;

use std::path::Path;

use crate::base::code::{ServiceKind, ServiceStatus};
use crate::base::error::Result;
use crate::tables::{Intake, Level, Service};

use super::reader::{Class, Column, Fault, Format, Header, Row, read_table};
use super::{Head, Reading, Source};

const OWN: [&str; 4] = ["name", "kind", "weekdays", "clinical_care"];
const PCODE: &str = "a P-code such as CF11";
const PCODE_BYTES: usize = 16;
const NO_PLACE: &str =
    "for a safe house no coordinates, only a P-code of the first or second level";
const REFUGE: &[&str] = &[
    "safe house",
    "safehouse",
    "shelter",
    "refuge",
    "maison d'accueil",
    "maison d\u{2019}accueil",
    "maison s\u{fb}re",
];
/// The finest level that may tell of a safe house.
const FINEST: Level = Level(2);

/// CSV with our own header, or an OCHA 3W.
#[derive(Debug)]
pub(super) struct Services;

impl Source for Services {
    fn name(&self) -> &'static str {
        "services"
    }

    fn describe(&self) -> &'static str {
        "health, legal, psychosocial and other services, or who does what where (3W)"
    }

    fn recognises(&self, head: &Head) -> bool {
        head.is_table() && (head.has(&OWN) || who_what_where::recognises(head))
    }

    fn read(&self, path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
        let format = Format {
            source: self.name(),
            left_aside: &[],
            reading,
        };
        read_table(
            &format,
            path,
            intake,
            Form::of,
            |form, row, intake| match form {
                Form::Own(columns) => take(columns, row, intake),
                Form::WhoWhatWhere(columns) => columns.take(row, intake),
            },
        )
    }
}

/// The two forms of files.
enum Form {
    Own(Columns),
    WhoWhatWhere(who_what_where::Columns),
}

impl Form {
    fn of(header: &mut Header) -> std::result::Result<Self, &'static str> {
        match who_what_where::Columns::of(header) {
            Some(columns) => Ok(Self::WhoWhatWhere(columns)),
            None => Ok(Self::Own(Columns::of(header)?)),
        }
    }
}

struct Columns {
    name: usize,
    kind: usize,
    place: Option<[usize; 2]>,
    pcodes: [Option<usize>; 2],
    period: [Option<usize>; 2],
    weekdays: Option<usize>,
    clinical_care: Option<usize>,
    psychosocial: Option<usize>,
    legal: Option<usize>,
    safe_house: Option<usize>,
}

impl Columns {
    fn of(header: &mut Header) -> std::result::Result<Self, &'static str> {
        let mut may = |name: &str| header.take(&[name]);
        Ok(Self {
            name: may("name").ok_or("name")?,
            kind: may("kind").ok_or("kind")?,
            place: may("latitude")
                .zip(may("longitude"))
                .map(<[usize; 2]>::from),
            pcodes: [may("admin1_pcode"), may("admin2_pcode")],
            period: [may("opened"), may("closed")],
            weekdays: may("weekdays"),
            clinical_care: may("clinical_care"),
            psychosocial: may("psychosocial"),
            legal: may("legal"),
            safe_house: may("safe_house"),
        })
    }
}

fn take(columns: &Columns, row: &Row<'_>, intake: &mut Intake) -> std::result::Result<(), Fault> {
    let kind = match &*row.text(columns.kind)? {
        "shelter" => ServiceKind::SafeHouse,
        name => match ServiceKind::from_name(name) {
            Some(kind) => kind,
            None => {
                return Row::unknown(columns.kind, "a kind of service, such as health or legal");
            }
        },
    };
    let safe_house = row.yes_or_no(columns.safe_house)?;
    let pcodes = pcodes(columns.pcodes, row)?;
    let name = row.optional_text(Some(columns.name))?;
    let hides = kind == ServiceKind::SafeHouse
        || safe_house == Some(1)
        || name.as_ref().is_some_and(|name| tells_of_refuge(name));
    if hides {
        refuse_place(columns, &pcodes, row, intake)?;
    }
    let given = |at: &[usize; 2]| at.iter().any(|&at| !row.bytes(at).is_empty());
    let place = columns.place.filter(given);
    let place = place.map(|[lat, lon]| row.place(lat, lon)).transpose()?;
    if place.is_none() && pcodes == [None, None] {
        let expected = "latitude and longitude, or a P-code";
        return Err(Fault::new(Column::Row, Class::Missing, expected));
    }
    if !hides {
        row.text(columns.name)?;
    }
    let [first_day, last_day] = row.period(columns.period)?;
    intake.services.push(Service {
        source: Services.name(),
        name: name.as_deref().filter(|_| !hides),
        kind: kind.code(),
        status: ServiceStatus::Unknown.code(),
        lat_deg: place.map(|(lat_deg, _)| lat_deg),
        lon_deg: place.map(|(_, lon_deg)| lon_deg),
        admin1_pcode: pcodes[0].as_deref(),
        admin2_pcode: pcodes[1].as_deref(),
        first_day,
        last_day,
        weekdays: weekdays(columns.weekdays, row)?,
        clinical_care: row.yes_or_no(columns.clinical_care)?,
        psychosocial: row.yes_or_no(columns.psychosocial)?,
        legal: row.yes_or_no(columns.legal)?,
        safe_house,
    });
    Ok(())
}

/// Whether a name gives a safe house away that its row calls something else.
fn tells_of_refuge(name: &str) -> bool {
    let name = name.to_lowercase();
    REFUGE.iter().any(|word| name.contains(word))
}

/// Refuses a row that says where a safe house stands: by coordinates, even half of them or none on
/// Earth, or by a code that the mission's boundaries know to be finer than its column says.
fn refuse_place(
    columns: &Columns,
    pcodes: &[Option<String>; 2],
    row: &Row<'_>,
    intake: &Intake,
) -> std::result::Result<(), Fault> {
    let fault = |at| Err(Fault::new(Column::At(at), Class::SafeHousePlace, NO_PLACE));
    for at in columns.place.into_iter().flatten() {
        if !row.bytes(at).is_empty() {
            return fault(at);
        }
    }
    for (at, pcode) in columns.pcodes.into_iter().zip(pcodes) {
        let is_finer = |pcode: &String| {
            let mut areas = intake.areas.iter();
            areas.any(|area| area.level > FINEST && area.pcode == *pcode)
        };
        if let (Some(at), true) = (at, pcode.as_ref().is_some_and(is_finer)) {
            return fault(at);
        }
    }
    Ok(())
}

/// P-codes of the first and second level. A text that is none could tell anything.
fn pcodes(
    at: [Option<usize>; 2],
    row: &Row<'_>,
) -> std::result::Result<[Option<String>; 2], Fault> {
    let pcode = |at: Option<usize>| {
        let Some((at, text)) = at.zip(row.optional_text(at)?) else {
            return Ok(None);
        };
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if text.len() > PCODE_BYTES || !text.bytes().all(is_part) {
            return Row::unknown(at, PCODE);
        }
        Ok(Some(text.into_owned()))
    };
    Ok([pcode(at[0])?, pcode(at[1])?])
}

/// Seven digits, Monday first: 1 open, 0 closed.
fn weekdays(at: Option<usize>, row: &Row<'_>) -> std::result::Result<Option<u8>, Fault> {
    let Some(at) = at else { return Ok(None) };
    let digits = row.bytes(at);
    if digits.is_empty() {
        return Ok(None);
    }
    let is_week = digits.len() == 7 && digits.iter().all(|digit| matches!(digit, b'0' | b'1'));
    let days = digits.iter().rev();
    match days.fold(0, |bits, digit| (bits << 1) | (digit & 1)) {
        days if is_week && days > 0 => Ok(Some(days)),
        _ => Row::unknown(at, "seven digits 0 or 1, Monday first, such as 1111100"),
    }
}
