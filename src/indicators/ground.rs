//! Which cells lie near a point, and which records near a cell.

use forewarn_models::grid::{Grid, Neighbours};
use forewarn_models::units::{Coordinate, distance_km};
use h3o::{CellIndex, LatLng};

/// On foot, as the crow flies: paths are longer, so that hours are a lower bound.
pub(super) const WALK_KM_PER_HOUR: f64 = 4.0;
/// Length of a degree of latitude, a little short so that nothing near is passed over.
const KM_PER_DEGREE: f64 = 110.0;

/// The cells' centres, by latitude.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    pub(super) grid: &'a Grid,
    /// Cells that touch.
    pub(super) adjacent: Neighbours,
    centres: Vec<Option<Coordinate>>,
    by_latitude: Vec<(f64, usize)>,
}

impl<'a> Ground<'a> {
    pub(super) fn new(grid: &'a Grid) -> Self {
        let points: Vec<LatLng> = grid
            .cells()
            .iter()
            .map(|&cell| LatLng::from(cell))
            .collect();
        let mut by_latitude: Vec<(f64, usize)> =
            points.iter().map(|point| point.lat()).zip(0..).collect();
        by_latitude.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let centre = |point: &LatLng| Coordinate::new(point.lat(), point.lng()).ok();
        Self {
            grid,
            adjacent: Neighbours::ring(grid, 1),
            centres: points.iter().map(centre).collect(),
            by_latitude,
        }
    }

    /// Cells whose centre lies within a distance of a point, with that distance, in order of cell; the
    /// cell that holds the point is among them at 0 km.
    pub(super) fn around(&self, lat_deg: f64, lon_deg: f64, reach_km: f64) -> Vec<(usize, f64)> {
        let Ok(point) = Coordinate::new(lat_deg, lon_deg) else {
            return Vec::new();
        };
        let own = self.holding(lat_deg, lon_deg);
        let margin = reach_km / KM_PER_DEGREE;
        let first = self
            .by_latitude
            .partition_point(|&(lat, _)| lat < lat_deg - margin);
        let near = self.by_latitude[first..]
            .iter()
            .take_while(|&&(lat, _)| lat <= lat_deg + margin);
        let mut found: Vec<(usize, f64)> = near
            .filter(|&&(_, cell)| Some(cell) != own)
            .filter_map(|&(_, cell)| Some((cell, distance_km(point, self.centres[cell]?))))
            .filter(|&(_, km)| km <= reach_km)
            .chain(own.map(|cell| (cell, 0.0)))
            .collect();
        found.sort_by_key(|&(cell, _)| cell);
        found
    }

    /// The same around a cell's centre.
    pub(super) fn around_cell(&self, cell: usize, reach_km: f64) -> Vec<(usize, f64)> {
        let point = LatLng::from(self.grid.cells()[cell]);
        self.around(point.lat(), point.lng(), reach_km)
    }

    /// The cell that holds a point.
    pub(super) fn holding(&self, lat_deg: f64, lon_deg: f64) -> Option<usize> {
        let point = LatLng::new(lat_deg, lon_deg).ok()?;
        let cell: CellIndex = point.to_cell(self.grid.cells()[0].resolution());
        self.grid.position(cell)
    }

    /// A cell and those that touch it.
    pub(super) fn near(&self, cell: usize) -> impl Iterator<Item = usize> {
        let others = self.adjacent.of(cell).iter().map(|&other| other as usize);
        others.chain([cell])
    }
}
