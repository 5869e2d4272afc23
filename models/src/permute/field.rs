use std::cmp::Ordering;

use rand::Rng;
use rand::distr::Uniform;

use super::Side;
use crate::grid::Neighbours;
use crate::units::compact;

/// The observed cells alone, renumbered, with values and sums in quanta.
pub(super) struct Field {
    /// Position of each observed cell in the grid.
    site: Vec<usize>,
    /// Its value.
    pub(super) value: Vec<i64>,
    /// The lowest sum that counts against it: its neighbours' sum less the rounding of that sum.
    pub(super) threshold: Vec<i64>,
    /// Number of its observed neighbours.
    pub(super) degree: Vec<usize>,
}

impl Field {
    pub(super) fn new(values: &[f64], observed: &[bool], neighbours: &Neighbours) -> Self {
        let site = (0..values.len()).filter(|&cell| observed[cell]);
        Self::of(values, site.collect(), |cell| {
            let near = neighbours.of(cell).iter().map(|&j| j as usize);
            near.filter(|&j| observed[j])
        })
    }

    /// Any sites, with whatever sites are near them.
    pub(super) fn of<N: Iterator<Item = usize>>(
        values: &[f64],
        site: Vec<usize>,
        near: impl Fn(usize) -> N,
    ) -> Self {
        let magnitudes = site.iter().map(|&cell| values[cell].abs());
        let scale = scale(magnitudes.fold(0.0, f64::max));
        let quanta = |cell: usize| in_quanta(values[cell], scale);
        let around = |&cell: &usize| {
            let add = |(c, sum): (usize, i64), j| (c + 1, sum + quanta(j));
            near(cell).fold((0, 0), add)
        };
        let (degree, sums): (Vec<usize>, Vec<i64>) = site.iter().map(around).unzip();
        Self {
            value: site.iter().map(|&cell| quanta(cell)).collect(),
            threshold: sums
                .into_iter()
                .zip(&degree)
                .map(|(sum, &c)| sum - i64::from(compact(c)))
                .collect(),
            degree,
            site,
        }
    }

    /// Runs an upper-tail engine on the side asked for. The lower tail is the upper tail of the
    /// negated values under the same draws.
    pub(super) fn tail(
        &self,
        side: Side,
        upper: impl Fn(&Self) -> Vec<Option<f64>>,
    ) -> Vec<Option<f64>> {
        match side {
            Side::Upper => upper(self),
            Side::Lower => upper(&self.negated()),
            Side::TwoSided => {
                let pairs = upper(self).into_iter().zip(upper(&self.negated()));
                pairs
                    .map(|(high, low)| Some((2.0 * high?.min(low?)).min(1.0)))
                    .collect()
            }
        }
    }

    /// The field upside down: its upper tail is this one's lower tail.
    pub(super) fn negated(&self) -> Self {
        let flip = |(threshold, &c): (&i64, &usize)| -threshold - 2 * i64::from(compact(c));
        Self {
            site: self.site.clone(),
            value: self.value.iter().map(|value| -value).collect(),
            threshold: self.threshold.iter().zip(&self.degree).map(flip).collect(),
            degree: self.degree.clone(),
        }
    }

    pub(super) fn n(&self) -> usize {
        self.site.len()
    }

    /// Where each value stands against the mean of all, judged on whole numbers.
    pub(super) fn against_mean(&self) -> impl Iterator<Item = Ordering> + '_ {
        let total: i128 = self.value.iter().map(|&value| i128::from(value)).sum();
        let n = i128::from(compact(self.n()));
        let value = self.value.iter().map(|&value| i128::from(value));
        value.map(move |value| (value * n).cmp(&total))
    }

    /// Whether a cell with `c` neighbours has a null: some neighbours, and more than one way to
    /// draw them from the other cells.
    pub(super) fn has_null(&self, c: usize) -> bool {
        c > 0 && self.n() > c + 1
    }

    /// Puts one entry per observed cell back into one entry per grid cell.
    pub(super) fn spread(&self, p: &[Option<f64>], n_cells: usize) -> Vec<Option<f64>> {
        let mut all = vec![None; n_cells];
        for (&site, &p) in self.site.iter().zip(p) {
            all[site] = p;
        }
        all
    }
}

/// Fills `drawn` with distinct numbers from `range`, none equal to `barred`; each such set is
/// equally likely.
pub(super) fn draw(
    rng: &mut impl Rng,
    range: Uniform<u32>,
    barred: Option<u32>,
    drawn: &mut [u32],
) {
    for next in 0..drawn.len() {
        drawn[next] = loop {
            let id = rng.sample(range);
            if barred != Some(id) && !drawn[..next].contains(&id) {
                break id;
            }
        };
    }
}

/// The share of draws against a cell, both numbers without the observed arrangement itself.
pub(super) fn p_value(against: u32, draws: u32) -> f64 {
    (1.0 + f64::from(against)) / (1.0 + f64::from(draws))
}

/// Quanta per unit: the power of two that brings `largest` into 2^39..2^40.
fn scale(largest: f64) -> f64 {
    let (low, high) = (2.0_f64.powi(39), 2.0_f64.powi(40));
    let mut scale = 1.0;
    while largest * scale >= high {
        scale /= 2.0;
    }
    // The bound on the scale ends the search for values of zero.
    while largest * scale < low && scale < 2.0_f64.powi(1000) {
        scale *= 2.0;
    }
    scale
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the scale keeps values within 2^40"
)]
fn in_quanta(value: f64, scale: f64) -> i64 {
    (value * scale).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::line;

    #[test]
    fn integers_and_binary_fractions_are_exact() {
        let field = Field::new(&[3.0, 0.25, -1.0], &[true; 3], &line(3));
        assert_eq!(field.value, [3 << 38, 1 << 36, -(1 << 38)]);
        assert_eq!(field.threshold[1], (2 << 38) - 2);
        assert_eq!(field.negated().threshold[1], -(2 << 38) - 2);
        assert_eq!(Field::new(&[0.0; 3], &[true; 3], &line(3)).value, [0; 3]);
        assert!(Field::new(&[f64::MAX, 1.0, 0.0], &[true; 3], &line(3)).value[0] <= 1 << 40);
    }
}
