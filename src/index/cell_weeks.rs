//! Spreads every anchor over its cells, or its area, and its weeks, and closes the books.

use std::collections::BTreeSet;

use crate::base::Context;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::base::fixed;
use crate::base::query::Query;
use crate::tables::{AreaWeekRows, AreaWeeks, CellWeeks, Placed};

use super::anchors::{Anchors, contract, rows};
use super::places::Places;
use super::weeks::{self, SupportWeeks, SupportWeeksBuilder};

/// Incidents per cell and week, and per area and week of those known no finer.
pub(super) fn spread(context: &Context, anchors: Anchors, places: Places) -> Result<Placed> {
    let weeks = resolve_weeks(&anchors);
    let session = &context.session;
    session.register("support_cells", places.cells.into_batch())?;
    session.register("anchor_areas", places.areas.into_batch())?;
    session.register("support_weeks", weeks.into_batch())?;
    session.register("anchors", anchors.into_batch())?;
    let in_areas = session.query(Query::AreaWeeks, &[])?;
    let in_cells = session.query(Query::CellWeeks, &[])?;
    for table in ["support_cells", "anchor_areas", "support_weeks", "anchors"] {
        session.forget(table)?;
    }
    let area_weeks = AreaWeeks {
        rows: AreaWeekRows::from_batch(in_areas)
            .map_err(|found| contract(Query::AreaWeeks, &found))?,
        parts: places.parts,
    };
    let cell_weeks =
        CellWeeks::from_batch(in_cells).map_err(|found| contract(Query::CellWeeks, &found))?;
    conserve(&cell_weeks, &area_weeks, places.placed)?;
    Ok(Placed {
        cell_weeks,
        area_weeks,
    })
}

fn resolve_weeks(anchors: &Anchors) -> SupportWeeks {
    let ranges: BTreeSet<(i32, i32)> = rows(anchors)
        .map(|(_, _, first, last, _)| (first, last))
        .collect();
    let mut weeks = SupportWeeksBuilder::default();
    for (first, last) in ranges {
        weeks::spread(Day(first), Day(last), &mut weeks);
    }
    weeks.finish()
}

/// What was placed is what stands in the cells and areas, to the last part.
fn conserve(cell_weeks: &CellWeeks, area_weeks: &AreaWeeks, placed: i64) -> Result<()> {
    let before = i128::from(placed) * i128::from(fixed::INCIDENT_E12);
    let sum = |parts: &[i64]| parts.iter().map(|&part| i128::from(part)).sum::<i128>();
    let whole = |area: &Vec<_>| area.iter().map(|&(_, parts)| parts).sum::<i64>() == fixed::PARTS;
    let in_areas = sum(area_weeks.rows.incidents_e6().values()) * i128::from(fixed::PARTS);
    let after = sum(cell_weeks.incidents_e12().values()) + in_areas;
    if before == after && area_weeks.parts.iter().all(whole) {
        return Ok(());
    }
    Err(Error::Unbalanced {
        stage: "index",
        what: "parts of incidents",
        before,
        after,
    })
}
