//! Where things are: areas, places, cells.

use std::sync::Arc;

use arrow::array::{Float64Array, RecordBatch, StringArray, UInt8Array, UInt32Array, UInt64Array};
use geo::{ChamberlainDuquetteArea, Coord, InteriorPoint};
use h3o::LatLng;

use crate::base::error::Result;
use crate::tables::{Area, Boundaries, Holding, Level};

use super::table;
use super::tables::Mission;

/// The sphere of the Earth's own area over the one that the formula takes, its equator's.
const AUTHALIC: f64 = (6_371.007_2 / 6_378.137) * (6_371.007_2 / 6_378.137);

pub(super) fn areas(mission: &Mission) -> Result<RecordBatch> {
    let areas = mission.boundaries.areas();
    let holding = Holding::new(&mission.boundaries);
    let text = |of: fn(&Area) -> &str| -> StringArray {
        areas.iter().map(|area| Some(of(area))).collect()
    };
    let parents = areas
        .iter()
        .map(|area| parent(area, &mission.boundaries, &holding));
    let area_km2 = areas
        .iter()
        .map(|area| area.shape.chamberlain_duquette_unsigned_area() * AUTHALIC / 1e6);
    table(vec![
        ("pcode", Arc::new(text(|area| &area.pcode))),
        (
            "level",
            Arc::new(UInt8Array::from_iter_values(
                areas.iter().map(|area| area.level.0),
            )),
        ),
        ("name", Arc::new(text(|area| &area.name))),
        ("parent", Arc::new(parents.collect::<StringArray>())),
        (
            "iso3",
            Arc::new(
                areas
                    .iter()
                    .map(|area| area.iso3.as_deref())
                    .collect::<StringArray>(),
            ),
        ),
        (
            "area_km2",
            Arc::new(Float64Array::from_iter_values(area_km2)),
        ),
    ])
}

/// The area of the next coarser level whose P-code begins an area's own, as OCHA writes them, or else the one
/// that holds a point inside it.
fn parent<'a>(area: &Area, boundaries: &'a Boundaries, holding: &Holding<'a>) -> Option<&'a str> {
    let level = Level(area.level.0.checked_sub(1)?);
    let begins = |above: &&Area| area.pcode.starts_with(&above.pcode);
    let above = boundaries.of_level(level).find(begins).or_else(|| {
        let inside = area.shape.interior_point()?;
        holding.of(inside.0, level).map(|(_, above)| above)
    });
    above.map(|above| above.pcode.as_str())
}

pub(super) fn places(mission: &Mission) -> Result<RecordBatch> {
    let places = mission.places.rows();
    let names = places.iter().map(|place| Some(place.name.as_str()));
    let kinds = places.iter().map(|place| Some(place.kind.name()));
    let people = places.iter().map(|place| place.population);
    table(vec![
        ("name", Arc::new(names.collect::<StringArray>())),
        ("kind", Arc::new(kinds.collect::<StringArray>())),
        (
            "lat_deg",
            Arc::new(Float64Array::from_iter_values(
                places.iter().map(|place| place.lat_deg),
            )),
        ),
        (
            "lon_deg",
            Arc::new(Float64Array::from_iter_values(
                places.iter().map(|place| place.lon_deg),
            )),
        ),
        ("population", Arc::new(people.collect::<UInt32Array>())),
    ])
}

pub(super) fn cells(mission: &Mission) -> Result<RecordBatch> {
    let grid = mission.index.as_ref().map(|index| &index.study_area.grid);
    let cells = grid.map_or(&[][..], |grid| grid.cells());
    let holding = Holding::new(&mission.boundaries);
    let centres: Vec<LatLng> = cells.iter().map(|&cell| LatLng::from(cell)).collect();
    let pcodes = |level: u8| -> StringArray {
        let points = centres.iter().map(|centre| Coord {
            x: centre.lng(),
            y: centre.lat(),
        });
        points
            .map(|point| {
                holding
                    .of(point, Level(level))
                    .map(|(_, area)| area.pcode.as_str())
            })
            .collect()
    };
    let hex_ids = cells.iter().map(|cell| Some(cell.to_string()));
    let area_km2 = grid.map_or(&[][..], |grid| grid.area_km2()).iter().copied();
    table(vec![
        ("hex_id", Arc::new(hex_ids.collect::<StringArray>())),
        (
            "cell",
            Arc::new(UInt64Array::from_iter_values(
                cells.iter().map(|&cell| cell.into()),
            )),
        ),
        (
            "lat_deg",
            Arc::new(Float64Array::from_iter_values(
                centres.iter().map(|centre| centre.lat()),
            )),
        ),
        (
            "lon_deg",
            Arc::new(Float64Array::from_iter_values(
                centres.iter().map(|centre| centre.lng()),
            )),
        ),
        (
            "area_km2",
            Arc::new(Float64Array::from_iter_values(area_km2)),
        ),
        ("admin1_pcode", Arc::new(pcodes(1))),
        ("admin2_pcode", Arc::new(pcodes(2))),
        ("admin3_pcode", Arc::new(pcodes(3))),
    ])
}
