//! A published snapshot, read back.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::publish::RESTRICTED;

/// One night's files.
#[derive(Debug)]
pub(super) struct Snapshot {
    folder: PathBuf,
    /// `run.json`.
    pub(super) run: Value,
}

impl Snapshot {
    /// The last published snapshot, or the newest of an as-of date.
    pub(super) fn open(mission: &Path, as_of: Option<Day>) -> Result<Self> {
        let folder = match as_of {
            None => mission.join("latest"),
            Some(day) => newest(mission, day)?,
        };
        let run = read_json(&folder.join("run.json"))?;
        Ok(Self { folder, run })
    }

    pub(super) fn run_id(&self) -> &str {
        self.run["run_id"].as_str().unwrap_or_default()
    }

    /// Features of `zones.geojson`.
    pub(super) fn zones(&self) -> Result<Vec<Value>> {
        let mut zones = read_json(&self.folder.join(RESTRICTED).join("zones.geojson"))?;
        match zones["features"].take() {
            Value::Array(features) => Ok(features),
            _ => Ok(Vec::new()),
        }
    }

    /// Rows of `cells.parquet`.
    pub(super) fn cells(&self) -> Result<Cells> {
        self.rows("cells.parquet")
    }

    /// Rows of `indicators.parquet`; none where the night had no such layer yet.
    pub(super) fn indicators(&self) -> Result<Option<Cells>> {
        let name = "indicators.parquet";
        let is_there = self.folder.join(RESTRICTED).join(name).is_file();
        is_there.then(|| self.rows(name)).transpose()
    }

    fn rows(&self, name: &str) -> Result<Cells> {
        let path = self.folder.join(RESTRICTED).join(name);
        let file = File::open(&path).map_err(Error::io(&path, "open the file"))?;
        let damaged = || Error::File {
            path: path.clone(),
            line: None,
            what: "it cannot be read back".to_owned(),
            expected: "run the night again".to_owned(),
        };
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|_why| damaged())?;
        let schema = reader.schema().clone();
        let reader = reader.build().map_err(|_why| damaged())?;
        let batches: Vec<RecordBatch> = reader
            .collect::<std::result::Result<_, _>>()
            .map_err(|_why| damaged())?;
        let rows = concat_batches(&schema, &batches).map_err(|_why| damaged())?;
        Ok(Cells { rows })
    }
}

/// The cells of one night, or the rows of another layer.
#[derive(Debug)]
pub(super) struct Cells {
    rows: RecordBatch,
}

impl Cells {
    /// Row of a cell.
    pub(super) fn row_of(&self, hex_id: &str) -> Option<usize> {
        (0..self.rows.num_rows()).find(|&row| self.text("hex_id", row).as_deref() == Some(hex_id))
    }

    /// Rows of a zone.
    pub(super) fn rows_of_zone<'a>(&'a self, zone_id: &'a str) -> impl Iterator<Item = usize> + 'a {
        (0..self.rows.num_rows())
            .filter(move |&row| self.text("zone_id", row).as_deref() == Some(zone_id))
    }

    /// A text of a row.
    pub(super) fn text(&self, column: &str, row: usize) -> Option<String> {
        let column = self.rows.column_by_name(column)?;
        let column = column.as_string_opt::<i32>()?;
        column.is_valid(row).then(|| column.value(row).to_owned())
    }

    /// A measure of a row.
    pub(super) fn number(&self, column: &str, row: usize) -> Option<f64> {
        let column = self.rows.column_by_name(column)?;
        let column = column.as_primitive_opt::<Float64Type>()?;
        column.is_valid(row).then(|| column.value(row))
    }

    /// A whole number of a row.
    pub(super) fn whole(&self, column: &str, row: usize) -> Option<i64> {
        let column = cast(self.rows.column_by_name(column)?, &DataType::Int64).ok()?;
        let column = column.as_primitive_opt::<Int64Type>()?.clone();
        column.is_valid(row).then(|| column.value(row))
    }

    /// Every measure of a row, by column.
    pub(super) fn numbers(&self, row: usize) -> serde_json::Map<String, Value> {
        let schema = self.rows.schema();
        let measures = schema
            .fields()
            .iter()
            .filter(|f| f.data_type() == &DataType::Float64);
        measures
            .filter_map(|f| Some((f.name().clone(), self.number(f.name(), row)?.into())))
            .collect()
    }
}

fn newest(mission: &Path, as_of: Day) -> Result<PathBuf> {
    let runs = mission.join("runs");
    let prefix = format!("{as_of}-");
    let mut found: Vec<(std::time::SystemTime, PathBuf)> = Vec::new();
    for entry in fs::read_dir(&runs).map_err(Error::io(&runs, "list the folder"))? {
        let entry = entry.map_err(Error::io(&runs, "list the folder"))?;
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            let written = entry.metadata().and_then(|data| data.modified());
            found.push((
                written.map_err(Error::io(&runs, "read a date"))?,
                entry.path(),
            ));
        }
    }
    found.sort();
    found
        .pop()
        .map(|(_, path)| path)
        .ok_or_else(|| Error::Usage {
            what: format!("no night of {as_of} is published"),
            expected: "run it first, or leave --as-of away".to_owned(),
        })
}

fn read_json(path: &Path) -> Result<Value> {
    let text = fs::read(path).map_err(|_missing| Error::Usage {
        what: format!("{} cannot be read", path.display()),
        expected: "publish a night first with `forewarn run`".to_owned(),
    })?;
    serde_json::from_slice(&text).map_err(|_damaged| Error::File {
        path: path.to_path_buf(),
        line: None,
        what: "it is not JSON".to_owned(),
        expected: "run the night again".to_owned(),
    })
}
