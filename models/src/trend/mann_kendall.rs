use rayon::prelude::*;

use super::score::{Keys, Score, signed};
use super::{TrendError, known, long_enough};
use crate::units::two_sided_p;

/// Which way a series goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It rises.
    Up,
    /// It falls.
    Down,
    /// Neither, as far as the test can tell.
    Neither,
}

/// A tested trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// Known steps.
    pub n: usize,
    /// Pairs of steps that rise less pairs that fall.
    pub s: i64,
    /// Variance of `s` were there no trend.
    pub variance: f64,
    /// `s`, one closer to zero, in standard deviations; 0 where every value is the same.
    pub z: f64,
    /// Two-sided p-value of `z`.
    pub p: f64,
}

impl Trend {
    /// Which way it goes, told at level `alpha`: the sign of `z` where `p < alpha`.
    #[must_use]
    pub fn direction(&self, alpha: f64) -> Direction {
        if self.p >= alpha || self.s == 0 {
            Direction::Neither
        } else if self.s > 0 {
            Direction::Up
        } else {
            Direction::Down
        }
    }

    pub(super) fn of_score(n: usize, s: i64, variance: f64) -> Result<Self, TrendError> {
        if variance < 0.0 {
            return Err(TrendError::NegativeVariance);
        }
        let towards_zero = s - s.signum();
        let z = if towards_zero != 0 && variance > 0.0 {
            whole(towards_zero) / variance.sqrt()
        } else {
            0.0
        };
        let p = two_sided_p(z);
        Ok(Self {
            n,
            s,
            variance,
            z,
            p,
        })
    }
}

/// Mann-Kendall test of a series against no trend (Mann 1945; Kendall 1975).
///
/// ```text
/// S = sum_{i < j} sgn(x_j - x_i),  sgn(0) = 0
/// Var S = ( n (n - 1) (2n + 5) - sum_g t_g (t_g - 1) (2 t_g + 5) ) / 18
/// Z = (S - sgn S) / sqrt(Var S)
/// ```
///
/// over groups `g` of `t_g` equal values. Dimensionless; only the order of the values counts. The
/// steps must be independent where there is no trend: for overlapping windows take
/// [`hamed_rao`](super::hamed_rao), for seasons
/// [`seasonal_mann_kendall`](super::seasonal_mann_kendall).
///
/// - `values`: one per step, `None` where not known. What is not known leaves every pair.
///
/// Edge cases: all values equal give `Z = 0`, `p = 1`. Equality is that of the
/// [module](super). Time grows with the square of the number of steps.
///
/// # Errors
/// Fewer than [`FEWEST_STEPS`](super::FEWEST_STEPS) known values, or one that is not finite.
///
/// # References
/// [doi:10.2307/1907187](https://doi.org/10.2307/1907187); Kendall 1975, *Rank Correlation
/// Methods*, 4th ed.
///
/// ```
/// use forewarn_models::trend::{Direction, mann_kendall};
/// let rising = [1.0, 2.0, 2.0, 3.0, 5.0, 4.0, 6.0, 6.0, 8.0, 9.0].map(Some);
/// let trend = mann_kendall(&rising)?;
/// // Of 45 pairs two are ties and one falls; 10 * 9 * 25 / 18 = 125, less 2 * 18 / 18.
/// assert_eq!(trend.s, 41);
/// assert!((trend.variance - 123.0).abs() < 1e-12);
/// assert_eq!(trend.direction(0.05), Direction::Up);
/// # Ok::<(), forewarn_models::trend::TrendError>(())
/// ```
pub fn mann_kendall(values: &[Option<f64>]) -> Result<Trend, TrendError> {
    tested(values, &mut Keys::default())
}

/// [`mann_kendall`] of many series of `n_steps` steps, one after the other in `values`, as the
/// cells of a cube stand in it.
///
/// Returns one test per series: a short series is an error of its own and no other's.
///
/// # Errors
/// No steps. A length that is no multiple of them leaves a last series that is shorter.
pub fn mann_kendall_of_all(
    values: &[Option<f64>],
    n_steps: usize,
) -> Result<Vec<Result<Trend, TrendError>>, TrendError> {
    if n_steps == 0 {
        return Err(TrendError::NoSteps);
    }
    let series = values.par_chunks(n_steps).with_min_len(64);
    Ok(series
        .map_init(Keys::default, |keys, values| tested(values, keys))
        .collect())
}

fn tested(values: &[Option<f64>], keys: &mut Keys) -> Result<Trend, TrendError> {
    if !keys.read(values.iter().flatten().copied()) {
        known(values)?;
    }
    let n = keys.len();
    long_enough(n)?;
    let score = keys.score();
    Trend::of_score(n, score.s, whole(eighteen_variances(n, score)) / 18.0)
}

/// Eighteen times the variance of the score of `n` values, a whole number.
pub(super) fn eighteen_variances(n: usize, score: Score) -> i64 {
    let n = signed(n);
    n * (n - 1) * (2 * n + 5) - score.ties
}

#[expect(
    clippy::cast_precision_loss,
    reason = "scores and their variances stay below 2^53 up to 160,000 steps, and round beyond"
)]
pub(super) fn whole(count: i64) -> f64 {
    count as f64
}
