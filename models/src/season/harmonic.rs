use std::f64::consts::TAU;

use statrs::function::gamma::ln_gamma;
use thiserror::Error;

use super::normal_equations::NormalEquations;
use crate::units::{LengthMismatch, real, same_length};

/// Steps after which a fit is given up.
const MOST_STEPS: usize = 100;
/// Range of the logarithm of the fitted rate beyond which events are confined to a phase.
const WIDEST: f64 = 30.0;

/// Observations to which no season can be fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HarmonicError {
    /// Not one phase and one effort per count.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// A count negative or not finite.
    #[error("count {index} must be finite and at least 0")]
    Count {
        /// Its position.
        index: usize,
    },
    /// A phase not finite.
    #[error("phase {index} must be finite")]
    Phase {
        /// Its position.
        index: usize,
    },
    /// An effort negative or not finite, or 0 where something was counted.
    #[error("effort {index} must be finite, and above 0 where something was counted")]
    Effort {
        /// Its position.
        index: usize,
    },
    /// No event.
    #[error("there must be events")]
    NoEvent,
    /// Not more observations than coefficients, or phases too few to tell them apart.
    #[error("the phases do not determine {coefficients} coefficients")]
    Undetermined {
        /// Coefficients asked for.
        coefficients: usize,
    },
    /// Events confined to a phase: the likelihood rises for ever.
    #[error("events are confined to a part of the season, so that no harmonic fits best")]
    Confined,
}

/// A rate of events with a season in it.
#[derive(Debug, Clone, PartialEq)]
pub struct HarmonicFit {
    /// Logarithm of the rate per unit of effort, season apart.
    pub intercept: f64,
    /// Coefficients of `cos(2 pi k phase)` and `sin(2 pi k phase)` for `k` = 1, 2, ...
    pub waves: Vec<(f64, f64)>,
    /// Log-likelihood, in nats.
    pub log_likelihood: f64,
    /// Akaike's criterion.
    pub aic: f64,
    /// Pearson's chi-squared over its degrees of freedom: above 1 when events come in clusters.
    pub dispersion: f64,
    /// Observations less coefficients.
    pub residual_df: usize,
}

impl HarmonicFit {
    /// Rate per unit of effort at a phase.
    #[must_use]
    pub fn rate(&self, phase: f64) -> f64 {
        (self.intercept + self.wave(phase)).exp()
    }

    /// Rate at a phase relative to that of the intercept, dimensionless.
    #[must_use]
    pub fn relative(&self, phase: f64) -> f64 {
        self.wave(phase).exp()
    }

    fn wave(&self, phase: f64) -> f64 {
        let term = |(k, &(a, b)): (usize, &(f64, f64))| {
            let (sin, cos) = (TAU * real(k + 1) * phase).sin_cos();
            a * cos + b * sin
        };
        self.waves.iter().enumerate().map(term).sum()
    }
}

/// Poisson regression of counts on `harmonics` waves of the season, effort as offset.
///
/// ```text
/// y_t ~ Poisson(mu_t)   log mu_t = b0 + log effort_t + sum_k a_k cos(2 pi k phi_t) + b_k sin(2 pi k phi_t)
/// ```
///
/// - `counts`: events of each observation; may be fractions.
/// - `phase`: where in the season it lies, in turns: share of the year, or of a season that moves.
/// - `effort`: how much was looked, in any unit. Observations with effort 0 are left out.
///
/// Iteratively reweighted least squares (Nelder & Wedderburn 1972), a step halved while it loses
/// likelihood. Same input, same digits.
///
/// # Errors
/// Lengths differ; a number that cannot be; no event; observations too few; events confined to a
/// part of the season.
///
/// # References
/// [doi:10.2307/2344614](https://doi.org/10.2307/2344614); Stolwijk, Straatman & Zielhuis 1999,
/// [doi:10.1136/jech.53.4.235](https://doi.org/10.1136/jech.53.4.235).
pub fn harmonic_poisson(
    counts: &[f64],
    phase: &[f64],
    effort: &[f64],
    harmonics: usize,
) -> Result<HarmonicFit, HarmonicError> {
    let data = Data::new(counts, phase, effort, harmonics)?;
    let mut beta = vec![0.0; data.width];
    beta[0] = (data.counts.iter().sum::<f64>() / data.effort.iter().sum::<f64>()).ln();
    let mut likelihood = data.log_likelihood(&beta);
    for _ in 0..MOST_STEPS {
        let mut step = data.step(&beta)?;
        let size = step.iter().map(|s| s.abs()).fold(0.0, f64::max);
        let (next, reached) = loop {
            let next: Vec<f64> = beta.iter().zip(&step).map(|(b, s)| b + s).collect();
            let reached = data.log_likelihood(&next);
            if reached >= likelihood - 1e-12 * likelihood.abs() {
                break (next, reached);
            }
            if step.iter().all(|s| s.abs() < 1e-14) {
                break (beta.clone(), likelihood);
            }
            step = step.iter().map(|s| s / 2.0).collect();
        };
        (beta, likelihood) = (next, reached);
        if data.range(&beta) > WIDEST {
            return Err(HarmonicError::Confined);
        }
        if size < 1e-10 {
            return Ok(data.fit(&beta, likelihood));
        }
    }
    Err(HarmonicError::Confined)
}

