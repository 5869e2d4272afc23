use super::limit::{Bound, Limit, check_weights};
use super::zones::{Builder, Zones, ZonesError};
use crate::grid::Neighbours;
use crate::units::{compact, same_length};

/// Which connected parts of a road or corridor graph are zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segments {
    /// Roads from one end to the other without a branch: paths that visit no cell twice.
    Paths,
    /// Anything connected: paths and branches.
    Connected,
}

impl Zones {
    /// Connected parts of a graph up to a length.
    ///
    /// - `graph`: which cells a road joins.
    /// - `lengths`: the length of each cell, in the unit of the limit's size; a zone is as long
    ///   as its cells together.
    /// - `most`: the largest number of zones to list, repetitions counted. Their number grows
    ///   exponentially with the length, for [`Segments::Connected`] fastest.
    ///
    /// Connected parts are listed once each, after Wernicke (2006,
    /// [doi:10.1109/TCBB.2006.51](https://doi.org/10.1109/TCBB.2006.51)); a path is found from
    /// both ends and kept once.
    ///
    /// # Errors
    /// Lengths or the limit faulty, no zone within the limit, or more than `most`.
    pub fn segments(
        graph: &Neighbours,
        lengths: &[f64],
        kind: Segments,
        limit: Limit<'_>,
        most: usize,
    ) -> Result<Self, ZonesError> {
        let n = graph.n_cells();
        same_length(n, lengths.len())?;
        check_weights(lengths)?;
        let mut search = Search {
            graph,
            lengths,
            bound: limit.check(n)?,
            kind,
            most,
            builder: Builder::default(),
            zone: Vec::new(),
            seen: vec![false; n],
        };
        for cell in 0..compact(n) {
            search.from(cell)?;
        }
        search.builder.finish(n)
    }
}

/// A search in depth, one cell at a time.
struct Search<'a> {
    graph: &'a Neighbours,
    lengths: &'a [f64],
    bound: Bound<'a>,
    kind: Segments,
    most: usize,
    builder: Builder,
    /// The cells of the current zone.
    zone: Vec<u32>,
    /// Cells in the zone, beside it or barred from it (connected parts); in the zone (paths).
    seen: Vec<bool>,
}

impl Search<'_> {
    fn from(&mut self, cell: u32) -> Result<(), ZonesError> {
        self.seen[cell as usize] = true;
        match self.kind {
            Segments::Paths => {
                self.path(cell, (0.0, 0.0))?;
                self.seen[cell as usize] = false;
            }
            // The cell stays barred: later parts are those without it.
            Segments::Connected => self.part(cell, Vec::new(), (0.0, 0.0))?,
        }
        Ok(())
    }

    /// Takes on a cell if length and weight allow it.
    fn take(&mut self, cell: u32, size: (f64, f64)) -> Result<Option<(f64, f64)>, ZonesError> {
        let longer = size.0 + self.lengths[cell as usize];
        let heavier = size.1 + self.bound.weight(cell);
        if longer > self.bound.size * (1.0 + 1e-12) || heavier > self.bound.most {
            return Ok(None);
        }
        if self.builder.len() == self.most {
            return Err(ZonesError::TooMany { most: self.most });
        }
        self.zone.push(cell);
        self.builder.add(&self.zone);
        Ok(Some((longer, heavier)))
    }

    fn path(&mut self, cell: u32, size: (f64, f64)) -> Result<(), ZonesError> {
        let Some(size) = self.take(cell, size)? else {
            return Ok(());
        };
        let graph = self.graph;
        for &next in graph.of(cell as usize) {
            if !self.seen[next as usize] {
                self.seen[next as usize] = true;
                self.path(next, size)?;
                self.seen[next as usize] = false;
            }
        }
        self.zone.pop();
        Ok(())
    }

    /// `waiting` are the cells beside the zone that may still be taken on.
    fn part(
        &mut self,
        cell: u32,
        mut waiting: Vec<u32>,
        size: (f64, f64),
    ) -> Result<(), ZonesError> {
        let Some(size) = self.take(cell, size)? else {
            return Ok(());
        };
        let known = waiting.len();
        for &next in self.graph.of(cell as usize) {
            if !std::mem::replace(&mut self.seen[next as usize], true) {
                waiting.push(next);
            }
        }
        let fresh = waiting[known..].to_vec();
        while let Some(next) = waiting.pop() {
            self.part(next, waiting.clone(), size)?;
        }
        for cell in fresh {
            self.seen[cell as usize] = false;
        }
        self.zone.pop();
        Ok(())
    }
}
