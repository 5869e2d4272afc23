use rand::Rng;

use crate::units::{compact, real};

/// Draws positions in proportion to their weights in constant time (Vose 1991,
/// [doi:10.1109/32.92917](https://doi.org/10.1109/32.92917)).
#[derive(Debug)]
pub(super) struct Alias {
    /// Below this part of its column a draw keeps its position, else it takes the alias.
    columns: Vec<(u64, u32)>,
}

impl Alias {
    /// Weights are finite, not negative and not all zero.
    pub(super) fn new(weights: &[f64]) -> Self {
        let scale = real(weights.len()) / weights.iter().sum::<f64>();
        let mut part: Vec<f64> = weights.iter().map(|weight| weight * scale).collect();
        let mut columns: Vec<(u64, u32)> =
            (0..compact(part.len())).map(|i| (u64::MAX, i)).collect();
        let (mut small, mut large): (Vec<u32>, Vec<u32>) =
            (0..compact(part.len())).partition(|&i| part[i as usize] < 1.0);
        while let (Some(&less), Some(&more)) = (small.last(), large.last()) {
            small.pop();
            columns[less as usize] = (in_units(part[less as usize]), more);
            part[more as usize] -= 1.0 - part[less as usize];
            if part[more as usize] < 1.0 {
                large.pop();
                small.push(more);
            }
        }
        // Rounding leaves columns over. A position without weight must not gain by it.
        let heaviest = (0..part.len()).max_by(|&a, &b| weights[a].total_cmp(&weights[b]));
        for rest in small {
            if weights[rest as usize] <= 0.0 {
                columns[rest as usize] = (0, heaviest.map_or(rest, compact));
            }
        }
        Self { columns }
    }

    /// One position. The 64 random bits give the column and, by what is left of them, the part.
    #[inline]
    pub(super) fn draw(&self, rng: &mut impl Rng) -> usize {
        let wide = u128::from(rng.next_u64()) * self.columns.len() as u128;
        let (column, part) = halves(wide);
        let (keep, alias) = self.columns[column];
        if part < keep { column } else { alias as usize }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the high half is a position, the low half is meant to be cut"
)]
const fn halves(wide: u128) -> (usize, u64) {
    ((wide >> 64) as usize, wide as u64)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "parts are within 0..1, and the cast saturates"
)]
fn in_units(part: f64) -> u64 {
    (part * u64::MAX as f64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Purpose, Seed};

    #[test]
    fn positions_come_in_proportion_to_their_weights() {
        let weights = [0.0, 1.0, 5.0, 0.5, 0.0, 3.5];
        let alias = Alias::new(&weights);
        let mut rng = Seed(1).stream(Purpose::ScanReplicate, 0);
        let mut drawn = [0_u32; 6];
        (0..100_000).for_each(|_| drawn[alias.draw(&mut rng)] += 1);
        for (&count, weight) in drawn.iter().zip(weights) {
            let mean = weight * 10_000.0;
            assert!((f64::from(count) - mean).abs() <= 4.0 * mean.sqrt());
        }
    }
}
