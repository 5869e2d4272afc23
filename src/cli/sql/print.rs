//! An answer as a table for people, as CSV, or as JSON.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use arrow::array::{Array, RecordBatch};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use serde_json::{Map, Value, json};

use crate::base::ask::Answer;
use crate::base::error::{Error, Result};
use crate::publish::inert;

use super::super::Options;
use super::unmade;

pub(super) fn answer(answer: &Answer, as_csv: bool, options: &Options) -> Result<()> {
    let rows = &answer.rows;
    let names: Vec<&str> = rows
        .schema_ref()
        .fields()
        .iter()
        .map(|f| f.name().as_str())
        .collect();
    let texts = texts(rows)?;
    if as_csv {
        return written(&csv(&names, &texts)?);
    }
    let value = || {
        let rows = (0..rows.num_rows()).map(|row| Value::Object(object(rows, &texts, row)));
        json!({ "columns": names, "rows": rows.collect::<Vec<_>>(), "cut": answer.is_cut })
    };
    if options.json {
        return options.output().result(&value(), &[]);
    }
    written(&aligned(rows, &names, &texts))
}

/// Every value as a text, column by column; nothing where there is none.
fn texts(rows: &RecordBatch) -> Result<Vec<Vec<Option<String>>>> {
    let format = FormatOptions::default();
    let columns = rows.columns().iter().map(|column| {
        let formatter = ArrayFormatter::try_new(column, &format).map_err(unmade)?;
        let text = |row| {
            column
                .is_valid(row)
                .then(|| formatter.value(row).to_string())
        };
        Ok((0..column.len()).map(text).collect())
    });
    columns.collect()
}

/// One row by column; numbers are numbers.
fn object(rows: &RecordBatch, texts: &[Vec<Option<String>>], row: usize) -> Map<String, Value> {
    let fields = rows.schema_ref().fields().iter().zip(texts);
    let value = |(field, texts): (&arrow::datatypes::FieldRef, &Vec<Option<String>>)| {
        let value = match &texts[row] {
            None => Value::Null,
            Some(text) if field.data_type().is_numeric() => {
                serde_json::from_str(text).unwrap_or_else(|_no_number| Value::from(text.as_str()))
            }
            Some(text) if text == "true" || text == "false" => Value::from(text == "true"),
            Some(text) => Value::from(text.as_str()),
        };
        (field.name().clone(), value)
    };
    fields.map(value).collect()
}

fn csv(names: &[&str], texts: &[Vec<Option<String>>]) -> Result<Vec<u8>> {
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    csv.write_record(names).map_err(unmade)?;
    for row in 0..texts.first().map_or(0, Vec::len) {
        let cells = texts
            .iter()
            .map(|column| inert(column[row].as_deref().unwrap_or("").into()));
        csv.write_record(cells.map(Cow::into_owned))
            .map_err(unmade)?;
    }
    csv.into_inner().map_err(unmade)
}

/// Columns side by side, numbers to the right.
fn aligned(rows: &RecordBatch, names: &[&str], texts: &[Vec<Option<String>>]) -> Vec<u8> {
    // A control character could steer the terminal.
    let plain = |text: &str| -> String {
        text.chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect()
    };
    let columns: Vec<(bool, usize, Vec<String>)> = (0..names.len())
        .map(|i| {
            let is_number = rows.column(i).data_type().is_numeric();
            let cells = texts[i]
                .iter()
                .map(|text| plain(text.as_deref().unwrap_or("")));
            let cells: Vec<String> = std::iter::once(plain(names[i])).chain(cells).collect();
            let width = cells
                .iter()
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0);
            (is_number, width, cells)
        })
        .collect();
    let mut out = String::new();
    for row in 0..=rows.num_rows() {
        let cells = columns
            .iter()
            .map(|(is_number, width, cells)| match is_number {
                true => format!("{:>width$}", cells[row]),
                false => format!("{:<width$}", cells[row]),
            });
        out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    }
    out.into_bytes()
}

fn written(bytes: &[u8]) -> Result<()> {
    match std::io::stdout().lock().write_all(bytes) {
        // A reader that has seen enough is no failure.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(Error::io(Path::new("standard output"), "write")),
    }
}
