//! An incident's way: read, placed, compared, part of a zone or not.

use std::collections::BTreeSet;
use std::path::Path;

use arrow::array::BooleanArray;
use arrow::compute::filter_record_batch;
use h3o::CellIndex;
use serde_json::{Value, json};

use crate::base::Context;
use crate::base::code::{DatePrecision, Kind, PlacePrecision};
use crate::base::day::{Day, Week};
use crate::base::error::{Error, Result};
use crate::base::fixed;
use crate::index::{self, Index};
use crate::ledger;
use crate::sources;
use crate::tables::{Boundaries, Incidents, Intake, Places};

use super::super::Options;
use super::snapshot::{Cells, Snapshot};
use super::{Arguments, Story, known};

/// Cells listed; the rest is summed.
const LISTED: usize = 8;

/// The story of an incident, or none where no source has one of this id.
pub(super) fn story(
    snapshot: &Snapshot,
    arguments: &Arguments,
    options: &Options,
) -> Result<Option<Story>> {
    let as_of = snapshot.run["as_of"].as_str().and_then(Day::parse_iso);
    let as_of = as_of.ok_or_else(|| Error::Usage {
        what: "the snapshot does not say its as-of date".to_owned(),
        expected: "run the night again".to_owned(),
    })?;
    let context = super::super::run::context(&arguments.dir, as_of, options)?;
    let read = Read::again(&context, snapshot, &arguments.dir)?;
    let known = &read.known;
    let (kept, mut lines) = match known::merged_into(&known.duplicates, &arguments.id) {
        Some((kept, line)) => (kept, vec![line]),
        None => (arguments.id.clone(), Vec::new()),
    };
    let Some(one) = only(&known.incidents, &kept)? else {
        return Ok(only(&read.told, &kept)?.map(|_one| withdrawn(&arguments.id)));
    };
    // The same stage that placed it in the night places it again, alone, but knowing the others.
    let beside = (&read.boundaries, &read.places);
    let index = index::run_among(&context, one.clone(), known.incidents.clone(), beside)?;

    lines.extend(read_lines(&one));
    lines.extend(known::lines(
        &context,
        &arguments.dir,
        &one,
        &known.duplicates,
    )?);
    if read.is_changed {
        lines.push("note: the inputs changed since this night was published".to_owned());
    }
    lines.extend(placed_lines(&index));
    lines.extend(index.notes.iter().map(|note| format!("index: {note}")));
    let (ways, zones) = ways(snapshot, &index)?;
    lines.extend(ways.iter().take(LISTED).map(|way| way.line.clone()));
    if ways.len() > LISTED {
        lines.push(format!("  and {} cells more", ways.len() - LISTED));
    }
    lines.push(if zones.is_empty() {
        "zones: none of these cells belongs to a zone".to_owned()
    } else {
        format!(
            "zones: {}",
            zones.iter().cloned().collect::<Vec<_>>().join(", ")
        )
    });
    let value = json!({
        "run_id": snapshot.run_id(),
        "id": arguments.id,
        "index": index.balance,
        "cells": ways.iter().map(|way| &way.value).collect::<Vec<_>>(),
        "zones": zones,
        "inputs_changed": read.is_changed,
    });
    Ok(Some(Story { lines, value }))
}

/// The inputs, read as the night read them.
struct Read {
    /// What the files tell.
    told: Incidents,
    /// What was known on the night's day.
    known: ledger::Known,
    boundaries: Boundaries,
    places: Places,
    /// Whether the files are others now.
    is_changed: bool,
}

impl Read {
    fn again(context: &Context, snapshot: &Snapshot, mission: &Path) -> Result<Self> {
        let data = super::super::data_folder();
        let as_of = Some(context.as_of);
        let (data, helper) = (data.as_deref(), super::super::helper()?);
        let intake = sources::read_all(&context.settings, as_of, mission, data, Some(&helper))?;
        let is_changed = inputs_changed(snapshot, &intake);
        let told = intake.incidents.finish();
        let told_now = (&intake.withdrawals[..], &intake.files[..]);
        let known = ledger::look(context, mission, told.clone(), told_now)?;
        Ok(Self {
            told,
            known,
            boundaries: Boundaries::new(intake.areas),
            places: Places::new(intake.places),
            is_changed,
        })
    }
}

/// In the files, and taken back.
fn withdrawn(id: &str) -> Story {
    let line = format!("ledger: {id} is withdrawn: its source deleted it");
    let value = json!({ "id": id, "withdrawn": true });
    let lines = vec![line];
    Story { lines, value }
}

/// Whether the files read now are those of the night.
fn inputs_changed(snapshot: &Snapshot, intake: &Intake) -> bool {
    let then: BTreeSet<&str> = snapshot.run["inputs"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|file| file["digest"].as_str())
        .collect();
    let now: BTreeSet<&str> = intake
        .files
        .iter()
        .map(|file| file.digest.as_str())
        .collect();
    then != now
}

