//! What one tier may publish.

use crate::base::day::{Day, Week};
use crate::base::settings::Mission;
use crate::tables::{
    Boundaries, CellSteps, Classes, EarlyWarnings, Expected, Forecasts, IndicatorValues, Lines,
    OutreachPlan, PatrolPlans, Places, Reporting, SeasonPhase, Signals, StudyArea, ZoneIndicators,
    Zones,
};

/// Name of the tier of named analysts: everything the engine knows, at the precision of the reports.
pub const RESTRICTED: &str = "restricted";

/// Stands in every file of a mission whose data are invented.
pub const SYNTHETIC_NOTICE: &str = "SYNTHETIC: invented data, not for operational use";

/// The tables of one tier, and what every file says of the run behind them.
#[derive(Debug, Clone, Copy)]
pub struct TierTables<'a> {
    /// Name of the tier, and of its folder.
    pub disclosure: &'static str,
    /// What the mission is.
    pub mission: &'a Mission,
    /// Digest of the run's inputs, settings and seed.
    pub run_digest: &'a str,
    /// First and last week of the detection window.
    pub window: (Week, Week),
    /// Phase of the season in the window, by the mission's card.
    pub phase: &'a str,
    /// Ranked zones.
    pub zones: &'a Zones,
    /// The cells looked at.
    pub study_area: &'a StudyArea,
    /// Observed and expected, one row per cell.
    pub expected: &'a Expected,
    /// How likely incidents are to be reported, and where it is silent.
    pub reporting: &'a Reporting,
    /// What the detectors say, one row per detector and cell.
    pub signals: &'a Signals,
    /// What course each cell took, one row per cell.
    pub classes: &'a Classes,
    /// What is known of each indicator, and where.
    pub indicators: &'a IndicatorValues,
    /// What indicators say of each zone.
    pub zone_indicators: &'a ZoneIndicators,
    /// Their sum, one row per cell.
    pub early_warnings: &'a EarlyWarnings,
    /// How likely incidents are in the next weeks, in the order of the study area's cells.
    pub forecasts: &'a Forecasts,
    /// Where outreach goes, and what else can be done.
    pub outreach: &'a OutreachPlan,
    /// What patrols could do next week; for the restricted and internal tiers only.
    pub patrols: &'a PatrolPlans,
    /// What a map shows around the cells.
    pub ground: Ground<'a>,
}

/// What a map shows around the cells, and how they came to be as they are.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The day the run is for.
    pub as_of: Day,
    /// Administrative areas.
    pub boundaries: &'a Boundaries,
    /// Corridors, roads, rivers.
    pub lines: &'a Lines,
    /// Named places.
    pub places: &'a Places,
    /// Movable seasons on that day.
    pub seasons: &'a [SeasonPhase],
    /// Reports of the last steps, where the tier may carry them cell by cell.
    pub steps: Option<&'a CellSteps>,
}

impl TierTables<'_> {
    /// What every file must say about the mission's data, if anything.
    #[must_use]
    pub fn notice(&self) -> Option<&'static str> {
        self.mission.synthetic.then_some(SYNTHETIC_NOTICE)
    }
}
