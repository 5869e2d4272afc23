//! `mission.toml`: read strictly, checked as a whole, every problem told at once.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::code::Kind;
use crate::base::digest;
use crate::base::error::{Error, Result};

/// A setting that cannot be used: where it stands, what it is, what it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Dotted path, such as `detect.ring`.
    pub path: String,
    /// The value found, or what is wrong.
    pub found: String,
    /// What it must be.
    pub expected: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} = {}, must be {}",
            self.path, self.found, self.expected
        )
    }
}

/// The whole of a mission's settings. Only [`Settings::check`] makes one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    clippy::manual_non_exhaustive,
    reason = "closed to this crate too, not to others only"
)]
pub struct Settings {
    /// What the mission is.
    pub mission: Mission,
    /// Where it looks.
    pub area: AreaSettings,
    /// When it looks, and how far back.
    pub window: Window,
    /// Which calendar its seasons follow.
    pub season: SeasonSettings,
    /// What counts as an incident to prevent.
    pub outcome: Outcome,
    /// How hot spots are found.
    pub detect: Detect,
    /// How the course of a place is told.
    pub trend: Trend,
    /// How they become zones.
    pub zones: ZoneSettings,
    /// What refuses publication.
    pub gates: Gates,
    /// What is read.
    #[serde(rename = "source")]
    pub sources: Vec<SourceSettings>,
    /// Private, so that nothing but [`Settings::check`] makes settings.
    #[serde(skip)]
    #[allow(dead_code, reason = "it is there to be private")]
    checked: (),
}

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

/// Which calendar the seasons follow.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeasonSettings {
    /// Name of a card in `models/cards/seasons`.
    pub card: String,
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
    /// Accepted share of false discoveries among the cells called hot.
    pub false_discovery_rate: f64,
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
}

/// What refuses publication.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gates {
    /// Largest share of rejected rows.
    pub max_rejected_share: f64,
    /// Oldest newest record of all incident sources together.
    pub max_data_age_days: u32,
}

/// One source and where its files lie.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// Mapped source only: for a column of ours, one value for every row.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub constants: BTreeMap<String, String>,
}

/// Collects problems while settings are compared with their ranges.
struct Check {
    problems: Vec<Problem>,
}

impl Check {
    fn that(&mut self, good: bool, path: &str, found: impl fmt::Display, expected: &str) {
        if !good {
            self.problems.push(Problem {
                path: path.to_owned(),
                found: found.to_string(),
                expected: expected.to_owned(),
            });
        }
    }

    fn range<T>(&mut self, path: &str, value: T, range: RangeInclusive<T>)
    where
        T: PartialOrd + fmt::Display,
    {
        let expected = format!("{}..={}", range.start(), range.end());
        self.that(range.contains(&value), path, value, &expected);
    }
}

