use rand::seq::SliceRandom;
use rayon::prelude::*;
use thiserror::Error;

use self::linked::Linked;
use super::{LocalGError, check};
use crate::grid::Neighbours;
use crate::permute::Side;
use crate::units::{Purpose, Seed, real};

mod linked;
mod local;
#[cfg(test)]
mod tests;

pub use local::{LocalMoran, Quadrant, local_moran};

/// What a link to a neighbour weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weighting {
    /// 1, whoever has it.
    Binary,
    /// One over the number of observed neighbours of the cell that looks.
    RowStandardised,
}

/// Global Moran's I and its moments if the values had no place of their own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moran {
    /// I, dimensionless; above `expected` where alike lies near alike.
    pub i: f64,
    /// `-1 / (n - 1)`.
    pub expected: f64,
    /// Variance if the values were drawn from one normal law.
    pub variance_normal: f64,
    /// Variance if the values were dealt to the cells at random; `None` below four cells.
    pub variance_randomised: Option<f64>,
}

/// Why values have no permutation p-value of I.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MoranError {
    /// Faulty values.
    #[error(transparent)]
    Values(#[from] LocalGError),
    /// No permutation asked for.
    #[error("there must be at least one permutation")]
    NoPermutations,
}

impl Moran {
    /// `(I - expected) / sd` under normality. `None` where the variance is not above zero.
    #[must_use]
    pub fn z_normal(&self) -> Option<f64> {
        self.z(self.variance_normal)
    }

    /// `(I - expected) / sd` under randomisation. `None` where that variance is not above zero.
    #[must_use]
    pub fn z_randomised(&self) -> Option<f64> {
        self.variance_randomised
            .and_then(|variance| self.z(variance))
    }

    fn z(&self, variance: f64) -> Option<f64> {
        (variance > 0.0).then(|| (self.i - self.expected) / variance.sqrt())
    }
}

/// Moran's I: whether alike lies near alike (Moran 1950; Cliff & Ord 1981).
///
/// ```text
/// I = (n / S0) sum_i sum_j w_ij z_i z_j / sum_i z_i^2            z_i = x_i - mean
/// E = -1 / (n - 1)
/// normal:      Var = (n^2 S1 - n S2 + 3 S0^2) / ((n^2 - 1) S0^2) - E^2
/// randomised:  Var = (n ((n^2 - 3n + 3) S1 - n S2 + 3 S0^2) - k ((n^2 - n) S1 - 2n S2 + 6 S0^2))
///                    / ((n - 1)(n - 2)(n - 3) S0^2) - E^2
/// S0 = sum w_ij   S1 = sum (w_ij + w_ji)^2 / 2   S2 = sum_i (w_i. + w_.i)^2
/// k = n sum z^4 / (sum z^2)^2
/// ```
///
/// - `values`, `observed`, `neighbours`: as for [`local_g_star`](super::local_g_star). Cells that
///   are not observed leave every sum, and every number of neighbours.
/// - `weighting`: see [`Weighting`]. A cell without observed neighbours counts in `n` and weighs
///   nothing.
///
/// `None` where it is undefined: fewer than two observed cells, all values equal, or no link.
///
/// # Errors
/// Lengths differ, or an observed value is not finite.
///
/// # References
/// [doi:10.1093/biomet/37.1-2.17](https://doi.org/10.1093/biomet/37.1-2.17); Cliff & Ord 1981,
/// *Spatial Processes*, ISBN 0850860814.
///
/// ```
/// use forewarn_models::{grid::Neighbours, hotspot::{Weighting, moran}};
/// // Low, low, high, high in a row: z = -1, -1, 1, 1, and 2 (1 - 1 + 1) / 4 * 4 / 6 = 1/3.
/// let row = Neighbours::from_lists(&[vec![1], vec![0, 2], vec![1, 3], vec![2]])?;
/// let found = moran(&[0.0, 0.0, 2.0, 2.0], &[true; 4], &row, Weighting::Binary)?;
/// assert!((found.ok_or("undefined")?.i - 1.0 / 3.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn moran(
    values: &[f64],
    observed: &[bool],
    neighbours: &Neighbours,
    weighting: Weighting,
) -> Result<Option<Moran>, LocalGError> {
    check(values, observed, neighbours)?;
    let Some(linked) = Linked::of(values, observed, neighbours, weighting) else {
        return Ok(None);
    };
    Ok((linked.s0 > 0.0).then(|| moments(&linked)))
}

fn moments(linked: &Linked) -> Moran {
    let (n, s0, squares) = (real(linked.z.len()), linked.s0, linked.squares);
    let (s1, s2) = linked.s1_and_s2();
    let expected = -1.0 / (n - 1.0);
    let s0_squared = s0 * s0;
    let normal = (n * n * s1 - n * s2 + 3.0 * s0_squared) / ((n * n - 1.0) * s0_squared);
    let k = n * linked.z.iter().map(|z| z.powi(4)).sum::<f64>() / (squares * squares);
    let even = n * ((n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0_squared);
    let tails = k * ((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s0_squared);
    let randomised = (even - tails) / ((n - 1.0) * (n - 2.0) * (n - 3.0) * s0_squared);
    Moran {
        i: n / s0 * linked.cross_products(&linked.z) / squares,
        expected,
        variance_normal: normal - expected * expected,
        variance_randomised: (linked.z.len() > 3).then_some(randomised - expected * expected),
    }
}

/// Permutation p-value of global [`moran`]: the observed values dealt out anew to the observed
/// cells.
///
/// ```text
/// p = (1 + #{permutations whose I counts against the observed one}) / (1 + permutations)
/// ```
///
/// [`Side::Upper`] counts I at least as high (alike near alike), [`Side::Lower`] at most as high,
/// [`Side::TwoSided`] is twice the smaller, at most 1. Ties count against the observed value;
/// cross products within 1e-12 of the sum of their magnitudes are ties. Permutation `r` takes
/// stream `r`. `None` where I is undefined.
///
/// # Errors
/// As [`moran`]; no permutations.
///
/// # References
/// Phipson & Smyth 2010 for the added one,
/// [doi:10.2202/1544-6115.1585](https://doi.org/10.2202/1544-6115.1585).
pub fn moran_p_value(
    values: &[f64],
    observed: &[bool],
    neighbours: &Neighbours,
    weighting: Weighting,
    (permutations, side): (u32, Side),
    seed: Seed,
) -> Result<Option<f64>, MoranError> {
    check(values, observed, neighbours)?;
    if permutations == 0 {
        return Err(MoranError::NoPermutations);
    }
    let Some(linked) = Linked::of(values, observed, neighbours, weighting) else {
        return Ok(None);
    };
    if linked.s0 <= 0.0 {
        return Ok(None);
    }
    let seen = linked.cross_products(&linked.z);
    let blur = 1e-12 * linked.s0 * linked.squares;
    let dealt = |r: u32| {
        let mut z = linked.z.clone();
        z.shuffle(&mut seed.stream(Purpose::MoranPermutation, u64::from(r)));
        let sum = linked.cross_products(&z);
        [u32::from(sum >= seen - blur), u32::from(sum <= seen + blur)]
    };
    let [high, low] = (0..permutations)
        .into_par_iter()
        .map(dealt)
        .reduce(|| [0, 0], |a, b| [a[0] + b[0], a[1] + b[1]]);
    let p = |against: u32| (1.0 + f64::from(against)) / (1.0 + f64::from(permutations));
    Ok(Some(match side {
        Side::Upper => p(high),
        Side::Lower => p(low),
        Side::TwoSided => (2.0 * p(high).min(p(low))).min(1.0),
    }))
}
