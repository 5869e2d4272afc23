//! Containers made by others: workbooks and Parquet. Their decoders can be made to panic, to
//! allocate without bound or to run for ever, so they work in a process of their own that may
//! hold and do little, and only plain rows come out of it.
//!
//! The file is opened here, once, and handed over as the child's standard input; the child opens
//! nothing. It delivers the rows itself, rather than saying that the file is safe to read: nothing
//! of a foreign container is then ever decoded where the records of others are held.

mod archive;
mod child;
mod frames;
mod geometry;
mod opened;
mod parquet;
mod sheet;
mod workbook;

use std::fs::File;
use std::io::{self, Seek, Write};

use serde::{Deserialize, Serialize};

use crate::base::settings::Limits;

pub(super) use frames::Heading;
pub(super) use geometry::from_wkb;
pub(super) use opened::Foreign;

/// Name of the hidden subcommand that decodes.
pub const SUBCOMMAND: &str = "__read";

/// What kind of container a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Container {
    Workbook,
    Parquet,
}

/// What is asked of a decoder.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Wanted {
    /// The heading only.
    Heading,
    /// The heading, and of every row the cells of these columns.
    Rows(Vec<usize>),
    /// The heading, and of every row all texts and its polygons, as well-known binary.
    Shapes,
}

/// One order to a decoder.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    container: Container,
    wanted: Wanted,
    sheet: Option<String>,
    header_row: Option<u32>,
    limits: Limits,
}

impl Order {
    /// How much the process that carries it out may hold, and how long it may work.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }
}

/// Why a decoder stops.
enum Stop {
    /// The file is refused: what is wrong, and what would be right.
    Refused(String, &'static str),
    /// Its reader is gone.
    Io(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

fn refuse<T>(what: impl Into<String>, expected: &'static str) -> Result<T, Stop> {
    Err(Stop::Refused(what.into(), expected))
}

/// Carries out an order: the child's whole work.
///
/// # Errors
/// Where the answer cannot be written. A file that cannot be read is an answer.
pub fn decode(order: &Order, mut file: File, out: &mut dyn Write) -> io::Result<()> {
    // An order before this one may have left it anywhere.
    file.rewind()?;
    let done = match order.container {
        Container::Workbook => workbook::decode(order, file, out),
        Container::Parquet => parquet::decode(order, file, out),
    };
    match done {
        Ok(rows) => frames::end(out, rows)?,
        Err(Stop::Refused(what, expected)) => frames::refused(out, &what, expected)?,
        Err(Stop::Io(error)) => return Err(error),
    }
    out.flush()
}
