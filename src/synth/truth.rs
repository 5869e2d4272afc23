//! What was planted, for whoever checks what a detector found.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Float64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::places;
use super::processes::{PROCESSES, Process};
use super::sectors::{Point, Sector};
use super::world::{World, extent};
use crate::base::error::{Error, Result};

/// One row per planted process, in the order they are planted.
pub(super) fn table(world: &World, incidents: u64) -> RecordBatch {
    let extents = || PROCESSES.iter().map(|process| extent(process.place));
    let text = |of: &dyn Fn(usize, &Process) -> String| -> ArrayRef {
        let values = PROCESSES
            .iter()
            .enumerate()
            .map(|(i, process)| of(i, process));
        Arc::new(StringArray::from_iter_values(values))
    };
    let number = |of: &dyn Fn(usize) -> f64| -> ArrayRef {
        Arc::new(Float64Array::from_iter_values((0..PROCESSES.len()).map(of)))
    };
    let points: Vec<(Point, f64)> = extents().collect();
    let (first, last): (Vec<i32>, Vec<i32>) = PROCESSES
        .iter()
        .map(Process::days)
        .map(|(first, last)| (first.0, last.0))
        .unzip();
    let raise: BooleanArray = PROCESSES.iter().map(|p| Some(p.should_raise())).collect();
    let columns: [(&str, ArrayRef); 12] = [
        ("id", text(&|i, _| format!("SYN-T{:02}", i + 1))),
        (
            "process",
            text(&|_, process| process.planted.name().to_owned()),
        ),
        (
            "label",
            text(&|_, process| format!("SYNTHETIC {}", process.label)),
        ),
        ("region", text(&|i, _| region(points[i].0))),
        ("lat_deg", number(&|i| points[i].0.lat_deg())),
        ("lon_deg", number(&|i| points[i].0.lon_deg())),
        ("radius_km", number(&|i| points[i].1)),
        ("first_day", Arc::new(Date32Array::from(first))),
        ("last_day", Arc::new(Date32Array::from(last))),
        (
            "expected_window",
            number(&|i| world.expected_window(i, incidents)),
        ),
        (
            "expected_past",
            number(&|i| world.expected_past(i, incidents)),
        ),
        ("should_raise", Arc::new(raise)),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, false)))
        .expect("every column has one value per process")
}

/// The sector that holds a point, and the town nearest to it.
fn region(point: Point) -> String {
    let sector = Sector::of(point).map_or_else(String::new, Sector::pcode);
    format!("{sector}, nearest town {}", places::nearest(point))
}

/// Writes the truth.
pub(super) fn write(path: &Path, world: &World, incidents: u64) -> Result<()> {
    let batch = table(world, incidents);
    let about = "SYNTHETIC: every record of this mission is invented. Expected incidents are those \
                 of counted kinds, in the detection window at the demo's as-of date and, as a mean \
                 over five years, in the same weeks of past years.";
    let properties = WriterProperties::builder()
        .set_created_by("forewarn synth".to_owned())
        .set_key_value_metadata(Some(vec![KeyValue::new(
            "about".to_owned(),
            about.to_owned(),
        )]))
        .build();
    let file = File::create(path).map_err(Error::io(path, "create"))?;
    let refused = |_: ParquetError| Error::File {
        path: path.to_path_buf(),
        line: None,
        what: "cannot be written as Parquet".to_owned(),
        expected: "a folder that can be written to, with space left".to_owned(),
    };
    let mut writer =
        ArrowWriter::try_new(file, batch.schema(), Some(properties)).map_err(refused)?;
    writer.write(&batch).map_err(refused)?;
    writer.close().map_err(refused)?;
    Ok(())
}
