use rand::Rng;
use rand::distr::Uniform;
use rayon::prelude::*;

use super::field::{Field, draw, p_value};
use crate::units::{Purpose, Seed, compact};

const BLOCK: u32 = 8_192;

/// Which random streams a pool draws from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Streams {
    /// Those of a map.
    Map,
    /// Those of a family of the bins of a cube.
    Cube(u64),
}

impl Streams {
    /// The stream of one block of draws.
    fn stream(self, seed: Seed, block: u32) -> impl Rng {
        let block = u64::from(block);
        match self {
            Self::Map => seed.stream(Purpose::PooledNull, block),
            Self::Cube(family) => seed.stream(Purpose::CubeNull, family << 32 | block),
        }
    }
}

/// Upper-tail p-values of the observed cells of a map.
pub(super) fn upper(field: &Field, draws: u32, seed: Seed) -> Vec<Option<f64>> {
    upper_of(field, draws, seed, Streams::Map)
}

/// Upper-tail p-values of the observed cells, from one pool of draws with the streams given.
///
/// Of distinct cells drawn one after the other, the first `c` are a draw of `c`: one pool, as wide as
/// the most neighbours any cell has, holds the null of every number of neighbours.
pub(super) fn upper_of(
    field: &Field,
    draws: u32,
    seed: Seed,
    streams: Streams,
) -> Vec<Option<f64>> {
    let nulls = Nulls::new(field);
    let Some(most) = nulls.most() else {
        return vec![None; field.n()];
    };
    let random = |block| streams.stream(seed, block);
    let tally = nulls.tally(field, draws, most, &random);
    (0..field.n())
        .map(|cell| nulls.p_value(field, cell, &tally, draws))
        .collect()
}

/// What draws are compared with, by number of neighbours: the thresholds of its cells, ascending and
/// distinct; nothing where there is no null.
struct Nulls {
    steps: Vec<Vec<i64>>,
}

/// Draws counted; sums of tallies do not depend on their order.
struct Tally {
    /// By number of neighbours, draws by the number of steps they reach.
    by_steps: Vec<Vec<u32>>,
    /// For each observed cell, the draws of its null that hold it, and those of them that reach its
    /// threshold.
    own: Vec<(u32, u32)>,
}

impl Nulls {
    fn new(field: &Field) -> Self {
        let widest = field.degree.iter().copied().max().unwrap_or(0);
        let mut steps = vec![Vec::new(); widest + 1];
        for (&degree, &threshold) in field.degree.iter().zip(&field.threshold) {
            if field.has_null(degree) {
                steps[degree].push(threshold);
            }
        }
        for steps in &mut steps {
            steps.sort_unstable();
            steps.dedup();
        }
        Self { steps }
    }

    /// The most neighbours for which there is a null.
    fn most(&self) -> Option<usize> {
        self.steps.iter().rposition(|steps| !steps.is_empty())
    }

    fn steps_reached(&self, degree: usize, sum: i64) -> usize {
        self.steps[degree].partition_point(|&step| step <= sum)
    }

    fn p_value(&self, field: &Field, cell: usize, tally: &Tally, draws: u32) -> Option<f64> {
        let degree = field.degree[cell];
        field.has_null(degree).then(|| {
            let steps = self.steps_reached(degree, field.threshold[cell]);
            let at_least = tally.by_steps[degree][steps];
            let (holding, reaching) = tally.own[cell];
            p_value(at_least - reaching, draws - holding)
        })
    }

    fn tally<R: Rng>(
        &self,
        field: &Field,
        draws: u32,
        most: usize,
        random: &(impl Fn(u32) -> R + Sync),
    ) -> Tally {
        let empty = || Tally {
            by_steps: self.steps.iter().map(|s| vec![0; s.len() + 1]).collect(),
            own: vec![(0, 0); field.n()],
        };
        let mut tally = (0..draws.div_ceil(BLOCK))
            .into_par_iter()
            .fold(empty, |mut tally, block| {
                let size = BLOCK.min(draws - block * BLOCK);
                self.tally_block(field, most, (&mut random(block), size), &mut tally);
                tally
            })
            .reduce(empty, Tally::merged);
        // From draws that reach exactly so many steps to draws that reach at least so many.
        for counts in &mut tally.by_steps {
            for step in (1..counts.len()).rev() {
                counts[step - 1] += counts[step];
            }
        }
        tally
    }

    fn tally_block(
        &self,
        field: &Field,
        most: usize,
        (rng, size): (&mut impl Rng, u32),
        tally: &mut Tally,
    ) {
        let range = Uniform::new(0, compact(field.n())).expect("a null has cells to draw from");
        let mut drawn = vec![0; most];
        for _ in 0..size {
            draw(rng, range, None, &mut drawn);
            let mut sum = 0;
            for degree in 1..=most {
                sum += field.value[drawn[degree - 1] as usize];
                if self.steps[degree].is_empty() {
                    continue;
                }
                tally.by_steps[degree][self.steps_reached(degree, sum)] += 1;
                for &id in &drawn[..degree] {
                    let id = id as usize;
                    if field.degree[id] == degree {
                        let (holding, reaching) = &mut tally.own[id];
                        *holding += 1;
                        *reaching += u32::from(sum >= field.threshold[id]);
                    }
                }
            }
        }
    }
}

impl Tally {
    fn merged(mut self, other: Self) -> Self {
        for (counts, more) in self.by_steps.iter_mut().zip(other.by_steps) {
            for (count, more) in counts.iter_mut().zip(more) {
                *count += more;
            }
        }
        for (own, more) in self.own.iter_mut().zip(other.own) {
            own.0 += more.0;
            own.1 += more.1;
        }
        self
    }
}
