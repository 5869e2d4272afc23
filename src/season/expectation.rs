//! The seasonal expectation of every cell, and the posterior of its departure from it.

use forewarn_models::grid::Grid;
use forewarn_models::risk::{FitError, GammaPosterior, GammaPrior, ShapeLimit};
use forewarn_models::season::CellSeasons;

use crate::base::error::{Error, Result};
use crate::tables::{Expected, ExpectedBuilder, ExpectedCell};

use super::history::History;
use super::seasons::Seasons;

/// Expected incidents of the window, by cell.
struct Window {
    mean: Vec<f64>,
    variance: Vec<f64>,
}

/// The expectation of every cell; notes on fits that found nothing to tell cells apart by.
pub(super) fn expected(
    grid: &Grid,
    history: &History,
    seasons: &Seasons<'_>,
    notes: &mut Vec<String>,
) -> Result<Expected> {
    let all = window(history, seasons, &seasons.all)?;
    let located = window(history, seasons, &seasons.located)?;

    let observed = &history.all.window;
    let departure = prior("departure from the season", observed, &all.mean, notes)?;
    let total_km2: f64 = grid.area_km2().iter().sum();
    let mean_rate = rate(observed, total_km2).unwrap_or(all.mean.iter().sum::<f64>() / total_km2);

    let flat: Vec<f64> = {
        let rate = rate(&history.located.window, total_km2).unwrap_or(mean_rate);
        grid.area_km2()
            .iter()
            .map(|area_km2| area_km2 * rate)
            .collect()
    };
    let classic = prior("rate in the window", &history.located.window, &flat, notes)?;

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
    Ok(rows.finish())
}

/// Sums the expectations of the phases that the window touches.
fn window(history: &History, seasons: &Seasons<'_>, cells: &CellSeasons) -> Result<Window> {
    let n_cells = history.all.window.len();
    let mut sum = Window {
        mean: vec![0.0; n_cells],
        variance: vec![0.0; n_cells],
    };
    let mut doubt = vec![0.0; n_cells];
    for phase in 0..history.weeks.n_phases() {
        let busy = seasons.busy(&history.weeks.in_window(phase));
        let exposed = busy.exposure.iter().enumerate();
        for (cell, &target) in exposed.filter(|(_, target)| **target > 0.0) {
            let law = cells
                .without(phase, cell, (0.0, 0.0), target)
                .map_err(Error::statistic("season"))?;
            let (mean, sd) = busy.mean_and_doubt(cell, law);
            sum.mean[cell] += mean;
            doubt[cell] += sd;
        }
    }
    for ((variance, mean), sd) in sum.variance.iter_mut().zip(&sum.mean).zip(doubt) {
        *variance = mean + sd * sd;
    }
    Ok(sum)
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
