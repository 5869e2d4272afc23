//! `forewarn check DIR`: what would stop a night, or make it weaker, and the fix for each.

mod around;
mod matches;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use forewarn_models::reporting::{DelayError, Delays};
use serde::Serialize;

use crate::base::code::PlacePrecision;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::base::session::Session;
use crate::base::settings::Settings;
use crate::index::AreaIndex;
use crate::ledger;
use crate::season::{Card, refuse_unknown};
use crate::sources;
use crate::tables::{Boundaries, FileCount, Incidents, Intake};

use super::Options;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Mission folder
    dir: PathBuf,
    /// The day to check for [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::as_of)]
    as_of: Option<Day>,
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
    let today = arguments.as_of.unwrap_or_else(super::today);
    findings.extend(agreements(&settings, today));
    match sources::read_all(
        &settings,
        Some(today),
        &arguments.dir,
        super::data_folder().as_deref(),
        Some(&super::helper()?),
    ) {
        Ok(intake) => {
            inputs(&settings, intake, today, &mut findings);
            findings.extend(delays(&settings, &arguments.dir, options)?);
        }
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

/// How late each source reports, as far as the ledger has seen it; nothing else uses it.
fn delays(settings: &Settings, mission: &Path, options: &Options) -> Result<Vec<Finding>> {
    let session = Session::new(options.limits())?;
    let assumed = settings.window.reporting_delay_days;
    let finding = |(source, delays): (String, std::result::Result<Delays, DelayError>)| {
        let (level, what, fix) = match delays {
            Ok(delays) => {
                let [half, most] = [0.5, 0.9].map(|share| delays.quantile_days(share));
                let come = 100.0 * delays.come_within(u32::from(assumed));
                let what = format!(
                    "{source}: half of the reports come within {half} days, nine in ten within {most}, \
                     {come:.0} % within window.reporting_delay_days = {assumed}"
                );
                let is_late = most > u32::from(assumed);
                let fix = if is_late {
                    "a longer delay would wait for them"
                } else {
                    ""
                };
                (if is_late { Level::Warning } else { Level::Ok }, what, fix)
            }
            Err(why) => (
                Level::Ok,
                format!("{source}: no reporting delay is told yet, {why}"),
                "",
            ),
        };
        Finding::new(level, what, fix)
    };
    Ok(ledger::delays(&session, mission)?
        .into_iter()
        .map(finding)
        .collect())
}

fn season(settings: &Settings) -> Result<Finding> {
    let card = Card::named(&settings.season.card)?;
    let country = &settings.mission.country;
    if let Err(error) = refuse_unknown(&settings.season, &card) {
        return Ok(Finding::new(Level::Failed, error.to_string(), ""));
    }
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

fn inputs(settings: &Settings, intake: Intake, today: Day, findings: &mut Vec<Finding>) {
    for file in &intake.files {
        findings.push(file_finding(settings, file));
    }
    let notes = intake.notes.iter();
    findings.extend(notes.map(|note| Finding::new(Level::Warning, note, "")));
    let boundaries = Boundaries::new(intake.areas);
    let counts = matches::counts(
        &AreaIndex::new(&boundaries),
        &intake.displacement.finish(),
        &intake.population.finish(),
        &intake.food_security.finish(),
        &intake.rain.finish(),
    );
    let has_areas = !boundaries.areas().is_empty();
    findings.extend(counts.iter().filter(|_| has_areas).map(matches::finding));
    let incidents = intake.incidents.finish();
    findings.extend(placed(&incidents));
    let days = incidents.date_start().values();
    findings.extend(not_yet("incidents", days, today));
    let movements = intake.movements.finish();
    findings.extend(not_yet("movements", movements.date().values(), today));
    let effort = intake.effort.finish();
    findings.extend(not_yet("logs of presence", effort.date().values(), today));
    let past = days.iter().copied().filter(|&day| day <= today.0);
    let newest = past.max().map(Day);
    findings.extend(around::told(
        &around::Around {
            services: intake.services.finish(),
            bases: intake.bases.finish(),
            lines: &intake.lines,
            visits: intake.visits.finish(),
            areas: boundaries.areas(),
        },
        newest,
    ));
    findings.push(match newest {
        Some(day) => Finding::new(Level::Ok, format!("newest incident {day}"), ""),
        None => Finding::new(
            Level::Failed,
            format!("no incident up to {today}"),
            "add an incident source",
        ),
    });
    findings.push(if boundaries.areas().is_empty() {
        Finding::new(Level::Failed, "no boundaries", "add a boundaries source")
    } else {
        Finding::new(
            Level::Ok,
            format!("{} administrative areas", boundaries.areas().len()),
            "",
        )
    });
    if intake.places.is_empty() {
        let fix = "add a places source, so that zones have names";
        findings.push(Finding::new(Level::Warning, "no named places", fix));
    }
}

/// How long before its end an agreement is told to end.
const NOTICE_DAYS: i32 = 30;

/// Agreements that end soon; one that has ended stops the reading.
fn agreements(settings: &Settings, today: Day) -> Vec<Finding> {
    let ending = settings.sources.iter().filter_map(|source| {
        let last = source.agreement.as_ref()?.last_day()?;
        let left = last.0 - today.0;
        (0..=NOTICE_DAYS).contains(&left).then(|| {
            let (kind, path) = (&source.kind, &source.path);
            let what = format!("the agreement for {kind} {path} ends on {last}");
            Finding::new(Level::Warning, what, "renew it, or the source is refused")
        })
    });
    ending.collect()
}

/// Rows of days that have not come yet. A night leaves them out, as it does in a replay of the past
/// over files of today, where they are no mistake; so they are told here, and rejected nowhere.
fn not_yet(what: &str, days: &[i32], today: Day) -> Option<Finding> {
    let later: Vec<i32> = days.iter().copied().filter(|&day| day > today.0).collect();
    let newest = Day(later.iter().copied().max()?);
    let what = format!(
        "{} {what} are dated after {today}, up to {newest}",
        later.len()
    );
    let fix = "see whether day and month are exchanged, or the year is mistyped";
    Some(Finding::new(Level::Warning, what, fix))
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
        rows_left_aside,
        rows_rejected,
        ..
    } = file;
    let aside = match rows_left_aside {
        0 => String::new(),
        n => format!("{n} not needed, "),
    };
    let what = format!(
        "{source} {name}: {rows_read} rows, {rows_taken} taken, {aside}{rows_rejected} rejected"
    );
    #[allow(clippy::cast_precision_loss, reason = "rows of a file, far below 2^53")]
    let share = *rows_rejected as f64 / (rows_taken + rows_rejected).max(1) as f64;
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
