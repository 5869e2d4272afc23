//! What a person reads on standard output, or a program with `--json`.

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use crate::base::error::{Error, Result};
use crate::nightly::Night;
use crate::tables::{DetectorRecord, Doubt, Zone};

/// Zones shown; the rest is in the snapshot.
const SHOWN: usize = 5;

/// Where results go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Output {
    pub(super) json: bool,
    pub(super) quiet: bool,
}

impl Output {
    /// Prints one result, as JSON or as lines.
    pub(super) fn result(self, value: &Value, lines: &[String]) -> Result<()> {
        let mut out = std::io::stdout().lock();
        let written = if self.json {
            writeln!(out, "{value:#}")
        } else if self.quiet {
            Ok(())
        } else {
            lines.iter().try_for_each(|line| writeln!(out, "{line}"))
        };
        match written {
            // A reader that has seen enough is no failure.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            written => written.map_err(Error::io(Path::new("standard output"), "write")),
        }
    }

    /// Prints what stopped the run, with its causes.
    pub(super) fn error(self, error: &Error) {
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(reason) = cause {
            text = format!("{text}: {reason}");
            cause = reason.source();
        }
        let mut err = std::io::stderr().lock();
        let _ = if self.json {
            writeln!(
                err,
                "{}",
                json!({ "error": text, "exit_code": error.exit_code() })
            )
        } else {
            writeln!(err, "forewarn: {text}")
        };
    }

    /// Prints what a night brought.
    pub(super) fn night(self, night: &Night) -> Result<()> {
        let value = json!({
            "run_id": night.run_id,
            "snapshot": night.snapshot.display().to_string(),
            "synthetic": night.synthetic,
            "stages": night.stages,
            "detectors": night.detectors,
            "zones": night.zones.rows.iter().map(zone_json).collect::<Vec<_>>(),
            "seasons": night.seasons,
            "movement_alerts": night.movement_alerts,
            "patrols": night.patrols,
            "warnings": night.warnings,
            "vintages": night.vintages,
            "news": night.news,
        });
        let mut lines = Vec::new();
        if night.synthetic {
            lines.push("SYNTHETIC: every record of this mission is invented".to_owned());
        }
        lines.extend(night.stages.iter().map(stage_line));
        lines.extend(night.detectors.iter().map(detector_line));
        lines.push(String::new());
        let zones = &night.zones.rows;
        let shown = zones.iter().take(SHOWN);
        lines.extend(shown.flat_map(|zone| zone_lines(zone, zones)));
        if zones.is_empty() {
            lines.push("no neighbourhood stands out from its season or from the others; that is not the same as safe".to_owned());
        }
        lines.extend(season_lines(night));
        lines.extend(patrol_lines(night));
        lines.extend(
            night
                .news
                .iter()
                .chain(&night.warnings)
                .map(|warning| format!("note: {warning}")),
        );
        let n_zones = zones.len();
        let snapshot = night.snapshot.display();
        lines.push(format!("{n_zones} zones published to {snapshot}"));
        self.result(&value, &lines)
    }
}

fn stage_line(stage: &crate::tables::Balance) -> String {
    let out: Vec<String> = stage
        .came_out
        .iter()
        .map(|(name, n)| format!("{n} {}", name.replace('_', " ")))
        .collect();
    format!(
        "{:<10} {:>9} {} = {}",
        stage.stage,
        stage.taken_in,
        stage.what,
        out.join(" + ")
    )
}

/// A night without zones shows by this that it looked.
fn detector_line(detector: &DetectorRecord) -> String {
    let DetectorRecord {
        name,
        n_tests,
        n_hot,
        ..
    } = detector;
    format!("detect     {n_tests:>9} neighbourhoods by {name} = {n_hot} hot")
}

/// Seasons that something of this year tells, and what departs from them.
fn season_lines(night: &Night) -> Vec<String> {
    let told = night
        .seasons
        .iter()
        .filter(|season| !season.signs.is_empty());
    let seasons = told.map(|season| format!("season    {}", season.brief()));
    let alerts = night.movement_alerts.alerts.iter().map(|alert| {
        format!(
            "movement  {}: {}: {}",
            alert.counting_point,
            alert.kind.name().replace('_', " "),
            alert.text
        )
    });
    seasons.chain(alerts).collect()
}

