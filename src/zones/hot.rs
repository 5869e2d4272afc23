//! From hot neighbourhoods to the cells that make them hot, and back to the zone each belongs to.
//!
//! A detector calls the neighbourhood of a cell hot. What a patrol can be sent to are those of its
//! cells that themselves have more than they are compared with, not the empty ones between them.

use super::Input;

impl Input<'_> {
    /// Cells that make some neighbourhood hot, by position in the study area.
    pub(super) fn seeds(&self) -> Vec<bool> {
        self.seeds_of(self.hot_rows())
    }

    /// Cells that make these neighbourhoods hot.
    pub(super) fn seeds_of(&self, hot_rows: impl Iterator<Item = usize>) -> Vec<bool> {
        let mut seeds = vec![false; self.study_area.grid.len()];
        for row in hot_rows {
            self.excesses(row).for_each(|(cell, _)| seeds[cell] = true);
        }
        seeds
    }

    /// For each zone the signals that it stands for: every hot neighbourhood belongs to the zone that
    /// holds most of what makes it hot, of equals to the first. A zone without one is the fringe of
    /// another.
    pub(super) fn signals_of(&self, zones: &[Vec<u32>]) -> Vec<Vec<usize>> {
        let mut zone_of = vec![None; self.study_area.grid.len()];
        for (zone, cells) in zones.iter().enumerate() {
            for &cell in cells {
                zone_of[cell as usize] = Some(zone);
            }
        }
        let mut rows_of = vec![Vec::new(); zones.len()];
        for row in self.hot_rows() {
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

    fn hot_rows(&self) -> impl Iterator<Item = usize> {
        let hot = self.detections.signals.hot().values().iter().enumerate();
        hot.filter(|&(_, &hot)| hot == 1).map(|(row, _)| row)
    }

    /// The cells of a signal's neighbourhood that have more than they are compared with, and how much.
    fn excesses(&self, row: usize) -> impl Iterator<Item = (usize, f64)> {
        let n_cells = self.study_area.grid.len();
        let (cell, first) = (row % n_cells, row - row % n_cells);
        let excess = self.detections.signals.excess();
        let near = self.neighbours.of(cell).iter().map(|&i| i as usize);
        near.chain([cell])
            .map(move |i| (i, excess.value(first + i)))
            .filter(|&(_, excess)| excess > 0.0)
    }
}
