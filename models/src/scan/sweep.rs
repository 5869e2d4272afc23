use rayon::prelude::*;

use super::lane::{LANES, Lane};
use super::model::Field;
use super::null::Null;
use super::threshold::Thresholds;
use super::zones::{Step, Zones};
use crate::units::{Purpose, Seed};

/// Counts of [`LANES`] replicates in one bin.
type Bin<T> = [T; LANES];

/// By how much the lowest maximum of the lanes must rise before thresholds are drawn anew.
const RISE: f64 = 0.5;

/// The highest score of any cylinder in each of so many replicates, from number `first` on.
///
/// Replicate `r` has the random stream `r` whoever computes it. [`LANES`] replicates share the
/// walk over zones; a cylinder is scored only in a replicate, and only if, its count passes the
/// threshold of its expectation. The maximum is exact.
pub(super) fn maxima(
    field: &Field,
    null: &Null,
    zones: &Zones,
    seed: Seed,
    replicates: std::ops::Range<u64>,
) -> Vec<f64> {
    let starts: Vec<u64> = replicates.clone().step_by(LANES).collect();
    starts
        .par_iter()
        .map_init(Scratch::default, |scratch, &first| {
            let last = replicates.end.min(first + LANES as u64);
            let lanes: Vec<u64> = (first..last).collect();
            let draw = Draw {
                null,
                seed,
                lanes: &lanes,
            };
            let best =
                Sweep::<i16>::run(field, zones, draw, &mut scratch.narrow, &mut scratch.cases)
                    .or_else(|| {
                        Sweep::<i32>::run(field, zones, draw, &mut scratch.wide, &mut scratch.cases)
                    })
                    .expect("the widest type holds every count");
            best[..lanes.len()].to_vec()
        })
        .flatten_iter()
        .collect()
}

/// Memory that a thread uses again.
#[derive(Default)]
struct Scratch {
    narrow: Vec<Bin<i16>>,
    wide: Vec<Bin<i32>>,
    cases: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Draw<'a> {
    null: &'a Null,
    seed: Seed,
    lanes: &'a [u64],
}

impl Draw<'_> {
    /// Draws the replicates, one per lane, as running sums over the slots of each cell.
    fn fill<T: Lane>(self, field: &Field, bins: &mut Vec<Bin<T>>, cases: &mut Vec<u32>) {
        bins.clear();
        bins.resize(field.counts.len(), [T::default(); LANES]);
        for (lane, &replicate) in self.lanes.iter().enumerate() {
            let mut rng = self.seed.stream(Purpose::ScanReplicate, replicate);
            self.null.draw(&mut rng, cases, |bin, size| {
                let count = &mut bins[bin][lane];
                *count = count.plus(T::from_cases(size));
            });
        }
        for row in bins.chunks_exact_mut(field.frame.n_slots) {
            for slot in 1..row.len() {
                let before = row[slot - 1];
                add(&mut row[slot], &before);
            }
        }
    }
}

#[inline]
fn add<T: Lane>(sum: &mut Bin<T>, more: &Bin<T>) {
    for (sum, &more) in sum.iter_mut().zip(more) {
        *sum = sum.plus(more);
    }
}

#[inline]
fn row_of<T>(values: &[T], cell: usize, n_slots: usize) -> &[T] {
    &values[cell * n_slots..][..n_slots]
}

/// Adds a row to running sums that are windows themselves. By how much each lane passes the
/// threshold of some window; 0 where it passes none.
fn add_and_compare<T: Lane>(sums: &mut [Bin<T>], row: &[Bin<T>], most: &[T]) -> Bin<T> {
    let mut excess = [T::default(); LANES];
    for ((sum, more), &most) in sums.iter_mut().zip(row).zip(most) {
        for ((excess, sum), &more) in excess.iter_mut().zip(sum).zip(more) {
            *sum = sum.plus(more);
            *excess = (*excess).max(sum.less(most));
        }
    }
    excess
}

/// The same for the windows that end at the last of these sums, shortest first.
fn compare<T: Lane>(sums: &[Bin<T>], most: &[T], mut excess: Bin<T>) -> Bin<T> {
    let Some((to, earlier)) = sums.split_last() else {
        return excess;
    };
    let none = [[T::default(); LANES]];
    let starts = earlier.iter().rev().chain(&none);
    for (from, &most) in starts.zip(most) {
        for ((excess, &to), &from) in excess.iter_mut().zip(to).zip(from) {
            *excess = (*excess).max(to.less(from).less(most));
        }
    }
    excess
}

