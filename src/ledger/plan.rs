//! One night's plan: what every record becomes, and which row tells what is known of it.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;

use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::{Balance, Vintage, Withdrawal};

use super::columns::{digest_of, ledger_rows};
use super::histories::{Histories, told};
use super::loads::SourceNight;
use super::records::Rows;
use super::versions::{Step, Told, Version, as_known};

/// Rows written at a time.
const CHUNK_ROWS: usize = 65_536;

/// What the plan is made from.
pub(super) struct Seen<'a> {
    /// Tonight's rows.
    pub(super) tonight: &'a RecordBatch,
    /// Digest of the values of each.
    pub(super) contents: Vec<u64>,
    /// The ledger's rows, keys only.
    pub(super) past: &'a [RecordBatch],
}

impl Seen<'_> {
    /// Tonight's rows, then the ledger's.
    fn rows(&self) -> Rows {
        Rows::new(std::iter::once(self.tonight).chain(self.past))
    }
}

/// A record, as the night meets it.
struct Met<'a> {
    /// A row with its key.
    row: u32,
    /// Source and id.
    key: (&'a str, &'a str),
    past: &'a [Version],
    told: Option<Told>,
    /// Whether its source lists it as deleted.
    is_deleted: bool,
}

/// What a night adds, and what is known on its day.
pub(super) struct Plan {
    /// New versions, each with a row that has its record's key.
    pub(super) new: Vec<(u32, Version)>,
    /// Row that tells what is known, and since when, per record; rows of tonight first, then of the
    /// ledger.
    pub(super) view: Vec<(u32, Option<Day>)>,
    /// What the night brought, by source.
    pub(super) vintages: Vec<Vintage>,
    pub(super) counts: Counts,
    /// Sum of the digests of what is known, whatever its order.
    known: u64,
}

/// Where rows went.
#[derive(Default)]
pub(super) struct Counts {
    /// Rows of the ledger that tell what is known.
    pub(super) recalled: usize,
    /// Rows of tonight told again.
    pub(super) repeated: usize,
    /// Rows of tonight whose record is withdrawn.
    withdrawn: usize,
    /// Rows of tonight that say what was not known yet on the night's day.
    pub(super) changed_since: usize,
    /// Known, but from a later day only: the books of placement count them.
    pub(super) known_later: usize,
    /// Deleted ids that no file and no earlier night had.
    pub(super) unknown: usize,
}

impl Plan {
    pub(super) fn of(seen: &Seen<'_>, nights: &[SourceNight], deleted: &[Withdrawal]) -> Self {
        let rows = seen.rows();
        let records = rows.records();
        let (n_records, n_tonight) = (records.first_rows.len(), seen.tonight.num_rows());
        let (of_tonight, of_past) = records.of_row.split_at(n_tonight);
        let (told, repeated) = told(seen.tonight, &seen.contents, of_tonight, n_records);
        let histories = Histories::new(seen.past, of_past, n_records, n_tonight);
        let deleted: BTreeSet<(&str, &str)> = deleted
            .iter()
            .map(|one| (one.source.as_str(), one.source_id.as_str()))
            .collect();
        let mut plan = Self::empty(nights);
        plan.counts.repeated = repeated;
        let mut n_deleted = 0;
        for (record, &row) in records.first_rows.iter().enumerate() {
            let key = rows.key(row);
            let Some(at) = nights.iter().position(|night| night.source == key.0) else {
                continue;
            };
            let is_deleted = deleted.contains(&key);
            n_deleted += usize::from(is_deleted);
            let met = Met {
                row,
                key,
                past: histories.of(record),
                told: told[record],
                is_deleted,
            };
            plan.record(&met, &nights[at], at);
        }
        plan.view.sort_unstable();
        plan.counts.unknown = deleted.len() - n_deleted;
        plan
    }

    fn empty(nights: &[SourceNight]) -> Self {
        let vintages = nights.iter().map(|night| Vintage::of(&night.source));
        Self {
            new: Vec::new(),
            view: Vec::new(),
            vintages: vintages.collect(),
            counts: Counts::default(),
            known: 0,
        }
    }

    /// Plans one record of the source at this position.
    fn record(&mut self, met: &Met<'_>, night: &SourceNight, at: usize) {
        let &Met {
            row,
            key,
            past,
            told,
            is_deleted,
        } = met;
        let told_tonight = told.filter(|_| !is_deleted);
        let stays = told_tonight.is_none() && !is_deleted && !night.is_complete;
        let added = if stays {
            None
        } else {
            night.night.adds(past, told_tonight)
        };
        let vintage = &mut self.vintages[at];
        let was_live = past.last().is_some_and(|version| !version.is_withdrawn);
        match added {
            Some((Step::Added, _)) => vintage.added += 1,
            Some((Step::Changed, _)) => vintage.changed += 1,
            Some((Step::Withdrawn, _)) => vintage.withdrawn += 1,
            Some((Step::Returned, _)) => vintage.returned += 1,
            None if was_live => vintage.unchanged += 1,
            None => {}
        }
        let new = added.map(|(_, version)| version);
        self.new.extend(new.map(|version| (row, version)));
        let as_of = night.night.as_of;
        let known = as_known(&past.iter().chain(&new), as_of);
        match known {
            Some(version) if version.known_at > Some(as_of) => self.counts.known_later += 1,
            Some(version) => self.known = self.known.wrapping_add(digest_of(key, version.content)),
            None => {}
        }
        match (known, told) {
            (Some(version), Some(told)) if version.content == told.content => {
                self.view.push((told.row, version.known_at));
            }
            (Some(version), told) => {
                self.view.push((version.row, version.known_at));
                self.counts.recalled += 1;
                self.counts.changed_since += usize::from(told.is_some());
            }
            (None, Some(_)) => self.counts.withdrawn += 1,
            (None, None) => {}
        }
    }

    /// Digest of what is known on the night's day.
    pub(super) fn digest(&self) -> String {
        format!("{:016x}", self.known)
    }

    /// Every row of the files, and every one recalled, is accounted for; `n_events` are left of those
    /// known when duplicates are merged.
    pub(super) fn balance(&self, n_tonight: usize, n_events: usize) -> Result<Balance> {
        let n = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let counts = &self.counts;
        let came_out = [
            ("known", n(n_events)),
            ("merged", n(self.view.len()) - n(n_events)),
            ("told_twice", n(counts.repeated)),
            ("withdrawn", n(counts.withdrawn)),
            ("changed_since", n(counts.changed_since)),
        ];
        let taken_in = n(n_tonight) + n(counts.recalled);
        Balance::close("ledger", "records", taken_in, came_out)
    }

    /// The new versions as rows of the ledger, some at a time.
    pub(super) fn new_rows<'a>(
        &'a self,
        seen: &'a Seen<'_>,
    ) -> impl Iterator<Item = Result<RecordBatch>> + 'a {
        let rows = seen.rows();
        let chunks = self.new.chunks(CHUNK_ROWS);
        chunks.map(move |chunk| ledger_rows(chunk, seen.tonight, &rows))
    }
}
