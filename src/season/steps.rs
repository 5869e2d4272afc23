//! What the season leads one to expect of every step of the last years.

use forewarn_models::season::Expectation;

use crate::base::Context;
use crate::base::error::{Error, Result};
use crate::tables::CellSteps;

use super::history::History;

/// Steps of every cell with their expectations. A step of the past is compared with what the same
/// phases show without it, or it would be compared with itself.
pub(super) fn steps(
    context: &Context,
    history: &History,
    area_km2: &[f64],
    phases: &[Option<Expectation>],
) -> Result<CellSteps> {
    let settings = &context.settings.trend;
    let n_steps = usize::from(settings.steps);
    let n = area_km2.len() * n_steps;
    let (mut located, mut expected, mut variance) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    for (t, step) in history.steps.iter().enumerate() {
        for part in step {
            let phase = phases[part.phase].as_ref();
            let phase = phase.ok_or(Error::Statistic {
                stage: "season",
                reason: "a step lies in a phase without history".to_owned(),
            })?;
            for (cell, &area_km2) in area_km2.iter().enumerate() {
                let target = area_km2 * f64::from(part.weeks);
                let (count, own) = if part.in_past {
                    (part.located[cell], target)
                } else {
                    (0.0, 0.0)
                };
                let (mean, spread) = phase
                    .without(cell, count, own, target)
                    .map_err(Error::statistic("season"))?;
                let at = cell * n_steps + t;
                located[at] += part.located[cell];
                expected[at] += mean;
                variance[at] += spread;
            }
        }
    }
    Ok(CellSteps {
        n_steps,
        step_weeks: settings.step_weeks,
        year_variance: None,
        first_week: context.first_step_week(),
        located,
        expected,
        variance,
    })
}
