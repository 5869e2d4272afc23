use statrs::function::gamma::{digamma, ln_gamma};
use thiserror::Error;

use crate::risk::falling_root;
use crate::units::{LengthMismatch, real, same_length};

/// Largest variance of the factor of a year that is told: most years are then next to empty.
pub const YEAR_VARIANCE_MAX: f64 = 10.0;

/// Below this variance years are alike, as far as counts can tell.
const ALIKE: f64 = 1e-3;

/// Points on which the likelihood is tried first.
const TRIALS: usize = 25;

/// Counts of one phase of the season in past years.
#[derive(Debug, Clone, Copy)]
pub struct PastYears<'a> {
    /// Cell by cell, all years of the first cell, then all of the second. May be fractions.
    pub counts: &'a [f64],
    /// Length of the phase in each year, in any unit: a year cut short counts less.
    pub exposure: &'a [f64],
}

/// Counts from which nothing can be told of years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum YearsError {
    /// Not every cell has every year.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// A count negative or not finite, or above 0 in a year without exposure.
    #[error("count {index} of a phase must be finite, at least 0, and 0 where nothing was exposed")]
    Count {
        /// Position among the counts of its phase.
        index: usize,
    },
    /// An exposure negative or not finite.
    #[error("the exposure of year {index} must be finite and at least 0")]
    Exposure {
        /// Position among the years of its phase.
        index: usize,
    },
}

/// By how much the rate of a place differs from year to year beyond chance: the variance of a factor
/// with mean 1, common to all cells and phases. Dimensionless; its root is a coefficient of variation.
///
/// Counts of a cell in the years of a phase are Poisson with rates `theta_i g_iy e_y`, where
/// `g_iy ~ Gamma(k, k)`. Given the cell's sum `T_i` its rate `theta_i` no longer matters, and the counts
/// are Dirichlet-multinomial. With `a_y` the exposure relative to the mean over the `n` years, and the
/// size of a year's gamma law in proportion to it:
///
/// ```text
/// ln L(k) = sum_i [ ln G(n k) - ln G(n k + T_i) + sum_y ln G(k a_y + y_iy) - ln G(k a_y) ] + const
/// ```
///
/// The result is `1 / k` at the likeliest `k`. Being conditional it does not lose degrees of freedom to
/// the cells' rates, and no single cell outweighs the others, however much it counts. Tried on 25 points
/// evenly spaced in `ln k`, then by regula falsi on the slope.
///
/// Edge cases: `Some(0)` where years are as alike as chance makes them (below 0.001); at most
/// [`YEAR_VARIANCE_MAX`]. `None` where no cell has more than one report in a phase of two years or more:
/// nothing is known then, which is not the same as 0.
///
/// # Errors
/// See [`YearsError`].
///
/// # References
/// Mosimann 1962 for the law, [doi:10.1093/biomet/49.1-2.65](https://doi.org/10.1093/biomet/49.1-2.65);
/// Robinson & Smyth 2008 for a dispersion common to many small samples by conditional likelihood,
/// [doi:10.1093/biostatistics/kxm030](https://doi.org/10.1093/biostatistics/kxm030).
pub fn year_variance(phases: &[PastYears<'_>]) -> Result<Option<f64>, YearsError> {
    let mut cells = Vec::new();
    for phase in phases {
        cells.push(Telling::of(*phase)?);
    }
    cells.retain(|phase| !phase.rows.is_empty());
    if cells.is_empty() {
        return Ok(None);
    }
    let step = (YEAR_VARIANCE_MAX / ALIKE).ln() / real(TRIALS - 1);
    let trial = |j: usize| -YEAR_VARIANCE_MAX.ln() + step * real(j);
    let sum = |of: &dyn Fn(&Telling) -> f64| cells.iter().map(of).sum::<f64>();
    let height = |ln_k: f64| sum(&|phase| phase.log_likelihood(ln_k.exp()));
    let slope = |ln_k: f64| sum(&|phase| phase.slope(ln_k.exp()));
    let heights: Vec<f64> = (0..TRIALS).map(|j| height(trial(j))).collect();
    let last = TRIALS - 1;
    let best = (0..TRIALS)
        .max_by(|&i, &j| heights[i].total_cmp(&heights[j]))
        .unwrap_or(last);
    if best == last && slope(trial(last)) >= 0.0 {
        return Ok(Some(0.0));
    }
    if best == 0 && slope(trial(0)) <= 0.0 {
        return Ok(Some(YEAR_VARIANCE_MAX));
    }
    let (low, high) = (trial(best.saturating_sub(1)), trial((best + 1).min(last)));
    Ok(Some((-falling_root(slope, low, high)).exp()))
}

/// The cells of one phase that can tell years apart.
struct Telling {
    /// Exposure of each year relative to their mean; years without are left out.
    relative: Vec<f64>,
    /// Counts of each cell, of these years only.
    rows: Vec<Vec<f64>>,
}

impl Telling {
    fn of(phase: PastYears<'_>) -> Result<Self, YearsError> {
        let (counts, exposure) = (phase.counts, phase.exposure);
        let valid = |value: &f64| value.is_finite() && *value >= 0.0;
        if let Some(index) = exposure.iter().position(|value| !valid(value)) {
            return Err(YearsError::Exposure { index });
        }
        let n_years = exposure.len().max(1);
        same_length(counts.len() / n_years * n_years, counts.len())?;
        let possible = |index: usize| exposure.get(index % n_years).is_some_and(|&e| e > 0.0);
        let faulty = |(index, count): (usize, &f64)| {
            let impossible = !valid(count) || (*count > 0.0 && !possible(index));
            impossible.then_some(index)
        };
        if let Some(index) = counts.iter().enumerate().find_map(faulty) {
            return Err(YearsError::Count { index });
        }
        let years: Vec<usize> = (0..exposure.len()).filter(|&y| exposure[y] > 0.0).collect();
        let mean = years.iter().map(|&y| exposure[y]).sum::<f64>() / real(years.len());
        // One report lies in some year, whatever years are like.
        let tells = |row: &&[f64]| years.len() > 1 && row.iter().sum::<f64>() > 1.0;
        let rows = counts.chunks_exact(n_years).filter(tells);
        Ok(Self {
            rows: rows
                .map(|row| years.iter().map(|&y| row[y]).collect())
                .collect(),
            relative: years.iter().map(|&y| exposure[y] / mean).collect(),
        })
    }

    fn log_likelihood(&self, k: f64) -> f64 {
        let size = k * real(self.relative.len());
        let at_size = ln_gamma(size);
        let row = |counts: &Vec<f64>| {
            let total: f64 = counts.iter().sum();
            let some = counts.iter().zip(&self.relative).filter(|(y, _)| **y > 0.0);
            let year = |(y, a): (&f64, &f64)| ln_gamma(k * a + y) - ln_gamma(k * a);
            let split: f64 = some.map(year).sum();
            at_size - ln_gamma(size + total) + split
        };
        self.rows.iter().map(row).sum()
    }

    /// Derivative in `k`.
    fn slope(&self, k: f64) -> f64 {
        let n = real(self.relative.len());
        let at_size = digamma(n * k);
        let row = |counts: &Vec<f64>| {
            let total: f64 = counts.iter().sum();
            let some = counts.iter().zip(&self.relative).filter(|(y, _)| **y > 0.0);
            let year = |(y, a): (&f64, &f64)| a * (digamma(k * a + y) - digamma(k * a));
            let split: f64 = some.map(year).sum();
            split - n * (digamma(n * k + total) - at_size)
        };
        self.rows.iter().map(row).sum()
    }
}