/// The records of this id, by the source's own id or with the source's name before it.
fn only(incidents: &Incidents, id: &str) -> Result<Option<Incidents>> {
    let wanted: BooleanArray = (0..incidents.len())
        .map(|row| {
            let (source, own) = (
                incidents.source().value(row),
                incidents.source_id().value(row),
            );
            Some(own == id || crate::tables::incident_id(source, own) == id)
        })
        .collect();
    if wanted.true_count() == 0 {
        return Ok(None);
    }
    let batch =
        filter_record_batch(incidents.batch(), &wanted).map_err(Error::statistic("explain"))?;
    Ok(Incidents::from_batch(batch).ok())
}

fn read_lines(one: &Incidents) -> Vec<String> {
    (0..one.len())
        .map(|row| {
            let (start, end) = (
                Day(one.date_start().value(row)),
                Day(one.date_end().value(row)),
            );
            let name = |known: Option<&'static str>| known.unwrap_or("unknown");
            format!(
                "sources: {} from {}, {} to {} (known to: {}), place known to: {}",
                name(Kind::from_code(one.kind().value(row)).map(Kind::name)),
                one.source().value(row),
                start,
                end,
                name(
                    DatePrecision::from_code(one.date_precision().value(row))
                        .map(DatePrecision::name)
                ),
                name(
                    PlacePrecision::from_code(one.place_precision().value(row))
                        .map(PlacePrecision::name)
                ),
            )
        })
        .collect()
}

fn placed_lines(index: &Index) -> Vec<String> {
    let fates = index.balance.came_out.iter().filter(|&(_, &n)| n > 0);
    let fates: Vec<String> = fates
        .map(|(fate, n)| format!("{n} {}", fate.replace('_', " ")))
        .collect();
    let mut cells: BTreeSet<u64> = index
        .placed
        .cell_weeks
        .cell()
        .values()
        .iter()
        .copied()
        .collect();
    let mut weeks: BTreeSet<i32> = index
        .placed
        .cell_weeks
        .week()
        .values()
        .iter()
        .copied()
        .collect();
    for (cell, week, _) in index.placed.area_weeks.spread() {
        cells.insert(cell.into());
        weeks.insert(week);
    }
    let weeks: Vec<String> = weeks
        .into_iter()
        .map(|week| Week(week).to_string())
        .collect();
    vec![format!(
        "index: {}; spread over {} cell(s), week(s) {}",
        fates.join(", "),
        cells.len(),
        if weeks.is_empty() {
            "none".to_owned()
        } else {
            weeks.join(", ")
        }
    )]
}

/// What became of one cell that the record reached.
struct Way {
    line: String,
    value: Value,
}

/// The record's cells, largest part first, and the zones they belong to.
fn ways(snapshot: &Snapshot, index: &Index) -> Result<(Vec<Way>, BTreeSet<String>)> {
    let published = snapshot.cells()?;
    let mut parts: std::collections::BTreeMap<u64, i64> = std::collections::BTreeMap::new();
    let rows = index.placed.cell_weeks.cell().values().iter();
    for (&cell, &part) in rows.zip(index.placed.cell_weeks.incidents_e12().values()) {
        *parts.entry(cell).or_default() += part;
    }
    for (cell, _, part) in index.placed.area_weeks.spread() {
        *parts.entry(cell.into()).or_default() += part;
    }
    parts.retain(|_, part| *part > 0);
    let mut parts: Vec<(u64, i64)> = parts.into_iter().collect();
    parts.sort_by_key(|&(cell, part)| (std::cmp::Reverse(part), cell));
    let mut zones = BTreeSet::new();
    let mut ways = Vec::new();
    for (cell, part) in parts {
        let hex_id = CellIndex::try_from(cell)
            .map_err(Error::statistic("explain"))?
            .to_string();
        let Some(row) = published.row_of(&hex_id) else {
            continue;
        };
        zones.extend(published.text("zone_id", row));
        ways.push(way(&published, row, &hex_id, fixed::incidents(part)));
    }
    Ok((ways, zones))
}

fn way(published: &Cells, row: usize, hex_id: &str, part: f64) -> Way {
    let number = |column: &str| published.number(column, row).unwrap_or(0.0);
    let line = format!(
        "  {hex_id}: {part:.4} of it; reports {:.2}, expected {:.2}, risk {:.2}",
        number("observed"),
        number("expected"),
        number("risk")
    );
    let mut value = published.numbers(row);
    value.insert("hex_id".to_owned(), hex_id.into());
    value.insert("part".to_owned(), part.into());
    Way {
        line,
        value: Value::Object(value),
    }
}
