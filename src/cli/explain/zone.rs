//! A zone's way: from its cells and their statistics to its rank and its reasons.

use serde_json::{Value, json};

use crate::base::error::Result;

use super::snapshot::{Cells, Snapshot};
use super::{Story, findings, indicators};

/// The story of a zone, or none where the night has no zone of this id.
pub(super) fn story(snapshot: &Snapshot, id: &str) -> Result<Option<Story>> {
    let zones = snapshot.zones()?;
    let Some(zone) = zones
        .iter()
        .map(|zone| &zone["properties"])
        .find(|zone| zone["zone_id"] == id)
    else {
        return Ok(None);
    };
    let cells = snapshot.cells()?;
    let rows: Vec<usize> = cells.rows_of_zone(id).collect();
    let mut lines = heading(snapshot, zone);
    lines.extend(listed("why", &zone["reasons"]));
    lines.extend(listed("but", &zone["counter_evidence"]));
    lines.extend(listed("protective", &zone["protective"]));
    lines.extend(listed("by patrol", &zone["options_patrol"]));
    lines.extend(listed("beside patrols", &zone["options_other"]));
    lines.extend(season_lines(snapshot, zone));
    lines.push(String::new());
    lines.push("cell             reports  expected   risk  reporting  detectors".to_owned());
    lines.extend(rows.iter().map(|&row| cell_line(snapshot, &cells, row)));
    lines.push(String::new());
    lines.extend(rank_lines(snapshot));
    lines.extend(detector_lines(snapshot));
    let indicators = indicators::of_zone(snapshot, id)?;
    lines.extend(indicators.lines);
    let told = findings::of_zone(snapshot, id);
    if !told.is_empty() {
        lines.push(String::new());
        lines.extend(findings::lines(&told));
    }
    let value = json!({
        "run_id": snapshot.run_id(),
        "zone": zone,
        "cells": rows.iter().map(|&row| cell_json(&cells, row)).collect::<Vec<_>>(),
        "detectors": snapshot.run["detectors"],
        "indicators": indicators.value,
        "seasons": snapshot.run["seasons"],
        "movement_alerts": snapshot.run["movement_alerts"]["alerts"],
        "findings": told,
    });
    Ok(Some(Story { lines, value }))
}

fn heading(snapshot: &Snapshot, zone: &Value) -> Vec<String> {
    let text = |field: &str| zone[field].as_str().unwrap_or("-").to_owned();
    let number = |field: &str| zone[field].as_f64().unwrap_or(0.0);
    let age = zone["data_age_days"]
        .as_i64()
        .map_or("no report yet".to_owned(), |days| {
            format!("newest report {days} days before the as-of date")
        });
    vec![
        format!(
            "{}  {}  {}  (run {})",
            text("zone_id"),
            text("mgrs"),
            text("name"),
            snapshot.run_id()
        ),
        standing(snapshot, zone),
        format!(
            "risk {:.2} ({:.2}-{:.2}) times the mission's mean rate of incidents, phase {}; {age}",
            number("risk"),
            number("risk_lo"),
            number("risk_hi"),
            text("season_phase"),
        ),
        reporting(zone),
        warning_line(zone),
        forecast_line(snapshot, zone),
    ]
}

/// Its rank, and how far what is known of the reports' places and times carries it.
fn standing(snapshot: &Snapshot, zone: &Value) -> String {
    let rank = if zone["rank"].is_number() {
        let p_top10 = zone["p_top10"].as_f64().unwrap_or(0.0);
        format!(
            "rank {} ({}-{}), in the first ten with probability {p_top10:.2}",
            zone["rank"], zone["rank_lo"], zone["rank_hi"],
        )
    } else {
        "not ranked: too little is known of its place".to_owned()
    };
    match zone["stability"].as_f64() {
        Some(share) => format!(
            "{rank}; keeps half of its cells in {:.0} % of {} placements of its reports",
            100.0 * share,
            snapshot.run["settings"]["placing"]["draws"]
        ),
        None => rank,
    }
}

/// Reporting beside risk, never in one number with it.
fn reporting(zone: &Value) -> String {
    let number = |field: &str| zone[field].as_f64();
    let known = number("reporting")
        .zip(number("reporting_lo"))
        .zip(number("reporting_hi"));
    let told = known.map_or("unknown".to_owned(), |((q, lo), hi)| {
        format!("{q:.2} ({lo:.2}-{hi:.2})")
    });
    let robust = number("rank_robustness").map_or(String::new(), |share| {
        format!(
            "; the rank holds in {:.0} % of the ways reporting may be",
            100.0 * share
        )
    });
    format!(
        "probability that an incident is reported {told}, {}{robust}",
        zone["reporting_state"].as_str().unwrap_or("-")
    )
}

/// The indicators' own sum, which is no part of the risk.
fn warning_line(zone: &Value) -> String {
    let Some(sum) = zone["early_warning"].as_f64() else {
        return "indicators beside the reports: none summed".to_owned();
    };
    let number = |field: &str| zone[field].as_f64().unwrap_or(0.0);
    let review = match zone["early_warning_review"].as_i64() {
        Some(1) => "; one calls for a review by itself",
        _ => "",
    };
    format!(
        "indicators beside the reports {sum:+.2} log-odds against the usual ({:+.2} to {:+.2}), {:+.2} to \
         {:+.2} with other weights; {} of {} known{review}",
        number("early_warning_lo"),
        number("early_warning_hi"),
        number("early_warning_band_lo"),
        number("early_warning_band_hi"),
        zone["early_warning_known"],
        zone["early_warning_asked"],
    )
}

