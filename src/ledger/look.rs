//! Looking at the ledger without a night: one record's versions, and how late a source reports.

use std::collections::BTreeMap;
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, UInt8Type, UInt32Type};
use forewarn_models::reporting::{DelayError, Delays, Observed, reporting_delays};

use crate::base::day::Day;
use crate::base::delta::Delta;
use crate::base::error::Result;
use crate::base::session::Session;

use super::columns::schema;
use super::loads::Loads;

/// One version of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownSince {
    /// From 1.
    pub version: u32,
    /// First day on which it was known; none for what was there when the ledger began.
    pub day: Option<Day>,
    /// Whether it says that the record is none.
    pub is_withdrawn: bool,
}

/// A record's versions, the first one first.
///
/// # Errors
/// Where the ledger cannot be read.
pub fn versions(session: &Session, mission: &Path, key: (&str, &str)) -> Result<Vec<KnownSince>> {
    let columns = ["source", "source_id", "version", "known_at", "withdrawn"];
    let mut found = Vec::new();
    for batch in rows(session, mission, &columns)? {
        let (sources, ids) = (
            batch.column(0).as_string::<i32>(),
            batch.column(1).as_string::<i32>(),
        );
        let days = batch.column(3).as_primitive::<Date32Type>();
        for i in (0..batch.num_rows()).filter(|&i| (sources.value(i), ids.value(i)) == key) {
            found.push(KnownSince {
                version: batch.column(2).as_primitive::<UInt32Type>().value(i),
                day: days.is_valid(i).then(|| Day(days.value(i))),
                is_withdrawn: batch.column(4).as_primitive::<UInt8Type>().value(i) != 0,
            });
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// How late each source's reports come, by source, from those that came after its first night of
/// events since then: the others tell of how the ledger began.
///
/// # Errors
/// Where the ledger cannot be read. Too few reports are no error of this function, but the answer.
pub fn delays(
    session: &Session,
    mission: &Path,
) -> Result<BTreeMap<String, std::result::Result<Delays, DelayError>>> {
    let loads = Loads::open(session, &mission.join("ledger/loads"))?;
    let mut observed: BTreeMap<String, Vec<Observed>> = BTreeMap::new();
    for source in loads.sources() {
        observed.insert(source.to_owned(), Vec::new());
    }
    for batch in rows(
        session,
        mission,
        &["source", "version", "known_at", "date_end"],
    )? {
        let sources = batch.column(0).as_string::<i32>();
        let numbers = batch.column(1).as_primitive::<UInt32Type>();
        let (known, ended) = (
            batch.column(2).as_primitive::<Date32Type>(),
            batch.column(3).as_primitive::<Date32Type>(),
        );
        for i in (0..batch.num_rows()).filter(|&i| numbers.value(i) == 1) {
            let Some((first, latest)) = loads.span(sources.value(i)) else {
                continue;
            };
            let happened = ended.is_valid(i).then(|| ended.value(i));
            let Some(happened) = happened.filter(|&day| day >= first.0) else {
                continue;
            };
            let days = |day: i32| u32::try_from(day - happened).ok();
            let known = known.is_valid(i).then(|| known.value(i));
            if let (Some(delay_days), Some(horizon_days)) = (known.and_then(days), days(latest.0)) {
                let one = Observed {
                    delay_days,
                    horizon_days,
                };
                observed
                    .entry(sources.value(i).to_owned())
                    .or_default()
                    .push(one);
            }
        }
    }
    let estimate =
        |(source, observed): (String, Vec<Observed>)| (source, reporting_delays(&observed));
    Ok(observed.into_iter().map(estimate).collect())
}

fn rows(session: &Session, mission: &Path, columns: &[&str]) -> Result<Vec<RecordBatch>> {
    match Delta::open(session, &mission.join("ledger/incidents"), schema())? {
        Some(ledger) => ledger.read(columns),
        None => Ok(Vec::new()),
    }
}
