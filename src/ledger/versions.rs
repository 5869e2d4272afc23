//! What one night adds to what was known, and what was known on a day. Pure: no file, no table.
//!
//! A record's versions are numbered from 1 and never become known in another order. A version without
//! a day was there when the ledger began: history, known ever since it happened. A night that has
//! passed is never rewritten: what comes later is known from the day after it at the earliest, or from
//! its own day where it is run again.

use crate::base::day::Day;

/// One version of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Version {
    /// From 1.
    pub(super) number: u32,
    /// First day on which it was known; none for history.
    pub(super) known_at: Option<Day>,
    /// Whether it says that the record is none.
    pub(super) is_withdrawn: bool,
    /// Digest of what it says.
    pub(super) content: u64,
    /// Row in which its values stand.
    pub(super) row: u32,
}

impl Version {
    fn is_known(&self, as_of: Day) -> bool {
        self.known_at.is_none_or(|known_at| known_at <= as_of)
    }
}

/// What the files say of a record tonight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    /// Digest of it.
    pub(super) content: u64,
    /// The day from which it was known, where the source tells one.
    pub(super) known_at: Option<Day>,
    /// Last day on which it may have happened.
    pub(super) date_end: Day,
    /// Row in which its values stand.
    pub(super) row: u32,
}

/// A night, as one source lives it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Night {
    /// Its day.
    pub(super) as_of: Day,
    /// Latest day of any night that read this source before; none on the first one.
    pub(super) latest: Option<Day>,
    /// Days after an event from which its record is taken as known, for history.
    pub(super) known_after_days: Option<u16>,
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Added,
    Changed,
    Withdrawn,
    Returned,
}

impl Night {
    /// Since when a record of history is known.
    fn history(&self, told: Told) -> Option<Day> {
        let after = self
            .known_after_days
            .map(|days| Day(told.date_end.0 + i32::from(days)));
        told.known_at.or(after)
    }

    /// First day on which what comes tonight can have been known.
    fn earliest(&self) -> Option<Day> {
        self.latest.map(|latest| {
            if self.as_of > latest {
                Day(latest.0 + 1)
            } else {
                latest
            }
        })
    }

    /// The version that tonight adds to a record's past ones, if any. `told` is none where the files
    /// no longer hold the record, or its source withdrew it.
    pub(super) fn adds(&self, past: &[Version], told: Option<Told>) -> Option<(Step, Version)> {
        let latest = past.last();
        let step = match (latest, told) {
            (None, Some(_)) => Step::Added,
            (Some(latest), Some(_)) if latest.is_withdrawn => Step::Returned,
            (Some(latest), Some(told)) if latest.content != told.content => Step::Changed,
            (Some(latest), None) if !latest.is_withdrawn => Step::Withdrawn,
            _ => return None,
        };
        let known_at = match (step, self.earliest()) {
            (Step::Added, None) => told.and_then(|told| self.history(told)),
            (Step::Added, Some(earliest)) => {
                let told = told.and_then(|told| told.known_at);
                Some(told.unwrap_or(self.as_of).max(earliest))
            }
            (_, earliest) => {
                let before = latest.and_then(|latest| latest.known_at);
                [earliest, before]
                    .into_iter()
                    .flatten()
                    .chain([self.as_of])
                    .max()
            }
        };
        let row = told
            .map(|told| told.row)
            .or(latest.map(|latest| latest.row));
        let version = Version {
            number: latest.map_or(1, |latest| latest.number + 1),
            known_at,
            is_withdrawn: step == Step::Withdrawn,
            content: told.map_or(0, |told| told.content),
            row: row.unwrap_or(0),
        };
        Some((step, version))
    }
}

