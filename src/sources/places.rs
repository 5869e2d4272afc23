//! Named places: our own form, Natural Earth, and the points of COD-AB.

use std::path::Path;

use crate::base::code::PlaceKind;
use crate::base::error::Result;
use crate::tables::{Intake, Place};

use super::reader::{
    Class, Fault, Format, Header, LAT, LON, Row, Tally, checked_place, file_name, read_table,
    refuse_identifying, value,
};
use super::shapes::{self, Feature};
use super::{Head, Reading, Source};

const LAT_NAMES: [&str; 2] = ["latitude", "lat"];
const LON_NAMES: [&str; 2] = ["longitude", "lon"];
const POP_MAX: &str = "pop_max";
/// What Natural Earth writes where nobody counted.
const NO_FIGURE: i64 = -99;

/// CSV (own header or Natural Earth), `GeoJSON` (Natural Earth), `GeoParquet` (COD-AB points).
#[derive(Debug)]
pub(super) struct Places;

impl Source for Places {
    fn name(&self) -> &'static str {
        "places"
    }

    fn describe(&self) -> &'static str {
        "named settlements, markets, sites, water and counting points"
    }

    fn recognises(&self, head: &Head) -> bool {
        let own = ["name", "kind", "latitude", "longitude", "population"];
        let natural_earth = ["name", "featurecla", "pop_max", "latitude", "longitude"];
        let cod_points = ["admin_level", "lat", "lon", "adm1_name"];
        !head.has_areas
            && (head.has(&natural_earth)
                || head.has(&cod_points)
                || head.is_table() && head.has(&own))
    }

    fn read(&self, path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
        if matches!(
            shapes::ending(path).as_str(),
            "parquet" | "geojson" | "json"
        ) {
            return features(path, reading, intake);
        }
        let format = Format {
            source: self.name(),
            left_aside: &[],
            reading,
        };
        read_table(&format, path, intake, Columns::of, take)
    }
}

struct Columns {
    name: usize,
    kind: Option<usize>,
    place: [usize; 2],
    population: usize,
}

impl Columns {
    fn of(header: &mut Header) -> std::result::Result<Self, &'static str> {
        let mut take = |name: &'static str| header.take(&[name]).ok_or(name);
        let (name, place) = (take("name")?, [take("latitude")?, take("longitude")?]);
        let population = header.take(&["population", POP_MAX]).ok_or("population")?;
        Ok(Self {
            name,
            kind: header.take(&["kind"]),
            place,
            population,
        })
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
    let name = row.text(columns.name)?.into_owned();
    let figure = row.whole(columns.population, "a whole number from 0")?;
    let population = match (columns.kind, figure) {
        (None, Some(NO_FIGURE)) => None,
        _ => row.count(columns.population)?,
    };
    intake.places.push(Place {
        name,
        kind,
        lat_deg,
        lon_deg,
        population,
    });
    Ok(())
}

fn features(path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
    let features = shapes::read(path, reading)?;
    let mut header = Header::new(features.names);
    refuse_identifying(&header, &[], path)?;
    for name in [
        "name",
        "latitude",
        "longitude",
        "lat",
        "lon",
        "pop_max",
        "admin_level",
    ] {
        header.take(&[name]);
    }
    let mut tally = Tally::default();
    for (record, feature) in (1..).zip(features.rows) {
        let place = place(&feature, &header);
        tally.count(record, place.map(|place| intake.places.push(place)));
    }
    tally.close(
        Places.name(),
        &file_name(path),
        features.digest,
        &header,
        intake,
    );
    Ok(())
}

fn place(feature: &Feature, header: &Header) -> std::result::Result<Place, Fault> {
    let given = |names: &[&str], expected| {
        let fault = Fault::new(header.column(names), Class::Missing, expected);
        feature.text(names).ok_or(fault)
    };
    let degrees = |names: &[&str], expected| {
        let column = header.column(names);
        let degrees = value::number(given(names, expected)?.as_bytes());
        let degrees = degrees.ok_or(Fault::new(column, Class::NotANumber, expected))?;
        Ok((column, degrees))
    };
    let (lat, lon) = (degrees(&LAT_NAMES, LAT)?, degrees(&LON_NAMES, LON)?);
    let (lat_deg, lon_deg) = checked_place(lat, lon)?;
    let own = feature.text(&["admin_level"]);
    let own = own.map_or_else(|| "name".to_owned(), |level| format!("adm{level}_name"));
    let name = given(&[&own, "name"], "a name")?;
    Ok(Place {
        name: name.to_owned(),
        kind: PlaceKind::Settlement,
        lat_deg,
        lon_deg,
        population: people(feature, header)?,
    })
}

fn people(feature: &Feature, header: &Header) -> std::result::Result<Option<u32>, Fault> {
    let Some(text) = feature.text(&[POP_MAX]) else {
        return Ok(None);
    };
    let fault = |class| Fault::new(header.column(&[POP_MAX]), class, "a whole number from 0");
    let people = value::whole(text.as_bytes()).ok_or(fault(Class::NotAWholeNumber))?;
    if people == NO_FIGURE {
        return Ok(None);
    }
    let people = u32::try_from(people).map_err(|_why| fault(Class::OutOfRange))?;
    Ok(Some(people))
}
