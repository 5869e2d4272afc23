//! Any file of incidents in rows, by the column map in `mission.toml`.

mod problems;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use twox_hash::XxHash64;

use crate::base::code::{
    ActorClass, DatePrecision, DiscoveredBy, Kind, PlacePrecision, Verification,
};
use crate::base::error::{Error, Result};
use crate::base::settings::SourceSettings;
use crate::tables::{Incident, Intake};

use super::reader::{
    Class, Column, Fault, Format, Header, Row, file_name, header_of, read_table, to_a_tenth,
};
use super::{Head, Reading, Source};

const BEFORE_KNOWN: &str = "no later than the day on which it was known";

/// A file of incidents with column names of its own.
#[derive(Debug)]
pub(super) struct Mapped;

impl Mapped {
    pub(super) const NAME: &str = "mapped";
}

impl Source for Mapped {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn describe(&self) -> &'static str {
        "any file of incidents in rows, by a column map in mission.toml"
    }

    fn tells_of_incidents(&self) -> bool {
        true
    }

    /// Never by its head alone: a map is a decision of the mission.
    fn recognises(&self, _head: &Head) -> bool {
        false
    }

    fn read(&self, path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
        let settings = reading.settings;
        let problems = problems::problems(settings, &header_of(path, reading)?);
        if !problems.is_empty() {
            return Err(Error::Settings {
                path: path.to_path_buf(),
                problems,
            });
        }
        let format = Format {
            source: self.name(),
            left_aside: &[],
            reading,
        };
        let keeps_points = settings.agreement.as_ref().is_some_and(|a| a.exact_places);
        let mut n_coarser = 0_u64;
        let take = |map: &Map, row: &Row<'_>, intake: &mut Intake| {
            n_coarser += u64::from(take(map, row, keeps_points, intake)?);
            Ok(())
        };
        let columns = |header: &mut Header| Ok(Map::of(settings, header));
        read_table(&format, path, intake, columns, take)?;
        if n_coarser > 0 {
            intake.notes.push(format!(
                "{}: {n_coarser} records of sexual violence told to the point are taken as near it; \
                 source.agreement.exact_places says where an agreement allows more",
                file_name(path)
            ));
        }
        Ok(())
    }
}

/// Ids for records that have none of their own: a digest of what a record says of when and where, so
/// that it is the same record tomorrow, on whatever line it then stands; numbered where several say
/// the same.
struct Nameless {
    taken: [usize; 4],
    met: RefCell<BTreeMap<u64, u32>>,
}

impl Nameless {
    fn over(taken: [usize; 4]) -> Self {
        let met = RefCell::default();
        Self { taken, met }
    }

    fn id(&self, row: &Row<'_>) -> String {
        let mix = |digest, &at: &usize| XxHash64::oneshot(digest, &row.bytes(at));
        let digest = self.taken.iter().fold(0, mix);
        let mut met = self.met.borrow_mut();
        let n = met.entry(digest).or_default();
        *n += 1;
        if *n == 1 {
            format!("{digest:016x}")
        } else {
            format!("{digest:016x}-{n}")
        }
    }
}

/// Codes of one of our columns: per row by their words, or one for all rows.
struct Codes {
    at: Option<usize>,
    /// A dozen words: looked through in turn they are found sooner than in a tree.
    words: Vec<(Vec<u8>, u8)>,
    otherwise: u8,
}

