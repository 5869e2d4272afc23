//! Incidents with their ids, the names of their codes, and the areas they are known to lie in.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, StringArray};
use geo::Coord;

use crate::base::code::{
    ActorClass, DatePrecision, DiscoveredBy, Kind, PlacePrecision, Verification,
};
use crate::base::error::Result;
use crate::tables::{Area, Holding, Incidents, Level, incident_id};

use super::tables::{Mission, NameOf, named};
use super::unmade;

const CODES: &[(&str, NameOf)] = &[
    ("date_precision", |c| {
        Some(DatePrecision::from_code(c)?.name())
    }),
    ("place_precision", |c| {
        Some(PlacePrecision::from_code(c)?.name())
    }),
    ("kind", |c| Some(Kind::from_code(c)?.name())),
    ("actor_class", |c| Some(ActorClass::from_code(c)?.name())),
    ("verification", |c| Some(Verification::from_code(c)?.name())),
    ("discovered_by", |c| {
        Some(DiscoveredBy::from_code(c)?.name())
    }),
];

/// Levels told, with the coarsest precision that reaches each.
const LEVELS: [(u8, PlacePrecision); 3] = [
    (1, PlacePrecision::Admin1),
    (2, PlacePrecision::Admin2),
    (3, PlacePrecision::Admin3),
];

pub(super) fn rows(mission: &Mission) -> Result<RecordBatch> {
    let incidents = &mission.incidents;
    let rows = named(incidents.batch(), CODES)?;
    let ids: StringArray = incidents
        .source()
        .iter()
        .zip(incidents.source_id())
        .map(|(source, own)| Some(incident_id(source?, own?)))
        .collect();
    let areas = areas(mission);
    let schema = rows.schema();
    let own = schema.fields().iter().zip(rows.columns());
    let own = own.filter(|(field, _)| !field.name().ends_with("_pcode"));
    let mut columns: Vec<(String, ArrayRef)> = vec![("incident_id".to_owned(), Arc::new(ids))];
    columns.extend(own.map(|(field, column)| (field.name().clone(), Arc::clone(column))));
    for (place, (level, _)) in LEVELS.iter().enumerate() {
        let of_level = || areas.iter().map(|areas| areas[place]);
        let pcodes: StringArray = of_level()
            .map(|area| area.map(|area| &area.pcode))
            .collect();
        let names: StringArray = of_level().map(|area| area.map(|area| &area.name)).collect();
        columns.push((format!("admin{level}_pcode"), Arc::new(pcodes)));
        columns.push((format!("admin{level}_name"), Arc::new(names)));
    }
    let columns = columns
        .into_iter()
        .map(|(name, column)| (name, column, true));
    RecordBatch::try_from_iter_with_nullable(columns).map_err(unmade)
}

/// The areas of every incident, none finer than its place is known. What the source says by P-code
/// weighs more than where its point lies.
fn areas(mission: &Mission) -> Vec<[Option<&Area>; LEVELS.len()]> {
    let holding = Holding::new(&mission.boundaries);
    let coded: BTreeMap<(Level, &str), &Area> = mission
        .boundaries
        .areas()
        .iter()
        .map(|area| ((area.level, area.pcode.as_str()), area))
        .collect();
    let incidents = &mission.incidents;
    // Records share few places, and asking shapes is slow.
    let mut known: BTreeMap<(u64, u64, u8), [Option<&Area>; LEVELS.len()]> = BTreeMap::new();
    let of_row = |row| {
        let (x, y) = (
            incidents.lon_deg().value(row),
            incidents.lat_deg().value(row),
        );
        let precision = incidents.place_precision().value(row);
        let place = (x.to_bits(), y.to_bits(), precision);
        let lies_in = *known.entry(place).or_insert_with(|| {
            LEVELS.map(|(level, coarsest)| {
                let reaches = precision <= coarsest.code();
                let area = reaches.then(|| holding.of(Coord { x, y }, Level(level)))?;
                area.map(|(_, area)| area)
            })
        });
        let mut areas = lies_in;
        for (place, pcode) in told(incidents, row).into_iter().enumerate() {
            let level = Level(LEVELS[place].0);
            let area = pcode.and_then(|pcode| coded.get(&(level, pcode)).copied());
            areas[place] = area.or(areas[place]);
        }
        areas
    };
    (0..incidents.len()).map(of_row).collect()
}

/// The P-codes of the first two levels as the source gives them.
fn told(incidents: &Incidents, row: usize) -> [Option<&str>; 2] {
    [incidents.admin1_pcode(), incidents.admin2_pcode()]
        .map(|pcodes| pcodes.is_valid(row).then(|| pcodes.value(row)))
}
