use statrs::function::gamma::gamma_ur;
use thiserror::Error;

use super::fit::{FitError, Fitted, fit};
use super::{ObservationError, check, quantile};

/// Distribution of relative risk over cells before a cell's own count is seen:
/// `theta ~ Gamma(shape a, rate b)`, mean `a / b`, variance `a / b^2`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaPrior {
    shape: f64,
    rate: f64,
}

/// Distribution of one cell's relative risk after its count is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaPosterior {
    shape: f64,
    rate: f64,
}

/// Numbers that are no gamma distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidPrior {
    /// Shape zero, below zero or not finite.
    #[error("the shape of a gamma prior must be finite and above 0")]
    Shape,
    /// Rate zero, below zero or not finite.
    #[error("the rate of a gamma prior must be finite and above 0")]
    Rate,
}

impl GammaPrior {
    /// A prior chosen rather than fitted.
    ///
    /// # Errors
    /// Shape or rate not finite or not above zero.
    pub fn new(shape: f64, rate: f64) -> Result<Self, InvalidPrior> {
        let valid = |value: f64| value.is_finite() && value > 0.0;
        match (valid(shape), valid(rate)) {
            (false, _) => Err(InvalidPrior::Shape),
            (_, false) => Err(InvalidPrior::Rate),
            _ => Ok(Self { shape, rate }),
        }
    }

    /// The prior under which the counts are likeliest (Clayton & Kaldor 1987).
    ///
    /// With `y_i ~ Poisson(theta_i E_i)` the counts are negative binomial with size `a` and
    /// `p = b / (b + E_i)`:
    ///
    /// ```text
    /// log L = sum_i [ ln G(a + y_i) - ln G(a) - ln G(y_i + 1)
    ///                 + a ln(b / (b + E_i)) + y_i ln(E_i / (b + E_i)) ]
    /// ```
    ///
    /// `counts` may be fractions, as when a record is spread over several cells; `ln G` carries
    /// the formula over. `a` is kept within [`SHAPE_MIN`](super::SHAPE_MIN) and
    /// [`SHAPE_MAX`](super::SHAPE_MAX); [`Fitted::limit`] says when it got there, and at the upper
    /// end the cells show no detectable variation. Cells with expected 0 say nothing and are left
    /// out.
    ///
    /// For every `a` the score in `b` falls from above zero to below it, so its one root is found
    /// by Newton steps; `a` is found on 21 points, evenly spaced in `ln a`, and then by regula
    /// falsi (Illinois) in the bracket of the best. Same input, same digits.
    ///
    /// # Errors
    /// Lengths differ; a count or expectation negative or not finite; a count above 0 at expected
    /// 0; no expectation above 0; no count above 0.
    ///
    /// # References
    /// [doi:10.2307/2532003](https://doi.org/10.2307/2532003).
    pub fn fit(counts: &[f64], expected: &[f64]) -> Result<Fitted, FitError> {
        fit(counts, expected)
    }

    /// Shape `a`, dimensionless.
    #[must_use]
    pub const fn shape(self) -> f64 {
        self.shape
    }

    /// Rate `b`, in expected counts.
    #[must_use]
    pub const fn rate(self) -> f64 {
        self.rate
    }

    /// Mean relative risk over cells, `a / b`.
    #[must_use]
    pub fn mean(self) -> f64 {
        self.shape / self.rate
    }

    /// What is known of a cell once `count` was seen where `expected` was: `Gamma(a + y, b + E)`.
    /// With `expected` 0 it is the prior.
    ///
    /// # Errors
    /// A count or expectation negative or not finite; a count above 0 at expected 0.
    ///
    /// ```
    /// use forewarn_models::risk::GammaPrior;
    /// let risk = GammaPrior::new(2.0, 2.0)?.posterior(3.0, 1.0)?;
    /// assert_eq!((risk.shape(), risk.rate()), (5.0, 3.0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn posterior(self, count: f64, expected: f64) -> Result<GammaPosterior, ObservationError> {
        check(count, expected)?;
        Ok(GammaPosterior {
            shape: self.shape + count,
            rate: self.rate + expected,
        })
    }
}

impl GammaPosterior {
    /// Shape, dimensionless.
    #[must_use]
    pub const fn shape(self) -> f64 {
        self.shape
    }

    /// Rate, in expected counts.
    #[must_use]
    pub const fn rate(self) -> f64 {
        self.rate
    }

    /// Expected relative risk.
    #[must_use]
    pub fn mean(self) -> f64 {
        self.shape / self.rate
    }

    /// Variance of the relative risk.
    #[must_use]
    pub fn variance(self) -> f64 {
        self.mean() / self.rate
    }

    /// The relative risk below which the cell lies with probability `p`. `None` unless
    /// `0 < p < 1`.
    #[must_use]
    pub fn quantile(self, p: f64) -> Option<f64> {
        (p > 0.0 && p < 1.0).then(|| quantile::standard_gamma(self.shape, p) / self.rate)
    }

    /// Probability that the relative risk is above `x`. `None` when `x` is not a number.
    #[must_use]
    pub fn p_above(self, x: f64) -> Option<f64> {
        let scaled = x * self.rate;
        if scaled.is_nan() {
            None
        } else if scaled <= 0.0 {
            Some(1.0)
        } else if scaled.is_infinite() {
            Some(0.0)
        } else {
            Some(gamma_ur(self.shape, scaled))
        }
    }

    /// Mean of the next count, given its expectation `exposure` at relative risk 1. `None` when
    /// `exposure` is negative or not finite.
    #[must_use]
    pub fn predictive_mean(self, exposure: f64) -> Option<f64> {
        (exposure.is_finite() && exposure >= 0.0).then(|| exposure * self.mean())
    }

    /// Variance of the next count: Poisson noise plus what is unknown of the risk,
    /// `E mean + E^2 variance`. `None` as for [`predictive_mean`](Self::predictive_mean).
    #[must_use]
    pub fn predictive_variance(self, exposure: f64) -> Option<f64> {
        self.predictive_mean(exposure)
            .map(|mean| mean + exposure * exposure * self.variance())
    }
}
