use rayon::prelude::*;

use super::ForecastError;
use crate::risk::CUT_OFF;
use crate::units::{Coordinate, EARTH_RADIUS_KM, compact, distance_km, same_length};

/// Rings of neighbours beside the cell itself.
pub(super) const RINGS: usize = 3;
/// Bandwidths of the kernels, in km.
pub(super) const KERNELS_KM: [f64; 3] = [15.0, 40.0, 100.0];
/// A cell itself, its rings, its kernels.
pub(super) const REACHES: usize = 1 + RINGS + KERNELS_KM.len();

/// How far what happened at a cell is felt.
///
/// ```text
/// ring k     sum of the cells at k steps
/// kernel h   sum_j v_j exp(-d_ij^2 / 2 h^2) / sum_i exp(-d_ij^2 / 2 h^2),   d <= 4 h
/// ```
///
/// A kernel keeps the whole of each incident within the area. Sparse: made for cells of some 10 km
/// and more; of cells much smaller than the kernels it would hold too many pairs.
#[derive(Debug, Clone)]
pub struct Space {
    n_cells: usize,
    /// For each reach beyond the cell itself, where a source reaches, and how much of it arrives.
    reaches: Vec<Sparse>,
}

/// Rows of positions and weights.
#[derive(Debug, Clone)]
struct Sparse {
    start: Vec<usize>,
    to: Vec<u32>,
    weight: Vec<f32>,
}

impl Sparse {
    fn of(rows: Vec<Vec<(u32, f32)>>) -> Self {
        let mut sparse = Self {
            start: vec![0],
            to: Vec::new(),
            weight: Vec::new(),
        };
        for row in rows {
            sparse.to.extend(row.iter().map(|entry| entry.0));
            sparse.weight.extend(row.iter().map(|entry| entry.1));
            sparse.start.push(sparse.to.len());
        }
        sparse
    }

    /// Adds what arrives of a value at `from`.
    fn scatter(&self, from: usize, value: f64, sums: &mut [f64]) {
        let row = self.start[from]..self.start[from + 1];
        for (&to, &weight) in self.to[row.clone()].iter().zip(&self.weight[row]) {
            sums[to as usize] += value * f64::from(weight);
        }
    }
}

impl Space {
    /// Space of some cells: their centres and, for each, its neighbours at one, two and three steps.
    ///
    /// # Errors
    /// Not one entry of `rings` per centre; a neighbour that is no cell.
    pub fn new(centres: &[Coordinate], rings: &[[Vec<u32>; RINGS]]) -> Result<Self, ForecastError> {
        same_length(centres.len(), rings.len())?;
        let beyond = |ring: &Vec<u32>| ring.iter().any(|&to| to as usize >= centres.len());
        if let Some(index) = rings.iter().position(|cell| cell.iter().any(beyond)) {
            return Err(ForecastError::Cell { index });
        }
        let mut reaches = Vec::with_capacity(REACHES - 1);
        for k in 0..RINGS {
            let row = |cell: &[Vec<u32>; RINGS]| cell[k].iter().map(|&to| (to, 1.0)).collect();
            reaches.push(Sparse::of(rings.iter().map(row).collect()));
        }
        for h in KERNELS_KM {
            reaches.push(kernel(centres, h));
        }
        Ok(Self {
            n_cells: centres.len(),
            reaches,
        })
    }

    /// Number of cells.
    #[must_use]
    pub fn n_cells(&self) -> usize {
        self.n_cells
    }

    /// A map felt at one reach; reach 0 is the map itself.
    pub(super) fn felt(&self, map: &[f64], reach: usize) -> Vec<f64> {
        let Some(sparse) = reach.checked_sub(1).map(|k| &self.reaches[k]) else {
            return map.to_vec();
        };
        let mut sums = vec![0.0; self.n_cells];
        for (from, &value) in map.iter().enumerate().filter(|(_, value)| **value > 0.0) {
            sparse.scatter(from, value, &mut sums);
        }
        sums
    }
}

/// Each row is what one source gives; cells are looked for among those of near latitude.
fn kernel(centres: &[Coordinate], h_km: f64) -> Sparse {
    let reach_km = CUT_OFF * h_km;
    let reach_deg = (reach_km / EARTH_RADIUS_KM).to_degrees() * 1.000_001;
    let mut order: Vec<usize> = (0..centres.len()).collect();
    order.sort_by(|&a, &b| centres[a].lat_deg().total_cmp(&centres[b].lat_deg()));
    let row = |centre: &Coordinate| {
        let lat = |cell: &usize| centres[*cell].lat_deg() - centre.lat_deg();
        let from = order.partition_point(|cell| lat(cell) < -reach_deg);
        let to = order.partition_point(|cell| lat(cell) <= reach_deg);
        let mut near: Vec<(u32, f64)> = Vec::new();
        for &cell in &order[from..to] {
            let d = distance_km(*centre, centres[cell]);
            if d <= reach_km {
                near.push((compact(cell), (-0.5 * (d / h_km).powi(2)).exp()));
            }
        }
        near.sort_unstable_by_key(|entry| entry.0);
        let mass: f64 = near.iter().map(|entry| entry.1).sum();
        near.into_iter()
            .map(|(to, weight)| (to, single(weight / mass)))
            .collect()
    };
    Sparse::of(centres.par_iter().map(row).collect())
}

/// A number as it is kept where there are many of them.
#[expect(
    clippy::cast_possible_truncation,
    reason = "seven digits of a weight or a feature are enough"
)]
pub(super) fn single(x: f64) -> f32 {
    x as f32
}
