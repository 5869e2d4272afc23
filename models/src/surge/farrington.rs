use thiserror::Error;

use super::exceedance;
use super::log_linear::{LogLinear, Past};
use crate::units::{LengthMismatch, real, same_length};

mod params;

use params::WINDOW;
pub use params::{FarringtonParams, InvalidFarrington};

/// Checked parameters of Farrington's method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Farrington(FarringtonParams);

/// What was to be expected of a count, and what is to be thought of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Excess {
    /// Count to be expected.
    pub mean: f64,
    /// Variance over mean of the past, at least 1.
    pub dispersion: f64,
    /// Highest count that is not yet remarkable.
    pub threshold: f64,
    /// `(y - mean) / (threshold - mean)`: above 1 is an alarm. `None` where the threshold is not
    /// above the mean.
    pub score: Option<f64>,
    /// P(Y >= y).
    pub p: f64,
    /// Growth of the logarithm of the mean per step, where a trend was believed.
    pub slope: Option<f64>,
    /// Past steps that spoke.
    pub past: usize,
}

/// Why a count could not be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FarringtonError {
    /// Not one mark per count.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// A count negative or not finite.
    #[error("count {index} must be finite and at least 0")]
    Count {
        /// Its position.
        index: usize,
    },
    /// No step of that number, or an unknown count there.
    #[error("step {step} is not observed")]
    NotObserved {
        /// The step asked for.
        step: usize,
    },
    /// A past shorter than what is to be looked back at.
    #[error("needs {needed} steps before the one judged, has {got}")]
    SeriesTooShort {
        /// Steps that the oldest window reaches back.
        needed: usize,
        /// Steps there are.
        got: usize,
    },
    /// Too few of the reference steps are known, or none has a count above 0.
    #[error("the {known} known reference steps, {events} of them with events, fit no rate")]
    NoRate {
        /// Reference steps that were observed.
        known: usize,
        /// Those with a count above 0.
        events: usize,
    },
}