/// What was known of a record on a day; the first version where none was known yet, none where it had
/// been withdrawn.
pub(super) fn as_known<'a>(
    versions: &(impl Iterator<Item = &'a Version> + Clone),
    as_of: Day,
) -> Option<&'a Version> {
    let known = versions
        .clone()
        .filter(|version| version.is_known(as_of))
        .last();
    let version = known.or_else(|| versions.clone().next())?;
    (!version.is_withdrawn).then_some(version)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use proptest::test_runner::Config;

    use super::*;

    /// What one night's files hold: record, content, and the day told with it.
    type Files = BTreeMap<u8, (u64, Option<Day>)>;

    /// The ledger's way: versions added night by night.
    #[derive(Default)]
    struct Ledger {
        records: BTreeMap<u8, Vec<Version>>,
        latest: Option<Day>,
    }

    impl Ledger {
        fn night(&mut self, as_of: Day, files: &Files) -> Vec<Step> {
            let latest = self.latest;
            let night = Night {
                as_of,
                latest,
                known_after_days: None,
            };
            let mut steps = Vec::new();
            for record in 0..8 {
                let past = self.records.entry(record).or_default();
                let told = files.get(&record).map(|&(content, known_at)| Told {
                    content,
                    known_at,
                    date_end: Day(0),
                    row: 0,
                });
                if let Some((step, version)) = night.adds(past, told) {
                    steps.push(step);
                    past.push(version);
                }
            }
            self.latest = latest.max(Some(as_of));
            steps
        }

        /// Contents known on a day; what is not known yet is left out.
        fn known(&self, as_of: Day) -> BTreeMap<u8, u64> {
            let known = self.records.iter().filter_map(|(&record, versions)| {
                let version = as_known(&versions.iter(), as_of)?;
                version.is_known(as_of).then_some((record, version.content))
            });
            known.collect()
        }
    }

    /// The same by replay: what the last night up to that day held; and what a later night brought
    /// with an earlier day of its own.
    fn replayed(nights: &[(Day, Files)], as_of: Day) -> BTreeMap<u8, u64> {
        let Some(first) = nights.first() else {
            return BTreeMap::new();
        };
        let at = nights.iter().rposition(|(day, _)| *day <= as_of);
        let (base, later) = match at {
            Some(at) => (&nights[at].1, nights.get(at + 1)),
            None => (&first.1, None),
        };
        let told_by = |told: Option<Day>| told.is_none_or(|told| told <= as_of);
        let seen_before = |record: &u8| {
            let until = at.map_or(1, |at| at + 1);
            nights[..until]
                .iter()
                .any(|(_, files)| files.contains_key(record))
        };
        // A day told with a record counts where it is the record's first version.
        let first_told = |record: &u8| {
            let first = nights.iter().find(|(_, files)| files.contains_key(record));
            first.and_then(|(_, files)| files[record].1)
        };
        let mut known: BTreeMap<u8, u64> = base
            .iter()
            .filter(|(record, _)| told_by(first_told(record)))
            .map(|(&record, &(content, _))| (record, content))
            .collect();
        for (&record, &(content, told)) in later.into_iter().flat_map(|(_, files)| files) {
            if !seen_before(&record) && told.is_some_and(|told| told <= as_of) {
                known.insert(record, content);
            }
        }
        known
    }

    fn files() -> impl Strategy<Value = Files> {
        proptest::collection::btree_map(0_u8..8, (0_u64..3).prop_map(|c| (c, None)), 0..8)
    }

    proptest! {
        #![proptest_config(Config::with_cases(2000))]

        /// Adding, changing, withdrawing, returning, in random histories of snapshots.
        #[test]
        fn what_was_known_on_any_day_is_what_a_replay_from_scratch_says(
            snapshots in proptest::collection::vec((1_i32..9, files()), 1..9),
            asked in proptest::collection::vec(0_i32..80, 6),
        ) {
            let mut day = 0;
            let nights: Vec<(Day, Files)> = snapshots
                .into_iter()
                .map(|(gap, files)| { day += gap; (Day(day), files) })
                .collect();
            let mut ledger = Ledger::default();
            for (as_of, files) in &nights {
                ledger.night(*as_of, files);
                prop_assert!(ledger.night(*as_of, files).is_empty(), "the same files again");
            }
            for as_of in asked.into_iter().map(Day) {
                prop_assert_eq!(ledger.known(as_of), replayed(&nights, as_of), "on {}", as_of.0);
            }
        }

        /// Late records bring a day of their own; none rewrites a night that has passed.
        #[test]
        fn late_records_never_change_a_night_that_has_passed(
            snapshots in proptest::collection::vec((1_i32..9, files()), 2..9),
            told in proptest::collection::vec(proptest::option::of(0_i32..60), 8),
        ) {
            let mut ledger = Ledger::default();
            let (mut day, mut passed) = (0, Vec::new());
            for (gap, mut files) in snapshots {
                day += gap;
                for (record, (_, known_at)) in &mut files {
                    *known_at = told[usize::from(*record)].map(Day);
                }
                ledger.night(Day(day), &files);
                passed.push((Day(day), ledger.known(Day(day))));
                for (as_of, known) in &passed {
                    prop_assert_eq!(&ledger.known(*as_of), known);
                }
            }
        }
    }

    #[test]
    fn a_record_is_added_changed_withdrawn_and_returns() {
        let mut ledger = Ledger::default();
        let says = |content| Files::from([(1, (content, None))]);
        assert_eq!(ledger.night(Day(10), &says(1)), [Step::Added]);
        assert_eq!(ledger.night(Day(11), &says(1)), []);
        assert_eq!(ledger.night(Day(12), &says(2)), [Step::Changed]);
        assert_eq!(ledger.night(Day(13), &Files::new()), [Step::Withdrawn]);
        assert_eq!(ledger.night(Day(14), &Files::new()), []);
        assert_eq!(ledger.night(Day(15), &says(2)), [Step::Returned]);
        let known = [9, 11, 12, 13, 15].map(|day| ledger.known(Day(day)).get(&1).copied());
        assert_eq!(known, [Some(1), Some(1), Some(2), None, Some(2)]);
    }

    #[test]
    fn history_is_known_ever_since_or_from_the_day_told_or_so_long_after_the_event() {
        let since = |known_at, known_after_days| {
            let night = Night {
                as_of: Day(100),
                latest: None,
                known_after_days,
            };
            let told = Told {
                content: 1,
                known_at,
                date_end: Day(50),
                row: 0,
            };
            night.adds(&[], Some(told)).unwrap().1.known_at
        };
        assert_eq!(since(None, None), None);
        assert_eq!(since(None, Some(30)), Some(Day(80)));
        assert_eq!(since(Some(Day(60)), Some(30)), Some(Day(60)));
    }

    #[test]
    fn an_older_night_run_again_with_newer_files_stays_as_it_was() {
        let mut ledger = Ledger::default();
        ledger.night(Day(10), &Files::new());
        ledger.night(Day(20), &Files::new());
        ledger.night(Day(10), &Files::from([(1, (1, Some(Day(5))))]));
        assert_eq!(ledger.known(Day(10)).len(), 0);
        assert_eq!(ledger.known(Day(20)).len(), 1);
    }
}
