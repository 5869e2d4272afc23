//! Ranked risk zones.

use h3o::CellIndex;

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

/// A connected area to look at, with its rank and its doubt.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// Stable id: digest of its cells.
    pub zone_id: String,
    /// Nearest place, distance and direction.
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
    /// Rate of reported incidents relative to the study area's mean in the same weeks (1 = mean).
    pub risk: Doubt,
    /// Incidents of the window, all precisions.
    pub observed: f64,
    /// What the same phase of past years led one to expect.
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
