//! Who was where on which day: the log of effort, by cell.

use std::collections::BTreeSet;

use arrow::array::Array;
use h3o::{CellIndex, LatLng, Resolution};

use crate::base::code::EffortKind;
use crate::base::day::Day;
use crate::base::error::{Error, Result};

use super::Input;

/// Every day on which someone was in a cell, up to the as-of date.
#[derive(Debug)]
pub(super) struct Contacts {
    /// Days and kinds of presence, by position of the cell; in order, each once. A patrol that is logged
    /// and whose track is kept was there once.
    pub(super) of_cell: Vec<Vec<(Day, EffortKind)>>,
    /// First and last day with a line of the log, in the study area or not.
    pub(super) logged: Option<(Day, Day)>,
}

impl Contacts {
    pub(super) fn read(input: &Input<'_>) -> Result<Self> {
        let resolution = resolution(input)?;
        let (grid, as_of) = (&input.study_area.grid, input.context.as_of);
        let mut days: BTreeSet<(usize, Day, EffortKind)> = BTreeSet::new();
        let mut logged: Option<(Day, Day)> = None;
        let mut add = |cell: Option<CellIndex>, day: Day, kind: EffortKind| {
            if day > as_of {
                return;
            }
            logged = Some(logged.map_or((day, day), |(a, b)| (a.min(day), b.max(day))));
            if let Some(i) = cell.and_then(|cell| grid.position(cell)) {
                days.insert((i, day, kind));
            }
        };
        let effort = &input.surroundings.effort;
        for row in 0..effort.len() {
            let (lat, lon) = (effort.lat_deg().value(row), effort.lon_deg().value(row));
            let kind = EffortKind::from_code(effort.kind().value(row));
            let day = Day(effort.date().value(row));
            add(
                cell_at(lat, lon, resolution),
                day,
                kind.unwrap_or(EffortKind::Patrol),
            );
        }
        let visits = &input.surroundings.visits;
        for row in 0..visits.len() {
            let cell = CellIndex::try_from(visits.cell().value(row)).ok();
            let cell = cell.and_then(|cell| cell.parent(resolution));
            add(cell, Day(visits.date().value(row)), EffortKind::Patrol);
        }
        let mut of_cell = vec![Vec::new(); grid.len()];
        for (i, day, kind) in days {
            of_cell[i].push((day, kind));
        }
        Ok(Self { of_cell, logged })
    }
}

/// The resolution of the analysis.
pub(super) fn resolution(input: &Input<'_>) -> Result<Resolution> {
    let resolution = input.context.settings.area.resolution;
    Resolution::try_from(resolution).map_err(Error::statistic("reporting"))
}

/// The cell of a point that a source has checked.
pub(super) fn cell_at(lat_deg: f64, lon_deg: f64, resolution: Resolution) -> Option<CellIndex> {
    let place = LatLng::new(lat_deg, lon_deg).ok()?;
    Some(place.to_cell(resolution))
}

/// Latest day of any report in each cell, by position; what is known to an area only is left out.
pub(super) fn last_reports(input: &Input<'_>) -> Vec<Option<Day>> {
    let grid = &input.study_area.grid;
    let mut latest = vec![None; grid.len()];
    let rows = &input.placed.cell_weeks;
    for row in 0..rows.len() {
        let cell = CellIndex::try_from(rows.cell().value(row)).ok();
        let day = Day(rows.last_day().value(row));
        let located = rows.located_e12().value(row) > 0 && day <= input.context.as_of;
        if let Some(i) = cell
            .and_then(|cell| grid.position(cell))
            .filter(|_| located)
        {
            latest[i] = latest[i].max(Some(day));
        }
    }
    latest
}

/// Service points with the positions of their cells; a row that tells an area only has none.
pub(super) fn service_points(input: &Input<'_>) -> Result<Vec<(usize, usize)>> {
    let services = &input.surroundings.services;
    let resolution = resolution(input)?;
    let (lats, lons) = (services.lat_deg(), services.lon_deg());
    let told = (0..services.len()).filter(|&row| lats.is_valid(row) && lons.is_valid(row));
    let points = told.filter_map(|row| {
        let cell = cell_at(lats.value(row), lons.value(row), resolution)?;
        Some((row, input.study_area.grid.position(cell)?))
    });
    Ok(points.collect())
}
