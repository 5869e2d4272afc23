//! `forewarn sql DIR STATEMENT`: questions to the mission's tables.

mod areas;
mod incidents;
mod print;
mod tables;
mod times;

use std::path::PathBuf;
use std::time::Duration;

use arrow::array::{ArrayRef, RecordBatch};
use clap::Args;
use serde_json::json;

use crate::base::ask::{Bounds, Reader, tables_named};
use crate::base::day::Day;
use crate::base::error::{Error, Result};

use super::Options;
use tables::{Mission, TABLES};

#[derive(Debug, Args)]
#[command(after_help = include_str!("sql/help.txt"))]
pub(super) struct Arguments {
    /// Mission folder
    dir: PathBuf,
    /// The statement
    #[arg(required_unless_present = "tables")]
    statement: Option<String>,
    /// List the tables and their columns instead
    #[arg(long, conflicts_with = "statement")]
    tables: bool,
    /// Rows as CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Most rows to give; what is beyond is cut, and said so
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    max_rows: usize,
    /// Seconds that an answer may take
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u32,
    /// What was known on this day; the newest incident's where not given
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::as_of)]
    as_of: Option<Day>,
}

pub(super) fn run(arguments: &Arguments, options: &Options) -> Result<()> {
    let Some(text) = arguments.statement.as_deref() else {
        return list(options);
    };
    let (limits, bounds) = (options.limits(), arguments.bounds());
    let named = tables_named(text, limits, bounds.time)?;
    let mission = Mission::read(arguments, &named, options)?;
    let empty = Mission::empty()?;
    let reader = Reader::new(limits)?;
    for table in TABLES {
        // A table that is not asked for is there, so that it can be listed, without its rows.
        let mission = if named.contains(table.name) {
            &mission
        } else {
            &empty
        };
        reader.register(table.name, (table.rows)(mission)?)?;
    }
    let answer = reader.ask(text, bounds)?;
    if answer.is_cut {
        tracing::warn!("cut after {} rows; --max-rows gives more", bounds.max_rows);
    }
    print::answer(&answer, arguments.csv, options)
}

impl Arguments {
    fn bounds(&self) -> Bounds {
        Bounds {
            max_rows: self.max_rows,
            time: Duration::from_secs(self.timeout.into()),
        }
    }
}

/// Every table with what it holds and its columns.
fn list(options: &Options) -> Result<()> {
    let empty = Mission::empty()?;
    let (mut lines, mut values) = (Vec::new(), Vec::new());
    for table in TABLES {
        let schema = (table.rows)(&empty)?.schema();
        let columns: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
        lines.push(format!("{:<11} {}", table.name, table.what));
        lines.push(format!("            {}", columns.join(", ")));
        values.push(json!({ "name": table.name, "what": table.what, "columns": columns }));
    }
    options
        .output()
        .result(&json!({ "tables": values }), &lines)
}

/// The error of a table that could not be made: a fault of ours.
fn unmade(error: impl std::error::Error) -> Error {
    Error::Statistic {
        stage: "sql",
        reason: error.to_string(),
    }
}

/// A table from its columns, in which any value may be missing.
fn table(columns: Vec<(&str, ArrayRef)>) -> Result<RecordBatch> {
    let columns = columns
        .into_iter()
        .map(|(name, column)| (name, column, true));
    RecordBatch::try_from_iter_with_nullable(columns).map_err(unmade)
}
