//! Parquet: flat columns as text, and the polygons of `GeoParquet` as well-known binary.

use std::fs::File;
use std::io::Write;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use wkb::writer::WriteOptions;

use super::{Heading, Order, Stop, Wanted, frames, geometry};
use crate::sources::reader::value::without_zero_fraction;

pub(super) const EXPECTED: &str = "Parquet or GeoParquet as its program wrote it";
const BATCH_ROWS: usize = 1024;
/// Names that a column of geometry has.
const GEOMETRY: [&str; 2] = ["geometry", "geom"];

fn unreadable<E>(_why: E) -> Stop {
    Stop::Refused("not a readable Parquet file".to_owned(), EXPECTED)
}

/// Decodes what is wanted, and gives the number of rows written.
pub(super) fn decode(order: &Order, file: File, out: &mut dyn Write) -> Result<u64, Stop> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(unreadable)?;
    let schema = builder.schema().clone();
    let told = builder.metadata().file_metadata().key_value_metadata();
    let told = told.and_then(|pairs| pairs.iter().find(|pair| pair.key == "geo"));
    let mut heading = heading(&schema, told.and_then(|pair| pair.value.as_deref()));
    if matches!(order.wanted, Wanted::Shapes) {
        // What a feature has beside its shape.
        let fields = schema.fields().iter();
        let texts = fields.filter(|field| is_text(field.data_type()));
        heading.names = texts.map(|field| field.name().clone()).collect();
    }
    frames::header(out, &heading)?;
    let builder = match &order.wanted {
        Wanted::Heading => return Ok(0),
        Wanted::Shapes => builder,
        Wanted::Rows(asked) => {
            let mask = ProjectionMask::roots(builder.parquet_schema(), asked.iter().copied());
            builder.with_projection(mask)
        }
    };
    let batches = builder.with_batch_size(BATCH_ROWS).build();
    let mut written = 0;
    for batch in batches.map_err(unreadable)? {
        let batch = batch.map_err(unreadable)?;
        match order.wanted {
            Wanted::Shapes => features(&batch, written, out)?,
            _ => rows(&batch, written, out)?,
        }
        written += batch.num_rows() as u64;
    }
    Ok(written)
}

fn heading(schema: &Schema, geo: Option<&str>) -> Heading {
    let is_shape = |data_type: &DataType| is_binary(data_type) || data_type.is_nested();
    let is_area =
        |data_type: &DataType| is_binary(data_type) || matches!(data_type, DataType::List(_));
    let geometry = || {
        let fields = schema.fields().iter();
        fields.filter(|field| GEOMETRY.contains(&field.name().as_str()))
    };
    Heading {
        names: schema
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect(),
        has_geometry: geometry().any(|field| is_shape(field.data_type())),
        has_areas: geo.is_none_or(tells_of_areas)
            && geometry().any(|field| is_area(field.data_type())),
    }
}

/// Whether `GeoParquet`'s own words leave room for areas: points as well-known binary are binary too.
fn tells_of_areas(geo: &str) -> bool {
    let geo: serde_json::Value = serde_json::from_str(geo).unwrap_or_default();
    let columns = geo["columns"].as_object().into_iter().flatten();
    let mut types = columns.filter_map(|(_, column)| column["geometry_types"].as_array());
    types.all(|types| {
        let is_area = |told: &serde_json::Value| told.as_str().unwrap_or("").contains("Polygon");
        types.is_empty() || types.iter().any(is_area)
    })
}

fn is_text(data_type: &DataType) -> bool {
    !data_type.is_nested() && !is_binary(data_type)
}

fn is_binary(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView
    )
}

/// A column as text; nothing where it holds no texts, numbers, days or times.
fn texts(column: &ArrayRef) -> Option<ArrayRef> {
    let data_type = column.data_type();
    if !is_text(data_type) {
        return None;
    }
    // Times are UTC whatever zone they are shown in, and a named zone is not known here.
    let plain = match data_type {
        DataType::Timestamp(unit, Some(_)) => {
            cast(column, &DataType::Timestamp(*unit, None)).ok()?
        }
        _ => column.clone(),
    };
    cast(&plain, &DataType::Utf8).ok()
}

/// A cell of a column of texts, without the `.0` that a column of floats gives to whole numbers.
fn text(column: Option<&ArrayRef>, row: usize, is_float: bool) -> &str {
    let column = column.and_then(|column| column.as_string_opt::<i32>());
    let Some(column) = column.filter(|column| column.is_valid(row)) else {
        return "";
    };
    let text = column.value(row).trim();
    if is_float {
        std::str::from_utf8(without_zero_fraction(text.as_bytes())).unwrap_or(text)
    } else {
        text
    }
}

fn rows(batch: &RecordBatch, before: u64, out: &mut dyn Write) -> Result<(), Stop> {
    let columns: Vec<(Option<ArrayRef>, bool)> = batch
        .columns()
        .iter()
        .map(|column| (texts(column), column.data_type().is_floating()))
        .collect();
    for row in 0..batch.num_rows() {
        let cells = columns.iter();
        let cells: Vec<&str> = cells
            .map(|(column, is_float)| text(column.as_ref(), row, *is_float))
            .collect();
        frames::row(out, before + row as u64 + 1, &cells)?;
    }
    Ok(())
}

/// Every row's texts, and its polygons in the last cell; empty where it has none.
fn features(batch: &RecordBatch, before: u64, out: &mut dyn Write) -> Result<(), Stop> {
    let mut shapes = GEOMETRY
        .iter()
        .filter_map(|name| batch.column_by_name(name));
    let shape = shapes.next();
    let columns = batch.columns().iter();
    let columns = columns.filter(|column| is_text(column.data_type()));
    let columns: Vec<Option<ArrayRef>> = columns.map(texts).collect();
    for row in 0..batch.num_rows() {
        let cells = columns.iter();
        let mut cells: Vec<Vec<u8>> = cells
            .map(|column| text(column.as_ref(), row, false).as_bytes().to_vec())
            .collect();
        let mut bytes = Vec::new();
        if let Some(polygons) = shape.and_then(|column| geometry::polygons(column, row)) {
            wkb::writer::write_multi_polygon(&mut bytes, &polygons, &WriteOptions::default())
                .map_err(unreadable)?;
        }
        cells.push(bytes);
        frames::row(out, before + row as u64 + 1, &cells)?;
    }
    Ok(())
}
