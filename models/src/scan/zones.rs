use thiserror::Error;

use crate::units::{LengthMismatch, compact};

/// Distinct sets of cells to be scanned.
///
/// Kept as chains: each position of a chain adds a cell to the zone before it, so that a scan
/// adds where it would otherwise recount. Positions that would repeat a zone found before are
/// part of the chain but are no zone. Sets are told apart by their size and the 128-bit sum of
/// numbers drawn for their cells; two sets among a million agree by chance once in 10^26 times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zones {
    n_cells: usize,
    /// The chains, one after another.
    steps: Vec<Step>,
    /// Where each chain starts, and where the last ends.
    starts: Vec<u32>,
    /// The position of each zone.
    ends: Vec<u32>,
}

/// One position of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) cell: u32,
    /// Whether the chain up to here is a zone.
    pub(super) is_zone: bool,
}

/// Why there are no zones to scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ZonesError {
    /// Not one weight or length per cell.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// A coordinate in the plane that is not a number, or infinite.
    #[error("the coordinates of cell {index} must be finite")]
    Place {
        /// Position of the cell.
        index: usize,
    },
    /// A weight or length below zero or not finite.
    #[error("the weight or length of cell {index} must be finite and at least 0")]
    Weight {
        /// Position of the cell.
        index: usize,
    },
    /// A share outside 0..=1.
    #[error("the largest share of a zone must be above 0 and at most 1")]
    Share,
    /// A radius or length that is no size.
    #[error("the largest radius or length of a zone must be finite and at least 0")]
    Size,
    /// No set of cells keeps within the limits.
    #[error("no zone keeps within the limits")]
    Empty,
    /// More sets than may be listed.
    #[error("more than {most} zones")]
    TooMany {
        /// The largest number of zones asked for.
        most: usize,
    },
}

impl Zones {
    /// Number of zones, at least 1.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is at least one zone")]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Number of cells of the study area; zones need not hold all of them.
    #[must_use]
    pub fn n_cells(&self) -> usize {
        self.n_cells
    }

    /// The cells of one zone, ascending.
    #[must_use]
    pub fn cells(&self, zone: usize) -> Vec<u32> {
        let mut cells: Vec<u32> = self.members(zone).collect();
        cells.sort_unstable();
        cells
    }

    /// The cells of one zone in the order of its chain.
    pub(super) fn members(&self, zone: usize) -> impl Iterator<Item = u32> {
        let end = self.ends[zone];
        let chain = self.starts.partition_point(|&start| start <= end) - 1;
        let steps = &self.steps[self.starts[chain] as usize..=end as usize];
        steps.iter().map(|step| step.cell)
    }

    /// The chains, each with the number of the first zone that it may hold.
    pub(super) fn chains(&self) -> impl Iterator<Item = (usize, &[Step])> {
        self.starts.array_windows().map(|&[start, end]| {
            let first = self.ends.partition_point(|&zone| zone < start);
            (first, &self.steps[start as usize..end as usize])
        })
    }
}

/// Collects zones, one cell longer than the one before where possible.
#[derive(Debug, Default)]
pub(super) struct Builder {
    steps: Vec<Step>,
    starts: Vec<u32>,
    /// Fingerprint and position of what may be zones.
    marks: Vec<(u128, u32)>,
}

impl Builder {
    /// Begins a new chain.
    pub(super) fn start(&mut self) {
        self.starts.push(compact(self.steps.len()));
    }

    /// Adds a cell to the current chain.
    pub(super) fn step(&mut self, cell: u32) {
        self.steps.push(Step {
            cell,
            is_zone: false,
        });
    }

    /// Marks the current chain as a zone.
    pub(super) fn mark(&mut self) {
        if let Some(last) = self.steps.len().checked_sub(1) {
            self.marks.push((0, compact(last)));
        }
    }

    /// A zone by its cells in order: a further step where it extends the current chain by one.
    pub(super) fn add(&mut self, cells: &[u32]) {
        let chain = self.starts.last().map_or(0, |&start| start as usize);
        let current = self.steps[chain..].iter().map(|step| step.cell);
        let Some((&last, before)) = cells.split_last() else {
            return;
        };
        if self.starts.is_empty() || !current.eq(before.iter().copied()) {
            self.start();
            for &cell in before {
                self.step(cell);
            }
        }
        self.step(last);
        self.mark();
    }

    /// Number of zones so far, repetitions counted.
    pub(super) fn len(&self) -> usize {
        self.marks.len()
    }

    /// Drops repetitions, and the cells of a chain after its last zone.
    pub(super) fn finish(mut self, n_cells: usize) -> Result<Zones, ZonesError> {
        self.fingerprint();
        self.marks.sort_unstable();
        self.marks.dedup_by_key(|mark| mark.0);
        for &(_, end) in &self.marks {
            self.steps[end as usize].is_zone = true;
        }
        let mut zones = Zones {
            n_cells,
            steps: Vec::with_capacity(self.steps.len()),
            starts: vec![0],
            ends: Vec::with_capacity(self.marks.len()),
        };
        self.starts.push(compact(self.steps.len()));
        for &[start, end] in self.starts.array_windows() {
            let chain = &self.steps[start as usize..end as usize];
            let Some(last) = chain.iter().rposition(|step| step.is_zone) else {
                continue;
            };
            for &step in &chain[..=last] {
                if step.is_zone {
                    zones.ends.push(compact(zones.steps.len()));
                }
                zones.steps.push(step);
            }
            zones.starts.push(compact(zones.steps.len()));
        }
        if zones.ends.is_empty() {
            Err(ZonesError::Empty)
        } else {
            Ok(zones)
        }
    }

    /// Sums of the cells' numbers along each chain, at the marks.
    fn fingerprint(&mut self) {
        let mut marks = self.marks.iter_mut().peekable();
        let mut starts = self.starts.iter().peekable();
        let mut sum = 0_u128;
        for (position, step) in (0..).zip(&self.steps) {
            while starts.next_if(|&&start| start == position).is_some() {
                sum = 0;
            }
            sum = sum.wrapping_add(number_of(step.cell));
            if let Some(mark) = marks.next_if(|mark| mark.1 == position) {
                mark.0 = sum;
            }
        }
    }
}

/// A number that stands for a cell, well mixed (Steele et al. 2014,
/// [doi:10.1145/2660193.2660195](https://doi.org/10.1145/2660193.2660195)).
fn number_of(cell: u32) -> u128 {
    let mixed = |seed: u64| {
        let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let cell = 2 * u64::from(cell) + 1;
    u128::from(mixed(cell)) << 64 | u128::from(mixed(cell + 1))
}
