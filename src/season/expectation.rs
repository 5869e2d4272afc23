//! The seasonal expectation of every cell, and the posterior of its departure from it.

use forewarn_models::grid::Grid;
use forewarn_models::risk::{FitError, GammaPosterior, GammaPrior, ShapeLimit};
use forewarn_models::season::{self, Basis, Expectation, YearEffect};

use crate::base::error::{Error, Result};
use crate::tables::{Expected, ExpectedBuilder, ExpectedCell};

use super::history::{Counts, History};

/// Expected incidents of the window, by cell.
struct Window {
    mean: Vec<f64>,
    variance: Vec<f64>,
}

/// The expectation of every cell, and notes on fits that found nothing to tell cells apart by.
pub(super) fn expected(
    grid: &Grid,
    history: &History,
    located: &[Option<Expectation>],
) -> Result<(Expected, Vec<String>)> {
    let mut notes = Vec::new();
    let in_window = |phase: usize| history.window_weeks[phase] > 0;
    let all = phases(grid, history, &history.all, in_window)?;
    let all = window(history, &all, &mut notes);
    let located = window(history, located, &mut notes);

    let observed = &history.all.window;
    let departure = prior("departure from the season", observed, &all.mean, &mut notes)?;
    let total_km2: f64 = grid.area_km2().iter().sum();
    let mean_rate = rate(observed, total_km2).unwrap_or(all.mean.iter().sum::<f64>() / total_km2);

    let flat: Vec<f64> = {
        let rate = rate(&history.located.window, total_km2).unwrap_or(mean_rate);
        grid.area_km2()
            .iter()
            .map(|area_km2| area_km2 * rate)
            .collect()
    };
    let classic = prior(
        "rate in the window",
        &history.located.window,
        &flat,
        &mut notes,
    )?;

    let mut rows = ExpectedBuilder::default();
    for (i, (&cell, &area_km2)) in grid.cells().iter().zip(grid.area_km2()).enumerate() {
        // Departure times expectation is the cell's rate; in units of the study area's mean rate
        // its gamma posterior keeps its shape and only changes scale.
        let relative = posterior(departure, observed[i], all.mean[i])?;
        let mean_incidents = area_km2 * mean_rate;
        let posterior_of_rate = posterior(classic, history.located.window[i], flat[i])?;
        rows.push(ExpectedCell {
            cell: cell.into(),
            area_km2,
            observed: observed[i],
            located: history.located.window[i],
            expected: all.mean[i],
            located_expected: located.mean[i],
            located_variance: located.variance[i],
            relative_rate: posterior_of_rate.mean(),
            rate_per_report: 1.0 / posterior_of_rate.rate(),
            posterior_shape: relative.shape(),
            posterior_rate: relative.rate() * mean_incidents / all.mean[i],
        });
    }
    Ok((rows.finish(), notes))
}

/// Expectations of the phases asked for, over the weeks that the window has of each.
pub(super) fn phases(
    grid: &Grid,
    history: &History,
    counts: &Counts,
    wanted: impl Fn(usize) -> bool,
) -> Result<Vec<Option<Expectation>>> {
    let exposure = |weeks: u32| -> Vec<f64> {
        let areas = grid.area_km2().iter();
        areas.map(|area_km2| area_km2 * f64::from(weeks)).collect()
    };
    let phase = |phase: usize| {
        season::expected(
            &counts.past[phase],
            &exposure(history.past_weeks[phase]),
            &exposure(history.window_weeks[phase]),
        )
        .map_err(Error::statistic("season"))
    };
    (0..counts.past.len())
        .map(|index| wanted(index).then(|| phase(index)).transpose())
        .collect()
}

/// The same where years are known to differ.
pub(super) fn with_years(
    phases: Vec<Option<Expectation>>,
    variance: Option<f64>,
    history_years: u16,
) -> Vec<Option<Expectation>> {
    let Some(variance) = variance else {
        return phases;
    };
    let years = YearEffect {
        variance,
        n_years: f64::from(history_years),
    };
    let wider = |phase: Option<Expectation>| phase.map(|phase| phase.with_years(years));
    phases.into_iter().map(wider).collect()
}

/// Sums the expectations of the phases that the window touches.
fn window(history: &History, phases: &[Option<Expectation>], notes: &mut Vec<String>) -> Window {
    let n_cells = history.all.window.len();
    let mut sum = Window {
        mean: vec![0.0; n_cells],
        variance: vec![0.0; n_cells],
    };
    let touched = phases.iter().zip(&history.window_weeks);
    for phase in touched
        .filter(|&(_, &weeks)| weeks > 0)
        .filter_map(|(phase, _)| phase.as_ref())
    {
        if phase.basis == Basis::NoIncident {
            notes.push("no incident in this phase of past years: a floor stands in".to_owned());
        }
        for i in 0..n_cells {
            sum.mean[i] += phase.mean[i];
            sum.variance[i] += phase.variance[i];
        }
    }
    sum
}

fn posterior(prior: GammaPrior, count: f64, expected: f64) -> Result<GammaPosterior> {
    prior
        .posterior(count, expected)
        .map_err(Error::statistic("season"))
}

fn rate(counts: &[f64], total_km2: f64) -> Option<f64> {
    let total: f64 = counts.iter().sum();
    (total > 0.0).then(|| total / total_km2)
}

/// The spread between cells, or no spread where there is nothing to learn it from.
fn prior(
    what: &str,
    counts: &[f64],
    expected: &[f64],
    notes: &mut Vec<String>,
) -> Result<GammaPrior> {
    match GammaPrior::fit(counts, expected) {
        Ok(fitted) => {
            if fitted.limit == ShapeLimit::Highest {
                notes.push(format!("{what}: no detectable variation between cells"));
            }
            Ok(fitted.prior)
        }
        Err(FitError::NoCount) => {
            notes.push(format!(
                "{what}: no incident in the window, all cells alike"
            ));
            GammaPrior::new(1.0, 1.0).map_err(Error::statistic("season"))
        }
        Err(reason) => Err(Error::statistic("season")(reason)),
    }
}
