//! Records that ACLED has taken back: the answer of its `deleted` endpoint.

use std::path::Path;

use crate::base::error::Result;
use crate::tables::{Intake, Withdrawal};

use super::reader::{Class, Column, Fault, Format, Header, Row, read_table, value};
use super::{Head, Reading, Source};

const SECONDS: &str = "seconds since 1970";

/// Saved as JSON or as delimited text. A record taken back is an id of `acled`, and nothing more.
#[derive(Debug)]
pub(super) struct AcledDeleted;

impl Source for AcledDeleted {
    fn name(&self) -> &'static str {
        "acled_deleted"
    }

    fn describe(&self) -> &'static str {
        "records that ACLED has taken back, as its API answers"
    }

    fn is_published(&self) -> bool {
        true
    }

    fn recognises(&self, head: &Head) -> bool {
        head.is_table() && head.has(&["event_id_cnty", "deleted_timestamp"])
    }

    fn read(&self, path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
        let format = Format {
            source: self.name(),
            left_aside: &[],
            reading,
        };
        read_table(&format, path, intake, columns, take)
    }
}

fn columns(header: &mut Header) -> std::result::Result<[usize; 2], &'static str> {
    let mut take = |name: &'static str| header.take(&[name]).ok_or(name);
    Ok([take("event_id_cnty")?, take("deleted_timestamp")?])
}

fn take(at: &[usize; 2], row: &Row<'_>, intake: &mut Intake) -> std::result::Result<(), Fault> {
    let [id, deleted] = *at;
    let source_id = row.text(id)?.into_owned();
    // Numbers an event's country and its place in it: `CAF1234`. Anything else is no event.
    let digits = source_id.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let is_id = digits.len() < source_id.len() && value::whole(digits.as_bytes()).is_some();
    if !is_id || digits.starts_with('-') {
        return Row::unknown(id, "an event's id such as CAF1234");
    }
    if row
        .whole(deleted, SECONDS)?
        .is_none_or(|seconds| seconds < 0)
    {
        return Err(Fault::new(Column::At(deleted), Class::OutOfRange, SECONDS));
    }
    intake.withdrawals.push(Withdrawal {
        source: super::acled::Acled::NAME.to_owned(),
        source_id,
    });
    Ok(())
}
