//! How far sources tell of the same incidents: what neither tells follows from it.

use std::collections::BTreeMap;

use crate::base::Context;
use crate::base::code::{DatePrecision, Kind, PlacePrecision};
use crate::tables::{Duplicates, Incidents, Overlap};

/// Days of the incidents of one kind that one source tells, known finely enough to be matched.
type Days<'a> = BTreeMap<(&'a str, Kind), Vec<i32>>;
/// A source's record.
type Record<'a> = (&'a str, &'a str);

/// Every two sources that tell of a kind of incident which the mission counts.
pub(super) fn overlaps(
    context: &Context,
    incidents: &Incidents,
    duplicates: &Duplicates,
) -> Vec<Overlap> {
    if duplicates.is_empty() {
        return Vec::new();
    }
    // Of each record that stays the sources that tell the same.
    let mut also: BTreeMap<Record<'_>, Vec<&str>> = BTreeMap::new();
    for row in 0..duplicates.len() {
        let kept = (
            duplicates.kept_source().value(row),
            duplicates.kept_id().value(row),
        );
        let merged = duplicates.merged_source().value(row);
        also.entry(kept).or_default().push(merged);
    }
    let (mut told, mut shared) = (Days::new(), BTreeMap::<_, Vec<i32>>::new());
    for row in 0..incidents.len() {
        let Some((kind, day)) = counted(context, incidents, row) else {
            continue;
        };
        let source = incidents.source().value(row);
        let others = also.get(&(source, incidents.source_id().value(row)));
        let mut tellers: Vec<&str> = others.into_iter().flatten().copied().collect();
        tellers.push(source);
        tellers.sort_unstable();
        tellers.dedup();
        for (i, &first) in tellers.iter().enumerate() {
            told.entry((first, kind)).or_default().push(day);
            for &second in &tellers[i + 1..] {
                shared.entry((first, second, kind)).or_default().push(day);
            }
        }
    }
    let pairs = shared.into_iter();
    pairs
        .map(|((first, second, kind), both)| {
            let (a, b) = (&told[&(first, kind)], &told[&(second, kind)]);
            let begun = earliest(a).max(earliest(b));
            let ended = latest(a).min(latest(b));
            let within = |days: &[i32]| {
                let days = days.iter().filter(|day| (begun..=ended).contains(*day));
                days.count()
            };
            Overlap {
                first: first.to_owned(),
                second: second.to_owned(),
                kind,
                n_first: within(a),
                n_second: within(b),
                both: within(&both),
            }
        })
        .collect()
}

fn earliest(days: &[i32]) -> i32 {
    days.iter().copied().min().unwrap_or(i32::MAX)
}

fn latest(days: &[i32]) -> i32 {
    days.iter().copied().max().unwrap_or(i32::MIN)
}

/// Kind and first day of a record that counts and could be matched.
fn counted(context: &Context, incidents: &Incidents, row: usize) -> Option<(Kind, i32)> {
    let kind = Kind::from_code(incidents.kind().value(row))?;
    let day = incidents.date_start().value(row);
    let period = context.first_history_week().first_day().0..=context.as_of.0;
    let is_fine = incidents.place_precision().value(row) <= PlacePrecision::Near.code()
        && incidents.date_precision().value(row) <= DatePrecision::Week.code();
    let counts = context.settings.outcome.kinds.contains(&kind);
    (is_fine && counts && period.contains(&day)).then_some((kind, day))
}