/// A walk over all chains with the counts of every lane.
struct Sweep<'a, T> {
    field: &'a Field,
    bins: &'a [Bin<T>],
    /// Running sums over the slots of the current zone.
    counts: Vec<Bin<T>>,
    expected: Vec<f64>,
    /// The threshold of each window of the current zone.
    most: Vec<T>,
    thresholds: Thresholds<T>,
    /// No lane's maximum is below it.
    level: f64,
    best: [f64; LANES],
}

impl<'a, T: Lane> Sweep<'a, T> {
    /// `None` when a count does not fit the type.
    fn run(
        field: &'a Field,
        zones: &Zones,
        draw: Draw<'_>,
        bins: &'a mut Vec<Bin<T>>,
        cases: &mut Vec<u32>,
    ) -> Option<[f64; LANES]> {
        let thresholds = Thresholds::new(field.score, field.min_cases, field.range, 0.0)?;
        draw.fill(field, bins, cases);
        let mut best = [f64::INFINITY; LANES];
        best[..draw.lanes.len()].fill(0.0);
        let mut sweep = Sweep {
            field,
            bins,
            counts: vec![[T::default(); LANES]; field.frame.n_slots],
            expected: vec![0.0; field.frame.n_slots],
            most: vec![T::default(); field.frame.spans.len()],
            thresholds,
            level: 0.0,
            best,
        };
        for (_, chain) in zones.chains() {
            sweep.chain(chain)?;
        }
        Some(sweep.best)
    }

    fn chain(&mut self, chain: &[Step]) -> Option<()> {
        self.counts.fill([T::default(); LANES]);
        self.expected.fill(0.0);
        for step in chain {
            if step.is_zone {
                let excess = self.zone(step.cell as usize);
                if excess.iter().any(|&excess| excess > T::default()) {
                    self.score(&excess);
                    self.raise()?;
                }
            } else {
                self.expect(step.cell as usize);
                self.count(step.cell as usize);
            }
        }
        let whole_time = self.counts[self.counts.len() - 1];
        if T::NARROW && whole_time.contains(&T::MAX) {
            return None;
        }
        Some(())
    }

    /// Raises the level to the lowest maximum of all lanes, once that is worth it.
    fn raise(&mut self) -> Option<()> {
        let lowest = self.best.iter().copied().fold(f64::INFINITY, f64::min);
        if lowest > self.level + RISE {
            let field = self.field;
            self.level = lowest;
            self.thresholds = Thresholds::new(field.score, field.min_cases, field.range, lowest)?;
        }
        Some(())
    }

    /// Adds what is expected in a cell.
    fn expect(&mut self, cell: usize) {
        let row = row_of(&self.field.expected, cell, self.counts.len());
        for (sum, more) in self.expected.iter_mut().zip(row) {
            *sum += more;
        }
    }

    /// Adds what is counted in a cell.
    fn count(&mut self, cell: usize) {
        let row = row_of(self.bins, cell, self.counts.len());
        for (sum, more) in self.counts.iter_mut().zip(row) {
            add(sum, more);
        }
    }

    /// Adds a cell. By how much each lane passes the threshold of some window.
    fn zone(&mut self, cell: usize) -> Bin<T> {
        self.expect(cell);
        let frame = &self.field.frame;
        for (most, span) in self.most.iter_mut().zip(&frame.spans) {
            let before = span.from.map_or(0.0, |from| self.expected[from as usize]);
            *most = self.thresholds.of(self.expected[span.to as usize] - before);
        }
        if frame.nested() {
            let row = row_of(self.bins, cell, self.counts.len());
            return add_and_compare(&mut self.counts, row, &self.most);
        }
        self.count(cell);
        let mut excess = [T::default(); LANES];
        let mut most = self.most.as_slice();
        for ending in frame.spans.chunk_by(|a, b| a.to == b.to) {
            let (these, later) = most.split_at(ending.len());
            excess = compare(&self.counts[..=ending[0].to as usize], these, excess);
            most = later;
        }
        excess
    }

    /// Scores the windows that pass, in the lanes where some do.
    #[cold]
    fn score(&mut self, excess: &Bin<T>) {
        for lane in (0..LANES).filter(|&lane| excess[lane] > T::default()) {
            for (span, &most) in self.field.frame.spans.iter().zip(&self.most) {
                let (to, from) = (span.to as usize, span.from.map(|from| from as usize));
                let before = from.map_or(T::default(), |from| self.counts[from][lane]);
                let count = self.counts[to][lane].less(before);
                if count > most {
                    let before = from.map_or(0.0, |from| self.expected[from]);
                    let expected = self.expected[to] - before;
                    let llr = self.field.score.llr(count.cases(), expected);
                    self.best[lane] = self.best[lane].max(llr);
                }
            }
        }
    }
}
