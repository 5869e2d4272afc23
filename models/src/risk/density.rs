use std::ops::Range;

use h3o::LatLng;
use rayon::prelude::*;
use thiserror::Error;

use self::bell::Bell;
use self::rows::Rows;
use crate::grid::Grid;
use crate::units::{Coordinate, EARTH_RADIUS_KM, LengthMismatch, cell_of, real, same_length};

mod bell;
mod rows;
#[cfg(test)]
mod tests;

/// Bandwidths after which the kernel is cut off; beyond lies 3e-4 of its mass.
pub const CUT_OFF: f64 = 4.0;

/// Parts that places are divided into, whatever the number of threads, so that sums have one order.
const PARTS: usize = 16;

/// What becomes of the part of an event's kernel that falls outside the study area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// It is spread over the part inside, so that each event within the area keeps its whole
    /// weight there. Events outside take no part.
    Kept,
    /// It is lost, as the formula has it. Events outside take part as far as they reach in.
    Lost,
}

/// Density of events.
#[derive(Debug, Clone, PartialEq)]
pub struct Density {
    /// Weight per km2 at the centre of each cell.
    pub per_km2: Vec<f64>,
    /// Events left out: outside the area under [`Edge::Kept`], out of reach under [`Edge::Lost`].
    pub left_out: usize,
}

/// Events or a kernel from which no density follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DensityError {
    /// Not one weight per event.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// A weight negative or not finite.
    #[error("the weight of event {index} must be finite and at least 0")]
    Weight {
        /// Its position.
        index: usize,
    },
    /// A kernel wider than the sphere allows, or none.
    #[error("the bandwidth must be above 0 and at most 1000 km")]
    Bandwidth,
}

/// Kernel density of events on the cells of a grid (Silverman 1986; Diggle 1985 for the edge).
///
/// ```text
/// K(d) = exp(-d^2 / 2 h^2) for d <= 4 h, else 0       d: great-circle distance to the cell's centre
/// Lost   density_j = sum_i weight_i K(d_ij) / (2 pi h^2 (1 - e^-8))
/// Kept   density_j = sum_i weight_i K(d_ij) / sum_k area_k K(d_ik)
/// ```
///
/// Units: weight per km2. With [`Edge::Kept`] density times true cell area adds up to the weight of
/// the events within the area, exactly, at any bandwidth: cells differ in area, and the area has an
/// end. With [`Edge::Lost`] a kernel is that of the plane, which a sphere departs from by about
/// `h^2 / 3 R^2` (2e-5 at 50 km), and bandwidths below the width of a cell lose or gain mass.
///
/// - `events`, `weights`: where, and how much each counts.
/// - `bandwidth_km`: `h`, above 0, at most 1000.
///
/// An event no cell centre is near enough to counts in its own cell under [`Edge::Kept`], and
/// nowhere under [`Edge::Lost`]. Events at one place are taken together, as one of their weight. Time
/// is that of pairs of a place and a cell within reach; sums have one order at any thread count.
///
/// # Errors
/// Lengths differ; a weight negative or not finite; a bandwidth out of range.
///
/// # References
/// Silverman 1986, *Density Estimation*, ISBN 0412246201; Diggle 1985,
/// [doi:10.2307/2347366](https://doi.org/10.2307/2347366).
pub fn kernel_density(
    grid: &Grid,
    events: &[Coordinate],
    weights: &[f64],
    bandwidth_km: f64,
    edge: Edge,
) -> Result<Density, DensityError> {
    same_length(events.len(), weights.len())?;
    let valid = |weight: &f64| weight.is_finite() && *weight >= 0.0;
    if let Some(index) = weights.iter().position(|weight| !valid(weight)) {
        return Err(DensityError::Weight { index });
    }
    if !(bandwidth_km > 0.0 && bandwidth_km <= 1_000.0) {
        return Err(DensityError::Bandwidth);
    }
    let rows = Rows::of(grid, CUT_OFF * bandwidth_km / EARTH_RADIUS_KM);
    let kernel = Kernel {
        area_km2: match edge {
            Edge::Kept => rows.in_order_of_rows(grid.area_km2()),
            Edge::Lost => Vec::new(),
        },
        rows,
        grid,
        bell: Bell::of(bandwidth_km / EARTH_RADIUS_KM),
        plane: std::f64::consts::TAU * bandwidth_km.powi(2) * -(-CUT_OFF * CUT_OFF / 2.0).exp_m1(),
        edge,
    };
    let places = places(events, weights);
    let size = places.len().div_ceil(PARTS).max(1);
    let parts = places.par_chunks(size);
    let parts: Vec<Density> = parts.map(|places| kernel.part(places)).collect();
    let mut rows = vec![0.0; grid.len()];
    let mut left_out = 0;
    for part in parts {
        left_out += part.left_out;
        rows.iter_mut()
            .zip(part.per_km2)
            .for_each(|(sum, x)| *sum += x);
    }
    Ok(Density {
        per_km2: kernel.rows.in_order_of_cells(&rows),
        left_out,
    })
}