impl Codes {
    fn of(
        ours: &str,
        settings: &SourceSettings,
        header: &mut Header,
        names: impl Iterator<Item = (&'static str, u8)>,
        otherwise: u8,
    ) -> Self {
        let codes: BTreeMap<&str, u8> = names.collect();
        let at = settings
            .columns
            .get(ours)
            .and_then(|theirs| header.take(&[theirs]));
        let mut words: BTreeMap<Vec<u8>, u8> = codes
            .iter()
            .map(|(name, &code)| (name.as_bytes().to_vec(), code))
            .collect();
        for (theirs, name) in settings.values.get(ours).into_iter().flatten() {
            words.extend(
                codes
                    .get(name.as_str())
                    .map(|&code| (theirs.as_bytes().to_vec(), code)),
            );
        }
        let constant = settings
            .constants
            .get(ours)
            .and_then(|name| codes.get(name.as_str()));
        Self {
            at,
            words: words.into_iter().collect(),
            otherwise: constant.copied().unwrap_or(otherwise),
        }
    }

    fn code(&self, row: &Row<'_>) -> std::result::Result<u8, Fault> {
        let Some(at) = self.at else {
            return Ok(self.otherwise);
        };
        let word = row.bytes(at);
        if word.is_empty() {
            return Ok(self.otherwise);
        }
        let is_it = |(known, _): &&(Vec<u8>, u8)| known.first() == word.first() && *known == *word;
        match self.words.iter().find(is_it) {
            Some(&(_, code)) => Ok(code),
            None => Row::unknown(at, "a word that source.values maps, or a code's own name"),
        }
    }
}

struct Map {
    name: Option<String>,
    source_id: Option<usize>,
    nameless: Nameless,
    known_at: Option<usize>,
    days: [usize; 2],
    place: [usize; 2],
    pcodes: [Option<usize>; 2],
    fatalities: Option<usize>,
    date_precision: Codes,
    place_precision: Codes,
    kind: Codes,
    actor_class: Codes,
    verification: Codes,
    discovered_by: Codes,
}

macro_rules! codes {
    ($ours:literal, $type:ident, $settings:expr, $header:expr, $otherwise:expr) => {
        Codes::of(
            $ours,
            $settings,
            $header,
            $type::ALL.iter().map(|value| (value.name(), value.code())),
            $otherwise.code(),
        )
    };
}

impl Map {
    /// The map was checked against the header: needed columns are there.
    fn of(settings: &SourceSettings, header: &mut Header) -> Self {
        let mut at = |ours| {
            settings
                .columns
                .get(ours)
                .and_then(|theirs| header.take(&[theirs]))
        };
        let start = at("date_start").unwrap_or(0);
        let (days, place) = (
            [start, at("date_end").unwrap_or(start)],
            [at("lat_deg").unwrap_or(0), at("lon_deg").unwrap_or(0)],
        );
        let (source_id, known_at) = (at("source_id"), at("known_at"));
        let pcodes = [at("admin1_pcode"), at("admin2_pcode")];
        let fatalities = at("fatalities");
        Self {
            name: settings.name.clone(),
            source_id,
            nameless: Nameless::over([days[0], days[1], place[0], place[1]]),
            known_at,
            days,
            place,
            pcodes,
            fatalities,
            date_precision: codes!(
                "date_precision",
                DatePrecision,
                settings,
                header,
                DatePrecision::Day
            ),
            place_precision: codes!(
                "place_precision",
                PlacePrecision,
                settings,
                header,
                PlacePrecision::Country
            ),
            kind: codes!("kind", Kind, settings, header, Kind::Other),
            actor_class: codes!(
                "actor_class",
                ActorClass,
                settings,
                header,
                ActorClass::Unknown
            ),
            verification: codes!(
                "verification",
                Verification,
                settings,
                header,
                Verification::Unknown
            ),
            discovered_by: codes!(
                "discovered_by",
                DiscoveredBy,
                settings,
                header,
                DiscoveredBy::Unknown
            ),
        }
    }
}

/// Takes one row; whether it is placed more coarsely than it came.
fn take(
    map: &Map,
    row: &Row<'_>,
    keeps_points: bool,
    intake: &mut Intake,
) -> std::result::Result<bool, Fault> {
    let (lat_deg, lon_deg) = row.place(map.place[0], map.place[1])?;
    let date_start = row.day(map.days[0])?;
    let date_end = row.last_day(map.days[1], date_start)?;
    let known_at = map.known_at.map_or(Ok(None), |at| row.day_or_none(at))?;
    let text = |at: Option<usize>| {
        at.filter(|&at| !row.bytes(at).is_empty())
            .map(|at| row.text(at))
            .transpose()
    };
    if known_at.is_some_and(|known| known < date_start) {
        let fault = Column::At(map.days[0]);
        return Err(Fault::new(fault, Class::AfterKnown, BEFORE_KNOWN));
    }
    let [admin1, admin2] = [text(map.pcodes[0])?, text(map.pcodes[1])?];
    let id = match map.source_id {
        Some(at) => row.text(at)?,
        None => map.nameless.id(row).into(),
    };
    let id = match &map.name {
        Some(name) => format!("{name}/{id}").into(),
        None => id,
    };
    let (kind, mut place_precision) = (map.kind.code(row)?, map.place_precision.code(row)?);
    // A record of sexual violence told to the point tells a home. Unless an agreement allows it, the
    // point is not kept: the record is placed near it, as public sources place theirs.
    let is_coarser = !keeps_points
        && kind == Kind::SexualViolence.code()
        && place_precision == PlacePrecision::Exact.code();
    let (lat_deg, lon_deg) = if is_coarser {
        place_precision = PlacePrecision::Near.code();
        to_a_tenth((lat_deg, lon_deg))
    } else {
        (lat_deg, lon_deg)
    };
    intake.incidents.push(Incident {
        source: Mapped.name(),
        source_id: &id,
        known_at,
        date_start,
        date_end,
        date_precision: map.date_precision.code(row)?,
        lat_deg,
        lon_deg,
        place_precision,
        admin1_pcode: admin1.as_deref(),
        admin2_pcode: admin2.as_deref(),
        kind,
        actor_class: map.actor_class.code(row)?,
        verification: map.verification.code(row)?,
        discovered_by: map.discovered_by.code(row)?,
        fatalities: map.fatalities.map_or(Ok(None), |at| row.count(at))?,
    });
    Ok(is_coarser)
}
