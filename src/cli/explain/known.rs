//! Since when an incident is known, in which version, and what else tells of it.

use std::path::Path;

use crate::base::Context;
use crate::base::error::Result;
use crate::ledger::{self, KnownSince};
use crate::tables::{Duplicates, Incidents, incident_id};

/// How two sources' records come to count once.
const RULE: &str = "same kind, actor classes that do not contradict, days that meet, places no farther \
                    apart than the coarser is known, each the other's nearest";

/// A line for each record's versions, and one for each record merged into it.
pub(super) fn lines(
    context: &Context,
    mission: &Path,
    known: &Incidents,
    duplicates: &Duplicates,
) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for row in 0..known.len() {
        let key = (known.source().value(row), known.source_id().value(row));
        for version in ledger::versions(&context.session, mission, key)? {
            lines.push(version_line(version));
        }
        for pair in 0..duplicates.len() {
            let kept = duplicates.kept_source().value(pair);
            if (kept, duplicates.kept_id().value(pair)) == key {
                lines.push(format!(
                    "ledger: {} is merged into it: {RULE}",
                    merged(duplicates, pair)
                ));
            }
        }
    }
    Ok(lines)
}

fn version_line(version: KnownSince) -> String {
    let since = version.day.map_or_else(
        || "known since the ledger began".to_owned(),
        |day| format!("known since {day}"),
    );
    let what = if version.is_withdrawn {
        "withdrawn"
    } else {
        "told"
    };
    format!("ledger: version {}, {what}, {since}", version.version)
}

/// The id that stays and the line that says so, where a record is merged into another source's.
pub(super) fn merged_into(duplicates: &Duplicates, id: &str) -> Option<(String, String)> {
    let pair = (0..duplicates.len())
        .find(|&pair| duplicates.merged_id().value(pair) == id || merged(duplicates, pair) == id)?;
    let (source, own) = (
        duplicates.kept_source().value(pair),
        duplicates.kept_id().value(pair),
    );
    let kept = incident_id(source, own);
    let line = format!(
        "ledger: {} counts with {kept}, {:.0} km and {} day(s) apart: {RULE}",
        merged(duplicates, pair),
        duplicates.apart_km().value(pair),
        duplicates.days_apart().value(pair),
    );
    Some((kept, line))
}

fn merged(duplicates: &Duplicates, pair: usize) -> String {
    let source = duplicates.merged_source().value(pair);
    incident_id(source, duplicates.merged_id().value(pair))
}
