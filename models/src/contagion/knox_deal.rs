use rand::Rng;
use rand_chacha::ChaCha20Rng;

use super::knox::{KnoxNull, Pair};
use super::knox_bands::KnoxBands;
use crate::units::compact;

/// Rounds of swaps after which little is left of the arrangement they began with.
const ROUNDS: usize = 10;

/// Deals dates out anew.
pub(super) struct Dealer {
    /// Positions of the kept records, block by block.
    blocks: Vec<Vec<usize>>,
    /// Of each record the others of the same place, where they must not share a date.
    apart: Option<Vec<Vec<u32>>>,
}

impl Dealer {
    pub(super) fn new(
        blocks: Vec<Vec<usize>>,
        null: KnoxNull,
        (pairs, bands): (&[Pair], &KnoxBands),
        n: usize,
    ) -> Self {
        let once = null.once_a_day && bands.has_same_place();
        let apart = once.then(|| {
            let mut apart = vec![Vec::new(); n];
            for pair in pairs.iter().filter(|pair| pair.space == 0) {
                apart[pair.first as usize].push(pair.second);
                apart[pair.second as usize].push(pair.first);
            }
            apart
        });
        Self { blocks, apart }
    }

    /// The days, dealt out anew within each block.
    pub(super) fn dealt(&self, days: &[i32], rng: &mut ChaCha20Rng) -> Vec<i32> {
        let mut days = days.to_vec();
        match &self.apart {
            None => self
                .blocks
                .iter()
                .for_each(|block| shuffle(&mut days, block, rng)),
            Some(apart) => self
                .blocks
                .iter()
                .for_each(|block| swap(&mut days, block, apart, rng)),
        }
        days
    }
}

/// Every order equally likely (Fisher & Yates).
fn shuffle(days: &mut [i32], block: &[usize], rng: &mut ChaCha20Rng) {
    for last in (1..block.len()).rev() {
        let other = rng.random_range(0..=compact(last)) as usize;
        days.swap(block[last], block[other]);
    }
}

/// Every order that keeps places apart equally likely, in the long run.
fn swap(days: &mut [i32], block: &[usize], apart: &[Vec<u32>], rng: &mut ChaCha20Rng) {
    let size = compact(block.len());
    for _ in 0..ROUNDS * block.len() {
        let one = block[rng.random_range(0..size) as usize];
        let other = block[rng.random_range(0..size) as usize];
        let clashes = |record: usize, day: i32| {
            let mut same_place = apart[record].iter().map(|&same| same as usize);
            // Two of one place only change names.
            same_place.any(|same| same != one && same != other && days[same] == day)
        };
        if !(clashes(one, days[other]) || clashes(other, days[one])) {
            days.swap(one, other);
        }
    }
}
