//! Statements are tested without Rust of their own: a stage lists what each of its statements reads
//! and writes, `fixtures/queries` holds a case for each, and this runs both.

use std::collections::BTreeSet;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray, UInt64Array};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Field, SchemaRef, UInt64Type};
use arrow::util::pretty::pretty_format_batches;
use datafusion::scalar::ScalarValue;

use crate::base::query::Query;
use crate::base::session::{Limits, Session};

/// The declared columns of a table.
pub(crate) type Columns = fn() -> SchemaRef;

/// What one statement of the catalogue promises.
pub(crate) struct Statement {
    pub(crate) query: Query,
    /// Name and columns of each table it reads, as its header lists them.
    pub(crate) reads: &'static [(&'static str, Columns)],
    /// Columns of the table it writes.
    pub(crate) writes: Columns,
}

impl Statement {
    /// Whether the result has the declared columns even where no row tells their types.
    pub(crate) fn keeps_its_contract(&self) {
        let empty = self
            .reads
            .iter()
            .map(|(_, schema)| RecordBatch::new_empty(schema()));
        let found = self.run(empty.collect(), &self.params());
        let name = self.query.name();
        assert_eq!(
            found.schema(),
            (self.writes)(),
            "{name}: columns are not its table's"
        );
    }

    /// Whether the case of `fixtures/queries` gets its answer; with `FOREWARN_BLESS=1` the answer
    /// found is written down instead, to be checked by hand.
    pub(crate) fn answers_its_case(&self) {
        let folder = self.folder();
        let tables = self
            .reads
            .iter()
            .map(|(name, schema)| table(&folder.join(format!("{name}.csv")), &schema()));
        let found = pretty(&self.run(tables.collect(), &self.params()));
        let answer = folder.join("expected.txt");
        #[allow(
            clippy::disallowed_methods,
            reason = "only a test asks, and only for this"
        )]
        if std::env::var("FOREWARN_BLESS").is_ok_and(|bless| bless == "1") {
            fs::write(&answer, &found).unwrap();
        }
        let expected = fs::read_to_string(&answer).unwrap_or_default();
        let name = self.query.name();
        assert!(
            found == expected,
            "{name}: found\n{found}\nexpected\n{expected}"
        );
    }

    /// Whether header, list and case name the same tables and parameters.
    pub(crate) fn is_as_its_header_says(&self) {
        let header = self.query.sql().lines().nth(2).unwrap();
        let names: BTreeSet<&str> = header
            .trim_start_matches("-- Reads:")
            .split([',', ';', '.'])
            .filter_map(|part| part.split_whitespace().next())
            .collect();
        let params = self.params();
        let params: Vec<String> = params.iter().map(|(name, _)| format!("${name}")).collect();
        let listed: BTreeSet<&str> = self
            .reads
            .iter()
            .map(|(name, _)| *name)
            .chain(params.iter().map(String::as_str))
            .collect();
        assert_eq!(names, listed, "{}: header and list", self.query.name());
    }

    /// Runs it on tables in the order of `reads`.
    pub(crate) fn run(
        &self,
        tables: Vec<RecordBatch>,
        params: &[(String, ScalarValue)],
    ) -> RecordBatch {
        let session = session();
        for ((name, _), table) in self.reads.iter().zip(tables) {
            session.register(name, table).unwrap();
        }
        let params: Vec<(&str, ScalarValue)> = params
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        session.query(self.query, &params).unwrap()
    }

    /// The case's parameters, from lines of name, Arrow type, value.
    pub(crate) fn params(&self) -> Vec<(String, ScalarValue)> {
        let Ok(mut csv) = csv::Reader::from_path(self.folder().join("params.csv")) else {
            return Vec::new();
        };
        csv.records()
            .map(|row| {
                let row = row.unwrap();
                let data_type: DataType = row[1].parse().unwrap();
                let value = ScalarValue::try_from_string(row[2].to_owned(), &data_type);
                (row[0].to_owned(), value.unwrap())
            })
            .collect()
    }

    fn folder(&self) -> PathBuf {
        fixtures().join("queries").join(self.query.name())
    }
}

/// Whether a stage's list holds every statement of the stage's folder once.
pub(crate) fn all_are_listed(stage: &str, statements: &[Statement]) {
    let listed: Vec<Query> = statements.iter().map(|s| s.query).collect();
    let of_stage = |query: &&Query| query.name().split('/').next() == Some(stage);
    let catalogue: Vec<Query> = Query::ALL.iter().filter(of_stage).copied().collect();
    assert_eq!(listed, catalogue, "statements of {stage}");
}

/// A small engine that still splits its work.
pub(crate) fn session() -> Session {
    let threads = NonZeroUsize::new(2).unwrap();
    let memory_bytes = 64 << 20;
    Session::new(Limits {
        threads,
        memory_bytes,
    })
    .unwrap()
}

pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Reads a table of a case: columns by name, those left out empty or zero.
fn table(path: &Path, schema: &SchemaRef) -> RecordBatch {
    let at = path.display();
    let mut csv = csv::Reader::from_path(path).unwrap_or_else(|error| panic!("{at}: {error}"));
    let header = csv.headers().unwrap().clone();
    for name in &header {
        assert!(
            schema.field_with_name(name).is_ok(),
            "{at}: no column {name}"
        );
    }
    let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    let columns = schema.fields().iter().map(|field| {
        let position = header.iter().position(|name| name == field.name());
        column(
            field,
            rows.iter().map(|row| position.map_or("", |i| &row[i])),
        )
    });
    RecordBatch::try_new(schema.clone(), columns.collect()).unwrap()
}

/// One column from texts; numbers of 64 bits without sign are cells, in hex as people write them.
pub(crate) fn column<'a>(field: &Field, texts: impl Iterator<Item = &'a str>) -> ArrayRef {
    if *field.data_type() == DataType::UInt64 {
        let id = |text: &str| u64::from_str_radix(text, 16).unwrap();
        let ids = texts.map(|text| (!text.is_empty()).then(|| id(text)));
        return Arc::new(ids.collect::<UInt64Array>());
    }
    let blank = match field.data_type() {
        _ if field.is_nullable() => None,
        DataType::Utf8 => Some(""),
        _ => Some("0"),
    };
    let texts = texts.map(|text| if text.is_empty() { blank } else { Some(text) });
    let strict = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    cast_with_options(&texts.collect::<StringArray>(), field.data_type(), &strict).unwrap()
}

/// The rows as people read them, cells in hex.
fn pretty(rows: &RecordBatch) -> String {
    let schema = rows.schema();
    let columns = schema.fields().iter().zip(rows.columns());
    let columns = columns.map(|(field, column)| -> (&String, ArrayRef) {
        match column.as_primitive_opt::<UInt64Type>() {
            Some(ids) => (field.name(), Arc::new(hex(ids))),
            None => (field.name(), Arc::clone(column)),
        }
    });
    let rows = RecordBatch::try_from_iter(columns).unwrap();
    format!("{}\n", pretty_format_batches(&[rows]).unwrap())
}

pub(crate) fn hex(ids: &UInt64Array) -> StringArray {
    ids.iter()
        .map(|id| id.map(|id| format!("{id:x}")))
        .collect()
}