/// The observations with effort, and the waves at their phases row by row.
struct Data {
    counts: Vec<f64>,
    effort: Vec<f64>,
    rows: Vec<f64>,
    width: usize,
}

impl Data {
    fn new(
        counts: &[f64],
        phase: &[f64],
        effort: &[f64],
        harmonics: usize,
    ) -> Result<Self, HarmonicError> {
        same_length(counts.len(), phase.len())?;
        same_length(counts.len(), effort.len())?;
        let width = 1 + 2 * harmonics;
        let mut data = Self {
            counts: Vec::new(),
            effort: Vec::new(),
            rows: Vec::new(),
            width,
        };
        for (index, ((&count, &phase), &effort)) in counts.iter().zip(phase).zip(effort).enumerate()
        {
            check(index, count, phase, effort)?;
            if effort > 0.0 {
                data.counts.push(count);
                data.effort.push(effort);
                data.rows.push(1.0);
                for k in 1..=harmonics {
                    let (sin, cos) = (TAU * real(k) * phase).sin_cos();
                    data.rows.extend([cos, sin]);
                }
            }
        }
        if data.counts.iter().sum::<f64>() <= 0.0 {
            return Err(HarmonicError::NoEvent);
        }
        if data.counts.len() <= width {
            return Err(HarmonicError::Undetermined {
                coefficients: width,
            });
        }
        Ok(data)
    }

    /// Count, row and fitted mean of each observation.
    fn observations<'a>(
        &'a self,
        beta: &'a [f64],
    ) -> impl Iterator<Item = (f64, &'a [f64], f64)> + 'a {
        let rows = self.rows.chunks_exact(self.width);
        self.counts
            .iter()
            .zip(rows)
            .zip(&self.effort)
            .map(move |((&count, row), &effort)| (count, row, effort * linear(row, beta).exp()))
    }

    /// The Newton step, which for a log link is that of reweighted least squares.
    fn step(&self, beta: &[f64]) -> Result<Vec<f64>, HarmonicError> {
        let mut equations = NormalEquations::new(self.width);
        for (count, row, mean) in self.observations(beta) {
            equations.add(row, mean, count - mean);
        }
        equations.solve().ok_or(HarmonicError::Undetermined {
            coefficients: self.width,
        })
    }

    fn log_likelihood(&self, beta: &[f64]) -> f64 {
        let term = |(count, _, mean): (f64, &[f64], f64)| {
            let gain = if count > 0.0 { count * mean.ln() } else { 0.0 };
            gain - mean - ln_gamma(count + 1.0)
        };
        self.observations(beta).map(term).sum()
    }

    /// Between the lowest and the highest logarithm of the rate.
    fn range(&self, beta: &[f64]) -> f64 {
        let logs = self
            .rows
            .chunks_exact(self.width)
            .map(|row| linear(row, beta));
        let (low, high) = logs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), log| {
            (low.min(log), high.max(log))
        });
        high - low
    }

    fn fit(&self, beta: &[f64], log_likelihood: f64) -> HarmonicFit {
        let pearson: f64 = self
            .observations(beta)
            .map(|(count, _, mean)| (count - mean).powi(2) / mean)
            .sum();
        let residual_df = self.counts.len() - self.width;
        HarmonicFit {
            intercept: beta[0],
            waves: beta[1..].chunks_exact(2).map(|w| (w[0], w[1])).collect(),
            log_likelihood,
            aic: 2.0 * (real(self.width) - log_likelihood),
            dispersion: pearson / real(residual_df),
            residual_df,
        }
    }
}

fn linear(row: &[f64], beta: &[f64]) -> f64 {
    row.iter().zip(beta).map(|(x, b)| x * b).sum()
}

fn check(index: usize, count: f64, phase: f64, effort: f64) -> Result<(), HarmonicError> {
    if !(count.is_finite() && count >= 0.0) {
        return Err(HarmonicError::Count { index });
    }
    if !phase.is_finite() {
        return Err(HarmonicError::Phase { index });
    }
    if effort.is_finite() && (effort > 0.0 || (effort >= 0.0 && count <= 0.0)) {
        Ok(())
    } else {
        Err(HarmonicError::Effort { index })
    }
}
