//! `forewarn check DIR`: what would stop a night, or make it weaker, and the fix for each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::base::code::PlacePrecision;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::base::settings::Settings;
use crate::season::Card;
use crate::sources;
use crate::tables::{FileCount, Incidents, Intake};

use super::Options;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Mission folder
    dir: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Ok,
    Warning,
    Failed,
}

/// One thing looked at.
#[derive(Debug, Serialize)]
struct Finding {
    level: Level,
    what: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    fix: String,
}

impl Finding {
    fn new(level: Level, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            level,
            what: what.into(),
            fix: fix.into(),
        }
    }

    fn line(&self) -> String {
        let level = match self.level {
            Level::Ok => "OK     ",
            Level::Warning => "warning",
            Level::Failed => "failed ",
        };
        if self.fix.is_empty() {
            format!("{level}  {}", self.what)
        } else {
            format!("{level}  {}; {}", self.what, self.fix)
        }
    }
}

pub(super) fn run(arguments: &Arguments, options: &Options) -> Result<()> {
    let settings = super::run::settings(&arguments.dir)?;
    let mut findings = vec![Finding::new(Level::Ok, "settings", "")];
    findings.push(season(&settings)?);
    findings.push(write_access(&arguments.dir));
    match sources::read_all(
        &settings,
        None,
        &arguments.dir,
        super::data_folder().as_deref(),
        Some(&super::helper()?),
    ) {
        Ok(intake) => inputs(&settings, intake, &mut findings),
        Err(error) => findings.push(Finding::new(Level::Failed, error.to_string(), "")),
    }
    let lines: Vec<String> = findings.iter().map(Finding::line).collect();
    options
        .output()
        .result(&serde_json::json!({ "findings": findings }), &lines)?;
    let n_failed = findings
        .iter()
        .filter(|finding| finding.level == Level::Failed)
        .count();
    if n_failed == 0 {
        return Ok(());
    }
    Err(Error::Usage {
        what: format!("{n_failed} finding(s) would stop a night"),
        expected: "mend them and check again".to_owned(),
    })
}

fn season(settings: &Settings) -> Result<Finding> {
    let card = Card::named(&settings.season.card)?;
    let country = &settings.mission.country;
    Ok(if card.country == *country {
        Finding::new(
            Level::Ok,
            format!("season card {}", settings.season.card),
            "",
        )
    } else {
        let what = format!(
            "season card {} is for {}",
            settings.season.card, card.country
        );
        Finding::new(
            Level::Warning,
            what,
            format!("choose one for {country}, if there is one"),
        )
    })
}

fn write_access(dir: &Path) -> Finding {
    let probe = dir.join(".write-probe");
    let written = fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe));
    match written {
        Ok(()) => Finding::new(Level::Ok, "the mission folder can be written", ""),
        Err(_refused) => Finding::new(
            Level::Failed,
            "the mission folder cannot be written",
            "change its rights",
        ),
    }
}

fn inputs(settings: &Settings, intake: Intake, findings: &mut Vec<Finding>) {
    for file in &intake.files {
        findings.push(file_finding(settings, file));
    }
    let incidents = intake.incidents.finish();
    findings.extend(placed(&incidents));
    let newest = incidents
        .date_start()
        .values()
        .iter()
        .copied()
        .max()
        .map(Day);
    findings.push(match newest {
        Some(day) => Finding::new(Level::Ok, format!("newest incident {day}"), ""),
        None => Finding::new(
            Level::Failed,
            "no incident at all",
            "add an incident source",
        ),
    });
    findings.push(if intake.areas.is_empty() {
        Finding::new(Level::Failed, "no boundaries", "add a boundaries source")
    } else {
        Finding::new(
            Level::Ok,
            format!("{} administrative areas", intake.areas.len()),
            "",
        )
    });
    if intake.places.is_empty() {
        let fix = "add a places source, so that zones have names";
        findings.push(Finding::new(Level::Warning, "no named places", fix));
    }
}

/// How precisely the rows of each incident source are placed: a coarse row is no evidence for a hot
/// spot, so these shares say what a source can be good for.
fn placed(incidents: &Incidents) -> Vec<Finding> {
    let mut counts: BTreeMap<&str, BTreeMap<u8, u64>> = BTreeMap::new();
    let precisions = incidents.place_precision().values();
    for (source, &precision) in incidents.source().iter().flatten().zip(precisions) {
        let of_source = counts.entry(source).or_default();
        *of_source.entry(precision).or_default() += 1;
    }
    let told = counts.into_iter().map(|(source, counts)| {
        let all: u64 = counts.values().sum();
        let share = |(&code, &n): (&u8, &u64)| {
            let name = PlacePrecision::from_code(code).map_or("unknown", PlacePrecision::name);
            format!("{n} {name} ({} %)", (100 * n + all / 2) / all)
        };
        let shares: Vec<String> = counts.iter().map(share).collect();
        let what = format!(
            "{source}, rows by how precisely they are placed: {}",
            shares.join(", ")
        );
        Finding::new(Level::Ok, what, "")
    });
    told.collect()
}

fn file_finding(settings: &Settings, file: &FileCount) -> Finding {
    let FileCount {
        source,
        file: name,
        rows_read,
        rows_taken,
        rows_rejected,
        ..
    } = file;
    let what =
        format!("{source} {name}: {rows_read} rows, {rows_taken} taken, {rows_rejected} rejected");
    #[allow(clippy::cast_precision_loss, reason = "rows of a file, far below 2^53")]
    let share = *rows_rejected as f64 / (*rows_read).max(1) as f64;
    if share > settings.gates.max_rejected_share {
        let fix = "see rejections.parquet of the last run, or the source's column map";
        Finding::new(Level::Failed, what, fix)
    } else if *rows_rejected > 0 {
        Finding::new(
            Level::Warning,
            what,
            "the rows are named in rejections.parquet after a run",
        )
    } else {
        Finding::new(Level::Ok, what, "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::settings::{Limits, SourceSettings};

    #[test]
    fn each_incident_source_is_told_by_how_precisely_its_rows_are_placed() {
        let settings: SourceSettings = toml::from_str("kind = \"acled\"\npath = \"x\"").unwrap();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sources/acled/current.csv");
        let mut intake = Intake::default();
        let source = sources::ALL.iter().find(|source| source.name() == "acled");
        let limits = Limits::default();
        let reading = sources::Reading {
            settings: &settings,
            limits: &limits,
            area: None,
            as_of: None,
            helper: None,
        };
        source.unwrap().read(&path, &reading, &mut intake).unwrap();
        let told = placed(&intake.incidents.finish());
        let lines: Vec<&str> = told.iter().map(|finding| finding.what.as_str()).collect();
        let due = "acled, rows by how precisely they are placed: \
                   3 town (60 %), 1 near (20 %), 1 admin1 (20 %)";
        assert_eq!(lines, [due]);
    }
}