/// What the plans of next week cover; the orders are in the snapshot, and one is shown.
fn patrol_lines(night: &Night) -> Vec<String> {
    let plans = &night.patrols.plans;
    let mut lines: Vec<String> = plans
        .iter()
        .map(|plan| {
            format!(
                "patrols   {}, {}: {} of {} patrols cover {:.0} % of its worth, {:.0} % at most; {} ranked zones left uncovered",
                plan.sector,
                plan.purpose,
                plan.patrols.len(),
                plan.patrols_had,
                plan.covered * 100.0,
                plan.covered_at_most * 100.0,
                plan.uncovered.len()
            )
        })
        .collect();
    if let Some(last) = night.patrols.last_day.filter(|_| !plans.is_empty()) {
        lines.push(format!(
            "patrols   plans expire after {last}; for the mission's own planners only"
        ));
    }
    lines
}

/// A tie is told by "=", as in a list of results.
fn standing(zone: &Zone, zones: &[Zone]) -> String {
    let Some(own) = zone.standing else {
        return "not ranked".to_owned();
    };
    let others = zones.iter().filter_map(|zone| zone.standing);
    let is_tied = others.filter(|other| other.rank == own.rank).count() > 1;
    let tie = if is_tied { "=" } else { "" };
    format!("rank {}{tie} ({}-{})", own.rank, own.rank_lo, own.rank_hi)
}

/// Options beside patrols that are told on a terminal; all stand in the files.
const MOST_OPTIONS: usize = 3;

fn zone_lines(zone: &Zone, zones: &[Zone]) -> Vec<String> {
    let reasons: Vec<&str> = zone
        .reasons
        .iter()
        .map(|reason| reason.text.as_str())
        .collect();
    let course = [
        ("in itself", &zone.class_classic),
        ("against its season", &zone.class_seasonal),
    ];
    let course: Vec<String> = course
        .iter()
        .filter_map(|(how, class)| Some(format!("{how}: {}", class.as_ref()?)))
        .collect();
    let mut lines = vec![format!(
        "{}  {}  {}  {:.0} km2  risk {:.1} ({:.1}-{:.1}) x the mission's mean{}",
        standing(zone, zones),
        zone.mgrs,
        zone.name,
        zone.area_km2,
        zone.risk.mean,
        zone.risk.lo,
        zone.risk.hi,
        zone.stability
            .map_or_else(String::new, |share| format!("  stability {share:.2}")),
    )];
    if !course.is_empty() {
        lines.push(format!("    course {}", course.join("; ")));
    }
    lines.extend(reasons.iter().map(|reason| format!("    {reason}")));
    lines.extend(
        zone.counter_evidence
            .iter()
            .map(|against| format!("    but: {}", against.text)),
    );
    lines.extend(
        zone.protective
            .iter()
            .map(|protective| format!("    protective: {}", protective.text)),
    );
    let first = zone.options_other.iter().take(MOST_OPTIONS);
    lines.extend(first.map(|option| format!("    can be done: {}", option.text_en)));
    if let Some(warning) = &zone.early_warning {
        let Doubt { mean, lo, hi } = warning.log_odds;
        let [band_lo, band_hi] = warning.band;
        lines.push(format!(
            "    indicators beside the reports {mean:+.1} ({lo:+.1} to {hi:+.1}; {band_lo:+.1} to \
             {band_hi:+.1} with other weights) log-odds against the usual, {} of {} known",
            warning.n_known, warning.n_asked
        ));
    }
    lines
}

fn zone_json(zone: &Zone) -> Value {
    json!({
        "zone_id": zone.zone_id,
        "rank": zone.standing.map(|standing| standing.rank),
        "rank_lo": zone.standing.map(|standing| standing.rank_lo),
        "rank_hi": zone.standing.map(|standing| standing.rank_hi),
        "stability": zone.stability,
        "name": zone.name,
        "mgrs": zone.mgrs,
        "risk": zone.risk.mean,
        "class_classic": zone.class_classic,
        "class_seasonal": zone.class_seasonal,
        "early_warning": zone.early_warning.map(|warning| warning.log_odds.mean),
        "reasons": zone.reasons.iter().map(|reason| reason.code).collect::<Vec<_>>(),
        "options_other": zone.options_other.iter().map(|one| &one.option).collect::<Vec<_>>(),
    })
}
