use super::{centre, direction, rows_for};
use crate::grid::Grid;
use crate::units::{Coordinate, real};

/// Cells by rows of latitude, each row from west to east, so that those near a place are a few
/// runs of neighbours in memory.
pub(super) struct Rows {
    /// Where each cell of the grid stands here.
    row_of: Vec<usize>,
    pub(super) area_km2: Vec<f64>,
    lon_deg: Vec<f64>,
    direction: Vec<[f64; 3]>,
    /// Where each row starts; one more at the end.
    starts: Vec<usize>,
    /// Southern edge of the first row, and height of all, in degrees.
    south: f64,
    height: f64,
    /// How far a kernel reaches, in radians.
    reach: f64,
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
        let place = |&cell: &usize| direction(centres[cell].0, centres[cell].1);
        Self {
            row_of,
            area_km2: cell.iter().map(|&cell| grid.area_km2()[cell]).collect(),
            lon_deg: cell.iter().map(|&cell| centres[cell].1).collect(),
            direction: cell.iter().map(place).collect(),
            starts,
            south,
            height,
            reach,
        }
    }

    pub(super) fn row_of(&self, cell: usize) -> usize {
        self.row_of[cell]
    }

    pub(super) fn in_order_of_cells(&self, rows: &[f64]) -> Vec<f64> {
        self.row_of.iter().map(|&at| rows[at]).collect()
    }

    /// Calls `with` for each cell whose centre is within reach, with the square of the angle
    /// between, in radians.
    pub(super) fn within(&self, place: Coordinate, mut with: impl FnMut(usize, f64)) {
        let (lat, lon) = (place.lat_deg(), place.lon_deg());
        let here = direction(lat, lon);
        let farthest = (2.0 * (self.reach / 2.0).sin()).powi(2);
        let half_width = self.half_width_deg(lat);
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
            for turn in [-360.0, 0.0, 360.0] {
                let (west, east) = (lon + turn - half_width, lon + turn + half_width);
                if east < -180.0 || west > 180.0 {
                    continue;
                }
                let from = start + lons.partition_point(|&lon| lon < west);
                let to = start + lons.partition_point(|&lon| lon <= east);
                for (at, there) in (from..to).zip(&self.direction[from..to]) {
                    let chord = (0..3).map(|i| (here[i] - there[i]).powi(2)).sum::<f64>();
                    if chord <= farthest {
                        with(at, angle_squared(chord));
                    }
                }
            }
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

/// The square of an angle by that of its chord, `4 asin^2(c / 2)`. Below 200 km five terms of its
/// series are exact to the last digit.
fn angle_squared(chord: f64) -> f64 {
    if chord < 1e-3 {
        chord
            * (1.0
                + chord
                    * (1.0 / 12.0 + chord * (1.0 / 90.0 + chord * (1.0 / 560.0 + chord / 3_150.0))))
    } else {
        (2.0 * (chord.sqrt() / 2.0).min(1.0).asin()).powi(2)
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
