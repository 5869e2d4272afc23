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
    /// The stream of one block of draws of one number of neighbours.
    fn stream(self, seed: Seed, degree: usize, block: u32) -> impl Rng {
        let (degree, block) = (degree as u64, u64::from(block));
        match self {
            Self::Map => seed.stream(Purpose::PooledNull, degree << 32 | block),
            // There are fewer than 2^20 blocks; numbers of neighbours and steps stay below 2^24
            // and 2^20.
            Self::Cube(family) => {
                seed.stream(Purpose::CubeNull, family << 44 | degree << 20 | block)
            }
        }
    }
}

/// Upper-tail p-values of the observed cells of a map, one pool per number of neighbours.
pub(super) fn upper(field: &Field, draws: u32, seed: Seed) -> Vec<Option<f64>> {
    upper_of(field, draws, seed, Streams::Map)
}

/// Upper-tail p-values with the streams given.
pub(super) fn upper_of(
    field: &Field,
    draws: u32,
    seed: Seed,
    streams: Streams,
) -> Vec<Option<f64>> {
    let mut p = vec![None; field.n()];
    let mut degrees = field.degree.clone();
    degrees.sort_unstable();
    degrees.dedup();
    for degree in degrees.into_iter().filter(|&degree| field.has_null(degree)) {
        let random = |block| streams.stream(seed, degree, block);
        Pool::new(field, degree).read(field, draws, &random, &mut p);
    }
    p
}

/// What one pool is compared with: the cells of one number of neighbours.
struct Pool {
    degree: usize,
    /// Their thresholds, ascending and distinct.
    steps: Vec<i64>,
    /// The threshold of each observed cell; out of reach for cells of another pool.
    reach: Vec<i64>,
}

/// Draws counted; sums of tallies do not depend on their order.
struct Tally {
    /// Draws by the number of steps they reach.
    by_steps: Vec<u32>,
    /// For each observed cell, the draws that hold it, and those of them that reach its threshold.
    own: Vec<(u32, u32)>,
}

impl Pool {
    fn new(field: &Field, degree: usize) -> Self {
        let reach: Vec<i64> = field
            .threshold
            .iter()
            .zip(&field.degree)
            .map(|(&threshold, &own)| if own == degree { threshold } else { i64::MAX })
            .collect();
        let mut steps: Vec<i64> = reach
            .iter()
            .copied()
            .filter(|&step| step < i64::MAX)
            .collect();
        steps.sort_unstable();
        steps.dedup();
        Self {
            degree,
            steps,
            reach,
        }
    }

    fn read<R: Rng>(
        &self,
        field: &Field,
        draws: u32,
        random: &(impl Fn(u32) -> R + Sync),
        p: &mut [Option<f64>],
    ) {
        let tally = self.tally(field, draws, random);
        let mut at_least = tally.by_steps;
        for step in (1..at_least.len()).rev() {
            at_least[step - 1] += at_least[step];
        }
        for (cell, (holding, reaching)) in tally.own.into_iter().enumerate() {
            if field.degree[cell] == self.degree {
                let steps = self.steps_reached(self.reach[cell]);
                p[cell] = Some(p_value(at_least[steps] - reaching, draws - holding));
            }
        }
    }

    fn tally<R: Rng>(
        &self,
        field: &Field,
        draws: u32,
        random: &(impl Fn(u32) -> R + Sync),
    ) -> Tally {
        let empty = || Tally {
            by_steps: vec![0; self.steps.len() + 1],
            own: vec![(0, 0); field.n()],
        };
        (0..draws.div_ceil(BLOCK))
            .into_par_iter()
            .fold(empty, |mut tally, block| {
                let size = BLOCK.min(draws - block * BLOCK);
                self.tally_block(field, &mut random(block), size, &mut tally);
                tally
            })
            .reduce(empty, Tally::merged)
    }

    fn tally_block(&self, field: &Field, rng: &mut impl Rng, size: u32, tally: &mut Tally) {
        let range = Uniform::new(0, compact(field.n())).expect("a null has cells to draw from");
        let mut drawn = vec![0; self.degree];
        for _ in 0..size {
            draw(rng, range, None, &mut drawn);
            let sum: i64 = drawn.iter().map(|&id| field.value[id as usize]).sum();
            tally.by_steps[self.steps_reached(sum)] += 1;
            for &id in &drawn {
                let (holding, reaching) = &mut tally.own[id as usize];
                *holding += 1;
                *reaching += u32::from(sum >= self.reach[id as usize]);
            }
        }
    }

    fn steps_reached(&self, sum: i64) -> usize {
        self.steps.partition_point(|&step| step <= sum)
    }
}

impl Tally {
    fn merged(mut self, other: Self) -> Self {
        for (count, more) in self.by_steps.iter_mut().zip(other.by_steps) {
            *count += more;
        }
        for (own, more) in self.own.iter_mut().zip(other.own) {
            own.0 += more.0;
            own.1 += more.1;
        }
        self
    }
}
