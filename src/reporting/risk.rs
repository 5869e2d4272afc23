//! The posterior of the rate of incidents, given how likely each is to be reported.
//!
//! Reports of the window are compared with what the past leads one to expect, times what effort has
//! changed since: `y ~ Poisson(theta E q_window / q_past)`. The cell's rate is then `theta E / q_past`, and
//! is told relative to the mission's mean. With the same q everywhere and always this is the season's own
//! posterior.

use forewarn_models::risk::{FitError, GammaPrior};

use crate::base::error::{Error, Result};
use crate::tables::{Expected, ExpectedBuilder, ExpectedCell, ScenarioRisk};

/// What is known of every cell's reporting under one way: mean q in the window and in the past; none where
/// it is not known, which is taken as the mission's mean.
pub(super) struct Known<'a> {
    pub(super) window: &'a [f64],
    pub(super) past: &'a [f64],
    /// Whether the two are known.
    pub(super) is_told: &'a [bool],
    /// Cells whose silence is no evidence: their reports are not looked at.
    pub(super) is_mute: &'a [bool],
    /// Reports of the window, what patrols discovered weighted.
    pub(super) counts: &'a [f64],
    /// What the same weights multiply the past, and so the expectation, by.
    pub(super) weighed_past: &'a [f64],
}

/// Posteriors of relative rates under one way reporting may be.
pub(super) fn posteriors(expected: &Expected, known: &Known<'_>) -> Result<ScenarioRisk> {
    let n = expected.len();
    let means = expected.expected().values().iter();
    let means = means.zip(known.weighed_past).map(|(mean, f)| mean * f);
    let means: Vec<f64> = means.collect();
    let areas = expected.area_km2().values();
    let of_mission = mean_past(&means, known);
    let relative = |q: f64, i: usize| {
        if known.is_told[i] {
            q / of_mission
        } else {
            1.0
        }
    };
    let past: Vec<f64> = (0..n).map(|i| relative(known.past[i], i)).collect();
    let exposure = |i: usize| {
        if known.is_mute[i] {
            0.0
        } else {
            means[i] * relative(known.window[i], i) / past[i]
        }
    };
    let exposures: Vec<f64> = (0..n).map(exposure).collect();
    let counts: Vec<f64> = (0..n)
        .map(|i| {
            if known.is_mute[i] {
                0.0
            } else {
                known.counts[i]
            }
        })
        .collect();
    let prior = match GammaPrior::fit(&counts, &exposures) {
        Ok(fitted) => fitted.prior,
        Err(FitError::NoCount | FitError::NoExpected) => {
            GammaPrior::new(1.0, 1.0).map_err(Error::statistic("reporting"))?
        }
        Err(reason) => return Err(Error::statistic("reporting")(reason)),
    };
    let total_km2: f64 = areas.iter().sum();
    let told = |i: usize| counts[i] / relative(known.window[i], i);
    let happened: f64 = (0..n).map(told).sum();
    let usual: f64 = (0..n).map(|i| means[i] / past[i]).sum();
    let mean_rate = if happened > 0.0 { happened } else { usual } / total_km2;
    let (mut shape, mut rate) = (Vec::with_capacity(n), Vec::with_capacity(n));
    for i in 0..n {
        let posterior = prior
            .posterior(counts[i], exposures[i])
            .map_err(Error::statistic("reporting"))?;
        shape.push(posterior.shape());
        rate.push(posterior.rate() * areas[i] * mean_rate * past[i] / means[i]);
    }
    Ok(ScenarioRisk { shape, rate })
}

/// Mean q of the past over cells where it is known, weighted by what each reports.
fn mean_past(means: &[f64], known: &Known<'_>) -> f64 {
    let (mut sum, mut weight) = (0.0, 0.0);
    for (i, &mean) in means.iter().enumerate().filter(|&(i, _)| known.is_told[i]) {
        sum += mean * known.past[i];
        weight += mean;
    }
    if weight > 0.0 { sum / weight } else { 1.0 }
}

/// The same expectation with another posterior.
pub(super) fn with_posterior(expected: &Expected, risk: &ScenarioRisk) -> Expected {
    let mut rows = ExpectedBuilder::default();
    for i in 0..expected.len() {
        rows.push(ExpectedCell {
            cell: expected.cell().value(i),
            area_km2: expected.area_km2().value(i),
            observed: expected.observed().value(i),
            located: expected.located().value(i),
            expected: expected.expected().value(i),
            located_expected: expected.located_expected().value(i),
            located_variance: expected.located_variance().value(i),
            relative_rate: expected.relative_rate().value(i),
            rate_per_report: expected.rate_per_report().value(i),
            posterior_shape: risk.shape[i],
            posterior_rate: risk.rate[i],
        });
    }
    rows.finish()
}
