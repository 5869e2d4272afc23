//! Named places: our own form, Natural Earth, and the points of COD-AB.

use std::path::Path;

use crate::base::code::PlaceKind;
use crate::base::error::Result;
use crate::base::settings::SourceSettings;
use crate::tables::{Intake, Place};

use super::reader::{Class, Column, Fault, Format, Header, Row, Tally, file_name, read_table};
use super::shapes::{self, Feature};
use super::{Head, Source};

/// CSV (own header or Natural Earth), GeoJSON (Natural Earth), GeoParquet (COD-AB points).
#[derive(Debug)]
pub struct Places;

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
        match head.is_table() {
            true => head.has(&own) || head.has(&natural_earth),
            false => !head.has_areas && (head.has(&natural_earth) || head.has(&cod_points)),
        }
    }

    fn read(&self, path: &Path, _settings: &SourceSettings, intake: &mut Intake) -> Result<()> {
        if shapes::is_parquet(path) || path.extension().is_some_and(|ending| ending != "csv") {
            return features(path, intake);
        }
        let format = Format {
            source: self.name(),
            left_aside: &[],
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
        let population = header
            .take(&["population", "pop_max"])
            .ok_or("population")?;
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
    let population = row.count(columns.population)?;
    intake.places.push(Place {
        name,
        kind,
        lat_deg,
        lon_deg,
        population,
    });
    Ok(())
}

fn features(path: &Path, intake: &mut Intake) -> Result<()> {
    let features = shapes::read(path)?;
    let mut header = Header::new(features.names);
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
        tally.count(
            record,
            place(&feature).map(|place| intake.places.push(place)),
        );
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

fn place(feature: &Feature) -> std::result::Result<Place, Fault> {
    let missing = |expected| Fault::new(Column::Row, Class::Missing, expected);
    let number = |names: &[&str]| {
        feature
            .text(names)
            .and_then(|text| text.parse::<f64>().ok())
    };
    let lat_deg = number(&["latitude", "lat"]).ok_or(missing("a latitude"))?;
    let lon_deg = number(&["longitude", "lon"]).ok_or(missing("a longitude"))?;
    if forewarn_models::units::Coordinate::new(lat_deg, lon_deg).is_err() {
        return Err(Fault::of_row(Class::OutOfRange));
    }
    let own = feature
        .text(&["admin_level"])
        .map(|level| format!("adm{level}_name"));
    let name = own
        .as_deref()
        .and_then(|own| feature.text(&[own]))
        .or_else(|| feature.text(&["name"]));
    let name = name.ok_or(missing("a name"))?.to_owned();
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to u32"
    )]
    let population =
        number(&["pop_max"]).map(|people| people.clamp(0.0, f64::from(u32::MAX)) as u32);
    Ok(Place {
        name,
        kind: PlaceKind::Settlement,
        lat_deg,
        lon_deg,
        population,
    })
}
