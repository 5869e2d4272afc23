//! Self-exciting rate over cells: do reports bring others near them, how far and for how long?

use forewarn_models::contagion::{
    SpaceTimeContagion, SpaceTimeExcitation, SpaceTimeHistory, space_time_contagion,
};
use forewarn_models::risk::GammaPrior;

use crate::base::error::Result;
use crate::tables::Finding;

use super::super::Input;
use super::Statistic;
use super::contagion::{Events, background as season, cells_apart_km, instead, slow};
use super::series::Material;
use super::told::Told;

/// Hawkes process over cells and days.
#[derive(Debug)]
pub(super) struct HawkesSpaceTime;

impl Statistic for HawkesSpaceTime {
    fn name(&self) -> &'static str {
        "hawkes_space_time"
    }

    fn statistic(&self) -> &'static str {
        "self-exciting rate in space and time"
    }

    fn find(&self, input: &Input<'_>, material: &Material) -> Result<Vec<Finding>> {
        let events = Events::latest(input, material);
        let n = events.of.len();
        let widths = (
            events.precision_km / 2.0,
            input.context.settings.findings.reach_km,
        );
        let mut told = match history(input, material, &events, widths) {
            Ok(history) => match space_time_contagion(&history) {
                SpaceTimeContagion::Excited(found) => excited(&found),
                SpaceTimeContagion::Seasonal { why, .. } => Told {
                    words: instead(why),
                    ..Told::default()
                },
            },
            Err(reason) => Told::unanswered(n, reason),
        };
        told.n = n;
        told.parameters.extend([
            ("events", events.words()),
            (
                "background",
                format!("{} times empirical Bayes rate of the cell", season()),
            ),
            (
                "kernel",
                format!(
                    "Gaussian, whole over the cells within {} km, width {:.1} to {} km",
                    widths.1, widths.0, widths.1
                ),
            ),
        ]);
        Ok(vec![told.of_mission(self)])
    }
}

fn history(
    input: &Input<'_>,
    material: &Material,
    events: &Events,
    widths: (f64, f64),
) -> std::result::Result<SpaceTimeHistory, String> {
    let in_time = events.history(material).map_err(|e| e.to_string())?;
    let n_cells = input.study_area.grid.len();
    let mut counts = vec![0.0; n_cells];
    events.of.iter().for_each(|&(cell, _)| counts[cell] += 1.0);
    let background = background(&counts, input.expected.area_km2().values())?;
    let near: Vec<Vec<(u32, f64)>> = (0..n_cells)
        .map(|cell| {
            if counts[cell] > 0.0 {
                within(input, cell, widths.1)
            } else {
                Vec::new()
            }
        })
        .collect();
    let places = events.of.iter().map(|&(cell, _)| u32::try_from(cell));
    let places: Vec<u32> = places
        .collect::<std::result::Result<_, _>>()
        .map_err(|e| e.to_string())?;
    SpaceTimeHistory::new(in_time, &places, &background, &near, widths).map_err(|e| e.to_string())
}

/// Events that each cell leads one to expect: its own, drawn towards the mean of all by area.
fn background(counts: &[f64], area_km2: &[f64]) -> std::result::Result<Vec<f64>, String> {
    let mean = counts.iter().sum::<f64>() / area_km2.iter().sum::<f64>();
    let expected: Vec<f64> = area_km2.iter().map(|area| area * mean).collect();
    let prior = GammaPrior::fit(counts, &expected)
        .map_err(|e| e.to_string())?
        .prior;
    let cells = counts.iter().zip(&expected);
    cells
        .map(|(&count, &expected)| {
            let rate = prior
                .posterior(count, expected)
                .map_err(|e| e.to_string())?;
            Ok(rate.mean() * expected)
        })
        .collect()
}

/// Cells of the study area within reach, with the distances of their centres, the cell itself among
/// them.
fn within(input: &Input<'_>, cell: usize, reach_km: f64) -> Vec<(u32, f64)> {
    let grid = &input.study_area.grid;
    let own = grid.cells()[cell];
    // Centres of adjacent hexagons are nowhere nearer than an edge apart.
    let rings = (reach_km / own.resolution().edge_length_km()).ceil();
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few rings"
    )]
    let disk = own.grid_disk::<Vec<_>>(rings as u32);
    let positions = disk.into_iter().filter_map(|other| grid.position(other));
    let mut near: Vec<(u32, f64)> = positions
        .filter_map(|other| {
            Some((
                u32::try_from(other).ok()?,
                cells_apart_km(grid.cells(), cell, other),
            ))
        })
        .filter(|&(_, km)| km <= reach_km)
        .collect();
    near.sort_by_key(|&(other, _)| other);
    near
}

fn excited(found: &SpaceTimeExcitation) -> Told {
    let (rate, sigma_km) = (found.rate.in_time(), found.rate.sigma_km());
    let slow = slow(rate.decay());
    Told {
        value: slow.is_none().then(|| rate.theta()),
        words: slow.unwrap_or_else(|| format!(
            "one report day of a cell brings {:.2} ({:.2} to {:.2}) others near it beyond season and \
             place, half of them within {:.0} days, spread {sigma_km:.0} km wide",
            rate.theta(),
            found.theta_lo,
            found.theta_hi,
            std::f64::consts::LN_2 / rate.decay()
        )),
        parameters: vec![
            ("decay_per_day", format!("{:.4}", rate.decay())),
            ("decay_at_bound", found.decay_at_bound.to_string()),
            ("sigma_km", format!("{sigma_km:.2}")),
            ("sigma_at_bound", found.sigma_at_bound.to_string()),
            ("likelihood_ratio", format!("{:.2}", found.likelihood_ratio)),
        ],
        ..Told::default()
    }
}
