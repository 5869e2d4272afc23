//! `rejections.parquet`: one row per rejected input row, with nothing of its content.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray, UInt64Array};
use arrow::record_batch::RecordBatch;

use super::{cannot_write, parquet_file};
use crate::base::error::Result;
use crate::tables::{Rejection, Rejections};

const NAME: &str = "rejections.parquet";

/// Writes all rejections, in their order.
pub(super) fn write(
    rejections: &Rejections,
    notice: Option<&'static str>,
    out: &mut (dyn Write + Send),
) -> Result<()> {
    let rows = rejections.rows();
    let text = |get: for<'a> fn(&'a Rejection) -> &'a str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(get)))
    };
    let lines = UInt64Array::from_iter_values(rows.iter().map(|row| row.line));
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("source", text(|row| &row.source), false),
        ("file", text(|row| &row.file), false),
        ("file_digest", text(|row| &row.file_digest), false),
        ("line", Arc::new(lines) as ArrayRef, false),
        ("column", text(|row| &row.column), false),
        ("reason", text(|row| &row.reason), false),
        ("expected", text(|row| &row.expected), false),
    ]);
    parquet_file::write(NAME, &batch.map_err(cannot_write(NAME))?, notice, out)
}
