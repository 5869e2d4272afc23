//! Rain as Parquet: columns of numbers, read as numbers, batch by batch. What lies far from the mission
//! is passed over before it costs memory.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, Float64Array, Int64Array, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::base::day::Day;
use crate::base::digest;
use crate::base::error::{Error, Result};
use crate::tables::Intake;

use super::super::reader::{
    Class, Column, Fault, Header, Tally, file_name, refuse_identifying, value,
};
use super::{Cells, Columns, Rain, Reading, Source, take};

const TEXT: &str = "a text";
const DAY: &str = "YYYY-MM-DD, 1970 to 2100";

pub(super) fn read(path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
    let damaged = |what: &str| Error::File {
        path: path.to_path_buf(),
        line: None,
        what: what.to_owned(),
        expected: "a Parquet file".to_owned(),
    };
    let digest = digest_of(path)?;
    let file = File::open(path).map_err(Error::io(path, "open the file"))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file)
        .map_err(|_why| damaged("not a readable Parquet file"))?;
    let names = builder
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone());
    let mut header = Header::new(names.collect());
    refuse_identifying(&header, &[], path)?;
    let columns =
        Columns::of(&mut header).map_err(|missing| damaged(&format!("no column {missing}")))?;
    let names: Vec<&str> = header.names().iter().map(String::as_str).collect();
    let asked = (0..names.len()).filter(|&at| header.is_taken(names[at]));
    let asked: Vec<usize> = asked.collect();
    let mask = ProjectionMask::roots(builder.parquet_schema(), asked.iter().copied());
    let batches = builder.with_projection(mask).build();
    let batches = batches.map_err(|_why| damaged("not a readable Parquet file"))?;
    let mut tally = Tally::default();
    let mut record = 0;
    for batch in batches {
        let batch = batch.map_err(|_why| damaged("a damaged row group"))?;
        let mut typed: Vec<Typed> = names.iter().map(|_| Typed::Other).collect();
        for (&at, column) in asked.iter().zip(batch.columns()) {
            typed[at] = Typed::of(column);
        }
        for i in 0..batch.num_rows() {
            record += 1;
            let row = ParquetRow { columns: &typed, i };
            tally.count(record, take(&columns, &row, reading.area, intake));
        }
    }
    tally.close(Rain.name(), &file_name(path), digest, &header, intake);
    Ok(())
}

fn digest_of(path: &Path) -> Result<String> {
    let mut file = File::open(path).map_err(Error::io(path, "open the file"))?;
    let mut hasher = blake3::Hasher::new();
    io::copy(&mut file, &mut hasher).map_err(Error::io(path, "read the file"))?;
    Ok(digest::hex(&hasher))
}

/// A column by what it holds.
enum Typed {
    Whole(Int64Array),
    Number(Float64Array),
    Day(Date32Array),
    Text(StringArray),
    /// Not asked for, or of a type that holds none of these.
    Other,
}

impl Typed {
    fn of(column: &ArrayRef) -> Self {
        let data_type = column.data_type();
        let to = |wanted: &DataType| cast(column, wanted).ok();
        let typed = if data_type.is_integer() {
            to(&DataType::Int64).map(|c| Self::Whole(c.as_primitive::<Int64Type>().clone()))
        } else if data_type.is_floating() {
            to(&DataType::Float64).map(|c| Self::Number(c.as_primitive::<Float64Type>().clone()))
        } else if data_type.is_temporal() {
            to(&DataType::Date32).map(|c| Self::Day(c.as_primitive::<Date32Type>().clone()))
        } else {
            to(&DataType::Utf8).map(|c| Self::Text(c.as_string::<i32>().clone()))
        };
        typed.unwrap_or(Self::Other)
    }
}

/// One row of a batch.
struct ParquetRow<'a> {
    columns: &'a [Typed],
    i: usize,
}

impl Cells for ParquetRow<'_> {
    fn text(&self, at: usize) -> std::result::Result<Cow<'_, str>, Fault> {
        let fault = |class| Fault::new(Column::At(at), class, TEXT);
        match &self.columns[at] {
            Typed::Text(texts) if texts.is_valid(self.i) => match texts.value(self.i).trim() {
                "" => Err(fault(Class::Missing)),
                text => Ok(Cow::Borrowed(text)),
            },
            _ if self.is_empty(at) => Err(fault(Class::Missing)),
            _ => Err(fault(Class::NotAValue)),
        }
    }

    fn number(&self, at: usize, expected: &'static str) -> std::result::Result<f64, Fault> {
        let fault = |class| Err(Fault::new(Column::At(at), class, expected));
        if self.is_empty(at) {
            return fault(Class::Missing);
        }
        #[allow(
            clippy::cast_precision_loss,
            reason = "beyond 2^53 it is out of every range"
        )]
        let value = match &self.columns[at] {
            Typed::Whole(values) => Some(values.value(self.i) as f64),
            Typed::Number(values) => Some(values.value(self.i)).filter(|value| value.is_finite()),
            Typed::Text(texts) => value::number(texts.value(self.i).trim().as_bytes()),
            _ => None,
        };
        value.map_or_else(|| fault(Class::NotANumber), Ok)
    }

    fn whole(&self, at: usize, expected: &'static str) -> std::result::Result<Option<i64>, Fault> {
        if self.is_empty(at) {
            return Ok(None);
        }
        let value = match &self.columns[at] {
            Typed::Whole(values) => Some(values.value(self.i)),
            Typed::Number(values) => value::whole(values.value(self.i).to_string().as_bytes()),
            Typed::Text(texts) => value::whole(texts.value(self.i).trim().as_bytes()),
            _ => None,
        };
        let fault = Fault::new(Column::At(at), Class::NotAWholeNumber, expected);
        value.map(Some).ok_or(fault)
    }

    fn day(&self, at: usize) -> std::result::Result<Day, Fault> {
        let fault = |class| Err(Fault::new(Column::At(at), class, DAY));
        if self.is_empty(at) {
            return fault(Class::Missing);
        }
        let day = match &self.columns[at] {
            Typed::Day(days) => Some(Day(days.value(self.i))),
            Typed::Text(texts) => Day::parse_iso(texts.value(self.i).trim()),
            _ => None,
        };
        match day {
            Some(day) if value::is_in_range(day) => Ok(day),
            Some(_) => fault(Class::OutOfRange),
            None => fault(Class::NotADate),
        }
    }

    fn is_empty(&self, at: usize) -> bool {
        match &self.columns[at] {
            Typed::Whole(values) => values.is_null(self.i),
            Typed::Number(values) => values.is_null(self.i),
            Typed::Day(values) => values.is_null(self.i),
            Typed::Text(values) => values.is_null(self.i) || values.value(self.i).trim().is_empty(),
            Typed::Other => true,
        }
    }
}
