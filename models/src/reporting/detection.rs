use thiserror::Error;

use super::conditional::{Conditional, Optimum, Pull};
use crate::units::{LengthMismatch, real, same_length};

/// Reports that a coefficient needs (Peduzzi et al. 1996).
const EVENTS_PER_COEFFICIENT: usize = 10;
/// Doubt that may be left of a coefficient, as a share of what it was before the data.
const LEFT_OF_DOUBT: f64 = 0.5;

/// Reports of cells over equal steps, cell-major: step `t` of cell `i` stands at `i * n_steps + t`.
#[derive(Debug, Clone, Copy)]
pub struct Panel<'a> {
    /// Number of steps of every cell.
    pub n_steps: usize,
    /// Reports; fractions are allowed.
    pub counts: &'a [f64],
    /// What the season makes of the step, in any unit; 0 where the step is not known and says nothing.
    pub exposure: &'a [f64],
    /// Covariates of effort and access, `width` for each step, each such that more of it can only help
    /// a report to be made, and 0 where there is none.
    pub design: &'a [f64],
    /// Number of covariates.
    pub width: usize,
}

/// What is held of q where there is no effort at all, on the logit scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Level {
    /// Given, as by a scenario.
    Fixed(f64),
    /// To be learned, starting from a normal distribution.
    Prior {
        /// Its mean.
        mean: f64,
        /// Its standard deviation.
        sd: f64,
    },
}

/// Why effort and risk cannot be told apart here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotIdentified {
    /// Every covariate stays as it is wherever anything was reported.
    #[error("in no cell with reports does the effort change over time")]
    NoVariation,
    /// Too few reports for the number of covariates.
    #[error("needs {needed} reports in cells whose effort is known over time, has {got}")]
    TooFewReports {
        /// How many are needed.
        needed: usize,
        /// How many there are, rounded down.
        got: usize,
    },
    /// The data do not halve the doubt about any covariate.
    #[error("reports and effort vary too little together for any effect to be known")]
    NoInformation,
    /// No covariate goes with more reports.
    #[error("reports do not rise where effort rises")]
    NoEffect,
    /// The likelihood has no height that can be found.
    #[error("the likelihood does not settle")]
    NotSettled,
}

/// Why there is no fit.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum DetectionError {
    /// Slices that do not belong together.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// A count or exposure below zero or not finite, or a covariate not finite.
    #[error("step {index}: counts and exposures must be finite and at least 0, covariates finite")]
    Value {
        /// Its position.
        index: usize,
    },
    /// A standard deviation not above zero, or a level that is not finite.
    #[error("a prior must have a finite mean and a standard deviation above 0")]
    Prior,
    /// The data cannot answer.
    #[error("not identified: {0}")]
    NotIdentified(#[from] NotIdentified),
}

/// How the probability that an incident is reported depends on effort.
#[derive(Debug, Clone, PartialEq)]
pub struct DetectionFit {
    /// Logit of q without any effort.
    pub level: f64,
    /// Of each covariate its slope on the logit of q; none where it does not vary within cells, zero
    /// where reports do not rise with it.
    pub slopes: Vec<Option<f64>>,
    /// Standard errors of the same, none where there is no slope or it was set to zero.
    pub slope_se: Vec<Option<f64>>,
    /// Standard error of the level; none where it was given.
    pub level_se: Option<f64>,
    /// Whether the data at least halve the doubt about the level; a level that was given is not known.
    pub level_is_known: bool,
    /// Variance over mean of the reports given each cell's total, at least 1; bands are widened by its
    /// root.
    pub dispersion: f64,
    /// Log-likelihood of the reports given each cell's total, without the penalty, constants left out.
    pub log_likelihood: f64,
    /// Reports in cells that could speak.
    pub n_events: f64,
    /// Cells that could speak.
    pub n_cells: usize,
    /// Covariates in use.
    pub(super) columns: Vec<usize>,
    /// Of level and slopes in use, row by row; the level's part is zero where it was given.
    pub(super) covariance: Vec<f64>,
}

