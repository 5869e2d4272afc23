//! Columns of Arrow as `SQLite` holds them.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Date32Type, Float64Type};
use arrow::record_batch::RecordBatch;
use rusqlite::types::Value as Sql;

use crate::base::day::Day;

/// Names and types; days are `DATE`.
pub(super) fn columns(batch: &RecordBatch) -> Vec<(String, &'static str)> {
    let kind = |kind: &DataType| match kind {
        DataType::Float64 => "DOUBLE",
        DataType::Boolean => "BOOLEAN",
        DataType::Date32 => "DATE",
        _ => "TEXT",
    };
    let schema = batch.schema();
    let fields = schema.fields().iter();
    fields
        .map(|field| (field.name().clone(), kind(field.data_type())))
        .collect()
}

/// The values of one row.
pub(super) fn row(batch: &RecordBatch, row: usize) -> Vec<Sql> {
    let value = |column: &dyn Array| {
        if column.is_null(row) {
            return Sql::Null;
        }
        match column.data_type() {
            DataType::Float64 => Sql::Real(column.as_primitive::<Float64Type>().value(row)),
            DataType::Boolean => Sql::Integer(column.as_boolean().value(row).into()),
            DataType::Date32 => {
                Sql::Text(Day(column.as_primitive::<Date32Type>().value(row)).to_string())
            }
            _ => column
                .as_string_opt::<i32>()
                .map_or(Sql::Null, |texts| Sql::Text(texts.value(row).to_owned())),
        }
    };
    batch
        .columns()
        .iter()
        .map(|column| value(column.as_ref()))
        .collect()
}