impl Settings {
    /// Reads and checks a settings text. `known` holds what other floors register.
    ///
    /// # Errors
    /// [`Error::Settings`] with every problem found.
    pub fn check(path: &Path, text: &str, known: &Known) -> Result<Self> {
        let refuse = |problems| Error::Settings {
            path: path.to_path_buf(),
            problems,
        };
        let settings: Self = toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .map_or(1, |span| text[..span.start].lines().count().max(1));
            refuse(vec![Problem {
                path: format!("line {line}"),
                found: error.message().replace('\n', " "),
                expected: "settings as `forewarn init` writes them".to_owned(),
            }])
        })?;
        let problems = settings.problems(known);
        if problems.is_empty() {
            Ok(settings.in_order())
        } else {
            Err(refuse(problems))
        }
    }

    fn problems(&self, known: &Known) -> Vec<Problem> {
        let mut check = Check {
            problems: Vec::new(),
        };
        let name = &self.mission.name;
        check.that(!name.trim().is_empty(), "mission.name", "empty", "a name");
        check.that(
            self.mission.country.len() == 3,
            "mission.country",
            &self.mission.country,
            "an ISO 3166-1 alpha-3 code",
        );
        check.range("area.resolution", self.area.resolution, 3..=7);
        check.range("area.index_resolution", self.area.index_resolution, 7..=9);
        check.range("window.detect_weeks", self.window.detect_weeks, 1..=52);
        check.range("window.history_years", self.window.history_years, 1..=30);
        check.range(
            "window.reporting_delay_days",
            self.window.reporting_delay_days,
            0..=400,
        );
        check.that(
            known.seasons.contains(&self.season.card.as_str()),
            "season.card",
            &self.season.card,
            &format!("one of {}", known.seasons.join(", ")),
        );
        self.check_methods(&mut check);
        self.check_sources(&mut check, known);
        check.problems
    }

    fn check_methods(&self, check: &mut Check) {
        check.that(
            !self.outcome.kinds.is_empty(),
            "outcome.kinds",
            "[]",
            "at least one kind",
        );
        check.range("detect.ring", self.detect.ring, 1..=5);
        check.range("detect.draws", self.detect.draws, 999..=10_000_000);
        check.range(
            "detect.false_discovery_rate",
            self.detect.false_discovery_rate,
            0.001..=0.5,
        );
        self.check_trend(check);
        check.range(
            "zones.max_area_km2",
            self.zones.max_area_km2,
            1.0..=100_000.0,
        );
        check.range("zones.max_zones", self.zones.max_zones, 1..=200);
        check.range("zones.draws", self.zones.draws, 100..=20_000);
        check.range(
            "gates.max_rejected_share",
            self.gates.max_rejected_share,
            0.0..=1.0,
        );
        check.range(
            "gates.max_data_age_days",
            self.gates.max_data_age_days,
            1..=100_000,
        );
    }

    fn check_trend(&self, check: &mut Check) {
        let (trend, window) = (&self.trend, &self.window);
        check.range("trend.step_weeks", trend.step_weeks, 1..=13);
        check.range("trend.steps", trend.steps, 10..=260);
        check.range("trend.level", trend.level, 0.001..=0.5);
        let weeks = u32::from(trend.steps) * u32::from(trend.step_weeks);
        let known = 52 * u32::from(window.history_years) + u32::from(window.detect_weeks);
        let expected = format!("steps of no more than {known} weeks together, as the history has");
        check.that(weeks <= known, "trend.steps", trend.steps, &expected);
        let whole = window.detect_weeks.is_multiple_of(trend.step_weeks.max(1));
        let expected = format!("a divisor of window.detect_weeks = {}", window.detect_weeks);
        check.that(whole, "trend.step_weeks", trend.step_weeks, &expected);
    }

    fn check_sources(&self, check: &mut Check, known: &Known) {
        check.that(
            !self.sources.is_empty(),
            "source",
            "none",
            "at least one [[source]]",
        );
        for (i, source) in self.sources.iter().enumerate() {
            check.that(
                known.sources.contains(&source.kind.as_str()),
                &format!("source[{i}].kind"),
                &source.kind,
                &format!("one of {}", known.sources.join(", ")),
            );
            check.that(
                !source.path.is_empty(),
                &format!("source[{i}].path"),
                "empty",
                "a path",
            );
        }
    }

    /// The order in which sources are listed carries no meaning, so it must not carry bytes either.
    fn in_order(mut self) -> Self {
        self.sources.sort();
        self.outcome.kinds.sort();
        self.outcome.kinds.dedup();
        self
    }

    /// Digest of every setting.
    ///
    /// # Panics
    /// Never: settings hold only what JSON can.
    #[must_use]
    pub fn digest(&self) -> String {
        let text = serde_json::to_string(self).expect("settings hold only plain values");
        digest::of_parts([text.as_bytes()])
    }
}

/// What other floors register, so that settings can be compared with it.
#[derive(Debug, Clone)]
pub struct Known {
    /// Names of the sources.
    pub sources: Vec<&'static str>,
    /// Names of the season cards.
    pub seasons: Vec<&'static str>,
}

/// Where the files of a source lie: one path, or those that match a last part with `*`.
///
/// # Errors
/// [`Error::Absent`] where nothing matches, [`Error::Io`] where the folder cannot be listed.
pub fn files_of(
    source: &SourceSettings,
    mission: &Path,
    data: Option<&Path>,
) -> Result<Vec<PathBuf>> {
    let path = match (source.path.strip_prefix("$FOREWARN_DATA"), data) {
        (Some(rest), Some(data)) => data.join(rest.trim_start_matches('/')),
        (Some(_), None) => {
            return Err(Error::Absent {
                path: PathBuf::from(&source.path),
                expected: "FOREWARN_DATA must name the data folder".to_owned(),
            });
        }
        (None, _) => mission.join(&source.path),
    };
    let pattern = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let Some((before, after)) = pattern.as_deref().and_then(|name| name.split_once('*')) else {
        return if path.is_file() {
            Ok(vec![path])
        } else {
            Err(absent(&path))
        };
    };
    let folder = path.parent().unwrap_or(mission);
    let listing = std::fs::read_dir(folder).map_err(|_missing| absent(&path))?;
    let mut files = Vec::new();
    for entry in listing {
        let entry = entry.map_err(Error::io(folder, "list the folder"))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(before) && name.ends_with(after) && entry.path().is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    if files.is_empty() {
        Err(absent(&path))
    } else {
        Ok(files)
    }
}

fn absent(path: &Path) -> Error {
    Error::Absent {
        path: path.to_path_buf(),
        expected: "put the file there and run again".to_owned(),
    }
}
