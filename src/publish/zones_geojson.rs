//! `zones.geojson`: ranked zones as RFC 7946, for web maps and any GIS.

use std::io::Write;

use geo::{LineString, MultiPolygon};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::shape::{self, Bounds};
use super::zone_fields::fields;
use super::{Layer, TierTables, cannot_write};
use crate::base::error::Result;
use crate::tables::Zone;

/// The layer.
#[derive(Debug)]
pub(super) struct ZonesGeojson;

const NAME: &str = "zones.geojson";

impl Layer for ZonesGeojson {
    fn file_name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> &'static str {
        "one feature per zone, in order of rank, for web maps and any GIS"
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let zones = &tier.zones.rows;
        let shapes: Vec<MultiPolygon<f64>> = zones
            .iter()
            .map(|zone| shape::outline(&zone.cells))
            .collect::<Result<_>>()?;
        let features = zones.iter().zip(&shapes).map(|(zone, shape)| Feature {
            r#type: "Feature",
            id: &zone.zone_id,
            bbox: shape::bounds([shape]),
            properties: Properties { zone, tier },
            geometry: Geometry::new(shape),
        });
        let collection = Collection {
            r#type: "FeatureCollection",
            name: "zones",
            notice: tier.notice(),
            mission: &tier.mission.name,
            period_start: tier.window.0.first_day().to_string(),
            period_end: tier.window.1.last_day().to_string(),
            bbox: shape::bounds(&shapes),
            features: features.collect(),
        };
        serde_json::to_writer(&mut *out, &collection).map_err(cannot_write(NAME))?;
        out.write_all(b"\n").map_err(cannot_write(NAME))
    }
}

#[derive(Serialize)]
struct Collection<'a> {
    r#type: &'static str,
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static str>,
    mission: &'a str,
    period_start: String,
    period_end: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    bbox: Option<Bounds>,
    features: Vec<Feature<'a>>,
}

#[derive(Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bbox: Option<Bounds>,
    properties: Properties<'a>,
    geometry: Geometry,
}

/// The fields of one zone, in the contract's order.
struct Properties<'a> {
    zone: &'a Zone,
    tier: &'a TierTables<'a>,
}

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for field in fields(self.tier) {
            map.serialize_entry(field.name, &field.value(self.zone, self.tier))?;
        }
        map.end()
    }
}

type Ring = Vec<[f64; 2]>;

#[derive(Serialize)]
struct Geometry {
    r#type: &'static str,
    coordinates: Vec<Vec<Ring>>,
}

impl Geometry {
    /// Always a multipolygon, so that a layer has one geometry type.
    fn new(shape: &MultiPolygon<f64>) -> Self {
        let ring = |ring: &LineString<f64>| ring.coords().map(|c| [c.x, c.y]).collect();
        let polygons = shape.0.iter().map(|polygon| {
            let holes = polygon.interiors().iter().map(ring);
            std::iter::once(ring(polygon.exterior()))
                .chain(holes)
                .collect()
        });
        Self {
            r#type: "MultiPolygon",
            coordinates: polygons.collect(),
        }
    }
}
