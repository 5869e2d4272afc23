//! The sections of `mission.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Agreement, DateFormat};
use crate::base::code::Kind;

/// What the mission is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mission {
    /// Shown on every product.
    pub name: String,
    /// ISO 3166-1 alpha-3.
    pub country: String,
    /// Whether the data are invented; then every product says SYNTHETIC.
    pub synthetic: bool,
}

/// Where the mission looks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaSettings {
    /// H3 resolution of the analysis.
    pub resolution: u8,
    /// H3 resolution at which records are indexed once.
    pub index_resolution: u8,
    /// Which cells of the border belong to the mission.
    pub cells: Border,
}

/// Which cells of the border belong to the mission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Border {
    /// Every cell that touches the area, so that no place inside it is left without a cell.
    Touching,
    /// Only cells whose centre lies in the area.
    Centred,
}

/// When the mission looks, and how far back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Weeks of the detection window.
    pub detect_weeks: u16,
    /// Past years that make the seasonal expectation.
    pub history_years: u16,
    /// Days after which most reports have arrived; the window ends before them.
    pub reporting_delay_days: u16,
}

/// What counts as an incident to prevent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Kinds that count.
    pub kinds: Vec<Kind>,
}

/// How hot spots are found.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detect {
    /// Rings of neighbours.
    pub ring: u8,
    /// Draws of each pooled permutation null.
    pub draws: u32,
    /// Accepted share of false discoveries among the cells called hot, and of nights that raise something
    /// though nothing changed.
    pub false_discovery_rate: f64,
}

/// How areas of any size are searched.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    /// Rings of the largest area around its centre.
    pub rings: u8,
    /// Worlds without a cluster that the highest is compared with; 0 leaves the scan out.
    pub replicates: u32,
    /// An area is raised where chance alone would raise one so rarely, searching every day.
    pub recurrence_days: u32,
}

/// How the course of a place is told: emerging hot spot classes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trend {
    /// Weeks of a step.
    pub step_weeks: u16,
    /// Steps, the last one ending with the detection window.
    pub steps: u16,
    /// Level of the trend test.
    pub level: f64,
    /// Whose wording of the classes.
    pub wording: Wording,
}

/// Whose wording of the emerging hot spot classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wording {
    /// Esri since 2024: a sporadic spot is one at the final step.
    #[serde(rename = "esri_2024")]
    Esri2024,
    /// Esri before, and sfdep.
    EsriLegacy,
}

impl Wording {
    /// As in the settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Esri2024 => "esri_2024",
            Self::EsriLegacy => "esri_legacy",
        }
    }
}

/// How the mission and its areas are told of, beside zones.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FindingSettings {
    /// Permutations of each test by them.
    pub permutations: u32,
    /// Most events that contagion is looked for among, the latest; 0 looks for none.
    pub most_events: u32,
    /// Upper edges of the bands of distance of near repeats, in km, the same cell apart.
    pub near_km: Vec<f64>,
    /// Upper edges of their bands of time, in days.
    pub near_days: Vec<u32>,
    /// How far what an event brings may lie from it, in km.
    pub reach_km: f64,
    /// Chance that the week of an area exceeds its threshold though nothing changed.
    pub alarm_level: f64,
    /// Rise that a lasting one is told by.
    pub lasting_ratio: f64,
}

impl Default for FindingSettings {
    fn default() -> Self {
        Self {
            permutations: 999,
            most_events: 2000,
            near_km: vec![25.0, 50.0],
            near_days: vec![8, 15],
            reach_km: 100.0,
            alarm_level: 0.005,
            lasting_ratio: 2.0,
        }
    }
}

/// How hot cells become zones.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneSettings {
    /// Largest zone.
    pub max_area_km2: f64,
    /// Most zones listed.
    pub max_zones: u16,
    /// Posterior draws behind the rank intervals.
    pub draws: u16,
    /// Longest way between two places that a zone may lie along, in km; 0: none does.
    #[serde(default = "sixty")]
    pub max_axis_km: f64,
}

/// More than the 30 to 40 km that people are known to walk to a distribution.
fn sixty() -> f64 {
    60.0
}

/// How records are placed that are not known to one place and week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Placing {
    /// Whole-record placements behind the stability of zones and the doubt of their ranks; 0: none.
    pub draws: u16,
    /// Reports of a point that is the middle of an area, no named place near it, from which on they are
    /// taken as known to the area only; 0: never.
    pub dump_reports: u16,
    /// Reports of one point, no named place near, from which on they are taken as known to its first-level
    /// area only; 0: never. Only for missions whose list of places is complete.
    pub unnamed_reports: u16,
}

impl Default for Placing {
    fn default() -> Self {
        Self {
            draws: 200,
            dump_reports: 5,
            unnamed_reports: 0,
        }
    }
}

/// What refuses publication.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gates {
    /// Largest share of rejected rows.
    pub max_rejected_share: f64,
    /// Oldest newest record of all incident sources together.
    pub max_data_age_days: u32,
    /// Largest share of a source's records that may be withdrawn in one night.
    #[serde(default = "half")]
    pub max_withdrawn_share: f64,
}

/// How large what comes in may be: what is larger is damaged or means harm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Largest row, in KiB.
    pub row_kib: u32,
    /// Most physical lines of a row.
    pub row_lines: u32,
    /// Largest file, in MiB.
    pub file_mib: u32,
    /// Largest archive once unpacked, in MiB.
    pub unpacked_mib: u32,
    /// Most bytes that one byte of an archive may unpack to.
    pub unpacked_ratio: u32,
    /// Most cells of a workbook.
    pub workbook_cells: u32,
    /// Memory of the process that reads a foreign container, in MiB.
    pub reader_mib: u32,
    /// Seconds it may work.
    pub reader_seconds: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            row_kib: 1024,
            row_lines: 1000,
            file_mib: 4096,
            unpacked_mib: 256,
            unpacked_ratio: 100,
            workbook_cells: 5_000_000,
            reader_mib: 1024,
            reader_seconds: 120,
        }
    }
}

fn half() -> f64 {
    0.5
}

/// One source and where its files lie.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSettings {
    /// Registered name of the source.
    pub kind: String,
    /// File, or all files of a folder by a last part with `*`; relative to the mission folder.
    /// A leading `$FOREWARN_DATA` stands for the data folder.
    pub path: String,
    /// Mapped source only: our column to theirs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
    /// Mapped source only: for a column of ours, their value to ours.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Mapped source: for a column of ours, one value for every row. Lines: their `kind`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub constants: BTreeMap<String, String>,
    /// Encoding of delimited text that is not UTF-8 and carries no byte order mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Mapped source only: its own name, put before its ids where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Days after an event from which a record of history is taken as known, where the source tells no
    /// day: for nights of the past. None: known ever since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_after_days: Option<u16>,
    /// Whether the files hold all that the source has, so that a record they no longer hold is
    /// withdrawn; `false` for files of additions. True where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complete: Option<bool>,
    /// `,` where numbers are written with a decimal comma.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<String>,
    /// How days are written beside `yyyy-mm-dd`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_format: Option<DateFormat>,
    /// By what right the data are here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    /// Sheet of a workbook; without it the first that is seen and has cells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Row of a workbook's column names, where they cannot be told or their cells are merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u32>,
}
