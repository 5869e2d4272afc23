//! Settings of the reporting stage.

use serde::{Deserialize, Serialize};

/// How likely incidents are to be reported, and when a place counts as silent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReportingSettings {
    /// Days without contact after which a place where reports are usual is a blind spot, and without a
    /// line after which a log of effort is stale.
    pub blind_days: u16,
    /// Weeks without contact after which nothing is known of reporting in a cell.
    pub coverage_weeks: u16,
    /// Days in which half the effect of an outreach session is gone.
    pub outreach_half_life_days: f64,
    /// Distance from a base at which half its effect is left.
    pub base_half_distance_km: f64,
    /// Largest weight of an incident that a patrol discovered.
    pub discovery_weight_cap: f64,
    /// Little is reported.
    pub low: ScenarioSettings,
    /// Between the two.
    pub mid: ScenarioSettings,
    /// Much is reported.
    pub high: ScenarioSettings,
}

/// One way reporting may be, carried where the data cannot tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioSettings {
    /// Probability that an incident is reported though nobody comes.
    pub background: f64,
    /// Probability that one visit hears of it.
    pub per_visit: f64,
    /// Where the numbers are from.
    pub reason: String,
}

impl ReportingSettings {
    /// The three scenarios, lowest first.
    #[must_use]
    pub fn scenarios(&self) -> [(&'static str, &ScenarioSettings); 3] {
        [("low", &self.low), ("mid", &self.mid), ("high", &self.high)]
    }
}

impl Default for ReportingSettings {
    fn default() -> Self {
        let scenario = |background, per_visit, reason: &str| ScenarioSettings {
            background,
            per_visit,
            reason: reason.to_owned(),
        };
        Self {
            blind_days: 28,
            coverage_weeks: 26,
            outreach_half_life_days: 60.0,
            base_half_distance_km: 50.0,
            discovery_weight_cap: 20.0,
            low: scenario(
                0.05,
                0.05,
                "practitioners speak of 10 to 20 incidents for each reported (one in 20 here); surveys find 7 % \
                 told to any service (doi:10.1093/aje/kwt295)",
            ),
            mid: scenario(
                0.16,
                0.12,
                "geometric means of low and high: a midpoint, not an estimate",
            ),
            high: scenario(
                0.5,
                0.3,
                "every second incident told, and three visits hear of two in three: taken as the most that can \
                 be believed",
            ),
        }
    }
}
