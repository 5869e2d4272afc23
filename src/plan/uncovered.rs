//! What no patrol covers, in plain words.

use std::collections::BTreeSet;

use crate::tables::{PatrolPlans, UncoveredZone, Zone};

use super::Frame;
use super::bases::Team;
use super::stops::Closed;

/// A zone counts as covered from this share of its risk.
const COVERED: f64 = 0.5;

/// Tells each plan the ranked zones that it leaves uncovered. A zone that another sector's plan of the same purpose
/// covers is covered.
pub(super) fn tell(frame: &Frame<'_>, teams: &[Team], plans: &mut PatrolPlans) {
    let grid = &frame.input.study_area.grid;
    let resolution = grid.cells()[0].resolution();
    let purposes: BTreeSet<String> = plans
        .plans
        .iter()
        .map(|plan| plan.purpose.clone())
        .collect();
    for purpose in purposes {
        let mut level = vec![0.0; grid.len()];
        let own = plans.plans.iter().filter(|plan| plan.purpose == purpose);
        for stop in own
            .flat_map(|plan| &plan.patrols)
            .flat_map(|patrol| &patrol.stops)
        {
            let at = h3o::LatLng::new(stop.lat_deg, stop.lon_deg);
            let cell = at.ok().and_then(|at| grid.position(at.to_cell(resolution)));
            let Some(cell) = cell else { continue };
            level[cell] += 1.0;
            for &beside in frame.near.of(cell) {
                level[beside as usize] += frame.card.beside;
            }
        }
        let zones = frame
            .input
            .zones
            .rows
            .iter()
            .filter_map(|zone| uncovered(frame, teams, zone, &level));
        let zones: Vec<UncoveredZone> = zones.collect();
        for plan in plans
            .plans
            .iter_mut()
            .filter(|plan| plan.purpose == purpose)
        {
            plan.uncovered.clone_from(&zones);
        }
    }
}

fn uncovered(
    frame: &Frame<'_>,
    teams: &[Team],
    zone: &Zone,
    level: &[f64],
) -> Option<UncoveredZone> {
    let grid = &frame.input.study_area.grid;
    let cells: Vec<usize> = zone
        .cells
        .iter()
        .filter_map(|&cell| grid.position(cell))
        .collect();
    let risk = |cell: usize| frame.worth.risk[cell];
    let all: f64 = cells.iter().map(|&cell| risk(cell)).sum();
    let covered: f64 = cells
        .iter()
        .map(|&cell| risk(cell) * level[cell].min(1.0))
        .sum();
    let covered = if all > 0.0 { covered / all } else { 0.0 };
    if covered >= COVERED {
        return None;
    }
    let (code, text) = reason(frame, teams, &cells, covered);
    Some(UncoveredZone {
        zone_id: zone.zone_id.clone(),
        zone_rank: zone.standing.map(|standing| standing.rank),
        name: zone.name.clone(),
        mgrs: zone.mgrs.clone(),
        covered,
        code,
        text,
    })
}

/// The first that holds: what would have to change for a patrol to go there.
fn reason(
    frame: &Frame<'_>,
    teams: &[Team],
    cells: &[usize],
    covered: f64,
) -> (&'static str, String) {
    let any = |closed: Closed| {
        cells
            .iter()
            .any(|&cell| frame.stops.cells[cell].as_ref().err() == Some(&closed))
    };
    let is_stop = |&&cell: &&usize| frame.stops.cells[cell].is_ok();
    let stops: Vec<usize> = cells.iter().filter(is_stop).copied().collect();
    let hours_to = |cell: usize| {
        let ways = teams.iter().filter_map(|team| frame.km_from(team, cell));
        ways.map(|km| frame.ways.hours(km)).min_by(f64::total_cmp)
    };
    let nearest = stops
        .iter()
        .filter_map(|&cell| hours_to(cell))
        .min_by(f64::total_cmp);
    let most = frame.input.context.settings.plan.patrol_hours;
    match nearest {
        None if stops.is_empty() && any(Closed::SingleReport) => (
            "SINGLE_REPORT",
            "its only report is of the last 7 days: no visit that would seem to answer it"
                .to_owned(),
        ),
        None if stops.is_empty() && any(Closed::Road) => (
            "ROAD_CLOSED",
            "its roads are closed in this month: another way than a patrol on the road is needed"
                .to_owned(),
        ),
        None if stops.is_empty() => (
            "NO_PLACE",
            "no road is known in it, and no named place in it or beside it".to_owned(),
        ),
        None => (
            "OUT_OF_RANGE",
            "no base reaches it: a temporary base or another sector is needed".to_owned(),
        ),
        Some(hours) if 2.0 * hours + frame.card.short_stay_hours > most => (
            "TOO_FAR",
            format!("{hours:.1} h each way: no patrol of {most:.0} h can stop there and be back"),
        ),
        Some(hours) if covered > 0.0 => (
            "IN_PART",
            format!(
                "{:.0} % of its risk is covered; {hours:.1} h from the nearest base",
                covered * 100.0
            ),
        ),
        Some(hours) => (
            "NOT_THIS_WEEK",
            format!(
                "within reach, {hours:.1} h each way, but this week's patrols go elsewhere: it takes one more"
            ),
        ),
    }
}
