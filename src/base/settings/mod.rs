//! `mission.toml`: read strictly, checked as a whole, every problem told at once.

mod agreement;
mod date_format;
mod files;
mod forecast;
mod outreach;
mod plan;
mod ranges;
mod reporting;
mod season;
mod sections;

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::base::digest;
use crate::base::error::{Error, Result};

pub use agreement::{Agreement, Basis};
pub use date_format::DateFormat;
pub use files::files_of;
pub use forecast::ForecastSettings;
pub use outreach::{MAY_SIGN, OutreachSettings, ServiceOverride};
pub use plan::{PlanBase, PlanDay, PlanSettings};
pub use reporting::{ReportingSettings, ScenarioSettings};
pub use season::{ImportedOnset, SeasonSettings};
pub use sections::{
    AreaSettings, Border, Detect, FindingSettings, Gates, Limits, Mission, Outcome, Placing, Scan,
    SourceSettings, Trend, Window, Wording, ZoneSettings,
};

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
    /// How areas of any size are searched.
    pub scan: Scan,
    /// How the course of a place is told.
    pub trend: Trend,
    /// What is told of the mission and its areas.
    #[serde(default)]
    pub findings: FindingSettings,
    /// How they become zones.
    pub zones: ZoneSettings,
    /// How records are placed that are not known to one place and week.
    #[serde(default)]
    pub placing: Placing,
    /// How likely incidents are to be reported.
    #[serde(default)]
    pub reporting: ReportingSettings,
    /// How incidents of the next weeks are forecast.
    #[serde(default)]
    pub forecast: ForecastSettings,
    /// How outreach is planned.
    #[serde(default)]
    pub outreach: OutreachSettings,
    /// What patrols can do.
    #[serde(default)]
    pub plan: PlanSettings,
    /// How large what comes in may be.
    #[serde(default)]
    pub limits: Limits,
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
