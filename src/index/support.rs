//! The cells that a record may belong to, given how precisely its place is known.

use forewarn_models::grid::Grid;
use geo::Coord;
use h3o::{CellIndex, LatLng, Resolution};

use crate::base::code::PlacePrecision;
use crate::base::fixed;
use crate::base::settings::Settings;
use crate::tables::{Area, Boundaries, Holding, Level, StudyArea};

use super::anchors::POINT;
use super::dumps::Dumps;

/// What "near" means to the sources that say so (UCDP and Insecurity Insight: within 25 km).
pub(super) const NEAR_KM: f64 = 25.0;

/// Where a record goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Support {
    /// To these cells.
    Cells(Spread),
    /// To an area.
    Area(InArea),
    /// Nowhere: only the country is known, or no boundary of its level holds it.
    CountryOnly,
    /// Nowhere: it lies outside the study area.
    Outside,
}

/// The cells of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// Cells with their parts, which sum to one whole; in order of cell.
    pub parts: Vec<(CellIndex, i64)>,
    /// Where the record testifies for the detectors, whole: spread over several cells it would make
    /// a cluster of itself. `None` where its place is known too coarsely to name a neighbourhood.
    pub located: Option<CellIndex>,
}

/// An area that a record is known to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InArea {
    /// Its position among the boundaries.
    pub area: usize,
    /// Where the record testifies for the detectors, if the area is no larger than a neighbourhood.
    pub located: Option<CellIndex>,
}

/// Answers, for a point and a precision, which cells of the study area a record may belong to.
#[derive(Debug)]
pub struct Supports<'a> {
    study_area: &'a StudyArea,
    boundaries: &'a Boundaries,
    areas: Holding<'a>,
    dumps: &'a Dumps,
    resolution: Resolution,
    /// Cells of the detector's neighbourhood.
    neighbourhood: usize,
    /// How far it reaches from the centre of its own cell.
    reach_km: f64,
}

/// How far a detector's neighbourhood reaches from the centre of its own cell.
pub(super) fn reach_km(ring: u8, resolution: Resolution) -> f64 {
    // Centres of adjacent hexagons lie sqrt(3) edges apart; half a step is the own cell's.
    (f64::from(ring) + 0.5) * 3_f64.sqrt() * resolution.edge_length_km()
}

impl<'a> Supports<'a> {
    /// Prepares the answers for a mission.
    #[must_use]
    pub(super) fn new(
        settings: &Settings,
        study_area: &'a StudyArea,
        boundaries: &'a Boundaries,
        dumps: &'a Dumps,
    ) -> Self {
        let ring = usize::from(settings.detect.ring);
        let resolution = study_area.grid.cells()[0].resolution();
        Self {
            study_area,
            boundaries,
            areas: Holding::new(boundaries),
            dumps,
            resolution,
            neighbourhood: 1 + 3 * ring * (ring + 1),
            reach_km: reach_km(settings.detect.ring, resolution),
        }
    }

    /// The cells of the study area.
    pub(super) fn grid(&self) -> &Grid {
        &self.study_area.grid
    }

    /// The cells of a record known by `anchor` at `precision`.
    #[must_use]
    pub fn of(&self, anchor: CellIndex, precision: PlacePrecision) -> Support {
        if let Some(area) = self.dumps.area_of(anchor, precision) {
            return self.in_area(area, LatLng::from(anchor));
        }
        let level = match precision {
            PlacePrecision::Admin3 => 3,
            PlacePrecision::Admin2 => 2,
            PlacePrecision::Admin1 => 1,
            PlacePrecision::Country => return Support::CountryOnly,
            PlacePrecision::Exact | PlacePrecision::Town | PlacePrecision::Near => 0,
        };
        if level > 0 {
            return self.area(LatLng::from(anchor), level);
        }
        let own = anchor.parent(self.resolution);
        match own.filter(|&own| self.study_area.grid.position(own).is_some()) {
            None => Support::Outside,
            Some(own) if precision <= POINT => Support::Cells(Spread {
                parts: vec![(own, fixed::PARTS)],
                located: Some(own),
            }),
            Some(own) => self.disc(LatLng::from(anchor), own),
        }
    }

