//! The null of places whose rate is known only up to a factor.

use rand::Rng;
use rand_distr::{Distribution, Poisson};

use super::alias::Alias;
use super::null::Series;

/// Below this excess of variance over mean, relative to the mean, a cell's cases come one by one.
const NEARLY_POISSON: f64 = 1e-9;

/// Counts of each cell that share one gamma factor over all its slots.
///
/// With `B` expected of a cell in all slots and a factor of mean 1 and variance `v`, its count is
/// negative binomial with mean `B` and variance `B + v B^2`: a Poisson number, with mean
/// `ln(1 + v B) / v`, of groups of logarithmic series size with `q = v B / (1 + v B)`. Given that count
/// the factor says nothing more, and each case falls into a slot in proportion to what is expected
/// there. So one draw costs as much as there are cases, not cells.
#[derive(Debug)]
pub(super) struct Shared {
    cells: Alias,
    groups: Option<Poisson<f64>>,
    /// Cases of a group, by cell; one where there is none.
    sizes: Vec<Option<Series>>,
    /// Running shares of the slots, within each cell.
    shares: Vec<f64>,
    n_slots: usize,
}

impl Shared {
    /// `expected` is per cell and slot, not running.
    pub(super) fn new(expected: &[f64], factor_variance: &[f64], n_slots: usize) -> Self {
        let mut shares = Vec::with_capacity(expected.len());
        let (mut rates, mut sizes) = (Vec::new(), Vec::new());
        for (row, &variance) in expected.chunks_exact(n_slots).zip(factor_variance) {
            let mean: f64 = row.iter().sum();
            let mut sum = 0.0;
            shares.extend(row.iter().map(|value| {
                sum += value;
                sum / mean
            }));
            let excess = variance * mean;
            if excess > NEARLY_POISSON {
                rates.push(excess.ln_1p() / variance);
                sizes.push(Some(Series::new(1.0 + excess)));
            } else {
                rates.push(mean);
                sizes.push(None);
            }
        }
        let total: f64 = rates.iter().sum();
        Self {
            cells: Alias::new(&rates),
            groups: Poisson::new(total).ok().filter(|_| total > 0.0),
            sizes,
            shares,
            n_slots,
        }
    }

    /// Draws one replicate and hands each case to `put` with its bin.
    pub(super) fn draw(&self, rng: &mut impl Rng, put: &mut impl FnMut(usize, u32)) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a Poisson count is whole and not negative"
        )]
        let groups = self.groups.map_or(0, |law| law.sample(rng) as u64);
        for _ in 0..groups {
            let cell = self.cells.draw(rng);
            let first = cell * self.n_slots;
            let shares = &self.shares[first..first + self.n_slots];
            for _ in 0..self.sizes[cell].map_or(1, |series| series.draw(rng)) {
                let slot = if self.n_slots == 1 {
                    0
                } else {
                    let part: f64 = rng.random();
                    shares.partition_point(|&share| share <= part)
                };
                put(first + slot.min(self.n_slots - 1), 1);
            }
        }
    }
}
