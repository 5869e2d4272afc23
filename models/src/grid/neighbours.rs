use h3o::CellIndex;
use hashbrown::HashMap;
use rayon::prelude::*;
use thiserror::Error;

use super::Grid;
use crate::units::{LengthMismatch, compact, same_length};

/// Which cells count as near which: a symmetric graph without self-links.
///
/// Compressed rows: the neighbours of cell `i` are `indices[offsets[i]..offsets[i + 1]]`,
/// ascending. A pentagon has five cells at distance one, a cell at the edge of the area fewer;
/// nothing may assume six. Whether a statistic counts the cell itself is the statistic's affair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbours {
    offsets: Vec<u32>,
    indices: Vec<u32>,
}

/// Lists that are no symmetric graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NeighboursError {
    /// A neighbour outside the grid.
    #[error("cell {cell} lists neighbour {neighbour}, must be below {n_cells}")]
    OutOfRange {
        /// The cell whose list is at fault.
        cell: u32,
        /// What it lists.
        neighbour: u32,
        /// Number of cells.
        n_cells: u32,
    },
    /// A cell that lists itself.
    #[error("cell {cell} lists itself")]
    OwnNeighbour {
        /// The cell.
        cell: u32,
    },
    /// A link that its other end does not know.
    #[error("cell {cell} lists neighbour {neighbour}, which does not list it back")]
    OneWay {
        /// The cell that lists.
        cell: u32,
        /// The neighbour that does not.
        neighbour: u32,
    },
}

impl Neighbours {
    /// The grid cells within `k` steps of each cell, itself excluded.
    #[must_use]
    pub fn ring(grid: &Grid, k: u32) -> Self {
        let numbers = grid.cells().iter().copied().zip(0..);
        let positions: HashMap<CellIndex, u32> = numbers.collect();
        let lists = grid.cells().par_iter().map(|&cell| {
            let disk = cell
                .grid_disk::<Vec<_>>(k)
                .into_iter()
                .filter(|&other| other != cell);
            let near = disk.filter_map(|other| positions.get(&other).copied());
            sorted(near.collect())
        });
        Self::compressed(&lists.collect::<Vec<_>>())
    }

    /// Any symmetric graph, such as a road network. Order and repetition within a list do not
    /// matter.
    ///
    /// # Errors
    /// A neighbour outside the grid, a cell that lists itself, a link known at one end only.
    pub fn from_lists(lists: &[Vec<u32>]) -> Result<Self, NeighboursError> {
        let graph = Self::compressed(&lists.iter().cloned().map(sorted).collect::<Vec<_>>());
        let n_cells = compact(lists.len());
        for cell in 0..n_cells {
            for &neighbour in graph.of(cell as usize) {
                if neighbour >= n_cells {
                    return Err(NeighboursError::OutOfRange {
                        cell,
                        neighbour,
                        n_cells,
                    });
                }
                if neighbour == cell {
                    return Err(NeighboursError::OwnNeighbour { cell });
                }
                if graph.of(neighbour as usize).binary_search(&cell).is_err() {
                    return Err(NeighboursError::OneWay { cell, neighbour });
                }
            }
        }
        Ok(graph)
    }

    /// The neighbours of one cell, ascending.
    #[must_use]
    pub fn of(&self, cell: usize) -> &[u32] {
        &self.indices[self.offsets[cell] as usize..self.offsets[cell + 1] as usize]
    }

    /// For each cell the sum over itself and its neighbours.
    ///
    /// # Errors
    /// Not one value per cell.
    pub fn sums(&self, values: &[f64]) -> Result<Vec<f64>, LengthMismatch> {
        same_length(self.n_cells(), values.len())?;
        let near = |cell: usize| self.of(cell).iter().map(|&other| values[other as usize]);
        Ok((0..values.len())
            .map(|cell| values[cell] + near(cell).sum::<f64>())
            .collect())
    }

    /// Number of cells.
    #[must_use]
    pub fn n_cells(&self) -> usize {
        self.offsets.len() - 1
    }

    fn compressed(lists: &[Vec<u32>]) -> Self {
        let mut offsets = vec![0];
        let mut indices = Vec::new();
        for list in lists {
            indices.extend_from_slice(list);
            offsets.push(compact(indices.len()));
        }
        Self { offsets, indices }
    }
}

fn sorted(mut list: Vec<u32>) -> Vec<u32> {
    list.sort_unstable();
    list.dedup();
    list
}

#[cfg(test)]
mod tests {
    use h3o::Resolution;

    use super::*;
    use crate::testing::disk;

    #[test]
    fn an_edge_cell_has_fewer_neighbours() {
        let grid = Grid::new(disk(2)).unwrap();
        let ring = Neighbours::ring(&grid, 1);
        let mut degrees: Vec<_> = (0..grid.len()).map(|cell| ring.of(cell).len()).collect();
        degrees.sort_unstable();
        assert_eq!(degrees, [[3; 6].as_slice(), &[4; 6], &[6; 7]].concat());
    }

    #[test]
    fn a_pentagon_has_five_neighbours() {
        let pentagon = CellIndex::base_cells()
            .flat_map(|base| base.children(Resolution::Two))
            .find(|cell| cell.is_pentagon())
            .unwrap();
        let grid = Grid::new(pentagon.grid_disk::<Vec<_>>(2)).unwrap();
        let ring = Neighbours::ring(&grid, 1);
        assert_eq!(ring.of(grid.position(pentagon).unwrap()).len(), 5);
        let lists: Vec<_> = (0..grid.len()).map(|cell| ring.of(cell).to_vec()).collect();
        assert_eq!(Neighbours::from_lists(&lists), Ok(ring));
    }

    #[test]
    fn sums_are_over_the_cell_and_those_beside_it() {
        let line = crate::testing::line(4);
        assert_eq!(
            line.sums(&[1.0, 2.0, 4.0, 8.0]),
            Ok(vec![3.0, 7.0, 14.0, 12.0])
        );
        assert!(line.sums(&[1.0]).is_err());
    }

    #[test]
    fn lists_must_be_a_symmetric_graph() {
        let graph = |lists: &[&[u32]]| {
            Neighbours::from_lists(&lists.iter().map(|list| list.to_vec()).collect::<Vec<_>>())
        };
        assert_eq!(
            graph(&[&[1], &[]]),
            Err(NeighboursError::OneWay {
                cell: 0,
                neighbour: 1
            })
        );
        assert_eq!(
            graph(&[&[0]]),
            Err(NeighboursError::OwnNeighbour { cell: 0 })
        );
        assert_eq!(
            graph(&[&[4]]),
            Err(NeighboursError::OutOfRange {
                cell: 0,
                neighbour: 4,
                n_cells: 1
            })
        );
        assert_eq!(graph(&[&[1, 1], &[0]]).unwrap().of(0), [1]);
    }
}
