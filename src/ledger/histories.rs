//! What the ledger says of each record, and what tonight's rows say.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Int64Type, UInt8Type, UInt32Type};

use crate::base::day::Day;

use super::versions::{Told, Version};

/// Every record's versions, in their order.
pub(super) struct Histories {
    versions: Vec<Version>,
    /// Where each record's begin, and after the last one.
    starts: Vec<u32>,
}

impl Histories {
    /// `past` are the ledger's rows, `of_row` the record of each.
    pub(super) fn new(past: &[RecordBatch], of_row: &[u32], n_records: usize) -> Self {
        let mut versions: Vec<(u32, Version)> = Vec::with_capacity(of_row.len());
        for batch in past {
            read(batch, |version| {
                let row = versions.len();
                let version = Version {
                    row: u32::try_from(row).unwrap_or(u32::MAX),
                    ..version
                };
                versions.push((of_row[row], version));
            });
        }
        versions.sort_unstable_by_key(|(record, version)| (*record, version.number));
        let mut starts = vec![0_u32; n_records + 1];
        for (record, _) in &versions {
            starts[*record as usize + 1] += 1;
        }
        for record in 0..n_records {
            starts[record + 1] += starts[record];
        }
        let versions = versions.into_iter().map(|(_, version)| version).collect();
        Self { versions, starts }
    }

    /// A record's versions.
    pub(super) fn of(&self, record: usize) -> &[Version] {
        &self.versions[self.starts[record] as usize..self.starts[record + 1] as usize]
    }
}

/// The versions of one batch, their rows left at 0.
fn read(batch: &RecordBatch, mut each: impl FnMut(Version)) {
    let column = |name: &str| batch.column_by_name(name).map(ArrayRef::as_ref);
    let (Some(number), Some(days), Some(gone), Some(content)) = (
        column("version"),
        column("known_at"),
        column("withdrawn"),
        column("content"),
    ) else {
        return;
    };
    let number = number.as_primitive::<UInt32Type>();
    let days = days.as_primitive::<Date32Type>();
    let gone = gone.as_primitive::<UInt8Type>();
    let content = content.as_primitive::<Int64Type>();
    for i in 0..batch.num_rows() {
        each(Version {
            number: number.value(i),
            known_at: days.is_valid(i).then(|| Day(days.value(i))),
            is_withdrawn: gone.value(i) != 0,
            content: content.value(i).cast_unsigned(),
            row: 0,
        });
    }
}

/// What some of tonight's rows say of their records, row by row.
pub(super) fn told(piece: &RecordBatch, contents: &[u64]) -> Vec<Told> {
    let dates = |name: &str| {
        let column = piece.column_by_name(name);
        column.map(AsArray::as_primitive::<Date32Type>)
    };
    let (known, ended) = (dates("known_at"), dates("date_end"));
    let one = |(row, &content): (usize, &u64)| {
        let known_at = known.filter(|days| days.is_valid(row));
        Told {
            content,
            known_at: known_at.map(|days| Day(days.value(row))),
            date_end: Day(ended.map_or(0, |days| days.value(row))),
            row: u32::try_from(row).unwrap_or(u32::MAX),
        }
    };
    contents.iter().enumerate().map(one).collect()
}
