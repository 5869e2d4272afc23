//! What every distinct place stands for: cells, an area, or nothing.

use std::collections::BTreeMap;

use h3o::CellIndex;

use crate::base::code::PlacePrecision;
use crate::base::error::{Error, Result};
use crate::base::fixed;
use crate::base::table::{I64, U8, U32, U64};
use crate::table;
use crate::tables::{Balance, Boundaries};

use super::anchors::{Anchors, FATES, rows};
use super::support::{InArea, Support, Supports};

table! {
    /// One row per (anchor, precision, cell it may belong to); the parts of an anchor sum to one whole,
    /// those of one that is known to an area to nothing.
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

table! {
    /// One row per (anchor, precision) that is known to an area and no finer.
    AnchorAreas, row AnchorArea, builder AnchorAreasBuilder {
        /// H3 cell that the place is known by.
        anchor: U64,
        /// `base::code::PlacePrecision`.
        place_precision: U8,
        /// Position of the area among those that any record is known to.
        area: U32,
    }
}

/// The cells and areas of distinct places.
pub(super) struct Resolved {
    pub(super) cells: SupportCells,
    pub(super) areas: AnchorAreas,
}

/// What has become of all places looked at so far, and how many records have none.
#[derive(Default)]
pub(super) struct Places {
    pub(super) placed: i64,
    country_only: i64,
    outside: i64,
    known: Known,
}

impl Places {
    /// What every distinct place of some anchors stands for.
    pub(super) fn resolve(
        &mut self,
        anchors: &Anchors,
        supports: &Supports<'_>,
    ) -> Result<Resolved> {
        let (mut cells, mut areas) = (
            SupportCellsBuilder::default(),
            AnchorAreasBuilder::default(),
        );
        for ((anchor, place_precision), n) in records(anchors) {
            let id = CellIndex::try_from(anchor).map_err(Error::statistic("index"))?;
            let precision =
                PlacePrecision::from_code(place_precision).unwrap_or(PlacePrecision::Country);
            let mut push = |cell: CellIndex, parts, located_parts| {
                cells.push(SupportCell {
                    anchor,
                    place_precision,
                    cell: cell.into(),
                    parts,
                    located_parts,
                });
            };
            match supports.of(id, precision) {
                Support::CountryOnly => self.country_only += n,
                Support::Outside => self.outside += n,
                Support::Cells(spread) => {
                    self.placed += n;
                    for (cell, parts) in spread.parts {
                        let here = spread.located == Some(cell);
                        push(cell, parts, if here { fixed::PARTS } else { 0 });
                    }
                }
                Support::Area(InArea { area, located }) => {
                    self.placed += n;
                    areas.push(AnchorArea {
                        anchor,
                        place_precision,
                        area: self.known.position(area),
                    });
                    if let Some(cell) = located {
                        push(cell, 0, fixed::PARTS);
                    }
                }
            }
        }
        Ok(Resolved {
            cells: cells.finish(),
            areas: areas.finish(),
        })
    }

    /// Of each area that any record is known to its cells with their parts.
    pub(super) fn parts(
        &self,
        supports: &Supports<'_>,
        boundaries: &Boundaries,
    ) -> Vec<Vec<(CellIndex, i64)>> {
        let areas = self.known.areas.iter();
        areas
            .map(|&area| supports.parts_of(&boundaries.areas()[area]))
            .collect()
    }

    /// Where all incidents went.
    pub(super) fn balance(&self, n_incidents: usize, fates: [i64; FATES.len()]) -> Result<Balance> {
        let n_incidents = i64::try_from(n_incidents).map_err(Error::statistic("index"))?;
        let uncounted = FATES.iter().copied().zip(fates).skip(1);
        Balance::close(
            "index",
            "incidents",
            n_incidents,
            uncounted.chain([
                ("placed", self.placed),
                ("known_to_country_only", self.country_only),
                ("outside_study_area", self.outside),
            ]),
        )
    }
}

/// Records of every distinct place; rows of one place stand together.
fn records(anchors: &Anchors) -> Vec<((u64, u8), i64)> {
    let mut records: Vec<((u64, u8), i64)> = Vec::new();
    for (anchor, precision, _, _, n) in rows(anchors) {
        match records.last_mut() {
            Some((place, records)) if *place == (anchor, precision) => *records += n,
            _ => records.push(((anchor, precision), n)),
        }
    }
    records
}

/// Areas that any record is known to, numbered as they are met.
#[derive(Default)]
struct Known {
    areas: Vec<usize>,
    position: BTreeMap<usize, u32>,
}

impl Known {
    fn position(&mut self, area: usize) -> u32 {
        let next = u32::try_from(self.areas.len()).unwrap_or(u32::MAX);
        *self.position.entry(area).or_insert_with(|| {
            self.areas.push(area);
            next
        })
    }
}
