//! What patrols discovered enters with a weight, so that patrols do not learn where they have been.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use forewarn_models::reporting::discovery_weights;
use h3o::CellIndex;

use crate::base::code::{DiscoveredBy, EffortKind, Kind};
use crate::base::day::{Day, Week};
use crate::base::error::{Error, Result};

use super::Input;
use super::contacts::Contacts;

/// Weeks over which the probability of a patrol in the window is taken.
const WEEKS: i32 = 52;

/// Reports with what patrols discovered weighted by the inverse of how often they come.
pub(super) struct Weighed {
    /// Of the window, by cell.
    pub(super) counts: Vec<f64>,
    /// What weighting multiplies the past of each cell by.
    pub(super) past: Vec<f64>,
    /// Discoveries of the window that have a weight.
    pub(super) n_weighted: i64,
}

/// Discoveries in one cell and how likely a patrol was there on a day.
struct Found {
    cell: usize,
    n: i64,
    visited: f64,
}

/// Weighs the discoveries of the window and of the past together, so that both are told in the same measure:
/// else places that are patrolled much would stand out by what they are expected to report. A discovery where
/// no patrol is logged keeps the weight of a report. A cell with few past reports keeps its expectation, which is
/// then mostly the mission's: one report is added to both sums.
pub(super) fn weighed(input: &Input<'_>, contacts: &Contacts) -> Result<Weighed> {
    let context = input.context;
    let (first, last) = (context.first_week(), context.last_week());
    let before = Week(first.0 - 1);
    let year = Week(last.0 + 1 - WEEKS)..=last;
    let now = found(input, contacts, first..=last, year);
    let history = context.first_history_week()..=before;
    let past = found(input, contacts, history.clone(), history.clone());
    // One entry a discovery: a place weighs as often as something was found there.
    let each = |found: &Found| std::iter::repeat_n(found.visited, times(found.n));
    let visited: Vec<f64> = now.iter().chain(&past).flat_map(each).collect();
    let cap = context.settings.reporting.discovery_weight_cap;
    let weights = discovery_weights(&visited, cap).map_err(Error::statistic("reporting"))?;
    let mut next = weights.into_iter().map(|weight| weight - 1.0);
    let mut added = |n: i64| next.by_ref().take(times(n)).sum::<f64>();
    let mut counts = input.expected.observed().values().to_vec();
    for found in &now {
        counts[found.cell] = (counts[found.cell] + added(found.n)).max(0.0);
    }
    let reports = sums(input, &history, |_| true);
    let mut factors = vec![1.0; counts.len()];
    for found in &past {
        let reports = 1.0 + real(reports[found.cell]);
        factors[found.cell] = (reports + added(found.n)) / reports;
    }
    Ok(Weighed {
        counts,
        past: factors,
        n_weighted: now.iter().map(|found| found.n).sum(),
    })
}

fn times(n: i64) -> usize {
    usize::try_from(n).unwrap_or(0)
}

#[allow(clippy::cast_precision_loss, reason = "a number of reports")]
fn real(n: i64) -> f64 {
    n as f64
}

/// What patrols discovered in some weeks, where patrols are logged in `logged`.
fn found(
    input: &Input<'_>,
    contacts: &Contacts,
    weeks: RangeInclusive<Week>,
    logged: RangeInclusive<Week>,
) -> Vec<Found> {
    let by_patrols = |by: u8| by == DiscoveredBy::Patrol.code();
    let cells = sums(input, &weeks, by_patrols).into_iter().enumerate();
    let found = cells.filter(|&(_, n)| n > 0).filter_map(|(cell, n)| {
        let visited = visit_probability(contacts, cell, &logged)?;
        Some(Found { cell, n, visited })
    });
    found.collect()
}

/// Outcomes of some weeks, by position of the cell.
fn sums(input: &Input<'_>, weeks: &RangeInclusive<Week>, by: impl Fn(u8) -> bool) -> Vec<i64> {
    let (facts, context) = (input.facts, input.context);
    let mut sums = vec![0_i64; input.study_area.grid.len()];
    for row in 0..facts.len() {
        let kind = Kind::from_code(facts.kind().value(row));
        let counts = kind.is_some_and(|kind| context.settings.outcome.kinds.contains(&kind))
            && by(facts.discovered_by().value(row))
            && weeks.contains(&Week(facts.week().value(row)));
        let cell = CellIndex::try_from(facts.cell().value(row)).ok();
        if let Some(i) = cell
            .and_then(|cell| input.study_area.grid.position(cell))
            .filter(|_| counts)
        {
            sums[i] += facts.n().value(row);
        }
    }
    sums
}

/// Share of the days of some weeks, as far as they are logged, on which a patrol came: by weeks, one that comes
/// every day would seem to come no more often than one that comes every week.
fn visit_probability(
    contacts: &Contacts,
    cell: usize,
    weeks: &RangeInclusive<Week>,
) -> Option<f64> {
    let (begun, _) = contacts.logged?;
    let (first, last) = (weeks.start().first_day().max(begun), weeks.end().last_day());
    let patrols = contacts.of_cell[cell].iter();
    let days = patrols
        .filter(|(_, kind)| *kind == EffortKind::Patrol)
        .map(|(day, _)| *day);
    let days: BTreeSet<Day> = days.filter(|day| (first..=last).contains(day)).collect();
    let n = i32::try_from(days.len()).unwrap_or(i32::MAX);
    (n > 0).then(|| f64::from(n) / f64::from(last.0 + 1 - first.0))
}
