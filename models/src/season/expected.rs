use thiserror::Error;

use crate::risk::{FitError, GammaPosterior, GammaPrior, InvalidPrior, ShapeLimit};
use crate::units::{LengthMismatch, same_length};

/// What the same phase of past years lets each cell expect.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// Expected count of each cell over its target exposure.
    pub mean: Vec<f64>,
    /// Variance of that count, Poisson noise and doubt about the rate together.
    pub variance: Vec<f64>,
    /// Incidents per km2 and week over the whole area and history.
    pub base_rate: f64,
    /// Distribution over cells of the rate relative to the base rate.
    pub prior: GammaPrior,
    /// What the prior rests on.
    pub basis: Basis,
    /// Relative rate of each cell.
    pub posteriors: Vec<GammaPosterior>,
    /// How years differ; `None`: taken as alike.
    pub years: Option<YearEffect>,
}

/// How the rate of a cell differs from year to year, see [`year_variance`](super::year_variance).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearEffect {
    /// Variance of a year's factor, at least 0.
    pub variance: f64,
    /// Past years behind the expectation, above 0.
    pub n_years: f64,
}

/// What a prior rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Past counts, with where the likeliest shape lies.
    History(ShapeLimit),
    /// No incident in all of history: the floor described at [`expected`].
    NoIncident,
}

/// Why there is no expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ExpectedError {
    /// Not one count and two exposures per cell.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// An exposure negative or not finite.
    #[error("the exposure of cell {index} must be finite and at least 0")]
    Exposure {
        /// Position of the cell.
        index: usize,
    },
    /// No cell was ever exposed.
    #[error("no cell has a history")]
    NoHistory,
    /// More left out than there was.
    #[error("more is left out of the past of cell {index} than it holds")]
    NotThePast {
        /// Position of the cell.
        index: usize,
    },
    /// A count that cannot be.
    #[error(transparent)]
    Fit(#[from] FitError),
}

/// Expected counts of a season phase, from the same phase in past years.
///
/// With past counts `y_i`, past exposures `h_i` and target exposures `t_i` (km2 x weeks):
///
/// ```text
/// r = sum y / sum h                    base rate, incidents per km2 and week
/// theta_i ~ Gamma(a, b)                likeliest for y_i ~ Poisson(theta_i r h_i)
/// mean_i = r t_i E[theta_i | y_i]      variance_i = mean_i + (r t_i)^2 Var[theta_i | y_i]
/// ```
///
/// A cell with a long history is expected to repeat it; a cell with a short one is pulled towards
/// the whole area. Counts may be fractions. Weeks are counted by the caller, and so is what makes
/// a week known: exposure leaves out weeks without reporting.
///
/// Edge cases: a cell without history expects the prior mean. With no incident in all of history
/// the base rate is half an incident over the summed exposure and the prior `Gamma(1/2, 1/2)`,
/// after the Jeffreys prior of a Poisson rate (Jeffreys 1946,
/// [doi:10.1098/rspa.1946.0056](https://doi.org/10.1098/rspa.1946.0056)); [`Basis::NoIncident`]
/// says so.
///
/// # Errors
/// Lengths differ; an exposure negative or not finite; a count negative, not finite, or above 0
/// without exposure; no exposure at all.
pub fn expected(
    history_counts: &[f64],
    history_exposure: &[f64],
    target_exposure: &[f64],
) -> Result<Expectation, ExpectedError> {
    same_length(history_counts.len(), history_exposure.len())?;
    same_length(history_counts.len(), target_exposure.len())?;
    check(history_exposure)?;
    check(target_exposure)?;
    let exposure: f64 = history_exposure.iter().sum();
    if exposure <= 0.0 {
        return Err(ExpectedError::NoHistory);
    }
    let total: f64 = history_counts.iter().sum();
    let base_rate = if total > 0.0 {
        total / exposure
    } else {
        0.5 / exposure
    };
    let past: Vec<f64> = history_exposure.iter().map(|h| base_rate * h).collect();
    let (prior, basis) = match GammaPrior::fit(history_counts, &past) {
        Ok(fitted) => (fitted.prior, Basis::History(fitted.limit)),
        Err(FitError::NoCount) => (floor(), Basis::NoIncident),
        Err(fault) => return Err(fault.into()),
    };
    let posteriors = posteriors(prior, history_counts, &past);
    let ahead = target_exposure.iter().map(|t| base_rate * t);
    let (mean, variance) = ahead
        .zip(&posteriors)
        .map(|(e, risk)| predictive(e, *risk))
        .unzip();
    Ok(Expectation {
        mean,
        variance,
        base_rate,
        prior,
        basis,
        posteriors,
        years: None,
    })
}

