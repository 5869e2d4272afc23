//! `forewarn explain DIR ID`: the way of a zone or of an incident through every stage, told from the
//! run's own records.

mod findings;
mod incident;
mod indicators;
mod known;
mod snapshot;
mod zone;

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use crate::base::day::Day;
use crate::base::error::{Error, Result};

use super::Options;
use snapshot::Snapshot;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Mission folder
    dir: PathBuf,
    /// A zone's id, or an incident's id as its source gives it
    id: String,
    /// The night to explain; the last published one where not given
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::as_of)]
    as_of: Option<Day>,
}

/// What is told, and the same as data.
struct Story {
    lines: Vec<String>,
    value: Value,
}

pub(super) fn run(arguments: &Arguments, options: &Options) -> Result<()> {
    let snapshot = Snapshot::open(&arguments.dir, arguments.as_of)?;
    let story = match zone::story(&snapshot, &arguments.id)? {
        Some(story) => Some(story),
        None => incident::story(&snapshot, arguments, options)?,
    };
    let story = story.ok_or_else(|| Error::Usage {
        what: format!(
            "{} is neither a zone nor an incident of {}",
            arguments.id,
            snapshot.run_id()
        ),
        expected: "give a zone_id of zones.csv, or an id as its source writes it".to_owned(),
    })?;
    options.output().result(&story.value, &story.lines)
}
