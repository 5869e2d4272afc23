//! One sector: what its bases could do, and the plan drawn from it.

use std::collections::BTreeMap;

use forewarn_models::plan::{
    Legs, MOST_EXACT, Options, PlanError, Rules, Tour, Unit, best, draw, exact, tours, worth,
};
use rand_chacha::ChaCha20Rng;

use crate::base::error::{Error, Result};
use crate::tables::PatrolPlan;

use super::bases::Team;
use super::card::Purpose;
use super::{Frame, told};

/// One sector's bases and every tour that they could make.
#[derive(Debug)]
pub(super) struct Sector<'a> {
    pub(super) teams: &'a [Team],
    units: Vec<Unit>,
    pub(super) tours: Vec<Tour>,
}

impl<'a> Sector<'a> {
    pub(super) fn of(frame: &Frame<'_>, teams: &'a [Team]) -> Self {
        let n_cells = frame.stops.cells.len();
        let stay: Vec<f64> = frame
            .stops
            .cells
            .iter()
            .map(|stop| stop.as_ref().map_or(0.0, |stop| stop.stay_hours))
            .collect();
        let mut all = Vec::new();
        for (unit, team) in (0_u32..).zip(teams) {
            let from_base: Vec<Option<f64>> = (0..n_cells)
                .map(|cell| Some(frame.ways.hours(frame.km_from(team, cell)?)))
                .collect();
            let legs = Legs {
                from_base: &from_base,
                between: &|a, b| Some(frame.ways.hours(frame.km_between(a, b)?)),
                stay: &stay,
                near: frame.near,
                hours: frame.input.context.settings.plan.patrol_hours,
                most_stops: frame.card.most_stops,
            };
            all.extend(tours(&legs).into_iter().map(|(stops, hours)| Tour {
                unit,
                hours,
                covers: covers(frame, &stops),
                stops,
            }));
        }
        let units = teams.iter().map(|team| Unit {
            patrols: team.patrols,
            hours: team.hours,
        });
        Self {
            teams,
            units: units.collect(),
            tours: all,
        }
    }

    /// Draws the week's plan for one purpose.
    pub(super) fn plan(
        &self,
        frame: &Frame<'_>,
        purpose: &Purpose,
        rng: &mut ChaCha20Rng,
    ) -> Result<PatrolPlan> {
        let refused = |error: PlanError| Error::statistic("plan")(error);
        let settings = &frame.input.context.settings.plan;
        let value = frame.worth.values(purpose.weights());
        let options = self.options(&value);
        let rules = Rules {
            largest_share: settings.largest_share,
            near_tie: frame.card.near_tie,
            explore_share: settings.explore_share,
            unseen: frame.worth.unseen(),
        };
        let drawn = draw(&options, &rules, rng).map_err(refused)?;
        let at_most = worth(&options, &best(&options).map_err(refused)?);
        let is_small = self.tours.len() <= MOST_EXACT;
        let exact = is_small
            .then(|| exact(&options))
            .transpose()
            .map_err(refused)?;
        let exact = exact.map(|plan| worth(&options, &plan));
        let all: f64 = value.iter().sum();
        let share = |worth: f64| if all > 0.0 { worth / all } else { 0.0 };
        let price = if drawn.free_worth > 0.0 {
            (1.0 - drawn.worth / drawn.free_worth).max(0.0)
        } else {
            0.0
        };
        Ok(PatrolPlan {
            purpose: purpose.name.clone(),
            sector: self
                .teams
                .first()
                .map_or(String::new(), |team| team.sector.clone()),
            patrols_had: self.teams.iter().map(|team| team.patrols).sum(),
            covered: share(drawn.worth),
            covered_band: self.band(frame, purpose, &drawn.plan),
            covered_at_most: share(at_most.max(drawn.worth)),
            covered_exact: exact.map(share),
            price_of_chance: price,
            patrols: told::patrols(frame, self, (&drawn.plan, drawn.n_exploring), rng)?,
            uncovered: Vec::new(),
        })
    }

    fn options<'v>(&'v self, value: &'v [f64]) -> Options<'v> {
        Options {
            value,
            n_stops: value.len(),
            units: &self.units,
            tours: &self.tours,
        }
    }

    /// Smallest and largest share that the same plan covers while the weights are changed, one at a time.
    fn band(&self, frame: &Frame<'_>, purpose: &Purpose, plan: &[u32]) -> [f64; 2] {
        let mut band = [f64::INFINITY, 0.0_f64];
        for changed in 0..4 {
            for factor in std::iter::once(1.0).chain(frame.card.sensitivity) {
                let mut weights = purpose.weights();
                weights[changed] *= factor;
                let value = frame.worth.values(weights);
                let all: f64 = value.iter().sum();
                let share = worth(&self.options(&value), plan) / if all > 0.0 { all } else { 1.0 };
                band = [band[0].min(share), band[1].max(share)];
            }
        }
        band
    }
}

/// What stops cover: their own cells whole, those beside in part.
fn covers(frame: &Frame<'_>, stops: &[u32]) -> Vec<(u32, f64)> {
    let mut covers: BTreeMap<u32, f64> = BTreeMap::new();
    for &stop in stops {
        *covers.entry(stop).or_default() += 1.0;
        for &beside in frame.near.of(stop as usize) {
            *covers.entry(beside).or_default() += frame.card.beside;
        }
    }
    let capped = covers.into_iter();
    capped.map(|(cell, share)| (cell, share.min(1.0))).collect()
}