impl Farrington {
    /// Whether the count of one step is higher than the same season of past years leads one to
    /// expect (Farrington et al. 1996; Noufaily et al. 2013).
    ///
    /// ```text
    /// past:       steps t - j period - w ..= t - j period + w, j = 0..=b, but none of the last
    /// model:      E y_s = exp(alpha + gamma_c(s) + beta s)   Var y_s = phi E y_s   phi at least 1
    /// residuals:  r_s = 3/2 (y^(2/3) mu^(-1/6) - mu^(1/2)) / sqrt(phi (1 - h_s))
    /// weights:    1 / r_s^2 where r_s is above its limit, else 1; their mean 1; then fitted anew
    /// threshold:  the 1 - alpha quantile of the negative binomial with mean mu_t, variance phi mu_t
    /// score:      (y_t - mu_t) / (threshold - mu_t)
    /// ```
    ///
    /// The trend `beta` stays where its t-test is below `trend_p`, at least three years are looked
    /// at, and what it expects is no more than the past ever saw; else the model is fitted without.
    /// With `phi` 1 the law is Poisson.
    ///
    /// With one season level `gamma` is 0. With `L` levels the past holds all steps from the oldest window
    /// on: the windows are one level, and the steps between two of them are cut into `L - 1` parts, the
    /// first ones longer by one where they do not divide (Noufaily et al. 2013 take 10). Most of the past
    /// then speaks of trend and dispersion, and the windows of the level. A part without events is
    /// expected to have none.
    ///
    /// The threshold is by plugging in; that the mean is an
    /// estimate does not widen it.
    ///
    /// - `counts`, `observed`: a series; what is not observed is left out.
    /// - `step`: which count to judge.
    ///
    /// Whether a few events are worth an alarm, however rare, is for who reads the score.
    ///
    /// # Errors
    /// Lengths differ; a count negative or not finite; nothing observed at the step; a past too
    /// short; windows without events, or fewer known steps than coefficients.
    ///
    /// # References
    /// [doi:10.2307/2983331](https://doi.org/10.2307/2983331),
    /// [doi:10.1002/sim.5595](https://doi.org/10.1002/sim.5595).
    ///
    /// ```
    /// use forewarn_models::surge::FarringtonParams;
    /// let watch = FarringtonParams {
    ///     period: 4,
    ///     years_back: 3,
    ///     half_window: 0,
    ///     season_levels: 1,
    ///     steps_left_out: 0,
    ///     reweight_above: None,
    ///     trend_p: None,
    ///     alpha: 0.05,
    /// }
    /// .check()?;
    /// // The same quarter of three past years: 1, 2, 3. Poisson(2): P(Y <= 4) = 0.947, of 5 0.983.
    /// let counts = [1.0, 9.0, 0.0, 7.0, 2.0, 8.0, 0.0, 9.0, 3.0, 9.0, 1.0, 8.0, 8.0];
    /// let excess = watch.judge(&counts, &[true; 13], 12)?;
    /// assert!((excess.mean - 2.0).abs() < 1e-9 && excess.threshold == 5.0);
    /// assert!((excess.score.ok_or("none")? - 2.0).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn judge(
        self,
        counts: &[f64],
        observed: &[bool],
        step: usize,
    ) -> Result<Excess, FarringtonError> {
        let past = self.past(counts, observed, step)?;
        let fit = self.fit(&past, step)?;
        let mean = fit.at(real(step), WINDOW);
        let variance = fit.dispersion() * mean;
        let threshold = quantile(self.0.alpha, mean, variance);
        let room = threshold - mean;
        Ok(Excess {
            mean,
            dispersion: fit.dispersion(),
            threshold,
            score: (room > 0.0).then(|| (counts[step] - mean) / room),
            p: exceedance(counts[step], mean, variance).unwrap_or(0.0),
            slope: fit.slope,
            past: past.len(),
        })
    }

    /// The reference steps, oldest first.
    fn past(
        self,
        counts: &[f64],
        observed: &[bool],
        step: usize,
    ) -> Result<Vec<Past>, FarringtonError> {
        same_length(counts.len(), observed.len())?;
        if observed.get(step) != Some(&true) {
            return Err(FarringtonError::NotObserved { step });
        }
        let valid = |count: f64| count.is_finite() && count >= 0.0;
        let faulty = |(&count, &seen): (&f64, &bool)| seen && !valid(count);
        if let Some(index) = counts.iter().zip(observed).position(faulty) {
            return Err(FarringtonError::Count { index });
        }
        let Self(params) = self;
        let needed = params.years_back * params.period + params.half_window;
        if step < needed {
            return Err(FarringtonError::SeriesTooShort { needed, got: step });
        }
        let end = step.saturating_sub(params.steps_left_out);
        let speaks = |&past: &usize| observed[past];
        let all = (step - needed..end).filter(speaks);
        Ok(all
            .filter_map(|past| {
                Some(Past {
                    step: real(past),
                    count: counts[past],
                    weight: 1.0,
                    part: params.part(past + needed - step)?,
                })
            })
            .collect())
    }

    /// The model that is believed: with a trend, or without.
    fn fit(self, past: &[Past], step: usize) -> Result<LogLinear, FarringtonError> {
        let Self(params) = self;
        let most = past.iter().map(|p| p.count).fold(0.0, f64::max);
        let spoken = past.iter().any(|p| p.part == WINDOW && p.count > 0.0);
        let trend_p = params.trend_p.filter(|_| params.years_back >= 3);
        let rising = trend_p.and_then(|limit| {
            let fit = self.reweighted(past, true)?;
            let expected = fit.at(real(step), WINDOW);
            (fit.slope_p()? < limit && expected <= most).then_some(fit)
        });
        let fit = rising.or_else(|| self.reweighted(past, false));
        fit.filter(|_| spoken)
            .ok_or_else(|| FarringtonError::NoRate {
                known: past.len(),
                events: past.iter().filter(|p| p.count > 0.0).count(),
            })
    }

    /// A fit, and one more in which counts far above the first weigh less.
    fn reweighted(self, past: &[Past], trend: bool) -> Option<LogLinear> {
        let mut weighted = past.to_vec();
        let first = LogLinear::fit(&weighted, trend)?;
        let Some(limit) = self.0.reweight_above else {
            return Some(first);
        };
        for past in &mut weighted {
            let residual = first.anscombe(past).filter(|&residual| residual > limit);
            past.weight = residual.map_or(1.0, |residual| residual.powi(-2));
        }
        let mean = weighted.iter().map(|p| p.weight).sum::<f64>() / real(past.len());
        for past in &mut weighted {
            past.weight /= mean;
        }
        LogLinear::fit(&weighted, trend)
    }
}

/// The lowest whole count that a count exceeds with at most the chance `alpha`.
fn quantile(alpha: f64, mean: f64, variance: f64) -> f64 {
    let exceeded = |count: f64| exceedance(count + 1.0, mean, variance).unwrap_or(0.0);
    let mut high = mean.ceil();
    while exceeded(high) > alpha {
        high = 2.0 * high + 1.0;
    }
    let mut low = -1.0;
    while high - low > 1.0 {
        let middle = f64::midpoint(low, high).floor();
        if exceeded(middle) > alpha {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}
