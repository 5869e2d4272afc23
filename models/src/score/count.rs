use statrs::function::gamma::ln_gamma;
use thiserror::Error;

/// Largest mean, and largest mean over size, of a law: sums over counts stay within minutes.
const LARGEST: f64 = 1e6;
/// What the probabilities of a table may lack or exceed in sum.
const TABLE_SUM: f64 = 1e-9;
/// Probability beyond which a sum over counts leaves off.
const TAIL: f64 = 1e-13;

/// What a forecast says about a count: its whole distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct CountLaw(Law);

#[derive(Debug, Clone, PartialEq)]
enum Law {
    Poisson { mean: f64 },
    NegativeBinomial { mean: f64, size: f64 },
    Table(Vec<f64>),
}

/// Numbers that are no distribution of counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidLaw {
    /// A mean below zero, above 10^6 or not finite.
    #[error("a mean must be 0..=1000000")]
    Mean,
    /// A size not above zero, or below a millionth of the mean.
    #[error("a size must be finite, above 0 and at least a millionth of the mean")]
    Size,
    /// A probability outside 0..=1.
    #[error("probability {index} must be 0..=1")]
    Probability {
        /// Its position.
        index: usize,
    },
    /// Probabilities that do not sum to 1.
    #[error("probabilities must sum to 1 within 1e-9")]
    Sum,
}

impl CountLaw {
    /// Counts that come independently, `mean` of them on average.
    ///
    /// # Errors
    /// A mean outside 0..=10^6.
    pub fn poisson(mean: f64) -> Result<Self, InvalidLaw> {
        check_mean(mean)?;
        Ok(Self(Law::Poisson { mean }))
    }

    /// Counts with variance `mean + mean^2 / size`.
    ///
    /// # Errors
    /// A mean outside 0..=10^6; a size not above 0 or below a millionth of the mean.
    pub fn negative_binomial(mean: f64, size: f64) -> Result<Self, InvalidLaw> {
        check_mean(mean)?;
        if size.is_finite() && size > 0.0 && mean <= LARGEST * size {
            Ok(Self(Law::NegativeBinomial { mean, size }))
        } else {
            Err(InvalidLaw::Size)
        }
    }

    /// Probabilities of 0, 1, 2, ...; counts beyond the table are held impossible.
    ///
    /// # Errors
    /// A probability outside 0..=1; a sum that differs from 1 by more than 1e-9.
    pub fn table(probabilities: &[f64]) -> Result<Self, InvalidLaw> {
        if let Some(index) = probabilities.iter().position(|p| !(0.0..=1.0).contains(p)) {
            return Err(InvalidLaw::Probability { index });
        }
        if (probabilities.iter().sum::<f64>() - 1.0).abs() > TABLE_SUM {
            return Err(InvalidLaw::Sum);
        }
        Ok(Self(Law::Table(probabilities.to_vec())))
    }

    /// Probability of exactly `y`.
    #[must_use]
    pub fn probability(&self, y: u32) -> f64 {
        self.ln_probability(y).exp()
    }

    /// Probability of at most `y`, the sum of those of 0..=y.
    #[must_use]
    pub fn cumulative(&self, y: u32) -> f64 {
        let sum: f64 = (0..=y).map(|k| self.probability(k)).sum();
        sum.min(1.0)
    }

    /// Logarithmic score in nats, `-ln P(y)`; infinite when `y` was held impossible.
    #[must_use]
    pub fn log_score(&self, y: u32) -> f64 {
        -self.ln_probability(y)
    }

    /// Continuous ranked probability score of a count, in counts (Czado, Gneiting & Held 2009).
    ///
    /// ```text
    /// sum_{k >= from} ( F(k) - 1{y <= k} )^2
    /// ```
    ///
    /// `from` 0 is the score itself; a higher one counts only what lies at or above it, the
    /// threshold-weighted score of Gneiting & Ranjan 2011. The sum ends where less than 1e-13 of
    /// the probability is left.
    ///
    /// # References
    /// [doi:10.1111/j.1541-0420.2009.01191.x](https://doi.org/10.1111/j.1541-0420.2009.01191.x),
    /// [doi:10.1198/jbes.2010.08110](https://doi.org/10.1198/jbes.2010.08110).
    ///
    /// ```
    /// use forewarn_models::score::CountLaw;
    /// // Half on 0, half on 1: F(0) = 1/2, and 0 came.
    /// let law = CountLaw::table(&[0.5, 0.5])?;
    /// assert_eq!(law.crps(0, 0), 0.25);
    /// # Ok::<(), forewarn_models::score::InvalidLaw>(())
    /// ```
    #[must_use]
    pub fn crps(&self, y: u32, from: u32) -> f64 {
        let (mut below, mut score) = (0.0, 0.0);
        for k in 0_u32.. {
            let p = self.probability(k);
            below = f64::min(below + p, 1.0);
            let error = if y <= k { 1.0 - below } else { below };
            if k >= from {
                score += error * error;
            }
            if k >= y && self.tail_bound(k, p) < TAIL {
                break;
            }
        }
        score
    }

    fn ln_probability(&self, y: u32) -> f64 {
        let k = f64::from(y);
        match &self.0 {
            Law::Table(p) => p.get(y as usize).copied().unwrap_or(0.0).ln(),
            Law::Poisson { mean } if y == 0 => -mean,
            Law::Poisson { mean } => k * mean.ln() - mean - ln_gamma(k + 1.0),
            Law::NegativeBinomial { mean, size } => {
                let none = -size * (mean / size).ln_1p();
                if y == 0 {
                    return none;
                }
                let ways = ln_gamma(k + size) - ln_gamma(*size) - ln_gamma(k + 1.0);
                none + ways + k * (mean / (mean + size)).ln()
            }
        }
    }

    /// Not less than the probability above `k`, given that of `k`: a geometric series whose ratio
    /// is at least that of the terms to come. Infinite before the terms fall.
    fn tail_bound(&self, k: u32, p: f64) -> f64 {
        let next = f64::from(k) + 1.0;
        let ratio = match &self.0 {
            Law::Table(table) if next < crate::units::real(table.len()) => return f64::INFINITY,
            Law::Table(_) => return 0.0,
            Law::Poisson { mean } => mean / next,
            Law::NegativeBinomial { mean, size } => {
                let limit = mean / (mean + size);
                limit * f64::max(1.0, (next - 1.0 + size) / next)
            }
        };
        if ratio < 1.0 {
            p * ratio / (1.0 - ratio)
        } else {
            f64::INFINITY
        }
    }
}

fn check_mean(mean: f64) -> Result<(), InvalidLaw> {
    if (0.0..=LARGEST).contains(&mean) {
        Ok(())
    } else {
        Err(InvalidLaw::Mean)
    }
}
