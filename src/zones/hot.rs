//! From hot neighbourhoods and areas to the cells that make them hot, and back to the zone each belongs
//! to.
//!
//! A detector calls the neighbourhood of a cell hot, or a whole area of cells it found. What a patrol can
//! be sent to are those of its cells that themselves have more than they are compared with, not the empty
//! ones between them.

use arrow::array::Array;
use forewarn_models::grid::Neighbours;

use crate::tables::Signals;

/// What the detectors call hot. Their rows come detector by detector, one per cell of the study area.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hot<'a> {
    pub(super) signals: &'a Signals,
    /// The neighbourhood of each cell.
    pub(super) neighbours: &'a Neighbours,
    pub(super) n_cells: usize,
}

impl Hot<'_> {
    /// Cells that make something hot, by position in the study area.
    pub(super) fn seeds(self) -> Vec<bool> {
        self.seeds_of(self.rows())
    }

    /// Cells that make these signals hot.
    pub(super) fn seeds_of(self, rows: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut seeds = vec![false; self.n_cells];
        for row in rows {
            for (cell, _) in self.excesses(row) {
                seeds[cell] = true;
            }
        }
        seeds
    }

    /// For each zone the signals that it stands for: every hot neighbourhood or area belongs to the zone
    /// that holds most of what makes it hot, of equals to the first. A zone without one is the fringe of
    /// another.
    pub(super) fn signals_of(self, zones: &[Vec<u32>]) -> Vec<Vec<usize>> {
        let mut zone_of = vec![None; self.n_cells];
        for (zone, cells) in zones.iter().enumerate() {
            for &cell in cells {
                zone_of[cell as usize] = Some(zone);
            }
        }
        let mut rows_of = vec![Vec::new(); zones.len()];
        for row in self.rows() {
            let mut shares: Vec<(usize, f64)> = Vec::new();
            for (cell, excess) in self.excesses(row) {
                let Some(zone) = zone_of[cell] else { continue };
                match shares.iter_mut().find(|(known, _)| *known == zone) {
                    Some((_, share)) => *share += excess,
                    None => shares.push((zone, excess)),
                }
            }
            let most = shares
                .into_iter()
                .max_by(|(i, a), (j, b)| a.total_cmp(b).then(j.cmp(i)));
            if let Some((zone, _)) = most {
                rows_of[zone].push(row);
            }
        }
        rows_of
    }

    fn rows(self) -> Vec<usize> {
        let hot = self.signals.hot().values().iter().enumerate();
        hot.filter(|&(_, &hot)| hot == 1)
            .map(|(row, _)| row)
            .collect()
    }

    /// The cells that a signal speaks of that have more than they are compared with, and how much.
    fn excesses(self, row: usize) -> Vec<(usize, f64)> {
        let (cell, first) = (row % self.n_cells, row - row % self.n_cells);
        let area = self.signals.area();
        let cells: Vec<usize> = if area.is_valid(row) {
            let own = area.value(row);
            let inside = |i: &usize| area.is_valid(first + i) && area.value(first + i) == own;
            (0..self.n_cells).filter(inside).collect()
        } else {
            let near = self.neighbours.of(cell).iter().map(|&i| i as usize);
            near.chain([cell]).collect()
        };
        let excess = cells
            .into_iter()
            .map(|i| (i, self.signals.excess().value(first + i)));
        excess.filter(|&(_, excess)| excess > 0.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use forewarn_models::grid::Grid;
    use h3o::{LatLng, Resolution};

    use super::*;
    use crate::tables::{Signal, SignalsBuilder};

    /// A detector's rows: excess of each cell, and which are hot as what area.
    type Rows<'a> = (&'a [f64], &'a [(usize, Option<u8>)]);

    fn signals(detectors: &[Rows<'_>]) -> Signals {
        let mut rows = SignalsBuilder::default();
        for (excess, hot) in detectors {
            for (i, &excess) in excess.iter().enumerate() {
                let found = hot.iter().find(|(cell, _)| *cell == i);
                rows.push(Signal {
                    detector: "a",
                    cell: 0,
                    value: None,
                    excess,
                    z: Some(1.0),
                    p: None,
                    p_bh: None,
                    p_by: None,
                    area: found.and_then(|(_, area)| *area),
                    hot: u8::from(found.is_some()),
                });
            }
        }
        rows.finish()
    }

    /// A disk of 19 cells: its middle first by distance, then those around it.
    fn disk() -> (Grid, Vec<usize>) {
        let middle = LatLng::new(7.29, 18.28).unwrap().to_cell(Resolution::Five);
        let cells: Vec<_> = middle.grid_disk(2);
        let grid = Grid::new(cells.clone()).unwrap();
        let order = cells.iter().map(|&cell| grid.position(cell).unwrap());
        (grid.clone(), order.collect())
    }

    #[test]
    fn a_neighbourhood_is_made_hot_by_its_cells_an_area_by_its_own_alone() {
        let (grid, order) = disk();
        let neighbours = Neighbours::ring(&grid, 1);
        let (middle, beside, far) = (order[0], order[1], order[18]);
        let mut excess = vec![-0.1; 19];
        (excess[middle], excess[beside], excess[far]) = (4.0, 0.7, 2.0);
        let seeds = |hot: &[(usize, Option<u8>)]| -> Vec<usize> {
            let signals = signals(&[(&excess, hot)]);
            let hot = Hot {
                signals: &signals,
                neighbours: &neighbours,
                n_cells: 19,
            };
            let seeds = hot.seeds();
            (0..19).filter(|&i| seeds[i]).collect()
        };
        let sorted = |mut cells: Vec<usize>| {
            cells.sort_unstable();
            cells
        };
        assert_eq!(seeds(&[(middle, None)]), sorted(vec![middle, beside]));
        assert_eq!(seeds(&[(middle, Some(0))]), [middle]);
        assert_eq!(
            seeds(&[(middle, Some(0)), (far, Some(0))]),
            sorted(vec![middle, far])
        );
    }

    #[test]
    fn an_area_is_one_zone_and_its_fringe_is_none() {
        let (grid, order) = disk();
        let neighbours = Neighbours::ring(&grid, 1);
        let (middle, far) = (order[0], order[18]);
        let mut excess = vec![0.0; 19];
        (excess[middle], excess[far]) = (4.0, 0.9);
        let quiet = vec![0.0; 19];
        let zones = [
            vec![u32::try_from(far).unwrap()],
            vec![u32::try_from(middle).unwrap()],
        ];
        // The second detector's: one area of both cells; then two areas.
        for (areas, expected) in [
            ([0, 0], [vec![], vec![19 + middle, 19 + far]]),
            ([0, 1], [vec![19 + far], vec![19 + middle]]),
        ] {
            let hot = [(middle, Some(areas[0])), (far, Some(areas[1]))];
            let signals = signals(&[(&quiet, &[]), (&excess, &hot)]);
            let hot = Hot {
                signals: &signals,
                neighbours: &neighbours,
                n_cells: 19,
            };
            let mut found = hot.signals_of(&zones);
            found[1].sort_unstable();
            let mut expected = expected;
            expected[1].sort_unstable();
            assert_eq!(found, expected);
        }
    }
}
