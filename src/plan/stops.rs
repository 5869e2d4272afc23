//! Where patrols can stop: cells with a road, with a named place or beside one, none that is closed or held back.

use std::collections::BTreeMap;

use forewarn_models::units::{Coordinate, cell_of};
use h3o::{CellIndex, LatLng};

use crate::base::code::{EffortKind, PlaceKind};
use crate::tables::Place;

use super::Input;
use super::card::Card;

/// Days after a single report in which nothing may seem to come of it.
const SINGLE_REPORT_DAYS: i32 = 7;
/// Days before it in which a patrol makes presence routine.
const ROUTINE_DAYS: i32 = 28;

/// Why a cell is no stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closed {
    /// Its only report is of the last days, and nobody patrols there.
    SingleReport,
    /// The roads there are closed in this month.
    Road,
    /// No road is known, and no named place in it or beside it.
    NoPlace,
}

/// A cell that patrols can stop in.
#[derive(Debug, Clone)]
pub(super) struct Stop<'a> {
    pub(super) at: Coordinate,
    pub(super) place: Option<&'a Place>,
    pub(super) stay_hours: f64,
    pub(super) needs_mixed: bool,
    pub(super) is_short: bool,
}

/// Every cell of the study area, in its order.
#[derive(Debug)]
pub(super) struct Stops<'a> {
    pub(super) cells: Vec<Result<Stop<'a>, Closed>>,
}

impl<'a> Stops<'a> {
    pub(super) fn of(input: &Input<'a>, card: &Card) -> Self {
        let grid = &input.study_area.grid;
        let mut places: BTreeMap<CellIndex, Vec<&Place>> = BTreeMap::new();
        for place in input.places.rows() {
            let is_stop = !matches!(place.kind, PlaceKind::Base | PlaceKind::CountingPoint);
            if let Some(at) = Coordinate::new(place.lat_deg, place.lon_deg)
                .ok()
                .filter(|_| is_stop)
            {
                let cell = cell_of(at, grid.cells()[0].resolution());
                places.entry(cell).or_default().push(place);
            }
        }
        let is_near_place = |cell: CellIndex| {
            let near: Vec<CellIndex> = cell.grid_disk(1);
            places.is_empty() || near.iter().any(|cell| places.contains_key(cell))
        };
        let held = held(input);
        let cells = grid.cells().iter().zip(held);
        let cells = cells.map(|(cell, is_held)| {
            let named = places.get(cell).map_or(&[][..], Vec::as_slice);
            match input.roads_open.get(cell) {
                _ if is_held => Err(Closed::SingleReport),
                Some(false) => Err(Closed::Road),
                None if !is_near_place(*cell) => Err(Closed::NoPlace),
                _ => Stop::of(*cell, named, card).ok_or(Closed::NoPlace),
            }
        });
        Self {
            cells: cells.collect(),
        }
    }

    /// Which cells are held back for a single report.
    pub(super) fn held(&self) -> Vec<bool> {
        let cells = self.cells.iter();
        cells
            .map(|cell| matches!(cell, Err(Closed::SingleReport)))
            .collect()
    }
}

impl<'a> Stop<'a> {
    /// The place with most people, or else the first by name; the middle of the cell where none is named.
    fn of(cell: CellIndex, named: &[&'a Place], card: &Card) -> Option<Self> {
        let place = named.iter().copied().max_by(|a, b| {
            let people = |place: &Place| place.population.unwrap_or(0);
            people(a).cmp(&people(b)).then(b.name.cmp(&a.name))
        });
        let middle = LatLng::from(cell);
        let at = place.map_or((middle.lat(), middle.lng()), |p| (p.lat_deg, p.lon_deg));
        let is_any = |kinds: &[PlaceKind]| named.iter().any(|place| kinds.contains(&place.kind));
        let is_short = is_any(&card.short_stay_at);
        Some(Self {
            at: Coordinate::new(at.0, at.1).ok()?,
            place,
            stay_hours: if is_short {
                card.short_stay_hours
            } else {
                card.stay_hours
            },
            needs_mixed: is_any(&card.mixed_team_at),
            is_short,
        })
    }
}

/// Cells where a visit would seem to answer one report: exactly one of the last days, none before it in the window,
/// and no patrol that makes presence routine.
fn held(input: &Input<'_>) -> Vec<bool> {
    let as_of = input.context.as_of.0;
    let since = as_of - SINGLE_REPORT_DAYS;
    let window_from = input.context.first_week().first_day().0;
    let mut counts: BTreeMap<u64, [i64; 2]> = BTreeMap::new();
    let facts = input.facts;
    for row in 0..facts.len() {
        let (day, n) = (facts.last_day().value(row), facts.n().value(row));
        if (window_from..=as_of).contains(&day) {
            counts.entry(facts.cell().value(row)).or_default()[usize::from(day > since)] += n;
        }
    }
    let resolution = input.study_area.grid.cells()[0].resolution();
    let effort = &input.surroundings.effort;
    let mut patrolled = std::collections::BTreeSet::new();
    for row in 0..effort.len() {
        let is_patrol = EffortKind::from_code(effort.kind().value(row)) == Some(EffortKind::Patrol);
        let day = effort.date().value(row);
        let at = Coordinate::new(effort.lat_deg().value(row), effort.lon_deg().value(row));
        if let Ok(at) = at
            && is_patrol
            && (since - ROUTINE_DAYS..=since).contains(&day)
        {
            patrolled.insert(u64::from(cell_of(at, resolution)));
        }
    }
    let cells = input.study_area.grid.cells().iter();
    cells
        .map(|&cell| {
            let id = u64::from(cell);
            let [before, late] = counts.get(&id).copied().unwrap_or_default();
            answers_one_report([before, late], patrolled.contains(&id))
        })
        .collect()
}

/// Whether a visit would seem to answer one report: of so many before and within the last days.
fn answers_one_report([before, late]: [i64; 2], is_patrolled: bool) -> bool {
    late == 1 && before == 0 && !is_patrolled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_late_report_is_followed_by_no_visit_unless_patrols_come_anyway() {
        assert!(answers_one_report([0, 1], false));
        assert!(
            !answers_one_report([0, 1], true),
            "batched with routine presence"
        );
        assert!(!answers_one_report([1, 1], false), "planned without it too");
        assert!(!answers_one_report([0, 2], false));
        assert!(!answers_one_report([0, 0], false));
    }
}
