use rand::Rng;
use thiserror::Error;

use crate::units::{Purpose, Seed, compact};

#[cfg(test)]
mod tests;

/// Parts of one whole, of places and of time alike.
pub const WHOLE: u32 = 1_000_000;

/// Records that are known alike, no more precisely than to some places and some steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uncertain {
    /// A number that is these records' own for good: their random stream.
    pub key: u64,
    /// Their number.
    pub n: u32,
    /// Whether they testify about the place they are put at, or raise the count only.
    pub testifies: bool,
    /// Position of their places among those given.
    pub places: u32,
    /// Position of their steps among those given.
    pub steps: u32,
}

/// Records that cannot be placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PlacementError {
    /// A place beyond the last cell, a step beyond the last, or a list that is not there.
    #[error("a record points beyond what there is")]
    Beyond,
    /// Places that hold less or more than one whole record, or steps that hold more.
    #[error("the parts of a record are not one whole")]
    NotWhole,
}

/// Where and when the records of a window are, as far as that is known: what placements are drawn from.
///
/// A record known to be in one cell and step is there in every draw. Any other is put, whole, at one of
/// the cells it may be in and at one of the steps it may fall into, or outside of the window:
///
/// ```text
/// P(cell i, step t) = v_i u_t,   sum v = 1,   sum u <= 1      n records: multinomial
/// ```
///
/// so that the mean over draws is the spread count `n v_i u_t`, and the spread between draws is what
/// is not known. Records are put one by one and independently; that several came of one raid is not
/// known here.
///
/// Cost of a draw: the cells, and `log` of the number of places per uncertain record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Placements {
    n_steps: usize,
    certain: Vec<u32>,
    places: Vec<Vec<(u32, u32)>>,
    steps: Vec<Vec<(u32, u32)>>,
    uncertain: Vec<Uncertain>,
}

/// One draw: whole records by cell and step, cell-major.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    n_steps: usize,
    all: Vec<u32>,
    testifying: Vec<u32>,
}

impl Placements {
    /// What is known of the records of a window.
    ///
    /// - `n_steps`: steps of the window.
    /// - `certain`: records whose cell and step are known, by cell and step, cell-major; they testify.
    /// - `places`: lists of (cell, parts of [`WHOLE`]), each one whole together.
    /// - `steps`: lists of (step, parts of [`WHOLE`]); what is left of the whole falls outside of the
    ///   window.
    /// - `uncertain`: records by these lists.
    ///
    /// # Errors
    /// A cell, step or list that is not there; parts that are not one whole.
    pub fn new(
        n_steps: usize,
        certain: Vec<u32>,
        places: Vec<Vec<(u32, u32)>>,
        steps: Vec<Vec<(u32, u32)>>,
        uncertain: Vec<Uncertain>,
    ) -> Result<Self, PlacementError> {
        if !certain.len().is_multiple_of(n_steps.max(1)) {
            return Err(PlacementError::Beyond);
        }
        let n_cells = compact(certain.len() / n_steps.max(1));
        let places = running(places, n_cells, |whole| whole == WHOLE)?;
        let steps = running(steps, compact(n_steps), |whole| whole <= WHOLE)?;
        let is_there = |one: &Uncertain| {
            (one.places as usize) < places.len() && (one.steps as usize) < steps.len()
        };
        if !uncertain.iter().all(is_there) {
            return Err(PlacementError::Beyond);
        }
        Ok(Self {
            n_steps,
            certain,
            places,
            steps,
            uncertain,
        })
    }

    /// Number of cells.
    #[must_use]
    pub fn n_cells(&self) -> usize {
        self.certain.len() / self.n_steps.max(1)
    }

    /// Records that are at one place and step in every draw.
    #[must_use]
    pub fn n_certain(&self) -> u64 {
        self.certain.iter().map(|&n| u64::from(n)).sum()
    }

    /// Records that are not.
    #[must_use]
    pub fn n_uncertain(&self) -> u64 {
        self.uncertain.iter().map(|one| u64::from(one.n)).sum()
    }

    /// Whole records, placed once.
    ///
    /// Records of one key have one random stream, and replicate `r` begins at its word `2^32 r`: a
    /// placement stays as it was whatever stands beside it, whichever replicates are drawn, and at any
    /// thread count.
    #[must_use]
    pub fn draw(&self, replicate: u32, seed: Seed) -> Placement {
        let (mut all, mut testifying) = (self.certain.clone(), self.certain.clone());
        for one in &self.uncertain {
            let (places, steps) = (
                &self.places[one.places as usize],
                &self.steps[one.steps as usize],
            );
            let mut rng = seed.stream(Purpose::Placement, one.key);
            rng.set_word_pos(u128::from(replicate) << 32);
            for _ in 0..one.n {
                // Both are drawn in any case, so that a record's place does not hang on its time.
                let [cell, step] = [places, steps].map(|list| among(list, &mut rng));
                if let (Some(cell), Some(step)) = (cell, step) {
                    let at = cell as usize * self.n_steps + step as usize;
                    all[at] += 1;
                    testifying[at] += u32::from(one.testifies);
                }
            }
        }
        Placement {
            n_steps: self.n_steps,
            all,
            testifying,
        }
    }
}

impl Placement {
    /// Records of each cell over the window.
    pub fn counts(&self) -> impl Iterator<Item = u32> {
        sums(&self.all, self.n_steps)
    }

    /// Those of them that testify.
    pub fn testifying(&self) -> impl Iterator<Item = u32> {
        sums(&self.testifying, self.n_steps)
    }

    /// Those of one cell that testify, from `first_step` to the last.
    #[must_use]
    pub fn testifying_since(&self, cell: usize, first_step: usize) -> u32 {
        let steps = cell * self.n_steps + first_step..(cell + 1) * self.n_steps;
        self.testifying[steps].iter().sum()
    }
}

fn sums(counts: &[u32], n_steps: usize) -> impl Iterator<Item = u32> {
    counts
        .chunks(n_steps.max(1))
        .map(|steps| steps.iter().sum())
}

/// Lists of parts as running sums, to be searched.
fn running(
    mut lists: Vec<Vec<(u32, u32)>>,
    end: u32,
    is_good: impl Fn(u32) -> bool,
) -> Result<Vec<Vec<(u32, u32)>>, PlacementError> {
    for list in &mut lists {
        let mut whole = 0_u32;
        for (at, parts) in list {
            whole = whole.saturating_add(*parts);
            *parts = whole;
            if *at >= end {
                return Err(PlacementError::Beyond);
            }
        }
        if !is_good(whole) {
            return Err(PlacementError::NotWhole);
        }
    }
    Ok(lists)
}

/// One of a list's entries by its parts; none for what the list leaves of the whole.
fn among(list: &[(u32, u32)], rng: &mut impl Rng) -> Option<u32> {
    let drawn = rng.random_range(0..WHOLE);
    let at = list.partition_point(|&(_, sum)| sum <= drawn);
    list.get(at).map(|&(entry, _)| entry)
}
