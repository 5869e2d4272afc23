//! What is known of a mission beside its incidents: who moves, who is there, what can be reached.

use super::{
    Bases, Communities, Displacement, DisplacementEvents, Effort, FoodSecurity, Intake, Lines,
    Movements, Observations, Population, Rain, Services, Sessions, Visits,
};

/// The tables of everything that is no incident, finished, as the files tell them: a stage leaves out
/// what is of after its day.
#[derive(Debug)]
pub struct Surroundings {
    /// Herd movements.
    pub movements: Movements,
    /// Patrols, sessions and visits.
    pub effort: Effort,
    /// Cells and days of patrols' tracks.
    pub visits: Visits,
    /// Displaced persons present, per area and period.
    pub displacement: Displacement,
    /// Reported displacements, per event and point.
    pub displacement_events: DisplacementEvents,
    /// Food security, per named area and period.
    pub food_security: FoodSecurity,
    /// Population, per area.
    pub population: Population,
    /// Rain, per place and period.
    pub rain: Rain,
    /// Services that people can turn to.
    pub services: Services,
    /// Communities that outreach may go to.
    pub communities: Communities,
    /// Outreach sessions, each among the effort too.
    pub sessions: Sessions,
    /// Bases.
    pub bases: Bases,
    /// Corridors, roads, paths and rivers.
    pub lines: Lines,
    /// Indicators that the mission observes itself.
    pub observations: Observations,
}

impl Surroundings {
    /// Takes them out of what was read.
    #[must_use]
    pub fn take(intake: &mut Intake) -> Self {
        use std::mem::take;
        Self {
            movements: take(&mut intake.movements).finish(),
            effort: take(&mut intake.effort).finish(),
            visits: take(&mut intake.visits).finish(),
            displacement: take(&mut intake.displacement).finish(),
            displacement_events: take(&mut intake.displacement_events).finish(),
            food_security: take(&mut intake.food_security).finish(),
            population: take(&mut intake.population).finish(),
            rain: take(&mut intake.rain).finish(),
            services: take(&mut intake.services).finish(),
            communities: take(&mut intake.communities).finish(),
            sessions: take(&mut intake.sessions).finish(),
            bases: take(&mut intake.bases).finish(),
            lines: Lines::new(take(&mut intake.lines)),
            observations: take(&mut intake.observations).finish(),
        }
    }
}
