//! Stage: what patrols could do next week: three plans per sector, each feasible, none of which can be read by watching.
//!
//! Plans are choices to put before a patrol conference; what is not covered is told with its reason. Nothing here is
//! about people: a stop is a place and a time. Where there is no base there is no plan, and the notes say so.

mod bases;
mod card;
mod sector;
mod stops;
mod told;
mod uncovered;
mod ways;
mod week;
mod worth;

use std::collections::BTreeMap;

use forewarn_models::grid::Neighbours;
use forewarn_models::units::Purpose as Stream;
use h3o::CellIndex;

use crate::base::Context;
use crate::base::day::Week;
use crate::base::error::Result;
use crate::tables::{
    CellFacts, EarlyWarnings, Expected, PatrolPlans, Places, Reporting, StudyArea, Surroundings,
    Zones,
};

use bases::Team;
use card::Card;
use sector::Sector;
use stops::Stops;
use ways::Ways;
use worth::Worth;

/// Share of the coverage that unpredictability may cost before it is told.
const DEAR: f64 = 0.1;

/// What this stage reads.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Settings, dates, seed.
    pub context: &'a Context,
    /// The cells.
    pub study_area: &'a StudyArea,
    /// The posterior of the rate of incidents.
    pub expected: &'a Expected,
    /// How much would be heard of.
    pub reporting: &'a Reporting,
    /// Ranked zones.
    pub zones: &'a Zones,
    /// What indicators say of every cell.
    pub warnings: &'a EarlyWarnings,
    /// Reports by cell and week.
    pub facts: &'a CellFacts,
    /// Named places.
    pub places: &'a Places,
    /// Bases and patrols.
    pub surroundings: &'a Surroundings,
    /// Cells with a road, and whether it is open in the week that is planned.
    pub roads_open: &'a BTreeMap<CellIndex, bool>,
}

/// The week that plans are made for: the one after the as-of date's.
#[must_use]
pub fn planned_week(context: &Context) -> Week {
    Week(context.as_of.week().0 + 1)
}

/// Plans next week's patrols.
///
/// # Errors
/// Where the card is damaged, or the mathematics refuses what it is given.
pub fn run(input: &Input<'_>) -> Result<PatrolPlans> {
    let card = Card::read()?;
    let week = planned_week(input.context);
    let monday = week.first_day();
    let (teams, mut notes) = bases::teams(input, &card);
    let mut plans = PatrolPlans {
        first_day: Some(monday),
        last_day: Some(week.last_day()),
        entropy_floor_bits: input.context.settings.plan.entropy_floor_bits,
        ..PatrolPlans::default()
    };
    if teams.is_empty() {
        plans.notes =
            vec!["no base with patrols stands in the study area: no patrol plan".to_owned()];
        plans.notes.extend(notes);
        return Ok(plans);
    }
    let stops = Stops::of(input, &card);
    let held = stops.held();
    let n_held = held.iter().filter(|&&held| held).count();
    let ways = Ways::of(input, monday.month_day().0);
    let frame = Frame {
        input,
        card: &card,
        worth: &Worth::of(input, &held),
        stops: &stops,
        near: &Neighbours::ring(&input.study_area.grid, 1),
        ways,
        monday,
    };
    let number = u64::from(week.0.unsigned_abs());
    for teams in teams.chunk_by(|a, b| a.sector == b.sector) {
        let sector = Sector::of(&frame, teams);
        for purpose in &card.plans {
            let stream = number * 1_000 + u64::try_from(plans.plans.len()).unwrap_or(0);
            let mut rng = input.context.seed.stream(Stream::PatrolPlan, stream);
            plans.plans.push(sector.plan(&frame, purpose, &mut rng)?);
        }
    }
    uncovered::tell(&frame, &teams, &mut plans);
    notes.extend(told::notes(&frame, n_held));
    notes.extend(plans.plans.iter().filter(|plan| plan.price_of_chance > DEAR).map(|plan| {
        format!(
            "{}, {}: not being readable costs {:.0} % of what this week's patrols could cover; there are few places to \
             choose among",
            plan.sector,
            plan.purpose,
            plan.price_of_chance * 100.0
        )
    }));
    plans.notes = notes;
    Ok(plans)
}

/// What every sector's plan is made in.
#[derive(Debug, Clone, Copy)]
struct Frame<'a> {
    input: &'a Input<'a>,
    card: &'a Card,
    worth: &'a Worth,
    stops: &'a Stops<'a>,
    near: &'a Neighbours,
    ways: Ways,
    monday: crate::base::day::Day,
}

impl Frame<'_> {
    /// Kilometres from a base to a cell's stop; none where it is closed or beyond the base's range.
    fn km_from(&self, team: &Team, cell: usize) -> Option<f64> {
        let stop = self.stops.cells[cell].as_ref().ok()?;
        let km = self.ways.km(team.at, stop.at);
        (km <= team.range_km).then_some(km)
    }

    /// Kilometres from stop to stop.
    fn km_between(&self, from: u32, to: u32) -> Option<f64> {
        let at = |stop: u32| {
            self.stops.cells[stop as usize]
                .as_ref()
                .ok()
                .map(|stop| stop.at)
        };
        Some(self.ways.km(at(from)?, at(to)?))
    }
}
