//! What is found of the mission as a whole, or of an area, rather than of a cell.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Level, StudyArea, Zones};

/// What a finding speaks of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The whole mission.
    Mission,
    /// An area, by its P-code.
    Area(String),
}

/// One statistic of one scope. It is told, and raises nothing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Registered name.
    pub name: &'static str,
    /// Textbook name of the statistic.
    pub statistic: &'static str,
    /// What it speaks of.
    pub scope: Scope,
    /// Name of the area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// The statistic; missing where it is undefined.
    pub value: Option<f64>,
    /// Its p-value, where it has one.
    pub p: Option<f64>,
    /// Benjamini-Hochberg adjusted p over its family.
    pub p_bh: Option<f64>,
    /// Events or cells that it was computed from.
    pub n: usize,
    /// What it says, or why there is no answer.
    pub words: String,
    /// The tests that were corrected together.
    pub family: String,
    /// Every parameter, as used.
    pub parameters: BTreeMap<&'static str, String>,
}

/// All findings of a night, in the order of their registry, the mission before its areas.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Findings {
    /// The findings.
    pub rows: Vec<Finding>,
    /// Of each zone the areas that findings speak of and that it has cells in.
    pub areas_of_zones: BTreeMap<String, BTreeSet<String>>,
}

impl Findings {
    /// The findings, with the areas that each zone lies in.
    #[must_use]
    pub fn with_zones(mut self, zones: &Zones, study_area: &StudyArea) -> Self {
        let told: BTreeSet<&str> = self
            .rows
            .iter()
            .filter_map(|row| match &row.scope {
                Scope::Area(pcode) => Some(pcode.as_str()),
                Scope::Mission => None,
            })
            .collect();
        let areas = || {
            let areas = study_area.cells_of.iter();
            areas.filter(|((level, pcode), _)| *level == Level(1) && told.contains(pcode.as_str()))
        };
        let of_zone = |zone: &super::Zone| {
            let within = areas().filter(|(_, cells)| {
                let mut own = zone.cells.iter();
                own.any(|cell| cells.binary_search(cell).is_ok())
            });
            within.map(|((_, pcode), _)| pcode.clone()).collect()
        };
        let zones = zones.rows.iter();
        self.areas_of_zones = zones
            .map(|zone| (zone.zone_id.clone(), of_zone(zone)))
            .collect();
        self
    }
}