/// Fits the probability `q` that an incident is reported to effort that varies within cells.
///
/// ```text
/// y_it ~ Poisson(lambda_i s_it q_it)        logit q_it = c0 + sum_k c_k x_itk
/// ```
///
/// with `lambda_i` the true rate of cell `i`, `s_it` the season's exposure and `x` covariates of effort and
/// access. `lambda_i` is conditioned out on the cell's total: the likelihood is multinomial,
///
/// ```text
/// log L = sum_it y_it ln( s_it q_it / sum_u s_iu q_iu )
/// ```
///
/// so that only changes of effort within a cell speak. Comparing cells with each other would take it for
/// detection that patrols are sent where much happens. For Poisson counts this equals maximum likelihood
/// with one free `lambda_i` per cell; rates are shrunk afterwards, with exposure `sum_t s_it q_it`, by
/// [`GammaPrior`](crate::risk::GammaPrior). Reports that scatter more than Poisson ones (a negative
/// binomial's do) leave the estimates where they are and widen every band by the root of the Pearson
/// dispersion.
///
/// The likelihood is penalised by normal priors: `N(0, slope_sd)` on each slope, and on the level the one
/// given. The level is known from the counts by the bend of the logit alone: near saturation more effort
/// brings little. [`DetectionFit::level_is_known`] says whether that halves the doubt of the prior; where it
/// does not, fit again with each scenario's level fixed, and carry all of them.
///
/// Slopes cannot be negative: effort that goes with fewer reports deters or is misplaced, and is not a
/// probability of hearing. The most negative is set to zero and the rest fitted again.
///
/// Limits: that reports themselves draw effort to a cell in the same step would be taken for detection.
///
/// # Errors
/// Lengths or values that cannot be; [`NotIdentified`] where no covariate varies within a cell with reports,
/// where there are fewer than ten reports per coefficient, where the doubt about no slope is halved, or
/// where no slope is above zero.
///
/// # References
/// Conditional Poisson: Hausman, Hall & Griliches 1984,
/// [doi:10.2307/1911191](https://doi.org/10.2307/1911191); under-reporting with covariates: Stoner,
/// Economou & Drummond 2019, [doi:10.1080/01621459.2019.1573732](https://doi.org/10.1080/01621459.2019.1573732);
/// events per variable: Peduzzi et al. 1996,
/// [doi:10.1016/S0895-4356(96)00236-3](https://doi.org/10.1016/S0895-4356(96)00236-3).
pub fn fit_detection(
    panel: &Panel<'_>,
    level: Level,
    slope_sd: f64,
) -> Result<DetectionFit, DetectionError> {
    panel.check()?;
    level.check(slope_sd)?;
    let fixed = match level {
        Level::Fixed(level) => Some(level),
        Level::Prior { .. } => None,
    };
    let data = (panel.counts, panel.exposure, panel.design);
    let mut conditional = Conditional::new(panel.n_steps.max(1), data, panel.width, fixed);
    let varying: Vec<usize> = (0..panel.width)
        .filter(|&k| conditional.varies(k))
        .collect();
    if varying.is_empty() {
        return Err(NotIdentified::NoVariation.into());
    }
    let needed = EVENTS_PER_COEFFICIENT * (varying.len() + usize::from(fixed.is_none()));
    if conditional.n_events() < real(needed) {
        let got = whole(conditional.n_events());
        return Err(NotIdentified::TooFewReports { needed, got }.into());
    }
    let mut columns = varying.clone();
    loop {
        conditional.with_columns(columns.clone());
        let pulls = level.pulls(columns.len(), slope_sd);
        let optimum = conditional.climb(&pulls).ok_or(NotIdentified::NotSettled)?;
        let slopes = &optimum.beta[usize::from(fixed.is_none())..];
        let worst = (0..slopes.len()).min_by(|&a, &b| slopes[a].total_cmp(&slopes[b]));
        match worst.filter(|&k| slopes[k] <= 0.0) {
            Some(_) if columns.len() == 1 => return Err(NotIdentified::NoEffect.into()),
            Some(k) => drop(columns.remove(k)),
            None => {
                let mut slopes = vec![None; panel.width];
                for &k in &varying {
                    slopes[k] = Some(0.0);
                }
                return fitted(&conditional, (slopes, columns), &optimum, level, slope_sd);
            }
        }
    }
}

