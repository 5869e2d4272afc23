//! Ranked risk zones.

use h3o::CellIndex;

use super::ActionOption;
use crate::base::code::{ReportingState, ZoneKind};
use crate::base::day::Day;

/// A central value with a 90 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Doubt {
    /// Posterior mean.
    pub mean: f64,
    /// 5 % quantile.
    pub lo: f64,
    /// 95 % quantile.
    pub hi: f64,
}

/// Why a zone is listed, or what speaks against it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// A code that messages and translations hang on.
    pub code: &'static str,
    /// The figures behind it, in words.
    pub text: String,
}

/// Codes of reasons and of counter-evidence that zones give by themselves; indicators add theirs, by their own
/// codes.
pub const ZONE_CODES: &[&str] = &[
    "ABOVE_SEASON",
    "HIGH_RATE",
    "SILENCE",
    "REVIEW",
    "WITHIN_SEASON",
    "FEW_REPORTS",
    "COARSE_PLACES",
    "QUIET",
    "EXPECTED_REPORTING_EFFECT",
    "UNSTABLE_PLACE",
];

/// Where a zone stands among the others, over posterior draws and placements.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// 1 = highest risk; zones that the draws cannot tell apart share one.
    pub rank: u32,
    /// 5 % rank.
    pub rank_lo: u32,
    /// 95 % rank.
    pub rank_hi: u32,
    /// Probability of belonging to the ten highest.
    pub p_top10: f64,
}

/// What early-warning indicators say of a zone, at its most warned cell: log-odds against the usual.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EarlyWarning {
    /// The sum, and what missing and old observations leave open.
    pub log_odds: Doubt,
    /// Lowest and highest sum while weights are changed.
    pub band: [f64; 2],
    /// Indicators that are known there.
    pub n_known: u32,
    /// Indicators that would count if they were known.
    pub n_asked: u32,
    /// Whether an indicator calls for a review by itself.
    pub review: bool,
}

/// A connected area to look at, with its rank and its doubt.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// Stable id: digest of its cells.
    pub zone_id: String,
    /// Whether it spreads over an area or lies along a way.
    pub kind: ZoneKind,
    /// Nearest place, distance and direction; of an axis the two places and what joins them.
    pub name: String,
    /// Its cells, sorted.
    pub cells: Vec<CellIndex>,
    /// True area of all cells.
    pub area_km2: f64,
    /// Where it stands; `None` where too little is known of its place to say.
    pub standing: Option<Standing>,
    /// Share of placements of the window's records in which it keeps half of its cells or more; `None`
    /// where none were drawn.
    pub stability: Option<f64>,
    /// Rate of incidents, given how likely they are to be reported, relative to the study area's mean in
    /// the same weeks (1 = mean). Its interval spans all ways reporting may be.
    pub risk: Doubt,
    /// Share of the ways reporting may be in which the rank stays within its interval; none where
    /// nothing is known of effort.
    pub rank_robustness: Option<f64>,
    /// Probability that an incident in it would be reported; none where that is unknown for most of it.
    pub reporting: Option<Doubt>,
    /// Whether that is learned, assumed or unknown: `base::code::ReportingState`.
    pub reporting_state: ReportingState,
    /// Incidents of the window, all precisions.
    pub observed: f64,
    /// What the season led one to expect.
    pub expected: f64,
    /// Phase of the season, by the mission's card.
    pub season_phase: String,
    /// Emerging hot spot class of its label cell, by rates.
    pub class_classic: Option<String>,
    /// The same by departures from the season.
    pub class_seasonal: Option<String>,
    /// Why it is listed.
    pub reasons: Vec<Reason>,
    /// What speaks against it.
    pub counter_evidence: Vec<Reason>,
    /// What protects it.
    pub protective: Vec<Reason>,
    /// What can be done by patrol, the strongest reason's first.
    pub options_patrol: Vec<ActionOption>,
    /// What else can be done.
    pub options_other: Vec<ActionOption>,
    /// What indicators say beside the reports.
    pub early_warning: Option<EarlyWarning>,
    /// Probability of an incident in any of its cells in the next 28 days: its cells taken as independent, the
    /// lower end as if they went together. None where nothing is forecast.
    pub p_event_28d: Option<Doubt>,
    /// Military grid reference of its label cell.
    pub mgrs: String,
    /// Label point: centre of its cell with the highest risk.
    pub label: CellIndex,
    /// Latest day of any incident that is known to be in it: one known to an area only may be elsewhere.
    pub last_report: Option<Day>,
    /// Days from that day to the as-of date.
    pub data_age_days: Option<i32>,
}

/// Zones in order of rank, those without one last.
#[derive(Debug, Clone, Default)]
pub struct Zones {
    /// The zones.
    pub rows: Vec<Zone>,
}
