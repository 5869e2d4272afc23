//! Spreads every anchor over its cells and weeks, and closes the books.

use std::collections::BTreeSet;

use h3o::CellIndex;

use crate::base::Context;
use crate::base::code::PlacePrecision;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::base::fixed;
use crate::base::query::Query;
use crate::base::table::{I64, U8, U64};
use crate::table;
use crate::tables::{Balance, CellWeeks};

use super::anchors::{Anchors, FATES, contract, rows};
use super::support::{Support, Supports};
use super::weeks::{self, SupportWeeks, SupportWeeksBuilder};

table! {
    /// One row per (anchor, precision, cell it may belong to); the parts of an anchor sum to one whole.
    SupportCells, row SupportCell, builder SupportCellsBuilder {
        /// H3 cell that the place is known by.
        anchor: U64,
        /// `base::code::PlacePrecision`.
        place_precision: U8,
        /// H3 cell of the analysis.
        cell: U64,
        /// Share of the place in this cell, in parts of a million.
        parts: I64,
        /// Parts that testify for the detectors: one whole at one cell, or none anywhere.
        located_parts: I64,
    }
}

/// Incidents per cell and week, and where all of them went.
pub(super) fn spread(
    context: &Context,
    (n_incidents, fates): (usize, [i64; FATES.len()]),
    anchors: Anchors,
    supports: &Supports<'_>,
) -> Result<(CellWeeks, Balance)> {
    let places = Places::resolve(&anchors, supports)?;
    let weeks = resolve_weeks(&anchors);
    let session = &context.session;
    session.register("support_cells", places.cells.into_batch())?;
    session.register("support_weeks", weeks.into_batch())?;
    session.register("anchors", anchors.into_batch())?;
    let batch = session.query(Query::CellWeeks, &[])?;
    for table in ["support_cells", "support_weeks", "anchors"] {
        session.forget(table)?;
    }
    let cell_weeks =
        CellWeeks::from_batch(batch).map_err(|found| contract(Query::CellWeeks, &found))?;
    conserve(&cell_weeks, places.placed)?;

    let n_incidents = i64::try_from(n_incidents).map_err(Error::statistic("index"))?;
    let uncounted = FATES.iter().copied().zip(fates).skip(1);
    let balance = Balance::close(
        "index",
        "incidents",
        n_incidents,
        uncounted.chain([
            ("placed", places.placed),
            ("known_to_country_only", places.country_only),
            ("outside_study_area", places.outside),
        ]),
    )?;
    Ok((cell_weeks, balance))
}

/// The cells of every distinct place, and how many records have none.
struct Places {
    cells: SupportCells,
    placed: i64,
    country_only: i64,
    outside: i64,
}

impl Places {
    fn resolve(anchors: &Anchors, supports: &Supports<'_>) -> Result<Self> {
        // Rows of one place stand together.
        let mut records: Vec<((u64, u8), i64)> = Vec::new();
        for (anchor, precision, _, _, n) in rows(anchors) {
            match records.last_mut() {
                Some((place, records)) if *place == (anchor, precision) => *records += n,
                _ => records.push(((anchor, precision), n)),
            }
        }
        let mut cells = SupportCellsBuilder::default();
        let (mut placed, mut country_only, mut outside) = (0, 0, 0);
        for ((anchor, place_precision), n) in records {
            let id = CellIndex::try_from(anchor).map_err(Error::statistic("index"))?;
            let precision =
                PlacePrecision::from_code(place_precision).unwrap_or(PlacePrecision::Country);
            match supports.of(id, precision) {
                Support::CountryOnly => country_only += n,
                Support::Outside => outside += n,
                Support::Cells(spread) => {
                    placed += n;
                    for (cell, parts) in spread.parts {
                        let here = spread.located == Some(cell);
                        cells.push(SupportCell {
                            anchor,
                            place_precision,
                            cell: cell.into(),
                            parts,
                            located_parts: if here { fixed::PARTS } else { 0 },
                        });
                    }
                }
            }
        }
        Ok(Self {
            cells: cells.finish(),
            placed,
            country_only,
            outside,
        })
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

/// What was placed is what stands in the cells, to the last part.
fn conserve(cell_weeks: &CellWeeks, placed: i64) -> Result<()> {
    let before = i128::from(placed) * i128::from(fixed::INCIDENT_E12);
    let after = cell_weeks
        .incidents_e12()
        .values()
        .iter()
        .map(|&part| i128::from(part))
        .sum();
    if before == after {
        return Ok(());
    }
    Err(Error::Unbalanced {
        stage: "index",
        what: "parts of incidents",
        before,
        after,
    })
}