impl Expectation {
    /// The same where years differ. The year ahead has a factor of its own, and so had each of the `n`
    /// past years that the cell's rate was learnt from, as far as it was learnt from them
    /// (`w = 1 - b / (b + r h_i)`). With `v` the variance of a factor:
    ///
    /// ```text
    /// variance_i = mean_i + (r t_i)^2 (Var[theta_i | y_i] + v E[theta_i^2 | y_i] (1 + w^2 / n))
    /// ```
    ///
    /// Means and posteriors stay.
    #[must_use]
    pub fn with_years(mut self, years: YearEffect) -> Self {
        self.years = Some(years);
        let cells = self.mean.iter().zip(&self.posteriors);
        self.variance = cells
            .map(|(mean, risk)| self.predictive(mean / risk.mean(), *risk).1)
            .collect();
        self
    }

    /// Mean and variance of a cell's count over `target`, by what its past shows without `count`
    /// incidents over `exposure` (km2 x weeks) of it. The base rate and the prior stay: they are
    /// the whole area's, of which one step of one cell is little.
    ///
    /// With `count` and `exposure` 0 it is the expectation of all of the past.
    ///
    /// # Errors
    /// [`ExpectedError::NotThePast`] where more is left out than the cell's past holds.
    pub fn without(
        &self,
        cell: usize,
        count: f64,
        exposure: f64,
        target: f64,
    ) -> Result<(f64, f64), ExpectedError> {
        let all = self.posteriors[cell];
        let shape = all.shape() - count;
        let rate = all.rate() - self.base_rate * exposure;
        // Sums of fractions may miss the prior's own by their last digits.
        let slack = 1e-9 * (all.shape() + all.rate());
        if shape < self.prior.shape() - slack || rate < self.prior.rate() - slack {
            return Err(ExpectedError::NotThePast { index: cell });
        }
        let rest = GammaPrior::new(shape.max(self.prior.shape()), rate.max(self.prior.rate()))
            .and_then(|rest| {
                rest.posterior(0.0, 0.0)
                    .map_err(|_never| InvalidPrior::Shape)
            })
            .map_err(|_never| ExpectedError::NotThePast { index: cell })?;
        Ok(self.predictive(self.base_rate * target, rest))
    }

    fn predictive(&self, expected: f64, risk: GammaPosterior) -> (f64, f64) {
        let (mean, variance) = predictive(expected, risk);
        let Some(YearEffect {
            variance: v,
            n_years,
        }) = self.years
        else {
            return (mean, variance);
        };
        let learnt = 1.0 - self.prior.rate() / risk.rate();
        let square = risk.variance() + risk.mean() * risk.mean();
        let of_years = v * square * (1.0 + learnt * learnt / n_years);
        (mean, variance + expected * expected * of_years)
    }
}

fn floor() -> GammaPrior {
    GammaPrior::new(0.5, 0.5).expect("one half is above zero")
}

fn posteriors(prior: GammaPrior, counts: &[f64], past: &[f64]) -> Vec<GammaPosterior> {
    let posterior = |(&y, &e)| {
        prior
            .posterior(y, e)
            .expect("the fit has checked every cell")
    };
    counts.iter().zip(past).map(posterior).collect()
}

fn predictive(expected: f64, risk: GammaPosterior) -> (f64, f64) {
    let mean = expected * risk.mean();
    (mean, mean + expected * expected * risk.variance())
}

