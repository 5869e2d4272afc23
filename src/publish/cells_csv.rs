//! `cells.csv`: every cell of the study area without its shape, RFC 4180; `hex_id` is its H3 cell in hex, as web maps take it.

use std::io::Write;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Date32Type, Float64Type};

use super::cells_parquet::columns;
use super::zones_csv::inert;
use super::{Layer, TierTables, cannot_write};
use crate::base::day::Day;
use crate::base::error::Result;

/// The layer.
#[derive(Debug)]
pub(super) struct CellsCsv;

const NAME: &str = "cells.csv";

impl Layer for CellsCsv {
    fn file_name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> &'static str {
        "one line per cell of the study area, in order of cell, for a spreadsheet"
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let batch = columns(tier)?;
        let mut csv = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        let schema = batch.schema();
        csv.write_record(schema.fields().iter().map(|field| field.name()))
            .map_err(cannot_write(NAME))?;
        for row in 0..batch.num_rows() {
            let line = batch.columns().iter().map(|column| text(column, row));
            csv.write_record(line).map_err(cannot_write(NAME))?;
        }
        csv.flush().map_err(cannot_write(NAME))
    }
}

/// A value as text; what is missing is empty. Numbers have six decimals, as in every layer.
fn text(column: &dyn Array, row: usize) -> String {
    if column.is_null(row) {
        return String::new();
    }
    match column.data_type() {
        DataType::Float64 => {
            let number = column.as_primitive::<Float64Type>().value(row);
            ((number * 1e6).round() / 1e6 + 0.0).to_string()
        }
        DataType::Boolean => column.as_boolean().value(row).to_string(),
        DataType::Date32 => Day(column.as_primitive::<Date32Type>().value(row)).to_string(),
        _ => column
            .as_string_opt::<i32>()
            .map_or(String::new(), |texts| {
                inert(texts.value(row).into()).into_owned()
            }),
    }
}
