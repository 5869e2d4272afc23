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
mod night;
mod notes;
mod overlaps;
mod plan;
mod records;
#[cfg(test)]
mod statements;
mod versions;

use std::path::Path;

use crate::base::Context;
use crate::base::error::Result;
use crate::tables::{Balance, Duplicates, FileCount, Incidents, Overlap, Vintage, Withdrawal};

pub use look::{KnownSince, delays, versions};
pub use night::Ledger;

/// What is known on the night's day.
#[derive(Debug)]
pub struct Known {
    /// One row per event, as known then: those that were not given away piece by piece.
    pub incidents: Incidents,
    /// Records merged into another source's of the same event.
    pub duplicates: Duplicates,
    /// How far sources tell of the same incidents.
    pub overlaps: Vec<Overlap>,
    /// What the night brought, by source.
    pub vintages: Vec<Vintage>,
    /// Where every row went.
    pub balance: Balance,
    /// The same in words, where a reader should know.
    pub news: Vec<String>,
    /// Digest of what is known, whatever the order of its records.
    pub digest: String,
}

/// Compares tonight's files, read whole, with what was known; writes nothing: for those who only look.
///
/// # Errors
/// As [`Ledger::open`] and [`Ledger::finish`].
pub fn look(
    context: &Context,
    mission: &Path,
    incidents: Incidents,
    intake: (&[Withdrawal], &[FileCount]),
) -> Result<Known> {
    let mut ledger = Ledger::open(context, mission, true, false)?;
    ledger.withdraw(intake.0.iter().cloned());
    ledger.take(incidents)?;
    ledger.finish(intake.1)
}
