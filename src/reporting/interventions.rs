//! The ledger of what may have changed reporting.

use arrow::array::{Array, Date32Array};

use crate::base::code::{EffortKind, InterventionKind};
use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::{Intervention, Interventions, InterventionsBuilder};

use super::Input;
use super::contacts::{cell_at, resolution};

/// One intervention before it is put in order.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
struct Found {
    first_day: i32,
    kind: InterventionKind,
    cell: Option<u64>,
    pcode: Option<String>,
    dose: f64,
}

/// Patrols, sessions, visits, openings and closures from the first week of the history to the as-of date.
/// Phone masts have no source yet.
pub(super) fn interventions(input: &Input<'_>) -> Result<Interventions> {
    let mut found = effort(input)?;
    found.extend(services(input)?);
    found.extend(bases(input)?);
    let first = input.context.first_history_week().first_day().0;
    found.retain(|one| (first..=input.context.as_of.0).contains(&one.first_day));
    let order = |one: &Found| (one.first_day, one.kind, one.cell, one.pcode.clone());
    found.sort_by(|a, b| {
        let equal = order(a).cmp(&order(b));
        equal.then(a.dose.total_cmp(&b.dose))
    });
    let mut rows = InterventionsBuilder::default();
    for one in &found {
        rows.push(Intervention {
            cell: one.cell,
            pcode: one.pcode.as_deref(),
            first_day: Day(one.first_day),
            kind: one.kind.code(),
            dose: one.dose,
        });
    }
    Ok(rows.finish())
}

fn effort(input: &Input<'_>) -> Result<Vec<Found>> {
    let effort = &input.surroundings.effort;
    let resolution = resolution(input)?;
    let of_row = |row: usize| {
        let (lat, lon) = (effort.lat_deg().value(row), effort.lon_deg().value(row));
        let kind = match EffortKind::from_code(effort.kind().value(row)) {
            Some(EffortKind::Outreach) => InterventionKind::Outreach,
            Some(EffortKind::Monitoring) => InterventionKind::Monitoring,
            _ => InterventionKind::Patrol,
        };
        Found {
            first_day: effort.date().value(row),
            kind,
            cell: cell_at(lat, lon, resolution).map(u64::from),
            pcode: None,
            dose: effort.hours().value(row),
        }
    };
    Ok((0..effort.len()).map(of_row).collect())
}

fn services(input: &Input<'_>) -> Result<Vec<Found>> {
    let services = &input.surroundings.services;
    let resolution = resolution(input)?;
    let mut found = Vec::new();
    for row in 0..services.len() {
        let (lats, lons) = (services.lat_deg(), services.lon_deg());
        let has_point = lats.is_valid(row) && lons.is_valid(row);
        let cell = has_point.then(|| cell_at(lats.value(row), lons.value(row), resolution));
        let pcodes = [services.admin2_pcode(), services.admin1_pcode()];
        let pcode = pcodes.into_iter().find(|pcode| pcode.is_valid(row));
        let weekdays = services.weekdays();
        let days = weekdays
            .is_valid(row)
            .then(|| weekdays.value(row).count_ones());
        let one = Found {
            first_day: 0,
            kind: InterventionKind::ServiceOpened,
            cell: cell.flatten().map(u64::from),
            pcode: pcode
                .filter(|_| !has_point)
                .map(|pcode| pcode.value(row).to_owned()),
            dose: f64::from(days.unwrap_or(7)),
        };
        let kinds = [
            InterventionKind::ServiceOpened,
            InterventionKind::ServiceClosed,
        ];
        found.extend(ends(
            &one,
            kinds,
            services.first_day(),
            services.last_day(),
            row,
        ));
    }
    Ok(found)
}

fn bases(input: &Input<'_>) -> Result<Vec<Found>> {
    let bases = &input.surroundings.bases;
    let resolution = resolution(input)?;
    let grid = &input.study_area.grid;
    let mut found = Vec::new();
    for row in 0..bases.len() {
        let cell = cell_at(
            bases.lat_deg().value(row),
            bases.lon_deg().value(row),
            resolution,
        );
        let Some(cell) = cell.filter(|&cell| grid.position(cell).is_some()) else {
            continue;
        };
        let one = Found {
            first_day: 0,
            kind: InterventionKind::BaseOpened,
            cell: Some(cell.into()),
            pcode: None,
            dose: 1.0,
        };
        let kinds = [InterventionKind::BaseOpened, InterventionKind::BaseClosed];
        found.extend(ends(&one, kinds, bases.first_day(), bases.last_day(), row));
    }
    Ok(found)
}

/// The opening and the closure of what stands from a first to a last day, each where it is told.
fn ends(
    one: &Found,
    [opened, closed]: [InterventionKind; 2],
    first: &Date32Array,
    last: &Date32Array,
    row: usize,
) -> Vec<Found> {
    let at = |kind, first_day| Found {
        kind,
        first_day,
        ..one.clone()
    };
    let opening = first.is_valid(row).then(|| at(opened, first.value(row)));
    let closing = last.is_valid(row).then(|| at(closed, last.value(row) + 1));
    opening.into_iter().chain(closing).collect()
}
