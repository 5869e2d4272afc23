//! The cells of a study area and which of them touch.
//!
//! A grid is the whole area of responsibility, not the cells that happen to hold records.

mod components;
mod neighbours;
mod network;
mod outline;

pub use components::components;
pub use neighbours::{Neighbours, NeighboursError};
pub use network::{Network, Way};
pub use outline::{OutlineError, Part, Ring, outline};

use std::sync::OnceLock;

use h3o::{CellIndex, Resolution};
use thiserror::Error;

/// Distinct H3 cells of one resolution in ascending order, with their areas.
///
/// Every slice that this crate takes or gives beside a grid is in this order.
#[derive(Debug, Clone)]
pub struct Grid {
    cells: Vec<CellIndex>,
    /// Computed when first asked for: it costs more than all else here.
    area_km2: OnceLock<Vec<f64>>,
}

impl PartialEq for Grid {
    fn eq(&self, other: &Self) -> bool {
        self.cells == other.cells
    }
}

/// Cells that make no grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GridError {
    /// No cell at all.
    #[error("a grid needs at least one cell")]
    Empty,
    /// Two resolutions in one grid.
    #[error("cells of resolution {got} in a grid of resolution {needed}")]
    MixedResolution {
        /// Resolution of the first cell.
        needed: Resolution,
        /// The other resolution.
        got: Resolution,
    },
}

#[expect(clippy::len_without_is_empty, reason = "a grid is never empty")]
impl Grid {
    /// Sorts the cells and drops repetitions.
    ///
    /// # Errors
    /// No cells, or cells of more than one resolution.
    pub fn new(mut cells: Vec<CellIndex>) -> Result<Self, GridError> {
        cells.sort_unstable();
        cells.dedup();
        let needed = cells.first().ok_or(GridError::Empty)?.resolution();
        if let Some(other) = cells.iter().find(|cell| cell.resolution() != needed) {
            return Err(GridError::MixedResolution {
                needed,
                got: other.resolution(),
            });
        }
        Ok(Self {
            cells,
            area_km2: OnceLock::new(),
        })
    }

    /// The cells, ascending as H3 indices.
    #[must_use]
    pub fn cells(&self) -> &[CellIndex] {
        &self.cells
    }

    /// True spherical area of each cell in km2; cells of one resolution differ by a factor of two.
    #[must_use]
    pub fn area_km2(&self) -> &[f64] {
        let areas = || self.cells.iter().map(|cell| cell.area_km2()).collect();
        self.area_km2.get_or_init(areas)
    }

    /// Where a cell stands in the grid, if it belongs to it.
    #[must_use]
    pub fn position(&self, cell: CellIndex) -> Option<usize> {
        self.cells.binary_search(&cell).ok()
    }

    /// Number of cells, at least 1.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::disk;

    #[test]
    fn a_grid_is_sorted_and_knows_its_cells() {
        let mut cells = disk(2);
        cells.extend(disk(1));
        cells.reverse();
        let grid = Grid::new(cells).unwrap();
        assert_eq!(grid.len(), 19);
        for (position, &cell) in grid.cells().iter().enumerate() {
            assert_eq!(grid.position(cell), Some(position));
        }
        assert_eq!(grid.position(disk(3)[36]), None);
        assert!(
            grid.area_km2()
                .iter()
                .all(|area| (200.0..300.0).contains(area))
        );
    }

    #[test]
    fn a_grid_has_one_resolution_and_at_least_one_cell() {
        assert_eq!(Grid::new(Vec::new()).unwrap_err(), GridError::Empty);
        let mut cells = disk(1);
        cells.push(cells[0].parent(Resolution::Four).unwrap());
        assert_eq!(
            Grid::new(cells).unwrap_err().to_string(),
            "cells of resolution 4 in a grid of resolution 5"
        );
    }
}