fn check(exposure: &[f64]) -> Result<(), ExpectedError> {
    match exposure
        .iter()
        .position(|&value| !(value.is_finite() && value >= 0.0))
    {
        Some(index) => Err(ExpectedError::Exposure { index }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{all_close, close};

    #[test]
    fn the_formula_is_followed_cell_by_cell() {
        let (counts, history, target) = ([6.0, 0.0, 1.5], [100.0, 120.0, 0.0], [10.0, 12.0, 9.0]);
        assert!(matches!(
            expected(&counts, &history, &target),
            Err(ExpectedError::Fit(_))
        ));
        let counts = [6.0, 0.5, 0.0];
        let e = expected(&counts, &history, &target).unwrap();
        close(e.base_rate, 6.5 / 220.0, 1e-15);
        let (a, b) = (e.prior.shape(), e.prior.rate());
        for i in 0..3 {
            let (shape, rate) = (a + counts[i], b + e.base_rate * history[i]);
            let ahead = e.base_rate * target[i];
            close(e.mean[i], ahead * shape / rate, 1e-12);
            close(
                e.variance[i],
                e.mean[i] + ahead * ahead * shape / (rate * rate),
                1e-12,
            );
        }
    }

    #[test]
    fn the_same_exposure_again_expects_the_same_total() {
        let counts = [0.0, 3.0, 0.25, 9.0, 0.0, 1.0];
        let history = [80.0, 100.0, 90.0, 110.0, 100.0, 95.0];
        let e = expected(&counts, &history, &history).unwrap();
        close(e.mean.iter().sum(), counts.iter().sum(), 1e-9);
        assert_eq!(e.basis, Basis::History(ShapeLimit::Within));
    }

    #[test]
    fn a_step_left_out_of_the_past_is_as_if_it_had_not_been() {
        let (counts, history) = ([6.0, 0.5, 2.0], [100.0, 120.0, 90.0]);
        let e = expected(&counts, &history, &[10.0; 3]).unwrap();
        let (mean, variance) = e.without(0, 2.0, 20.0, 10.0).unwrap();
        let rest = e.prior.posterior(4.0, e.base_rate * 80.0).unwrap();
        close(mean, e.base_rate * 10.0 * rest.mean(), 1e-12);
        close(
            variance,
            mean + (e.base_rate * 10.0).powi(2) * rest.variance(),
            1e-12,
        );
        let all = e.without(1, 0.0, 0.0, 10.0).unwrap();
        close(all.0, e.mean[1], 1e-12);
        close(all.1, e.variance[1], 1e-12);
        assert_eq!(
            e.without(2, 3.0, 0.0, 1.0),
            Err(ExpectedError::NotThePast { index: 2 })
        );
    }

    #[test]
    fn years_that_differ_widen_what_is_expected_and_move_no_mean() {
        let (counts, history) = ([6.0, 0.5, 2.0], [100.0, 120.0, 90.0]);
        let alike = expected(&counts, &history, &[10.0; 3]).unwrap();
        let years = |variance| YearEffect {
            variance,
            n_years: 5.0,
        };
        let differ = alike.clone().with_years(years(0.5));
        assert_eq!(differ.mean, alike.mean);
        for i in 0..3 {
            let (a, b) = (alike.posteriors[i].shape(), alike.posteriors[i].rate());
            let learnt = 1.0 - alike.prior.rate() / b;
            // E[theta^2] of a gamma law.
            let more = 0.5 * a * (a + 1.0) / (b * b) * (1.0 + learnt * learnt / 5.0);
            let ahead = alike.base_rate * 10.0;
            close(
                differ.variance[i],
                alike.variance[i] + ahead * ahead * more,
                1e-12,
            );
            let (mean, variance) = differ.without(i, 0.0, 0.0, 10.0).unwrap();
            close(mean, differ.mean[i], 1e-12);
            close(variance, differ.variance[i], 1e-12);
        }
        all_close(
            &alike.clone().with_years(years(0.0)).variance,
            &alike.variance,
            1e-12,
        );
    }

    #[test]
    fn no_incident_at_all_leaves_a_small_expectation() {
        let e = expected(&[0.0; 4], &[50.0; 4], &[50.0; 4]).unwrap();
        assert_eq!(e.basis, Basis::NoIncident);
        close(e.base_rate, 0.5 / 200.0, 1e-15);
        // Gamma(1/2, 1/2 + 1/8) has mean 0.8.
        all_close(&e.mean, &[0.125 * 0.8; 4], 1e-12);
    }

    #[test]
    fn faulty_exposure_is_refused() {
        assert_eq!(
            expected(&[1.0], &[-1.0], &[1.0]),
            Err(ExpectedError::Exposure { index: 0 })
        );
        assert_eq!(
            expected(&[0.0], &[0.0], &[1.0]),
            Err(ExpectedError::NoHistory)
        );
        assert!(matches!(
            expected(&[1.0], &[1.0], &[]),
            Err(ExpectedError::Length(_))
        ));
        let negative = expected(&[-1.0, 0.5], &[1.0; 2], &[1.0; 2]);
        assert!(matches!(
            negative,
            Err(ExpectedError::Fit(FitError::Observation { .. }))
        ));
    }
}
