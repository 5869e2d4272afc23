use statrs::function::gamma::{digamma, ln_gamma};
use thiserror::Error;

use super::poisson_gamma::GammaPrior;
use super::{ObservationError, check};
use crate::units::{LengthMismatch, real, same_length};

/// Smallest shape a fit may give.
pub const SHAPE_MIN: f64 = 0.1;
/// Largest shape a fit may give.
pub const SHAPE_MAX: f64 = 100.0;

/// Points on which the profile likelihood is tried first.
const TRIALS: usize = 21;

/// A prior and how it was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fitted {
    /// The likeliest prior within the bounds.
    pub prior: GammaPrior,
    /// Whether a bound decided.
    pub limit: ShapeLimit,
    /// Log-likelihood at the prior, in nats.
    pub log_likelihood: f64,
}

/// Where the likeliest shape lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShapeLimit {
    /// Between the bounds.
    Within,
    /// At [`SHAPE_MIN`]: risk is concentrated in very few cells.
    Lowest,
    /// At [`SHAPE_MAX`]: no detectable variation between cells.
    Highest,
}

/// Why no smoothing is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FitError {
    /// Not one expectation per count.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// A faulty pair.
    #[error("cell {index}: {fault}")]
    Observation {
        /// Position of the cell.
        index: usize,
        /// What is wrong with it.
        fault: ObservationError,
    },
    /// Nothing was expected anywhere.
    #[error("no cell has an expected count above 0")]
    NoExpected,
    /// Nothing was counted anywhere.
    #[error("no cell has a count above 0")]
    NoCount,
}

/// The pairs that can speak, as (count, expected).
pub(super) fn pairs(counts: &[f64], expected: &[f64]) -> Result<Vec<(f64, f64)>, FitError> {
    same_length(counts.len(), expected.len())?;
    let mut kept = Vec::with_capacity(counts.len());
    for (index, (&y, &e)) in counts.iter().zip(expected).enumerate() {
        check(y, e).map_err(|fault| FitError::Observation { index, fault })?;
        if e > 0.0 {
            kept.push((y, e));
        }
    }
    if kept.is_empty() {
        Err(FitError::NoExpected)
    } else {
        Ok(kept)
    }
}

pub(super) fn fit(counts: &[f64], expected: &[f64]) -> Result<Fitted, FitError> {
    let pairs = pairs(counts, expected)?;
    let total: f64 = counts.iter().sum();
    if total <= 0.0 {
        return Err(FitError::NoCount);
    }
    let profile = Profile {
        ratio: expected.iter().sum::<f64>() / total,
        pairs,
    };
    let (shape, limit) = profile.likeliest_shape();
    let rate = profile.rate(shape);
    let prior = GammaPrior::new(shape, rate).expect("the root of the score is above zero");
    Ok(Fitted {
        prior,
        limit,
        log_likelihood: profile.log_likelihood(shape, rate),
    })
}

/// The likelihood of the shape, the rate always being the best for it.
struct Profile {
    pairs: Vec<(f64, f64)>,
    /// Rate per unit of shape at which the overall mean fits.
    ratio: f64,
}

impl Profile {
    fn likeliest_shape(&self) -> (f64, ShapeLimit) {
        let step = (SHAPE_MAX / SHAPE_MIN).ln() / real(TRIALS - 1);
        let trial = |k: usize| SHAPE_MIN * (step * real(k)).exp();
        let height = |k: usize| self.log_likelihood(trial(k), self.rate(trial(k)));
        let heights: Vec<f64> = (0..TRIALS).map(height).collect();
        let last = TRIALS - 1;
        let best = (0..TRIALS).max_by(|&j, &k| heights[j].total_cmp(&heights[k]));
        let best = best.expect("there are trials");
        if best == 0 && self.slope(SHAPE_MIN) <= 0.0 {
            return (SHAPE_MIN, ShapeLimit::Lowest);
        }
        if best == last && self.slope(SHAPE_MAX) >= 0.0 {
            return (SHAPE_MAX, ShapeLimit::Highest);
        }
        let (low, high) = (trial(best.saturating_sub(1)), trial((best + 1).min(last)));
        let ln_shape = falling_root(|ln_shape| self.slope(ln_shape.exp()), low.ln(), high.ln());
        (ln_shape.exp(), ShapeLimit::Within)
    }

    /// Root in `b` of `sum (a E - y b) / (b + E)`, which is convex and falls: a Newton step from
    /// the left stays left, one from the right lands left.
    fn rate(&self, shape: f64) -> f64 {
        let mut rate = shape * self.ratio;
        for _ in 0..200 {
            let (value, slope) = self
                .pairs
                .iter()
                .fold((0.0, 0.0), |(value, slope), &(y, e)| {
                    let sum = rate + e;
                    (
                        value + (shape * e - y * rate) / sum,
                        slope + e * (y + shape) / (sum * sum),
                    )
                });
            let next = rate + value / slope;
            let next = if next > 0.0 { next } else { rate / 2.0 };
            let settled = (next - rate).abs() <= 1e-15 * rate;
            rate = next;
            if settled {
                break;
            }
        }
        rate
    }

    /// Derivative in the shape; that in the rate is zero along the profile.
    fn slope(&self, shape: f64) -> f64 {
        let rate = self.rate(shape);
        let at_shape = digamma(shape);
        let term = |&(y, e): &(f64, f64)| {
            let gain = if y > 0.0 {
                digamma(shape + y) - at_shape
            } else {
                0.0
            };
            gain - (e / rate).ln_1p()
        };
        self.pairs.iter().map(term).sum()
    }

    fn log_likelihood(&self, shape: f64, rate: f64) -> f64 {
        let at_shape = ln_gamma(shape);
        let term = |&(y, e): &(f64, f64)| {
            let zero = -shape * (e / rate).ln_1p();
            if y > 0.0 {
                zero + ln_gamma(shape + y) - at_shape - ln_gamma(y + 1.0)
                    + y * (e / (rate + e)).ln()
            } else {
                zero
            }
        };
        self.pairs.iter().map(term).sum()
    }
}

/// Where a function that falls through zero between `low` and `high` does so: regula falsi, the end
/// that stays put halved (Illinois), so that both ends close in.
pub(crate) fn falling_root(value: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let (mut above, mut below) = (value(low), value(high));
    let mut last_moved_low = None;
    for _ in 0..60 {
        if high - low <= 1e-13 || above <= 0.0 || below >= 0.0 {
            break;
        }
        let middle = low + (high - low) * above / (above - below);
        let at_middle = value(middle);
        let moves_low = at_middle > 0.0;
        if moves_low {
            (low, above) = (middle, at_middle);
            below /= if last_moved_low == Some(true) {
                2.0
            } else {
                1.0
            };
        } else {
            (high, below) = (middle, at_middle);
            above /= if last_moved_low == Some(false) {
                2.0
            } else {
                1.0
            };
        }
        last_moved_low = Some(moves_low);
    }
    if above <= 0.0 {
        low
    } else if below >= 0.0 {
        high
    } else {
        f64::midpoint(low, high)
    }
}
