use rayon::prelude::*;

use super::limit::{Bound, Limit};
use super::zones::{Builder, Zones, ZonesError};
use crate::grid::Grid;
use crate::units::{Coordinate, EARTH_RADIUS_KM, compact};

/// Relative difference of squared distances below which two cells are equally far: they enter a
/// disc together, in whatever order they come.
const EQUALLY_FAR: f64 = 1e-10;

impl Zones {
    /// Discs around every place, by great-circle distance.
    ///
    /// A disc holds all places within some distance of its centre, which is a place. Sizes are in
    /// km on the sphere of radius [`EARTH_RADIUS_KM`].
    ///
    /// # Errors
    /// A faulty limit, or no disc within it.
    pub fn discs(places: &[Coordinate], limit: Limit<'_>) -> Result<Self, ZonesError> {
        let bound = limit.check(places.len())?;
        let half_angle = bound.size / (2.0 * EARTH_RADIUS_KM);
        // The chord of an angle, squared; beyond the far side of the Earth there is no bound.
        let reach = if half_angle < std::f64::consts::FRAC_PI_2 {
            (2.0 * half_angle.sin()).powi(2)
        } else {
            f64::INFINITY
        };
        let unit = |place: &Coordinate| {
            let (lat, lon) = (place.lat_deg().to_radians(), place.lon_deg().to_radians());
            [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
        };
        grown(&places.iter().map(unit).collect::<Vec<_>>(), bound, reach)
    }

    /// Discs around every place in a plane, sizes in the unit of the coordinates.
    ///
    /// # Errors
    /// A coordinate that is not finite, a faulty limit, or no disc within it.
    pub fn plane_discs(places: &[[f64; 2]], limit: Limit<'_>) -> Result<Self, ZonesError> {
        let bound = limit.check(places.len())?;
        let faulty = |[x, y]: &[f64; 2]| !(x.is_finite() && y.is_finite());
        if let Some(index) = places.iter().position(faulty) {
            return Err(ZonesError::Place { index });
        }
        grown(places, bound, bound.size * bound.size)
    }

    /// The cells within 0, 1, 2, .. steps of each cell of a grid. A size in the limit is a number
    /// of steps. Cells outside the grid are left out of a ring, and a ring that adds no cell is
    /// no further zone.
    ///
    /// # Errors
    /// A faulty limit, or no ring within it.
    pub fn rings(grid: &Grid, k_max: u32, limit: Limit<'_>) -> Result<Self, ZonesError> {
        let bound = limit.check(grid.len())?;
        let chain = |&centre: &h3o::CellIndex| -> Vec<(f64, u32)> {
            let near = centre.grid_disk_distances::<Vec<_>>(k_max).into_iter();
            let mut near: Vec<(f64, u32)> = near
                .filter_map(|(cell, k)| Some((f64::from(k), compact(grid.position(cell)?))))
                .filter(|&(k, _)| k <= bound.size)
                .collect();
            near.sort_unstable_by(nearest);
            near
        };
        let chains: Vec<_> = grid.cells().par_iter().map(chain).collect();
        let mut builder = Builder::default();
        for near in &chains {
            grow(&mut builder, near, bound);
        }
        builder.finish(grid.len())
    }
}

/// Discs around every place, up to a squared distance.
fn grown<const D: usize>(
    places: &[[f64; D]],
    bound: Bound<'_>,
    reach: f64,
) -> Result<Zones, ZonesError> {
    let chains: Vec<_> = places
        .par_iter()
        .map(|centre| neighbours(places, centre, bound, reach))
        .collect();
    let mut builder = Builder::default();
    for near in &chains {
        grow(&mut builder, near, bound);
    }
    builder.finish(places.len())
}

/// The places around one, nearest first, as far as the bound can reach: sorted in pieces, since
/// most discs hold few of all places.
fn neighbours<const D: usize>(
    places: &[[f64; D]],
    centre: &[f64; D],
    bound: Bound<'_>,
    reach: f64,
) -> Vec<(f64, u32)> {
    let square =
        |place: &[f64; D]| -> f64 { place.iter().zip(centre).map(|(a, b)| (a - b).powi(2)).sum() };
    let mut all: Vec<(f64, u32)> = (0..)
        .zip(places)
        .map(|(cell, place)| (square(place), cell))
        .filter(|&(distance, _)| distance <= reach * (1.0 + EQUALLY_FAR))
        .collect();
    let (mut sorted, mut weight) = (0, 0.0);
    while sorted < all.len() && weight <= bound.most {
        let piece = (2 * sorted).max(128).min(all.len()) - sorted;
        let rest = &mut all[sorted..];
        if piece < rest.len() {
            rest.select_nth_unstable_by(piece, nearest);
        }
        rest[..piece].sort_unstable_by(nearest);
        weight += rest[..piece]
            .iter()
            .map(|&(_, cell)| bound.weight(cell))
            .sum::<f64>();
        sorted += piece;
    }
    all.truncate(sorted);
    all.shrink_to_fit();
    all
}

fn nearest(a: &(f64, u32), b: &(f64, u32)) -> std::cmp::Ordering {
    a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
}

/// One chain: cells equally far enter together, until the bound is passed.
fn grow(builder: &mut Builder, near: &[(f64, u32)], bound: Bound<'_>) {
    builder.start();
    let mut weight = 0.0;
    for shell in near.chunk_by(|a, b| b.0 <= a.0 * (1.0 + EQUALLY_FAR)) {
        weight += shell
            .iter()
            .map(|&(_, cell)| bound.weight(cell))
            .sum::<f64>();
        if weight > bound.most {
            break;
        }
        for &(_, cell) in shell {
            builder.step(cell);
        }
        builder.mark();
    }
}
