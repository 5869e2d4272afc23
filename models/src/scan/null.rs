use rand::Rng;
use rand_distr::{Binomial, Distribution, Poisson};

use super::alias::Alias;
use super::model::Model;
use super::shared::Shared;
use super::window::Frame;
use crate::units::compact;

/// How one replicate is drawn: only what falls into some slot, since nothing else is scanned.
#[derive(Debug)]
pub(super) enum Null {
    /// Cases keep their cell and draw their slot, or none, without replacement.
    Shuffled {
        /// The cell of each case, ascending.
        cells: Vec<u32>,
        /// How many cases each slot draws.
        per_slot: Vec<u32>,
    },
    /// So many groups of cases, each in a bin (cell and slot) of its own accord.
    Spread {
        bins: Alias,
        groups: Groups,
        /// Cases of a group; one unless counts are overdispersed.
        size: Option<Series>,
    },
    /// Cells with a factor each.
    Shared(Shared),
}

/// The number of groups.
#[derive(Debug)]
pub(super) enum Groups {
    /// Out of a fixed number of cases those that fall into a slot at all.
    Among(Binomial),
    Poisson(Poisson<f64>),
    /// Nothing is expected in any slot.
    None,
}

/// Logarithmic series law of the size of a group: `P(k) = q^k / (k ln f)`, `q = 1 - 1/f`. A
/// Poisson number of such groups, with mean `B ln f / (f - 1)`, has in all a negative binomial
/// count of mean `B` and variance `f B` (Quenouille 1949, *Biometrics* 5:162).
#[derive(Debug, Clone, Copy)]
pub(super) struct Series {
    q: f64,
    single: f64,
}

impl Null {
    /// `expected` is per bin, scaled, and not running.
    pub(super) fn new(
        model: Model<'_>,
        counts: &[u32],
        expected: &[f64],
        frame: &Frame,
        n_steps: usize,
    ) -> Self {
        let mean: f64 = expected.iter().sum();
        let (groups, size) = match model {
            Model::SpaceTimePermutation => return Self::shuffled(counts, frame, n_steps),
            Model::PoissonGamma {
                factor_variance, ..
            } => {
                return Self::Shared(Shared::new(expected, factor_variance, frame.n_slots));
            }
            Model::Poisson { .. } => {
                let total: u64 = counts.iter().map(|&count| u64::from(count)).sum();
                let share = (mean / super::whole(total)).min(1.0);
                (Binomial::new(total, share).map(Groups::Among).ok(), None)
            }
            Model::Expectation { .. } => (Poisson::new(mean).map(Groups::Poisson).ok(), None),
            Model::NegativeBinomial {
                variance_to_mean: f,
                ..
            } => {
                let groups = Poisson::new(mean * f.ln() / (f - 1.0));
                (groups.map(Groups::Poisson).ok(), Some(Series::new(f)))
            }
        };
        Self::Spread {
            bins: Alias::new(expected),
            groups: groups.filter(|_| mean > 0.0).unwrap_or(Groups::None),
            size,
        }
    }

    fn shuffled(counts: &[u32], frame: &Frame, n_steps: usize) -> Self {
        let mut cells = Vec::new();
        let mut per_slot = vec![0; frame.n_slots];
        for (cell, row) in counts.chunks_exact(n_steps).enumerate() {
            for (step, &count) in row.iter().enumerate() {
                cells.extend(std::iter::repeat_n(compact(cell), count as usize));
                if let Some(slot) = frame.slot(step) {
                    per_slot[slot] += count;
                }
            }
        }
        Self::Shuffled { cells, per_slot }
    }

    /// Draws one replicate and hands each case, or group of cases, to `put` with its bin.
    ///
    /// `scratch` is overwritten; what it held does not matter.
    pub(super) fn draw(
        &self,
        rng: &mut impl Rng,
        scratch: &mut Vec<u32>,
        mut put: impl FnMut(usize, u32),
    ) {
        match self {
            Self::Shuffled { cells, per_slot } => {
                scratch.clone_from(cells);
                let mut next = 0;
                for (slot, &drawn) in per_slot.iter().enumerate() {
                    for _ in 0..drawn {
                        // The first part of a Fisher-Yates shuffle.
                        let other = rng.random_range(next..compact(scratch.len()));
                        scratch.swap(next as usize, other as usize);
                        put(scratch[next as usize] as usize * per_slot.len() + slot, 1);
                        next += 1;
                    }
                }
            }
            Self::Shared(shared) => shared.draw(rng, &mut put),
            Self::Spread { bins, groups, size } => {
                for _ in 0..groups.draw(rng) {
                    let bin = bins.draw(rng);
                    put(bin, size.map_or(1, |series| series.draw(rng)));
                }
            }
        }
    }
}

impl Groups {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a Poisson count is whole and not negative"
    )]
    fn draw(&self, rng: &mut impl Rng) -> u64 {
        match self {
            Self::Among(law) => law.sample(rng),
            Self::Poisson(law) => law.sample(rng) as u64,
            Self::None => 0,
        }
    }
}

impl Series {
    /// Of counts with this ratio of variance to mean, above 1.
    pub(super) fn new(f: f64) -> Self {
        let q = 1.0 - 1.0 / f;
        Self {
            q,
            single: q / f.ln(),
        }
    }

    /// By inversion: the size is 1 or little more.
    pub(super) fn draw(self, rng: &mut impl Rng) -> u32 {
        let mut rest: f64 = rng.random();
        let (mut size, mut p) = (1, self.single);
        while rest >= p && p > f64::MIN_POSITIVE {
            rest -= p;
            p *= self.q * f64::from(size) / f64::from(size + 1);
            size += 1;
        }
        size
    }
}
