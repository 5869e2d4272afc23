//! What patrols could do next week.

use serde::Serialize;

use crate::base::day::Day;

/// Stands on every product that tells where patrols will be.
pub const PATROL_TERMS: &str = "For the mission's own planners only, never for host forces or other parties; not to be \
    published, forwarded or kept after its last day.";

/// One stop of a patrol.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PatrolStop {
    /// The named place, or what is nearest.
    pub place: String,
    /// Military grid reference, to 1 km.
    pub mgrs: String,
    /// Latitude in degrees north.
    pub lat_deg: f64,
    /// Longitude in degrees east.
    pub lon_deg: f64,
    /// The ranked zone it lies in.
    pub zone_id: Option<String>,
    /// That zone's rank.
    pub zone_rank: Option<u32>,
    /// Arrival, `HH:MM`.
    pub arrive: String,
    /// Departure, `HH:MM`.
    pub leave: String,
    /// What the time of day is for.
    pub window: String,
    /// What to heed there.
    pub note: String,
}

/// One patrol.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Patrol {
    /// Its number within the plan, from 1.
    pub number: u32,
    /// The base it leaves from.
    pub base: String,
    /// The base's military grid reference.
    pub base_mgrs: String,
    /// The day.
    pub day: Day,
    /// Leaving the base, `HH:MM`.
    pub depart: String,
    /// Back there, `HH:MM`.
    pub back: String,
    /// From leaving to being back.
    pub hours: f64,
    /// Way of the whole tour, as far as it is known.
    pub distance_km: f64,
    /// What the team must be.
    pub team: String,
    /// Whether it goes to learn, where little is known.
    pub explores: bool,
    /// Its stops, in order.
    pub stops: Vec<PatrolStop>,
    /// The whole in words that can be read aloud.
    pub text: String,
}

/// A ranked zone that a plan leaves uncovered, at least for the most part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UncoveredZone {
    /// The zone.
    pub zone_id: String,
    /// Its rank.
    pub zone_rank: Option<u32>,
    /// Its name.
    pub name: String,
    /// Its military grid reference.
    pub mgrs: String,
    /// Share of its risk that is covered.
    pub covered: f64,
    /// Why it is not.
    pub code: &'static str,
    /// The same in words.
    pub text: String,
}

/// One sector's plan for one purpose.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PatrolPlan {
    /// `protect`, `balanced` or `learn`.
    pub purpose: String,
    /// The sector.
    pub sector: String,
    /// Patrols that its bases have.
    pub patrols_had: u32,
    /// Share of the mission's worth, by the purpose's weights, that is covered.
    pub covered: f64,
    /// The same, where the purpose's weights are changed.
    pub covered_band: [f64; 2],
    /// Largest share that any plan found covers, unpredictability and exploration left aside.
    pub covered_at_most: f64,
    /// Share that the exact optimum covers, where there are few tours.
    pub covered_exact: Option<f64>,
    /// How much less is covered for not being read, as a share.
    pub price_of_chance: f64,
    /// The patrols, by day and base.
    pub patrols: Vec<Patrol>,
    /// Ranked zones that it leaves uncovered, the highest first.
    pub uncovered: Vec<UncoveredZone>,
}

/// The plans of one week: choices to put before a patrol conference, not orders.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PatrolPlans {
    /// Monday of the week.
    pub first_day: Option<Day>,
    /// Sunday: the plans expire.
    pub last_day: Option<Day>,
    /// Largest probability of a stop and a day, as bits that a guess lacks.
    pub entropy_floor_bits: f64,
    /// Plans by sector and purpose.
    pub plans: Vec<PatrolPlan>,
    /// What must be known of them.
    pub notes: Vec<String>,
}
