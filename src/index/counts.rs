//! Counts of records that come in pieces: what stays of a piece is where and when its records are known to be.

use std::cmp::Ordering;

use crate::base::Context;
use crate::base::error::Result;
use crate::tables::{CellDays, CellFacts, Incidents, Middles, StudyArea};

use super::anchors::{self, Anchor, Anchors, AnchorsBuilder, FATES};
use super::dumps::OnMiddles;
use super::facts::Facts;
use super::history::History;

/// Anchor, precision, first and last day.
type Key = (u64, u8, i32, i32);

/// Records by where and when they are known to be, in order; how they came in pieces makes no difference.
#[derive(Debug, Default)]
pub struct Counts {
    pub(super) n_incidents: usize,
    pub(super) fates: [i64; FATES.len()],
    /// Days from the newest incident of the as-of date's past to it.
    pub age_days: Option<i32>,
    /// With the latest day, the days of the week known, and the number of records.
    rows: Vec<(Key, (i32, u8, i64))>,
    facts: Option<Facts>,
    history: Option<History>,
    /// Where a point may be the middle of an area and no more.
    on_middles: Option<OnMiddles>,
}

impl Counts {
    /// Counts that also tell what the records are, and what forecasts learn from.
    #[must_use]
    pub fn with_facts() -> Self {
        Self {
            facts: Some(Facts::default()),
            history: Some(History::default()),
            ..Self::default()
        }
    }

    /// Learns the middles of areas, of which points are counted apart. To be told before any incident is
    /// counted; what is told later changes nothing.
    ///
    /// # Errors
    /// Never: settings hold a resolution.
    pub fn know(&mut self, context: &Context, middles: &Middles) -> Result<()> {
        if self.on_middles.is_none() {
            self.on_middles = Some(OnMiddles::new(&context.settings, middles)?);
        }
        Ok(())
    }

    /// Adds incidents, which are not needed any more.
    ///
    /// # Errors
    /// Where a statement fails.
    pub fn add(&mut self, context: &Context, incidents: Incidents) -> Result<()> {
        self.n_incidents += incidents.len();
        let age_days = incidents.age_days(context.as_of);
        self.age_days = self.age_days.into_iter().chain(age_days).min();
        let on_middles = self.on_middles.get_or_insert_default().table();
        context
            .session
            .register("incidents", incidents.into_batch())?;
        let (fates, anchors) = anchors::count(context, on_middles)?;
        if let Some(facts) = &mut self.facts {
            facts.add(context)?;
        }
        if let Some(history) = &mut self.history {
            history.add(context)?;
        }
        context.session.forget("incidents")?;
        for (sum, n) in self.fates.iter_mut().zip(fates) {
            *sum += n;
        }
        let places = (
            anchors.anchor().values(),
            anchors.place_precision().values(),
        );
        let days = (anchors.first_day().values(), anchors.last_day().values());
        let found = (anchors.latest_day().values(), anchors.n().values());
        let known = anchors.days().values();
        let rows = (0..anchors.len()).map(|row| {
            let key = (places.0[row], places.1[row], days.0[row], days.1[row]);
            (key, (found.0[row], known[row], found.1[row]))
        });
        self.rows = merged(std::mem::take(&mut self.rows), rows, |a, b| {
            (a.0.max(b.0), a.1 | b.1, a.2 + b.2)
        });
        Ok(())
    }

    /// Where and when the records are known to be, what they are, and where points are counted apart.
    pub(super) fn finish(
        self,
        study_area: &StudyArea,
    ) -> (Anchors, CellFacts, CellDays, OnMiddles) {
        let mut rows = AnchorsBuilder::default();
        for ((anchor, place_precision, first_day, last_day), (latest_day, days, n)) in self.rows {
            rows.push(Anchor {
                anchor,
                place_precision,
                first_day,
                last_day,
                latest_day,
                days,
                n,
            });
        }
        let facts = self.facts.unwrap_or_default().finish(study_area);
        let on_middles = self.on_middles.unwrap_or_default();
        let history = self.history.unwrap_or_default().finish(study_area);
        (rows.finish(), facts, history, on_middles)
    }
}

/// Two lists in order of their keys as one, equal keys joined.
pub(super) fn merged<K: Ord, V>(
    before: Vec<(K, V)>,
    more: impl ExactSizeIterator<Item = (K, V)>,
    join: impl Fn(V, V) -> V,
) -> Vec<(K, V)> {
    if before.is_empty() {
        return more.collect();
    }
    let mut all = Vec::with_capacity(before.len() + more.len() / 2);
    let (mut before, mut more) = (before.into_iter().peekable(), more.peekable());
    loop {
        let order = match (before.peek(), more.peek()) {
            (Some(a), Some(b)) => a.0.cmp(&b.0),
            (Some(_), None) => Ordering::Less,
            (None, _) => Ordering::Greater,
        };
        let next = match order {
            Ordering::Less => before.next(),
            Ordering::Greater => more.next(),
            Ordering::Equal => before
                .next()
                .zip(more.next())
                .map(|((key, a), (_, b))| (key, join(a, b))),
        };
        match next {
            Some(row) => all.push(row),
            None => return all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_merged_in_order_and_equal_places_summed() {
        let before = vec![((2, 0), (3, 5)), ((2, 7), (8, 1)), ((9, 0), (3, 1))];
        let more = vec![((1, 0), (2, 4)), ((2, 7), (10, 2)), ((9, 7), (9, 1))];
        let all = vec![
            ((1, 0), (2, 4)),
            ((2, 0), (3, 5)),
            ((2, 7), (10, 3)),
            ((9, 0), (3, 1)),
            ((9, 7), (9, 1)),
        ];
        let joined = |before: Vec<_>, more: Vec<_>| {
            merged(before, more.into_iter(), |a: (i32, i64), b| {
                (a.0.max(b.0), a.1 + b.1)
            })
        };
        assert_eq!(joined(before.clone(), more.clone()), all);
        assert_eq!(joined(more, before), all);
        assert_eq!(joined(all.clone(), Vec::new()), all);
        assert_eq!(joined(Vec::new(), all.clone()), all);
    }
}
