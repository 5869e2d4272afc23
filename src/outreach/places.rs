//! The communities that outreach may go to, as the night knows them.

use std::collections::BTreeMap;

use arrow::array::Array;
use forewarn_models::units::Coordinate;
use h3o::{CellIndex, LatLng};

use crate::base::code::CommunityKind;
use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::Balance;

use super::{Input, need};

/// One community as the night knows it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) name: String,
    pub(super) kind: CommunityKind,
    pub(super) lat_deg: f64,
    pub(super) lon_deg: f64,
    pub(super) point: Coordinate,
    pub(super) cell: CellIndex,
    pub(super) position: usize,
    pub(super) languages: Option<String>,
    pub(super) committee: Option<bool>,
    pub(super) last_session: Option<Day>,
    described: Day,
}

/// Of every community of the study area its newest row up to the night's day, by name and cell.
pub(super) fn places(input: &Input<'_>) -> Result<(Vec<Place>, Balance)> {
    let rows = &input.surroundings.communities;
    let as_of = input.context.as_of.0;
    let mut newest: BTreeMap<(String, CellIndex), Place> = BTreeMap::new();
    let (mut later, mut outside, mut older) = (0, 0, 0);
    for row in 0..rows.len() {
        if rows.date().value(row) > as_of {
            later += 1;
            continue;
        }
        let Some(place) = place(input, row)? else {
            outside += 1;
            continue;
        };
        let key = (place.name.clone(), place.cell);
        let known = newest.get(&key);
        older += i64::from(known.is_some());
        // Of rows of one day the first: files are read newest first.
        if known.is_none_or(|known| known.described < place.described) {
            newest.insert(key, place);
        }
    }
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let came_out = [
        ("described_later", later),
        ("outside_study_area", outside),
        ("superseded", older),
        ("listed", count(newest.len())),
    ];
    let balance = Balance::close("outreach", "communities", count(rows.len()), came_out)?;
    Ok((newest.into_values().collect(), balance))
}

/// The community of a row, where it lies in the study area.
fn place(input: &Input<'_>, row: usize) -> Result<Option<Place>> {
    let rows = &input.surroundings.communities;
    let grid = &input.study_area.grid;
    let (lat_deg, lon_deg) = (rows.lat_deg().value(row), rows.lon_deg().value(row));
    let at = LatLng::new(lat_deg, lon_deg).ok();
    let cell = at.map(|at| at.to_cell(grid.cells()[0].resolution()));
    let found = cell.and_then(|cell| Some((cell, grid.position(cell)?)));
    let kind = CommunityKind::from_code(rows.kind().value(row));
    let Some(((cell, position), kind)) = found.zip(kind) else {
        return Ok(None);
    };
    let (languages, committee, last) = (rows.languages(), rows.committee(), rows.last_session());
    let last = last.is_valid(row).then(|| Day(last.value(row)));
    Ok(Some(Place {
        name: rows.name().value(row).to_owned(),
        kind,
        lat_deg,
        lon_deg,
        point: need::point(lat_deg, lon_deg)?,
        cell,
        position,
        languages: languages
            .is_valid(row)
            .then(|| languages.value(row).to_owned()),
        committee: committee.is_valid(row).then(|| committee.value(row) == 1),
        last_session: last.filter(|&day| day <= input.context.as_of),
        described: Day(rows.date().value(row)),
    }))
}