fn fitted(
    conditional: &Conditional<'_>,
    (mut slopes, columns): (Vec<Option<f64>>, Vec<usize>),
    optimum: &Optimum,
    level: Level,
    slope_sd: f64,
) -> Result<DetectionFit, DetectionError> {
    let dispersion = optimum.dispersion.unwrap_or(1.0).max(1.0);
    let scaled: Vec<f64> = optimum.inverse.iter().map(|v| v * dispersion).collect();
    let n = optimum.beta.len();
    let se = |k: usize| scaled[k * n + k].sqrt();
    let (known, first) = match level {
        Level::Fixed(level) => (level, 0),
        Level::Prior { .. } => (optimum.beta[0], 1),
    };
    let mut slope_se = vec![None; slopes.len()];
    for (k, &column) in (first..).zip(&columns) {
        slopes[column] = Some(optimum.beta[k]);
        slope_se[column] = Some(se(k));
    }
    let is_vague = |&se: &f64| se > LEFT_OF_DOUBT * slope_sd;
    if slope_se.iter().flatten().all(is_vague) {
        return Err(NotIdentified::NoInformation.into());
    }
    let level_se = (first == 1).then(|| se(0));
    let is_known = |sd: f64| level_se.is_some_and(|se| se <= LEFT_OF_DOUBT * sd);
    Ok(DetectionFit {
        level: known,
        slopes,
        slope_se,
        level_se,
        level_is_known: matches!(level, Level::Prior { sd, .. } if is_known(sd)),
        dispersion,
        log_likelihood: optimum.log_likelihood,
        n_events: conditional.n_events(),
        n_cells: conditional.n_cells(),
        covariance: with_level(&scaled, n, first == 1),
        columns,
    })
}

/// A covariance over level and slopes, the level's row and column zero where it was given.
fn with_level(covariance: &[f64], n: usize, has_level: bool) -> Vec<f64> {
    if has_level {
        return covariance.to_vec();
    }
    let wide = n + 1;
    let mut whole = vec![0.0; wide * wide];
    for i in 0..n {
        for j in 0..n {
            whole[(i + 1) * wide + j + 1] = covariance[i * n + j];
        }
    }
    whole
}

impl Panel<'_> {
    fn check(&self) -> Result<(), DetectionError> {
        same_length(self.counts.len(), self.exposure.len())?;
        same_length(self.counts.len() * self.width, self.design.len())?;
        let steps = self.n_steps.max(1);
        same_length(self.counts.len().div_ceil(steps) * steps, self.counts.len())?;
        let measure = |value: f64| value.is_finite() && value >= 0.0;
        for index in 0..self.counts.len() {
            let x = &self.design[index * self.width..(index + 1) * self.width];
            let valid = measure(self.counts[index]) && measure(self.exposure[index]);
            if !(valid && x.iter().all(|x| x.is_finite())) {
                return Err(DetectionError::Value { index });
            }
        }
        Ok(())
    }
}

impl Level {
    fn check(self, slope_sd: f64) -> Result<(), DetectionError> {
        let positive = |sd: f64| sd.is_finite() && sd > 0.0;
        let valid = match self {
            Self::Fixed(level) => level.is_finite(),
            Self::Prior { mean, sd } => mean.is_finite() && positive(sd),
        };
        (valid && positive(slope_sd))
            .then_some(())
            .ok_or(DetectionError::Prior)
    }

    fn pulls(self, n_slopes: usize, slope_sd: f64) -> Vec<Pull> {
        let pull = |mean: f64, sd: f64| Pull {
            mean,
            precision: 1.0 / (sd * sd),
        };
        let level = match self {
            Self::Fixed(_) => None,
            Self::Prior { mean, sd } => Some(pull(mean, sd)),
        };
        let slopes = std::iter::repeat_n(pull(0.0, slope_sd), n_slopes);
        level.into_iter().chain(slopes).collect()
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "reports, fewer than ten per coefficient"
)]
fn whole(count: f64) -> usize {
    count as usize
}
