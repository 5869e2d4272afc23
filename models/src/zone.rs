//! Areas that a unit can be given.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use thiserror::Error;

use crate::grid::Neighbours;
use crate::units::{LengthMismatch, compact, same_length};

#[cfg(test)]
mod tests;

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
    same_length(neighbours.n_cells(), seeds.len())?;
    check(neighbours.n_cells(), gain, area_km2, max_area_km2)?;
    let candidate = |cell: u32| Candidate {
        density: gain[cell as usize] / area_km2[cell as usize] + 0.0,
        cell,
    };
    let mut free = seeds.to_vec();
    let seeds = (0..compact(seeds.len())).filter(|&cell| seeds[cell as usize]);
    let mut starts: Vec<Candidate> = seeds.map(candidate).collect();
    starts.sort_unstable_by(|a, b| b.cmp(a));
    let mut zones = Vec::new();
    for start in starts {
        if !free[start.cell as usize] {
            continue;
        }
        let mut zone = Vec::new();
        let mut area = 0.0;
        let mut frontier = BinaryHeap::from([start]);
        while let Some(Candidate { cell, .. }) = frontier.pop() {
            // A cell that does not fit now will not fit later: the zone only grows.
            let larger = area + area_km2[cell as usize];
            let fits = zone.is_empty() || larger <= max_area_km2;
            if fits && std::mem::take(&mut free[cell as usize]) {
                area = larger;
                zone.push(cell);
                let near = neighbours.of(cell as usize).iter().copied();
                frontier.extend(near.filter(|&other| free[other as usize]).map(candidate));
            }
        }
        zone.sort_unstable();
        zones.push(zone);
    }
    Ok(zones)
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
