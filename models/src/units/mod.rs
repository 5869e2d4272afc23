//! Checked quantities that cross modules: coordinates, seeds, equal lengths, normal tails.

mod coordinate;
#[cfg(test)]
mod h3_reference;
mod normal;
mod priogrid;
mod seed;

pub use coordinate::{
    Axis, Coordinate, CoordinateFault, EARTH_RADIUS_KM, InvalidCoordinate, cell_of, distance_km,
};
pub use normal::two_sided_p;
pub(crate) use normal::{lower_tail, two_sided_z};
pub use priogrid::{priogrid_corners, priogrid_of};
pub use seed::{Purpose, Seed};

use thiserror::Error;

/// Slices that describe the same cells have different lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{got} values where {needed} are needed")]
pub struct LengthMismatch {
    /// Length the first argument calls for.
    pub needed: usize,
    /// Length that was passed.
    pub got: usize,
}

pub(crate) fn same_length(needed: usize, got: usize) -> Result<(), LengthMismatch> {
    if needed == got {
        Ok(())
    } else {
        Err(LengthMismatch { needed, got })
    }
}

/// A number of things as a real number.
#[expect(
    clippy::cast_precision_loss,
    reason = "numbers of cells and draws stay below 2^53"
)]
pub(crate) fn real(n: usize) -> f64 {
    n as f64
}

/// Position in a grid as the compact type that adjacency lists hold.
pub(crate) fn compact(position: usize) -> u32 {
    u32::try_from(position).expect("a grid has fewer than 2^32 cells and links")
}