    /// Cells of the study area whose centre lies within 25 km, and the record's own, by area.
    fn disc(&self, centre: LatLng, own: CellIndex) -> Support {
        let rings = (NEAR_KM / self.resolution.edge_length_km()).ceil();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few rings"
        )]
        let disc: Vec<CellIndex> = own
            .grid_disk::<Vec<_>>(rings as u32)
            .into_iter()
            .filter(|&cell| cell == own || centre.distance_km(LatLng::from(cell)) <= NEAR_KM)
            .collect();
        Support::Cells(Spread {
            parts: self.by_area(&disc),
            located: (NEAR_KM <= self.reach_km).then_some(own),
        })
    }

    /// Cells of the area of this level that holds the point; of the next coarser level where the
    /// boundaries have none.
    fn area(&self, point: LatLng, level: u8) -> Support {
        for level in (1..=level).rev().map(Level) {
            let Some((area, holding)) = self.holding(point, level) else {
                continue;
            };
            if !self.cells_of(holding).is_empty() {
                return self.in_area(area, point);
            }
        }
        let cell = point.to_cell(self.resolution);
        match self.study_area.grid.position(cell) {
            Some(_) => Support::CountryOnly,
            None => Support::Outside,
        }
    }

    /// The area at a position, of which a record is known to be in; of a country nothing is known.
    fn in_area(&self, area: usize, point: LatLng) -> Support {
        let holding = &self.boundaries.areas()[area];
        let cells = self.cells_of(holding);
        if cells.is_empty() || holding.level == Level(0) {
            return Support::CountryOnly;
        }
        let located = self.testifies(cells, point);
        Support::Area(InArea { area, located })
    }

    /// Cells of an area with their parts, which sum to one whole; in order of cell.
    #[must_use]
    pub fn parts_of(&self, area: &Area) -> Vec<(CellIndex, i64)> {
        self.by_area(self.cells_of(area))
    }

    /// Cells with their parts as positions in the study area; its parts of a million fit.
    pub(super) fn positions(&self, parts: &[(CellIndex, i64)]) -> Vec<(u32, u32)> {
        let position = |&(cell, parts): &(CellIndex, i64)| {
            let at = self.study_area.grid.position(cell)?;
            Some((u32::try_from(at).ok()?, u32::try_from(parts).ok()?))
        };
        parts.iter().filter_map(position).collect()
    }

    fn cells_of(&self, area: &Area) -> &'a [CellIndex] {
        let cells = self
            .study_area
            .cells_of
            .get(&(area.level, area.pcode.clone()));
        cells.map_or(&[], Vec::as_slice)
    }

    /// An area no larger than a neighbourhood testifies at its cell nearest to the point.
    fn testifies(&self, cells: &[CellIndex], point: LatLng) -> Option<CellIndex> {
        let far = |cell: CellIndex| point.distance_km(LatLng::from(cell));
        let nearest = cells
            .iter()
            .copied()
            .min_by(|&a, &b| far(a).total_cmp(&far(b)));
        nearest.filter(|_| cells.len() <= self.neighbourhood)
    }

    fn holding(&self, point: LatLng, level: Level) -> Option<(usize, &'a Area)> {
        let point = Coord {
            x: point.lng(),
            y: point.lat(),
        };
        self.areas.of(point, level)
    }

    fn by_area(&self, cells: &[CellIndex]) -> Vec<(CellIndex, i64)> {
        let grid = &self.study_area.grid;
        let mut inside: Vec<(CellIndex, f64)> = cells
            .iter()
            .filter_map(|&cell| grid.position(cell).map(|i| (cell, grid.area_km2()[i])))
            .collect();
        inside.sort_by_key(|&(cell, _)| cell);
        let areas: Vec<f64> = inside.iter().map(|&(_, area_km2)| area_km2).collect();
        let cells = inside.into_iter().map(|(cell, _)| cell);
        cells.zip(fixed::split(&areas)).collect()
    }
}
