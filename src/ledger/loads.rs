//! Which nights read which source: a night that has passed is never rewritten.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use arrow::array::AsArray;
use arrow::datatypes::Date32Type;

use crate::base::Context;
use crate::base::day::Day;
use crate::base::delta::{Delta, Growing};
use crate::base::digest;
use crate::base::error::Result;
use crate::base::session::Session;
use crate::base::table::{Date, Text, U32};
use crate::table;
use crate::tables::{FileCount, Vintage};

use super::versions::Night;

table! {
    /// One row per night and source that it read, where files or day were new.
    LoadRows, row LoadRow, builder LoadRowsBuilder {
        /// The source's registered name.
        source: Text,
        /// The night.
        as_of: Date,
        /// Digest of the source's files.
        files_digest: Text,
        /// Records added.
        added: U32,
        /// Records changed.
        changed: U32,
        /// Records withdrawn.
        withdrawn: U32,
        /// Records that came back.
        returned: U32,
    }
}

/// A night as one source lives it.
pub(super) struct SourceNight {
    pub(super) source: String,
    pub(super) night: Night,
    /// Whether its files are all that it holds.
    pub(super) is_complete: bool,
}

impl SourceNight {
    /// The later night that ran before this one, if any did.
    pub(super) fn overtaken_by(&self) -> Option<Day> {
        self.night
            .latest
            .filter(|&latest| latest > self.night.as_of)
    }
}

/// The nights so far.
pub(super) struct Loads {
    /// First and latest night of each source.
    spans: BTreeMap<String, (Day, Day)>,
    seen: BTreeSet<(String, Day, String)>,
}

impl Loads {
    pub(super) fn open(session: &Session, folder: &Path) -> Result<Self> {
        let mut loads = Self {
            spans: BTreeMap::new(),
            seen: BTreeSet::new(),
        };
        let Some(table) = Delta::open(session, folder, LoadRows::schema())? else {
            return Ok(loads);
        };
        for batch in table.read(&["source", "as_of", "files_digest"])? {
            let sources = batch.column(0).as_string::<i32>();
            let days = batch.column(1).as_primitive::<Date32Type>();
            let digests = batch.column(2).as_string::<i32>();
            for i in 0..batch.num_rows() {
                let (source, day) = (sources.value(i).to_owned(), Day(days.value(i)));
                let span = loads.spans.entry(source.clone()).or_insert((day, day));
                *span = (day.min(span.0), day.max(span.1));
                loads
                    .seen
                    .insert((source, day, digests.value(i).to_owned()));
            }
        }
        Ok(loads)
    }

    /// Sources that any night read.
    pub(super) fn sources(&self) -> impl Iterator<Item = &str> {
        self.spans.keys().map(String::as_str)
    }

    /// First and latest night that read a source.
    pub(super) fn span(&self, source: &str) -> Option<(Day, Day)> {
        self.spans.get(source).copied()
    }

    /// A night of a source.
    pub(super) fn night(&self, context: &Context, source: &str) -> SourceNight {
        let declared = || {
            let declared = context.settings.sources.iter();
            declared.filter(|declared| declared.kind == source)
        };
        SourceNight {
            source: source.to_owned(),
            night: Night {
                as_of: context.as_of,
                latest: self.span(source).map(|(_, latest)| latest),
                known_after_days: declared().find_map(|declared| declared.known_after_days),
            },
            is_complete: declared().all(|declared| declared.complete.unwrap_or(true)),
        }
    }

    /// Writes down the nights that are new.
    pub(super) fn write(
        &self,
        session: &Session,
        folder: &Path,
        files: &[FileCount],
        (nights, vintages): (&[SourceNight], &[Vintage]),
    ) -> Result<()> {
        let mut rows = LoadRowsBuilder::default();
        let short = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        for (night, vintage) in nights.iter().zip(vintages) {
            let (day, digest) = (night.night.as_of, files_digest(files, &night.source));
            if self
                .seen
                .contains(&(night.source.clone(), day, digest.clone()))
            {
                continue;
            }
            rows.push(LoadRow {
                source: &night.source,
                as_of: day,
                files_digest: &digest,
                added: short(vintage.added),
                changed: short(vintage.changed),
                withdrawn: short(vintage.withdrawn),
                returned: short(vintage.returned),
            });
        }
        if rows.is_empty() {
            return Ok(());
        }
        let mut table = match Delta::open(session, folder, LoadRows::schema())? {
            Some(table) => table,
            None => Delta::create(session, folder, LoadRows::schema())?,
        };
        let mut growing = Growing::new(folder, &LoadRows::schema())?;
        growing.write(rows.finish().batch())?;
        table.append(growing)
    }
}

/// Digest of a source's files, whatever their order.
fn files_digest(files: &[FileCount], source: &str) -> String {
    let files = files.iter().filter(|file| file.source == source);
    let mut digests: Vec<&[u8]> = files.map(|file| file.digest.as_bytes()).collect();
    digests.sort_unstable();
    digest::of_parts(digests)
}
