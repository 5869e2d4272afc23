//! Stage: what is known, and since when. Append-only: a record that changes, goes or comes back gets a
//! new version; `--as-of D` sees what was known on D.
//!
//! On the first night of a source its records are history: known ever since, or from the day that the
//! source tells with them. Later, what is new is known from the night that brought it. The files of a
//! source are taken as all that it holds, unless `complete = false`: what they no longer hold, or what
//! the source lists as deleted, is withdrawn.
//!
//! Tables in the mission's `ledger/`: `incidents`, one row per version of a record; `loads`, one row
//! per night that read a source.

mod columns;
mod duplicates;
mod histories;
mod loads;
mod look;
mod notes;
mod plan;
mod records;
#[cfg(test)]
mod statements;
mod versions;

use std::path::Path;
use std::sync::Arc;

use arrow::array::{Date32Array, RecordBatch, UInt32Array};
use arrow::compute::concat_batches;

use crate::base::Context;
use crate::base::delta::Delta;
use crate::base::error::{Error, Result};
use crate::tables::{Balance, Duplicates, FileCount, Incidents, Vintage, Withdrawal};

pub use look::{KnownSince, delays, versions};

use columns::{KEYS, contents, rows_at, schema, value_names};
use loads::Loads;
use plan::{Plan, Seen};

/// What a night brings to the ledger.
#[derive(Debug)]
pub struct Input<'a> {
    /// Settings, day and engine.
    pub context: &'a Context,
    /// The mission's folder.
    pub mission: &'a Path,
    /// What the files hold.
    pub incidents: Incidents,
    /// What their sources deleted.
    pub withdrawals: &'a [Withdrawal],
    /// The files.
    pub files: &'a [FileCount],
    /// Whether what is new is written down; those who only look write nothing.
    pub writes: bool,
}

/// What is known on the night's day.
#[derive(Debug)]
pub struct Known {
    /// One row per event, as known then.
    pub incidents: Incidents,
    /// Records merged into another source's of the same event.
    pub duplicates: Duplicates,
    /// What the night brought, by source.
    pub vintages: Vec<Vintage>,
    /// Where every row went.
    pub balance: Balance,
    /// The same in words, where a reader should know.
    pub news: Vec<String>,
    /// Digest of what is known, whatever the order of its records.
    pub digest: String,
}

/// Compares tonight's files with what was known, writes down what is new, and gives what is known.
///
/// # Errors
/// [`Error::Gate`] where too many records of a source would be withdrawn; [`Error::File`] or
/// [`Error::Io`] where the ledger cannot be read or written.
pub fn run(input: Input<'_>) -> Result<Known> {
    let session = &input.context.session;
    let folder = input.mission.join("ledger");
    let (versions_folder, loads_folder) = (folder.join("incidents"), folder.join("loads"));
    let ledger = Delta::open(session, &versions_folder, schema())?;
    let loads = Loads::open(session, &loads_folder)?;
    let past = match &ledger {
        Some(ledger) => ledger.read(&KEYS)?,
        None => Vec::new(),
    };
    let tonight = input.incidents.into_batch();
    let seen = Seen {
        contents: contents(&tonight),
        tonight: &tonight,
        past: &past,
    };
    let nights = loads.nights(input.context, input.files, &tonight);
    let plan = Plan::of(&seen, &nights, input.withdrawals);
    notes::refuse(&plan, input.context.settings.gates.max_withdrawn_share)?;
    // Before anything is appended: rows are numbered as they were read.
    let recalled = match &ledger {
        Some(ledger) if plan.counts.recalled > 0 => recalled(ledger, &plan, tonight.num_rows())?,
        _ => RecordBatch::new_empty(Incidents::schema()),
    };
    if input.writes {
        if !plan.new.is_empty() {
            let mut table = match ledger {
                Some(table) => table,
                None => Delta::create(session, &versions_folder, schema())?,
            };
            table.append(plan.new_rows(&seen))?;
        }
        loads.write(session, &loads_folder, &nights, &plan.vintages)?;
    }
    let incidents = known(&tonight, &recalled, &plan)?;
    let (incidents, duplicates) = duplicates::merge(input.context, incidents)?;
    Ok(Known {
        balance: plan.balance(tonight.num_rows(), incidents.len())?,
        incidents,
        duplicates,
        digest: plan.digest(),
        news: notes::notes(&plan, &nights),
        vintages: plan.vintages,
    })
}

/// Rows of the ledger that are known on the night's day and that the files no longer tell so.
fn recalled(ledger: &Delta<'_>, plan: &Plan, n_tonight: usize) -> Result<RecordBatch> {
    let values = value_names();
    let names: Vec<&str> = ["source", "source_id", "known_at"]
        .into_iter()
        .chain(values.iter().map(String::as_str))
        .collect();
    let batches = ledger.read(&names)?;
    let failed = |why: arrow::error::ArrowError| Error::statistic("ledger")(why);
    let all = match batches.first() {
        Some(first) => concat_batches(&first.schema(), &batches).map_err(failed)?,
        None => return Ok(RecordBatch::new_empty(Incidents::schema())),
    };
    let rows = plan.view.iter().map(|&(row, _)| row as usize);
    let rows = rows.filter(|&row| row >= n_tonight);
    let rows = rows.map(|row| u32::try_from(row - n_tonight).unwrap_or(u32::MAX));
    let rows = UInt32Array::from_iter_values(rows);
    rows_at(&all, &Incidents::schema(), &rows).map_err(failed)
}

/// Tonight's rows that are known, then the recalled ones, each with the day since when it is known.
fn known(tonight: &RecordBatch, recalled: &RecordBatch, plan: &Plan) -> Result<Incidents> {
    let failed = |why: arrow::error::ArrowError| Error::statistic("ledger")(why);
    let (here, there): (Vec<_>, Vec<_>) = plan
        .view
        .iter()
        .partition(|&&(row, _)| (row as usize) < tonight.num_rows());
    // Most nights every row of the files is known as it stands: then nothing is copied.
    let is_whole = here.len() == tonight.num_rows()
        && here
            .iter()
            .enumerate()
            .all(|(i, &(row, _))| i == row as usize);
    let rows = if is_whole {
        tonight.clone()
    } else {
        let at = UInt32Array::from_iter_values(here.iter().map(|&(row, _)| row));
        rows_at(tonight, &Incidents::schema(), &at).map_err(failed)?
    };
    let rows = if recalled.num_rows() == 0 {
        rows
    } else {
        concat_batches(&Incidents::schema(), [&rows, recalled]).map_err(failed)?
    };
    let days = here
        .iter()
        .chain(&there)
        .map(|(_, day)| day.map(|day| day.0));
    let days: Date32Array = days.collect();
    let mut columns = rows.columns().to_vec();
    let at = Incidents::schema().index_of("known_at").map_err(failed)?;
    columns[at] = Arc::new(days);
    let rows = RecordBatch::try_new(Incidents::schema(), columns).map_err(failed)?;
    Incidents::from_batch(rows).map_err(|_schema| Error::Statistic {
        stage: "ledger",
        reason: "its rows are not incidents".to_owned(),
    })
}
