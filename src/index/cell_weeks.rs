//! Spreads every anchor over its cells, or its area, and its weeks, and closes the books.

use std::collections::{BTreeMap, BTreeSet};

use forewarn_models::rank::Placements;
use h3o::CellIndex;

use crate::base::Context;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::base::fixed;
use crate::base::query::Query;
use crate::tables::{
    AreaWeekRow, AreaWeekRows, AreaWeekRowsBuilder, AreaWeeks, Boundaries, CellWeek, CellWeeks,
    CellWeeksBuilder, Placed,
};

use super::anchors::{Anchors, contract, rows};
use super::places::{Places, Resolved};
use super::support::Supports;
use super::weeks::{self, SupportWeeks, SupportWeeksBuilder};
use super::window::Window;

/// Anchors spread together: a place known to 25 km has a row a cell, and a join of them all fills the memory.
const PIECE_ROWS: usize = 100_000;

/// Incidents per cell and week with those located and the latest day, and incidents per area and week.
#[derive(Default)]
struct Sums {
    cells: BTreeMap<(u64, i32), (i64, i64, i32, u8)>,
    areas: BTreeMap<(u32, i32), i64>,
}

/// Incidents per cell and week, and per area and week of those known no finer.
pub(super) fn spread(
    context: &Context,
    anchors: Anchors,
    supports: &Supports<'_>,
    boundaries: &Boundaries,
) -> Result<(Placed, Places)> {
    let (mut places, mut sums) = (Places::default(), Sums::default());
    let mut window = Window::new(context, supports.grid());
    let mut rest = anchors;
    while !rest.is_empty() {
        let (piece, after) = cut(&rest)?;
        let resolved = places.resolve(&piece, supports)?;
        window.add(&piece, supports, boundaries)?;
        sums.add(context, piece, resolved)?;
        rest = after;
    }
    let placed = sums.finish(places.parts(supports, boundaries), window.finish()?);
    conserve(&placed.cell_weeks, &placed.area_weeks, places.placed)?;
    Ok((placed, places))
}

/// The first anchors, and the rest; rows of one place stay together.
fn cut(anchors: &Anchors) -> Result<(Anchors, Anchors)> {
    let place = |row| {
        (
            anchors.anchor().value(row),
            anchors.place_precision().value(row),
        )
    };
    let mut len = PIECE_ROWS.min(anchors.len());
    while len < anchors.len() && place(len) == place(len - 1) {
        len += 1;
    }
    let part = |from, len| {
        let rows = Anchors::from_batch(anchors.batch().slice(from, len));
        rows.map_err(|found| contract(Query::Anchors, &found))
    };
    Ok((part(0, len)?, part(len, anchors.len() - len)?))
}

impl Sums {
    fn add(&mut self, context: &Context, anchors: Anchors, resolved: Resolved) -> Result<()> {
        let weeks = resolve_weeks(&anchors);
        let session = &context.session;
        session.register("support_cells", resolved.cells.into_batch())?;
        session.register("anchor_areas", resolved.areas.into_batch())?;
        session.register("support_weeks", weeks.into_batch())?;
        session.register("anchors", anchors.into_batch())?;
        let in_areas = session.query(Query::AreaWeeks, &[])?;
        let in_cells = session.query(Query::CellWeeks, &[])?;
        for table in ["support_cells", "anchor_areas", "support_weeks", "anchors"] {
            session.forget(table)?;
        }
        let areas = AreaWeekRows::from_batch(in_areas);
        let areas = areas.map_err(|found| contract(Query::AreaWeeks, &found))?;
        let keys = areas.area().values().iter().zip(areas.week().values());
        for ((&area, &week), &n) in keys.zip(areas.incidents_e6().values()) {
            *self.areas.entry((area, week)).or_default() += n;
        }
        let cells = CellWeeks::from_batch(in_cells);
        let cells = cells.map_err(|found| contract(Query::CellWeeks, &found))?;
        let keys = cells.cell().values().iter().zip(cells.week().values());
        let amounts = cells
            .incidents_e12()
            .values()
            .iter()
            .zip(cells.located_e12().values());
        let days = cells.last_day().values().iter().zip(cells.days().values());
        for (((&cell, &week), (&all, &located)), (&last_day, &days)) in keys.zip(amounts).zip(days)
        {
            let sum = self.cells.entry((cell, week));
            let sum = sum.or_insert((0, 0, i32::MIN, 0));
            *sum = (
                sum.0 + all,
                sum.1 + located,
                sum.2.max(last_day),
                sum.3 | days,
            );
        }
        Ok(())
    }

    fn finish(self, parts: Vec<Vec<(CellIndex, i64)>>, window: Placements) -> Placed {
        let mut cell_weeks = CellWeeksBuilder::default();
        for ((cell, week), (incidents_e12, located_e12, last_day, days)) in self.cells {
            cell_weeks.push(CellWeek {
                cell,
                week,
                incidents_e12,
                located_e12,
                last_day: Day(last_day),
                days,
            });
        }
        let mut rows = AreaWeekRowsBuilder::default();
        for ((area, week), incidents_e6) in self.areas {
            rows.push(AreaWeekRow {
                area,
                week,
                incidents_e6,
            });
        }
        Placed {
            cell_weeks: cell_weeks.finish(),
            area_weeks: AreaWeeks {
                rows: rows.finish(),
                parts,
            },
            window,
        }
    }
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

#[cfg(test)]
mod tests {
    use super::super::anchors::{Anchor, AnchorsBuilder};
    use super::*;

    #[test]
    fn anchors_are_cut_between_places() {
        let mut rows = AnchorsBuilder::default();
        let n_rows = PIECE_ROWS + 50;
        for row in 0..n_rows {
            // Twenty rows of one place stand where the first piece would end.
            let place = if row.abs_diff(PIECE_ROWS) <= 10 {
                PIECE_ROWS
            } else {
                row
            };
            rows.push(Anchor {
                anchor: place as u64,
                place_precision: 1,
                first_day: 0,
                last_day: 0,
                latest_day: 0,
                days: 0,
                n: 1,
            });
        }
        let (piece, rest) = cut(&rows.finish()).unwrap();
        assert_eq!(
            (piece.len(), rest.len()),
            (PIECE_ROWS + 11, n_rows - PIECE_ROWS - 11)
        );
        let (piece, rest) = cut(&rest).unwrap();
        assert_eq!((piece.len(), rest.is_empty()), (39, true));
    }
}
