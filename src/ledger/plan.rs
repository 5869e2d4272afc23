//! One night's plan: what every record becomes, which row tells what is known of it, and the books.

use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::{Balance, Vintage};

use super::columns::digest_of;
use super::loads::SourceNight;
use super::versions::{Step, Told, Version, as_known};

/// What a night adds, source by source.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) nights: Vec<SourceNight>,
    /// What the night brought, by source.
    pub(super) vintages: Vec<Vintage>,
    pub(super) counts: Counts,
    /// Sum of the digests of what is known, whatever its order.
    known: u64,
}

/// Where rows went.
#[derive(Default)]
pub(super) struct Counts {
    /// Rows of tonight.
    pub(super) rows: usize,
    /// Records that are known, or will be.
    pub(super) known: usize,
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
    /// Records that were deleted and known before.
    pub(super) deleted: usize,
}

/// A record, as the night meets it.
pub(super) struct Met<'a> {
    /// Source and id.
    pub(super) key: (&'a str, &'a str),
    pub(super) past: &'a [Version],
    pub(super) told: Option<Told>,
    /// Whether its source lists it as deleted.
    pub(super) is_deleted: bool,
}

/// Which row tells what is known of a record, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tells {
    /// None: it is withdrawn.
    Nothing,
    /// Tonight's.
    Tonight(Option<Day>),
    /// One of the ledger.
    Ledger(u32, Option<Day>),
}

impl Plan {
    /// Position of a source's night, opened at first sight.
    pub(super) fn night(&mut self, source: &str, open: impl FnOnce() -> SourceNight) -> usize {
        let known = self.nights.iter().position(|night| night.source == source);
        known.unwrap_or_else(|| {
            self.nights.push(open());
            self.vintages.push(Vintage::of(source));
            self.nights.len() - 1
        })
    }

    /// Plans one record of the source at this position: its new version, and which row tells of it.
    pub(super) fn record(&mut self, at: usize, met: &Met<'_>) -> (Option<Version>, Tells) {
        let night = &self.nights[at];
        let told_tonight = met.told.filter(|_| !met.is_deleted);
        let stays = told_tonight.is_none() && !met.is_deleted && !night.is_complete;
        let added = if stays {
            None
        } else {
            night.night.adds(met.past, told_tonight)
        };
        let vintage = &mut self.vintages[at];
        let was_live = met.past.last().is_some_and(|version| !version.is_withdrawn);
        match added {
            Some((Step::Added, _)) => vintage.added += 1,
            Some((Step::Changed, _)) => vintage.changed += 1,
            Some((Step::Withdrawn, _)) => vintage.withdrawn += 1,
            Some((Step::Returned, _)) => vintage.returned += 1,
            None if was_live => vintage.unchanged += 1,
            None => {}
        }
        self.counts.deleted += usize::from(met.is_deleted);
        let new = added.map(|(_, version)| version);
        let as_of = night.night.as_of;
        let known = as_known(&met.past.iter().chain(&new), as_of).copied();
        (new, self.tells(known, met, as_of))
    }

    /// Closes the books of one record.
    fn tells(&mut self, known: Option<Version>, met: &Met<'_>, as_of: Day) -> Tells {
        let counts = &mut self.counts;
        let Some(known) = known else {
            counts.withdrawn += usize::from(met.told.is_some());
            return Tells::Nothing;
        };
        counts.known += 1;
        if known.known_at > Some(as_of) {
            counts.known_later += 1;
        } else {
            let digest = digest_of(met.key, known.content);
            self.known = self.known.wrapping_add(digest);
        }
        if met.told.is_some_and(|told| told.content == known.content) {
            return Tells::Tonight(known.known_at);
        }
        counts.recalled += 1;
        counts.changed_since += usize::from(met.told.is_some());
        Tells::Ledger(known.row, known.known_at)
    }

    /// Digest of what is known on the night's day.
    pub(super) fn digest(&self) -> String {
        format!("{:016x}", self.known)
    }

    /// Every row of the files, and every one recalled, is accounted for; `n_merged` of the records known
    /// count with another source's.
    pub(super) fn balance(&self, n_merged: usize) -> Result<Balance> {
        let n = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let counts = &self.counts;
        let came_out = [
            ("known", n(counts.known) - n(n_merged)),
            ("merged", n(n_merged)),
            ("told_twice", n(counts.repeated)),
            ("withdrawn", n(counts.withdrawn)),
            ("changed_since", n(counts.changed_since)),
        ];
        let taken_in = n(counts.rows) + n(counts.recalled);
        Balance::close("ledger", "records", taken_in, came_out)
    }
}
