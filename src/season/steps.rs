//! What the season leads one to expect of every step of the last years.

use crate::base::Context;
use crate::base::error::{Error, Result};
use crate::tables::CellSteps;

use super::history::History;
use super::seasons::Seasons;

/// Steps of every cell with their expectations. A step of the past is compared with what the past
/// shows without it, or it would be compared with itself.
pub(super) fn steps(
    context: &Context,
    history: &History,
    seasons: &Seasons<'_>,
) -> Result<CellSteps> {
    let settings = &context.settings.trend;
    let n_steps = usize::from(settings.steps);
    let n = seasons.area_km2.len() * n_steps;
    let (mut located, mut expected, mut doubt) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    for (t, step) in history.steps.iter().enumerate() {
        for part in step {
            let busy = seasons.busy(&part.weeks);
            for (cell, &target) in busy.exposure.iter().enumerate() {
                let left_out = if part.in_past {
                    (part.located[cell], target)
                } else {
                    (0.0, 0.0)
                };
                let law = seasons
                    .of_steps
                    .without(part.phase, cell, left_out, target)
                    .map_err(Error::statistic("season"))?;
                let (mean, sd) = busy.mean_and_doubt(cell, law);
                let at = cell * n_steps + t;
                located[at] += part.located[cell];
                expected[at] += mean;
                doubt[at] += sd;
            }
        }
    }
    let variance = expected.iter().zip(&doubt).map(|(mean, sd)| mean + sd * sd);
    Ok(CellSteps {
        n_steps,
        step_weeks: settings.step_weeks,
        year_variance: seasons.year_variance,
        first_week: context.first_step_week(),
        variance: variance.collect(),
        located,
        expected,
    })
}
