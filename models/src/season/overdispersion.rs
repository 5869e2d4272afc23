use statrs::function::erf::erfc;
use statrs::function::gamma::{digamma, ln_gamma};
use thiserror::Error;

use crate::risk::falling_root;
use crate::units::{LengthMismatch, real, same_length};

/// Sizes between which the likeliest is sought.
const SIZES: (f64, f64) = (1e-3, 1e5);

/// Whether counts spread more than independent ones with these means would.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overdispersion {
    /// Pearson's chi-squared over its degrees of freedom; `None` without any.
    pub pearson: Option<f64>,
    /// Dean's score statistic, standard normal for Poisson counts.
    pub z: f64,
    /// Probability of a statistic at least as large for Poisson counts: one-sided, since counts
    /// that spread less are as well described by a Poisson law.
    pub p: f64,
    /// The likeliest size `r` of a negative binomial law with these means and the variance
    /// `mean + mean^2 / r`; `None` where the counts spread no more than Poisson counts.
    pub size: Option<f64>,
}

/// Counts whose spread cannot be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OverdispersionError {
    /// Not one mean per count.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// A pair that cannot be: a count negative or not finite, or a mean not finite or not above 0.
    #[error("pair {index} must be finite, its count at least 0 and its mean above 0")]
    Pair {
        /// Its position.
        index: usize,
    },
    /// No pair.
    #[error("there must be counts")]
    Empty,
}

/// Overdispersion of counts about means that cost `coefficients` to fit.
///
/// ```text
/// Pearson   sum (y - m)^2 / m / (n - coefficients)
/// z         sum ((y - m)^2 - y) / sqrt(2 sum m^2)      against Var y = m + m^2 / r
/// r         maximum likelihood at fixed means
/// ```
///
/// With means far below 1 Pearson's ratio has heavy tails and says little; the score statistic is
/// weighted by the means and keeps its level better. Counts may be fractions.
///
/// # Errors
/// Lengths differ; no pair; a pair that cannot be.
///
/// # References
/// Dean 1992, [doi:10.1080/01621459.1992.10475225](https://doi.org/10.1080/01621459.1992.10475225)
/// (statistic `P_B`).
pub fn overdispersion(
    counts: &[f64],
    means: &[f64],
    coefficients: usize,
) -> Result<Overdispersion, OverdispersionError> {
    same_length(counts.len(), means.len())?;
    if counts.is_empty() {
        return Err(OverdispersionError::Empty);
    }
    let mut pairs = counts.iter().zip(means);
    let valid = |(y, m): (&f64, &f64)| y.is_finite() && *y >= 0.0 && m.is_finite() && *m > 0.0;
    if let Some(index) = pairs.position(|pair| !valid(pair)) {
        return Err(OverdispersionError::Pair { index });
    }
    let (mut pearson, mut excess, mut squares) = (0.0, 0.0, 0.0);
    for (y, m) in counts.iter().zip(means) {
        let square = (y - m).powi(2);
        pearson += square / m;
        excess += square - y;
        squares += m * m;
    }
    let z = excess / (2.0 * squares).sqrt();
    let free = counts.len().checked_sub(coefficients).filter(|&df| df > 0);
    Ok(Overdispersion {
        pearson: free.map(|df| pearson / real(df)),
        z,
        p: erfc(z / std::f64::consts::SQRT_2) / 2.0,
        size: if excess > 0.0 {
            size(counts, means)
        } else {
            None
        },
    })
}

/// Root in `ln r` of the likelihood's derivative.
fn size(counts: &[f64], means: &[f64]) -> Option<f64> {
    let slope = |ln_size: f64| {
        let r = ln_size.exp();
        let at_size = digamma(r);
        let term = |(&y, &m): (&f64, &f64)| {
            let gain = if y > 0.0 {
                digamma(r + y) - at_size
            } else {
                0.0
            };
            gain - (m / r).ln_1p() + (m - y) / (r + m)
        };
        r * counts.iter().zip(means).map(term).sum::<f64>()
    };
    let (low, high) = (SIZES.0.ln(), SIZES.1.ln());
    // Far out, where the law is nearly Poisson's, the derivative is lost in its last digits: the
    // bracket is sought from below.
    let steps = (0..).map(|k: u8| (low + f64::from(k), low + f64::from(k) + 1.0));
    let mut brackets = steps.take_while(|&(from, _)| from < high);
    let (from, to) = brackets.find(|&(_, to)| slope(to) < 0.0)?;
    Some(falling_root(slope, from, to).exp())
}

/// Logarithm of the probability of a count under a negative binomial law, or, without a size, a
/// Poisson law. Counts may be fractions.
pub(super) fn ln_probability(count: f64, mean: f64, size: Option<f64>) -> f64 {
    ln_kernel(count, mean, size) + ln_constant(count, size)
}

/// The part of it that depends on the mean.
pub(super) fn ln_kernel(count: f64, mean: f64, size: Option<f64>) -> f64 {
    let none = size.map_or(-mean, |r| -r * (mean / r).ln_1p());
    if count > 0.0 {
        none + count * size.map_or(mean, |r| mean / (r + mean)).ln()
    } else {
        none
    }
}

/// The part that does not.
pub(super) fn ln_constant(count: f64, size: Option<f64>) -> f64 {
    if count > 0.0 {
        size.map_or(0.0, |r| ln_gamma(r + count) - ln_gamma(r)) - ln_gamma(count + 1.0)
    } else {
        0.0
    }
}
