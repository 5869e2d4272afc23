use std::ops::Range;

use super::bell::Axes;
use super::{centre, direction, rows_for};
use crate::grid::Grid;
use crate::units::{Coordinate, real};

/// Cells by rows of latitude, each row from west to east, so that those near a place are a few
/// runs of neighbours in memory.
pub(super) struct Rows {
    /// Where each cell of the grid stands here.
    row_of: Vec<usize>,
    lon_deg: Vec<f64>,
    /// Coordinates of the centres on the sphere of radius 1.
    axes: [Vec<f64>; 3],
    /// Where each row starts; one more at the end.
    starts: Vec<usize>,
    /// Southern edge of the first row, and height of all, in degrees.
    south: f64,
    height: f64,
    /// Lowest cosine of the latitudes of each row.
    cosine: Vec<f64>,
    /// How far a kernel reaches, in radians.
    reach: f64,
    half_reach_sine_squared: f64,
}

impl Rows {
    pub(super) fn of(grid: &Grid, reach: f64) -> Self {
        let centres: Vec<(f64, f64)> = grid.cells().iter().map(|&cell| centre(cell)).collect();
        let lat = || centres.iter().map(|&(lat, _)| lat);
        let (south, north) = (lat().fold(90.0, f64::min), lat().fold(-90.0, f64::max));
        let span = (north - south).max(1e-9);
        let n_rows = rows_for(span, reach.to_degrees(), grid.len());
        let height = span / n_rows;
        let row = |cell: usize| whole((centres[cell].0 - south) / height, n_rows);
        let mut cell: Vec<usize> = (0..grid.len()).collect();
        cell.sort_by(|&a, &b| {
            let by_lon = centres[a].1.total_cmp(&centres[b].1);
            row(a).cmp(&row(b)).then(by_lon).then(a.cmp(&b))
        });
        let mut row_of = vec![0; grid.len()];
        cell.iter()
            .enumerate()
            .for_each(|(at, &cell)| row_of[cell] = at);
        let first = |r: usize| cell.partition_point(|&cell| row(cell) < r);
        let starts = (0..=whole(n_rows, n_rows + 1.0)).map(first).collect();
        let lowest_cosine = |r: usize| {
            let edges = [r, r + 1].map(|edge| (south + real(edge) * height).to_radians().cos());
            edges[0].min(edges[1]) - 1e-12
        };
        let place = |&cell: &usize| direction(centres[cell].0, centres[cell].1);
        let places: Vec<[f64; 3]> = cell.iter().map(place).collect();
        Self {
            row_of,
            lon_deg: cell.iter().map(|&cell| centres[cell].1).collect(),
            axes: [0, 1, 2].map(|axis| places.iter().map(|place| place[axis]).collect()),
            cosine: (0..whole(n_rows, n_rows + 1.0))
                .map(lowest_cosine)
                .collect(),
            half_reach_sine_squared: (reach / 2.0).sin().powi(2),
            starts,
            south,
            height,
            reach,
        }
    }

    /// Where the cells of a run are, on the sphere of radius 1.
    pub(super) fn axes(&self, run: &Range<usize>) -> Axes<'_> {
        [0, 1, 2].map(|axis| &self.axes[axis][run.clone()])
    }

    pub(super) fn row_of(&self, cell: usize) -> usize {
        self.row_of[cell]
    }

    pub(super) fn in_order_of_cells(&self, rows: &[f64]) -> Vec<f64> {
        self.row_of.iter().map(|&at| rows[at]).collect()
    }

    pub(super) fn in_order_of_rows(&self, cells: &[f64]) -> Vec<f64> {
        let mut rows = vec![0.0; cells.len()];
        let places = self.row_of.iter().zip(cells);
        places.for_each(|(&at, &value)| rows[at] = value);
        rows
    }

    /// The runs that hold every cell whose centre is within reach, and some that are not.
    pub(super) fn near(&self, place: Coordinate, runs: &mut Vec<Range<usize>>) {
        runs.clear();
        let (lat, lon) = (place.lat_deg(), place.lon_deg());
        let widest = self.half_width_deg(lat);
        let here = lat.to_radians().cos();
        let reach_deg = self.reach.to_degrees();
        let at = |lat: f64| (lat - self.south) / self.height;
        let (low, high) = (at(lat - reach_deg), at(lat + reach_deg));
        // A hair's breadth, for centres on the edge of a row.
        let last = real(self.starts.len() - 1);
        if high < -1e-6 || low > last + 1e-6 {
            return;
        }
        for row in whole(low - 1e-6, last)..=whole(high + 1e-6, last) {
            let (start, end) = (self.starts[row], self.starts[row + 1]);
            let lons = &self.lon_deg[start..end];
            let half_width = self.half_width_of_row(row, lat, here).min(widest);
            for turn in [-360.0, 0.0, 360.0] {
                let (west, east) = (lon + turn - half_width, lon + turn + half_width);
                if east < -180.0 || west > 180.0 {
                    continue;
                }
                let from = start + lons.partition_point(|&lon| lon < west);
                let to = start + lons.partition_point(|&lon| lon <= east);
                runs.push(from..to);
            }
        }
    }

    /// No fewer degrees of longitude than are within reach of a place at any latitude of a row, or
    /// infinitely many: the haversine formula solved for the longitude, with the latitude of the
    /// row that is nearest to the place, and that on which degrees are shortest.
    fn half_width_of_row(&self, row: usize, lat: f64, cos_lat: f64) -> f64 {
        let south = self.south + real(row) * self.height;
        let away = (south - lat).max(lat - south - self.height) - 1e-9;
        let half = away.max(0.0).to_radians() / 2.0;
        let sine = half - half.powi(3) / 6.0;
        let square = (self.half_reach_sine_squared - sine * sine) / (cos_lat * self.cosine[row]);
        if square < 0.25 && cos_lat.min(self.cosine[row]) > 1e-6 {
            // The sine by the tangent, which is more, of which the angle is less.
            let square = square.max(0.0);
            2.0 * (square / (1.0 - square)).sqrt().to_degrees() + 1e-6
        } else {
            f64::INFINITY
        }
    }

    /// Degrees of longitude within reach of a latitude; at most 180, so that no cell is met twice.
    fn half_width_deg(&self, lat_deg: f64) -> f64 {
        let ratio = self.reach.sin() / lat_deg.to_radians().cos();
        if ratio < 1.0 && ratio > 0.0 {
            (ratio.asin().to_degrees() + 1e-6).min(179.999_999)
        } else {
            179.999_999_999
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "held within the number of rows, which is that of cells at most"
)]
fn whole(at: f64, n_rows: f64) -> usize {
    at.clamp(0.0, n_rows - 1.0) as usize
}
