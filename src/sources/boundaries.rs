//! Administrative boundaries: COD-AB in its three generations of column names, and Natural Earth.

use std::iter;
use std::path::Path;

use geo::{CoordsIter, MultiPolygon};

use crate::base::error::Result;
use crate::tables::{Area, Intake, Level};

use super::reader::{Class, Column, Fault, Header, Tally, file_name, refuse_identifying};
use super::shapes::{self, Feature};
use super::{Head, Reading, Source};

const LEVELS: std::ops::RangeInclusive<u8> = 0..=4;
/// A ring's corners, the first one told again at its end, are four or more.
const RING_POINTS: usize = 4;
/// Country codes of P-codes.
const ISO3: [(&str, &str); 8] = [
    ("CF", "CAF"),
    ("SS", "SSD"),
    ("ML", "MLI"),
    ("CD", "COD"),
    ("TD", "TCD"),
    ("CM", "CMR"),
    ("SD", "SDN"),
    ("NE", "NER"),
];

/// `GeoJSON` or `GeoParquet` polygons with P-codes.
#[derive(Debug)]
pub(super) struct Boundaries;

impl Source for Boundaries {
    fn name(&self) -> &'static str {
        "boundaries"
    }

    fn describe(&self) -> &'static str {
        "administrative areas with P-codes, GeoJSON or GeoParquet"
    }

    fn is_published(&self) -> bool {
        true
    }

    fn recognises(&self, head: &Head) -> bool {
        let has_code = LEVELS.rev().any(|level| {
            pcode_names(level)
                .iter()
                .any(|name| head.has(&[name.as_str()]))
        });
        head.has_areas && (has_code || head.has(&["adm0_a3"]))
    }

    fn read(&self, path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
        let features = shapes::read(path, reading)?;
        let mut header = Header::new(features.names);
        refuse_identifying(&header, &[], path)?;
        let mut tally = Tally::default();
        for (record, feature) in (1..).zip(features.rows) {
            let area = area(feature);
            tally.count(record, area.map(|area| intake.areas.push(area)));
        }
        for level in LEVELS {
            let names = pcode_names(level).into_iter().chain(name_names(level));
            for name in names {
                header.take(&[name.as_str()]);
            }
        }
        for name in ["iso3", "ADM0_A3", "NAME"] {
            header.take(&[name]);
        }
        tally.close(
            self.name(),
            &file_name(path),
            features.digest,
            &header,
            intake,
        );
        Ok(())
    }
}

fn pcode_names(level: u8) -> Vec<String> {
    vec![
        format!("adm{level}_pcode"),
        format!("admin{level}Pcode"),
        format!("ADM{level}_CODE"),
    ]
}

fn name_names(level: u8) -> Vec<String> {
    [
        "adm#_name",
        "ADM#_EN",
        "ADM#_FR",
        "ADM#_PT",
        "admin#Name",
        "admin#Name_en",
        "admin#Name_fr",
    ]
    .iter()
    .map(|name| name.replace('#', &level.to_string()))
    .collect()
}

fn text(feature: &Feature, names: &[String]) -> Option<String> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    feature.text(&names).map(str::to_owned)
}

fn area(feature: Feature) -> std::result::Result<Area, Fault> {
    let coded = LEVELS
        .rev()
        .find_map(|level| Some((level, text(&feature, &pcode_names(level))?)));
    let country = feature.text(&["ADM0_A3", "iso3"]).map(str::to_owned);
    let (level, pcode) = coded
        .or_else(|| Some((0, country.clone()?)))
        .ok_or(Fault::new(Column::Row, Class::Missing, "a P-code"))?;
    let name =
        text(&feature, &name_names(level)).or_else(|| feature.text(&["NAME"]).map(str::to_owned));
    let iso3 = country.or_else(|| {
        let code = pcode.get(..2)?;
        ISO3.iter()
            .find(|(iso2, _)| *iso2 == code)
            .map(|(_, iso3)| (*iso3).to_owned())
    });
    let shape = feature.shape.ok_or(Fault::of_shape(Class::NoShape))?;
    if shape.coords_count() == 0 {
        return Err(Fault::of_shape(Class::NoShape));
    }
    if has_open_ring(&shape) {
        return Err(Fault::of_shape(Class::OpenRing));
    }
    let in_range =
        |c: geo::Coord<f64>| (-180.0..=180.0).contains(&c.x) && (-90.0..=90.0).contains(&c.y);
    if !shape.coords_iter().all(in_range) {
        return Err(Fault::of_shape(Class::OutOfRange));
    }
    let name = name.unwrap_or_else(|| pcode.clone());
    Ok(Area {
        level: Level(level),
        pcode,
        name,
        iso3,
        shape,
    })
}

/// Whether a ring has fewer points than one that encloses anything.
fn has_open_ring(shape: &MultiPolygon) -> bool {
    let rings = shape
        .iter()
        .flat_map(|polygon| iter::once(polygon.exterior()).chain(polygon.interiors()));
    let mut lengths = rings.map(|ring| ring.0.len());
    lengths.any(|points| points < RING_POINTS)
}
