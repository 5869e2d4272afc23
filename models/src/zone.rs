//! Areas that a unit can be given.

use std::cmp::Ordering;

use thiserror::Error;

use crate::grid::Neighbours;
use crate::units::{LengthMismatch, same_length};

mod along;

#[cfg(test)]
mod tests;

pub use along::{Grown, grow_along};

/// Why no zone can be grown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GrowError {
    /// A slice without one entry per cell.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// A gain that is not a number, or infinite.
    #[error("the gain of cell {index} must be finite")]
    Gain {
        /// Position of the cell.
        index: usize,
    },
    /// An area of zero, below zero or not finite.
    #[error("the area of cell {index} must be finite and above 0")]
    Area {
        /// Position of the cell.
        index: usize,
    },
    /// A way that leaves the cells, or steps from one to another that it does not touch.
    #[error("way {index} must lead from a cell to one that touches it")]
    Way {
        /// Position of the way.
        index: usize,
    },
    /// A budget of zero, below zero or not finite.
    #[error("the largest area of a zone must be finite and above 0")]
    MaxArea,
}

/// Parts the seed cells into connected zones, greedily by gain per area.
///
/// A zone starts at the free seed cell with the highest gain per km2. It takes on, one at a time,
/// the adjacent free seed cell with the highest gain per km2 among those that keep its area within
/// `max_area_km2`, until none does; then the next zone starts. Ties go to the lower position.
///
/// - `seeds`: the cells to be parted.
/// - `gain`: what covering a cell is worth, in any unit; may be negative.
/// - `area_km2`: areas of the cells.
/// - `max_area_km2`: the largest zone. A single cell may exceed it alone.
///
/// Returns zones in the order they were started, cells ascending within each. Every seed cell is
/// in exactly one; every zone is connected. Greedy zones are good, not best: the rest of a hot
/// area may be left in pieces.
///
/// # Errors
/// Lengths differ; a gain not finite; an area or the budget not finite and above zero.
///
/// ```
/// use forewarn_models::{grid::Neighbours, zone::grow};
/// let row = Neighbours::from_lists(&[vec![1], vec![0, 2], vec![1, 3], vec![2]])?;
/// let zones = grow(&row, &[true; 4], &[1.0, 5.0, 4.0, 3.0], &[10.0; 4], 20.0)?;
/// assert_eq!(zones, [vec![1, 2], vec![3], vec![0]]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn grow(
    neighbours: &Neighbours,
    seeds: &[bool],
    gain: &[f64],
    area_km2: &[f64],
    max_area_km2: f64,
) -> Result<Vec<Vec<u32>>, GrowError> {
    let zones = grow_along(neighbours, seeds, gain, area_km2, max_area_km2, &[])?;
    Ok(zones.into_iter().map(|zone| zone.cells).collect())
}

fn check(n: usize, gain: &[f64], area_km2: &[f64], max_area_km2: f64) -> Result<(), GrowError> {
    same_length(n, gain.len())?;
    same_length(n, area_km2.len())?;
    let positive = |value: f64| value.is_finite() && value > 0.0;
    if let Some(index) = gain.iter().position(|gain| !gain.is_finite()) {
        return Err(GrowError::Gain { index });
    }
    if let Some(index) = area_km2.iter().position(|&area| !positive(area)) {
        return Err(GrowError::Area { index });
    }
    if positive(max_area_km2) {
        Ok(())
    } else {
        Err(GrowError::MaxArea)
    }
}

/// A cell that may be taken on; the greatest comes first.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    /// Gain per km2, never minus zero.
    density: f64,
    cell: u32,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.density
            .total_cmp(&other.density)
            .then(other.cell.cmp(&self.cell))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Candidate {}
