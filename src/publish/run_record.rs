//! `run.json`: what a run says of itself. Keys keep their order; there is no wall-clock time in it.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use super::cannot_write;
use crate::base::error::Result;
use crate::base::settings::Settings;
use crate::tables::{
    Balance, DetectorRecord, FileCount, Findings, ForecastRecord, Gate, IndicatorRecord,
    MovementAlerts, OutreachRecord, PlacementRecord, Provenance, ReportingRecord, SeasonPhase,
};

/// Version of the shape of `run.json`; grows when a key changes its meaning or goes.
pub const SCHEMA_VERSION: u32 = 1;

/// What made the files, as far as a version of it can change their bytes.
pub const VERSIONS: &[(&str, &str)] = &[
    ("forewarn", env!("CARGO_PKG_VERSION")),
    ("arrow", "59.3.2"),
    ("datafusion", "55.2.0"),
    ("geoparquet", "0.9.0"),
    ("h3o", "0.11.1"),
    ("parquet", "59.3.2"),
    ("rusqlite", "0.40.2"),
    ("rust_xlsxwriter", "0.102.0"),
    ("zip", "9.8.1"),
];

/// What a run is: the same four, the same run.
#[derive(Debug, Serialize)]
pub struct RunHead<'a> {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What every file of the run must say, see `TierTables::notice`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<&'static str>,
    /// As-of date and digest: the folder's name.
    pub run_id: &'a str,
    /// Digest of inputs, settings and seed.
    pub run_digest: &'a str,
    /// The mission's name.
    pub mission: &'a str,
    /// Whether the data are invented.
    pub synthetic: bool,
    /// The day the run is for, `YYYY-MM-DD`.
    pub as_of: String,
    /// Root of every random number.
    pub seed: u64,
    /// Every setting.
    pub settings: &'a Settings,
    /// Digest of every setting.
    pub settings_digest: &'a str,
    /// [`VERSIONS`] as a map.
    pub versions: BTreeMap<&'static str, &'static str>,
    /// By what right each source is used.
    pub sources: Vec<Provenance>,
}

/// The whole of `run.json`.
#[derive(Debug, Serialize)]
pub struct RunRecord<'a> {
    /// What the run is.
    #[serde(flatten)]
    pub head: RunHead<'a>,
    /// One entry per file read, rows in = taken + rejected.
    pub inputs: &'a [FileCount],
    /// Counts of every stage, in the order of the run.
    pub stages: &'a [Balance],
    /// What was tested, and how.
    pub detectors: &'a [DetectorRecord],
    /// How records that are not known to one place and week were placed.
    pub placements: PlacementRecord,
    /// How reporting was told from risk, or why it was not.
    pub reporting: &'a ReportingRecord,
    /// Which indicators are known, by which card.
    pub indicators: &'a IndicatorRecord,
    /// Outreach: weights, the service gate with every override, people reached.
    pub outreach: &'a OutreachRecord,
    /// How forecasts were made, and what they were worth on past origins.
    pub forecast: &'a ForecastRecord,
    /// What is told of the mission and of its areas.
    pub findings: &'a Findings,
    /// What could have refused publication.
    pub gates: &'a [Gate],
    /// Movable seasons on the as-of date: when each began or will, and what tells it.
    pub seasons: &'a [SeasonPhase],
    /// What counting points tell that differs from them.
    pub movement_alerts: &'a MovementAlerts,
    /// What a reader should know before trusting the layers.
    pub warnings: &'a [String],
}

impl RunRecord<'_> {
    /// Writes it as JSON, indented, so that two runs can be compared line by line.
    pub(super) fn write(&self, out: &mut (dyn Write + Send)) -> Result<()> {
        serde_json::to_writer_pretty(&mut *out, self).map_err(cannot_write("run.json"))?;
        out.write_all(b"\n").map_err(cannot_write("run.json"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_the_lock_file() {
        let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock"));
        let lock = lock.unwrap();
        for (name, version) in VERSIONS {
            let entry = format!("name = \"{name}\"\nversion = \"{version}\"\n");
            assert!(lock.contains(&entry), "{name} is not locked at {version}");
        }
    }
}
