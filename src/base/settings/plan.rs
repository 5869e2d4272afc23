//! Settings of patrol plans.

use serde::{Deserialize, Serialize};

use super::Problem;

/// What patrols can do, and how they are kept from being read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PlanSettings {
    /// Patrols a week of a base that says nothing else.
    pub patrols: u32,
    /// Hours of one patrol, travel included.
    pub patrol_hours: f64,
    /// How far patrols reach on the road, of a base that says nothing else.
    pub range_km: f64,
    /// Speed on the road.
    pub speed_km_h: f64,
    /// Speed on the road in the wet months.
    pub wet_speed_km_h: f64,
    /// Months 1..=12 that are wet.
    pub wet_months: Vec<u8>,
    /// Length of a way over its distance, where no road network tells.
    pub detour: f64,
    /// Share of patrols that go where little is known.
    pub explore_share: f64,
    /// Largest probability that a place is a stop in a week.
    pub largest_share: f64,
    /// Bits that a guess of a stop and its day must lack: 2 are right once in four weeks at most.
    pub entropy_floor_bits: f64,
    /// Bases that differ.
    #[serde(rename = "base")]
    pub bases: Vec<PlanBase>,
    /// Days on which people come together.
    #[serde(rename = "day")]
    pub days: Vec<PlanDay>,
}

/// What is known of one base's week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanBase {
    /// Its name, as its source spells it.
    pub name: String,
    /// The sector it belongs to.
    pub sector: Option<String>,
    /// Patrols a week.
    pub patrols: Option<u32>,
    /// Hours of all of them together.
    pub hours: Option<f64>,
}

/// A weekly day of a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanDay {
    /// The place's name, as its source spells it.
    pub place: String,
    /// What it is, such as `market day` or `distribution day`.
    pub what: String,
    /// Day of the week: 1 is Monday, 7 is Sunday.
    pub weekday: u8,
}

impl Default for PlanSettings {
    fn default() -> Self {
        Self {
            patrols: 2,
            patrol_hours: 10.0,
            range_km: 80.0,
            speed_km_h: 25.0,
            wet_speed_km_h: 12.0,
            wet_months: vec![6, 7, 8, 9, 10],
            detour: 1.4,
            explore_share: 0.15,
            largest_share: 0.75,
            entropy_floor_bits: 2.0,
            bases: Vec::new(),
            days: Vec::new(),
        }
    }
}

impl PlanSettings {
    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut within = |path: &str, value: f64, low: f64, high: f64| {
            if !(low..=high).contains(&value) {
                problems.push(Problem {
                    path: format!("plan.{path}"),
                    found: value.to_string(),
                    expected: format!("{low}..={high}"),
                });
            }
        };
        within("patrols", f64::from(self.patrols), 0.0, 50.0);
        within("patrol_hours", self.patrol_hours, 2.0, 12.0);
        within("range_km", self.range_km, 5.0, 500.0);
        within("speed_km_h", self.speed_km_h, 2.0, 100.0);
        within("wet_speed_km_h", self.wet_speed_km_h, 2.0, 100.0);
        within("detour", self.detour, 1.0, 4.0);
        within("explore_share", self.explore_share, 0.0, 1.0);
        within("largest_share", self.largest_share, 0.1, 1.0);
        within("entropy_floor_bits", self.entropy_floor_bits, 0.0, 2.8);
        for month in &self.wet_months {
            within("wet_months", f64::from(*month), 1.0, 12.0);
        }
        for base in &self.bases {
            within(
                "base.patrols",
                f64::from(base.patrols.unwrap_or(0)),
                0.0,
                50.0,
            );
            within("base.hours", base.hours.unwrap_or(0.0), 0.0, 1_000.0);
        }
        for day in &self.days {
            within("day.weekday", f64::from(day.weekday), 1.0, 7.0);
        }
        problems
    }
}