/// Probability of an incident in 28 days, and what adds most to it at the zone's most likely cell.
fn forecast_line(snapshot: &Snapshot, zone: &Value) -> String {
    let number = |field: &str| zone[field].as_f64();
    let Some(p) = number("p_event_28d") else {
        return "probability of an incident in 28 days: not forecast".to_owned();
    };
    let ends = (number("p_event_28d_lo"), number("p_event_28d_hi"));
    let zones = snapshot.run["forecast"]["zones"].as_array();
    let told = zones.into_iter().flatten();
    let told = told.filter(|told| told["zone_id"] == zone["zone_id"]);
    let why = told.flat_map(|told| told["contributions"].as_array().into_iter().flatten());
    let why: Vec<String> = why
        .filter_map(|one| {
            let (group, log_odds) = (one[0].as_str()?, one[1].as_f64()?);
            Some(format!("{} {log_odds:+.2}", group.replace('_', " ")))
        })
        .collect();
    let because = if why.is_empty() {
        "the past alone speaks".to_owned()
    } else {
        why.join(", ")
    };
    format!(
        "probability of a reported incident in 28 days {p:.2} ({:.2}-{:.2}); log-odds against the mean cell: {because}",
        ends.0.unwrap_or(p),
        ends.1.unwrap_or(p)
    )
}

/// Every movable season with its doubt and where it comes from: of the mission, and of the corridor that the zone's phase
/// names.
fn season_lines(snapshot: &Snapshot, zone: &Value) -> Vec<String> {
    let phase = zone["season_phase"].as_str().unwrap_or_default();
    let seasons = snapshot.run["seasons"].as_array().into_iter().flatten();
    let of_zone = |season: &&Value| {
        let corridor = season["corridor"].as_str();
        corridor.is_none_or(|name| phase.contains(&format!(" on {name} ")))
    };
    seasons
        .filter(of_zone)
        .filter_map(|season| Some(format!("  season: {}", season["words"].as_str()?)))
        .collect()
}

fn listed(word: &str, reasons: &Value) -> Vec<String> {
    match reasons {
        Value::String(text) => text
            .split("; ")
            .map(|reason| format!("  {word}: {reason}"))
            .collect(),
        Value::Array(list) => list
            .iter()
            .filter_map(Value::as_str)
            .map(|r| format!("  {word}: {r}"))
            .collect(),
        _ => Vec::new(),
    }
}

fn cell_line(snapshot: &Snapshot, cells: &Cells, row: usize) -> String {
    let number = |column: &str| cells.number(column, row).unwrap_or(0.0);
    let names = snapshot.run["detectors"].as_array().into_iter().flatten();
    let heat: Vec<String> = names
        .filter_map(|detector| detector["name"].as_str())
        .map(|name| {
            let z = cells.number(&format!("{name}_z"), row);
            let p = cells.number(&format!("{name}_p_bh"), row);
            let undefined = || "undefined".to_owned();
            let z = z.map_or_else(undefined, |z| format!("{z:.1}"));
            let p = p.map_or_else(undefined, |p| format!("{p:.1e}"));
            format!("{name} z {z} adjusted p {p}")
        })
        .collect();
    format!(
        "{:<16} {:>7.2}  {:>8.2}  {:>5.1}  {:>9}  {}",
        cells.text("hex_id", row).unwrap_or_default(),
        number("observed"),
        number("expected"),
        number("risk"),
        cells
            .number("reporting", row)
            .map_or("unknown".to_owned(), |q| format!("{q:.2}")),
        heat.join(", ")
    )
}

fn cell_json(cells: &Cells, row: usize) -> Value {
    let mut value = cells.numbers(row);
    value.insert("hex_id".to_owned(), cells.text("hex_id", row).into());
    Value::Object(value)
}

/// How risk and rank were made: no tests, and so of no family.
fn rank_lines(snapshot: &Snapshot) -> [String; 2] {
    let settings = &snapshot.run["settings"];
    let window = &settings["window"];
    [
        format!(
            "risk: Poisson-gamma posterior of the departure from the season, no test; window of {} weeks, \
             expectation from {} past years of the phase",
            window["detect_weeks"], window["history_years"]
        ),
        format!(
            "rank: expected rank, no test; {} posterior draws, seed {}",
            settings["zones"]["draws"], snapshot.run["seed"]
        ),
    ]
}

fn detector_lines(snapshot: &Snapshot) -> Vec<String> {
    let detectors = snapshot.run["detectors"].as_array().into_iter().flatten();
    detectors
        .map(|detector| {
            let parameters: Vec<String> = detector["parameters"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, value)| format!("{name} {}", value.as_str().unwrap_or("-")))
                .collect();
            format!(
                "{}: {}, tested over {}; {}",
                detector["name"].as_str().unwrap_or("-"),
                detector["statistic"].as_str().unwrap_or("-"),
                detector["family"].as_str().unwrap_or("-"),
                parameters.join(", ")
            )
        })
        .collect()
}