/// Events at one place: a record knows a town, and many records know the same.
struct Place {
    at: Coordinate,
    weight: f64,
    n_events: usize,
}

/// The places of events, from south to north; weights are summed in the order of the events.
fn places(events: &[Coordinate], weights: &[f64]) -> Vec<Place> {
    let mut order: Vec<(i64, i64, usize)> = (0..events.len())
        .map(|event| {
            let at = events[event];
            (in_order(at.lat_deg()), in_order(at.lon_deg()), event)
        })
        .collect();
    order.sort_unstable();
    let same = |a: &(i64, i64, usize), b: &(i64, i64, usize)| (a.0, a.1) == (b.0, b.1);
    let place = |there: &[(i64, i64, usize)]| Place {
        at: events[there[0].2],
        weight: there.iter().map(|&(_, _, event)| weights[event]).sum(),
        n_events: there.len(),
    };
    order.chunk_by(same).map(place).collect()
}

/// A whole number for a number, in the same order.
fn in_order(number: f64) -> i64 {
    let bits = number.to_bits().cast_signed();
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

struct Kernel<'a> {
    rows: Rows,
    /// Of the cells in the order of the rows, where kernels are kept within them.
    area_km2: Vec<f64>,
    grid: &'a Grid,
    bell: Bell,
    /// Mass of the kernel in the plane, km2.
    plane: f64,
    edge: Edge,
}

impl Kernel<'_> {
    /// The density of the events of some places, in the order of the rows.
    fn part(&self, places: &[Place]) -> Density {
        let mut density = vec![0.0; self.grid.len()];
        let mut left_out = 0;
        let mut near = Near::default();
        for place in places {
            if !self.add(place.at, place.weight, &mut density, &mut near) {
                left_out += place.n_events;
            }
        }
        Density {
            per_km2: density,
            left_out,
        }
    }

    /// Adds the events of one place, or says that they have no part.
    fn add(&self, event: Coordinate, weight: f64, density: &mut [f64], near: &mut Near) -> bool {
        let kept = self.edge == Edge::Kept;
        let home = || {
            let resolution = self.grid.cells()[0].resolution();
            self.grid.position(cell_of(event, resolution))
        };
        let home = if kept { home() } else { None };
        if kept && home.is_none() {
            return false;
        }
        let here = direction(event.lat_deg(), event.lon_deg());
        self.rows.near(event, &mut near.runs);
        if !kept {
            let scale = weight / self.plane;
            for run in &near.runs {
                let sums = &mut density[run.clone()];
                self.bell.add(here, self.rows.axes(run), scale, sums);
            }
            let mut runs = near.runs.iter();
            return runs.any(|run| self.bell.reaches(here, self.rows.axes(run)));
        }
        near.heights.clear();
        let mut mass = 0.0;
        for run in &near.runs {
            let start = near.heights.len();
            self.bell
                .heights(here, self.rows.axes(run), &mut near.heights);
            mass += dot(&near.heights[start..], &self.area_km2[run.clone()]);
        }
        let scale = weight / mass;
        if scale.is_finite() {
            let mut heights = &near.heights[..];
            for run in &near.runs {
                let (own, rest) = heights.split_at(run.len());
                let cells = density[run.clone()].iter_mut().zip(own);
                cells.for_each(|(sum, height)| *sum += scale * height);
                heights = rest;
            }
            return true;
        }
        // No centre within reach, or so little of the kernel that its mass is no number.
        if let Some(cell) = home {
            density[self.rows.row_of(cell)] += weight / self.grid.area_km2()[cell];
        }
        true
    }
}

/// Where a kernel is, and how high.
#[derive(Default)]
struct Near {
    runs: Vec<Range<usize>>,
    /// Run by run.
    heights: Vec<f64>,
}

/// Sum of products, in four sums at once, whose order is fixed.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (quads, others) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest = quads.remainder().iter().zip(others.remainder());
    let rest: f64 = rest.map(|(a, b)| a * b).sum();
    let sums = quads.zip(others).fold([0.0; 4], |mut sums, (a, b)| {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
        sums
    });
    sums.iter().sum::<f64>() + rest
}

/// A direction from the centre of the Earth, of length 1.
fn direction(lat_deg: f64, lon_deg: f64) -> [f64; 3] {
    let ((lat_sin, lat_cos), (lon_sin, lon_cos)) = (
        lat_deg.to_radians().sin_cos(),
        lon_deg.to_radians().sin_cos(),
    );
    [lat_cos * lon_cos, lat_cos * lon_sin, lat_sin]
}

/// Centre of a cell in degrees.
fn centre(cell: h3o::CellIndex) -> (f64, f64) {
    let centre = LatLng::from(cell);
    (centre.lat(), centre.lng())
}

/// Rows of latitude that a grid is put in.
fn rows_for(span_deg: f64, reach_deg: f64, n_cells: usize) -> f64 {
    (4.0 * span_deg / reach_deg)
        .clamp(1.0, real(n_cells))
        .ceil()
}
