//! Named places: our own form, Natural Earth, and the points of COD-AB.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;

use crate::base::code::PlaceKind;
use crate::base::error::Result;
use crate::tables::{Intake, Place};

use super::reader::{Class, Column, Fault, Format, Header, Row, read_table};
use super::{Head, Reading, Source};

const LAT_NAMES: [&str; 2] = ["latitude", "lat"];
const LON_NAMES: [&str; 2] = ["longitude", "lon"];
const LEVELS: RangeInclusive<u8> = 0..=4;
const POP_MAX: &str = "pop_max";
/// What Natural Earth writes where nobody counted.
const NO_FIGURE: i64 = -99;

/// Our own header, Natural Earth's, or that of COD-AB's points, in any form.
#[derive(Debug)]
pub(super) struct Places;

impl Source for Places {
    fn name(&self) -> &'static str {
        "places"
    }

    fn describe(&self) -> &'static str {
        "named settlements, markets, sites, water and counting points"
    }

    fn is_published(&self) -> bool {
        true
    }

    fn recognises(&self, head: &Head) -> bool {
        let own = ["name", "kind", "latitude", "longitude", "population"];
        let natural_earth = ["name", "featurecla", "pop_max", "latitude", "longitude"];
        let cod_points = ["admin_level", "lat", "lon", "adm1_name"];
        let headers = [&own[..], &natural_earth, &cod_points];
        !head.has_areas && headers.iter().any(|names| head.has(names))
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
    name: Option<usize>,
    /// COD-AB: the level of a point, and by level the column of its name.
    level: Option<usize>,
    names: BTreeMap<String, usize>,
    kind: Option<usize>,
    place: [usize; 2],
    population: Option<usize>,
}

impl Columns {
    fn of(header: &mut Header) -> std::result::Result<Self, &'static str> {
        let level = header.take(&["admin_level"]);
        let name = header.take(&["name"]);
        let own = |level: u8| {
            let at = header.take(&[&format!("adm{level}_name")])?;
            Some((level.to_string(), at))
        };
        let names: BTreeMap<String, usize> = match level {
            Some(_) => LEVELS.filter_map(own).collect(),
            None => BTreeMap::new(),
        };
        if name.is_none() && names.is_empty() {
            return Err("name");
        }
        let place = [
            header.take(&LAT_NAMES).ok_or("latitude")?,
            header.take(&LON_NAMES).ok_or("longitude")?,
        ];
        let population = header.take(&["population", POP_MAX]);
        if population.is_none() && level.is_none() {
            return Err("population");
        }
        Ok(Self {
            name,
            level,
            names,
            kind: header.take(&["kind"]),
            place,
            population,
        })
    }

    /// A point's name at its own level, else its name.
    fn name(&self, row: &Row<'_>) -> std::result::Result<String, Fault> {
        let level = self.level.map(|at| row.bytes(at)).unwrap_or_default();
        let level = std::str::from_utf8(&level).unwrap_or_default();
        let own = self.names.get(level).copied();
        let told = own.filter(|&at| !row.bytes(at).is_empty()).or(self.name);
        match told.or(own) {
            Some(at) => Ok(row.text(at)?.into_owned()),
            None => Err(Fault::new(Column::Row, Class::Missing, "a name")),
        }
    }
}

fn take(columns: &Columns, row: &Row<'_>, intake: &mut Intake) -> std::result::Result<(), Fault> {
    let (lat_deg, lon_deg) = row.place(columns.place[0], columns.place[1])?;
    let kind = match columns.kind {
        None => PlaceKind::Settlement,
        Some(at) => match PlaceKind::from_name(&row.text(at)?) {
            Some(kind) => kind,
            None => return Row::unknown(at, "a kind of place, such as settlement or market"),
        },
    };
    let name = columns.name(row)?;
    let population = columns.population.map_or(Ok(None), |at| {
        match (columns.kind, row.whole(at, "a whole number from 0")?) {
            (None, Some(NO_FIGURE)) => Ok(None),
            _ => row.count(at),
        }
    })?;
    intake.places.push(Place {
        name,
        kind,
        lat_deg,
        lon_deg,
        population,
    });
    Ok(())
}
