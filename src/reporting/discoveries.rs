//! What patrols discovered enters with a weight, so that patrols do not learn where they have been.

use std::collections::BTreeSet;

use forewarn_models::reporting::discovery_weights;
use h3o::CellIndex;

use crate::base::code::{DiscoveredBy, EffortKind, Kind};
use crate::base::day::Week;
use crate::base::error::{Error, Result};

use super::Input;
use super::contacts::Contacts;

/// Weeks over which the probability of a patrol is taken.
const WEEKS: i32 = 52;

/// Reports of the window by cell, each that a patrol discovered weighted by the inverse of how often patrols
/// come; and how many have a weight. A discovery where no patrol is logged keeps the weight of a report.
pub(super) fn weighted_counts(input: &Input<'_>, contacts: &Contacts) -> Result<(Vec<f64>, i64)> {
    let mut counts = input.expected.observed().values().to_vec();
    let discovered = discovered(input);
    let with_probability = |&(cell, n): &(usize, i64)| {
        let pi = visit_probability(input, contacts, cell)?;
        Some((cell, n, pi))
    };
    let known: Vec<(usize, i64, f64)> = discovered.iter().filter_map(with_probability).collect();
    // One entry a discovery: a place weighs as often as something was found there.
    let visited = known
        .iter()
        .flat_map(|&(_, n, pi)| std::iter::repeat_n(pi, times(n)));
    let visited: Vec<f64> = visited.collect();
    let cap = input.context.settings.reporting.discovery_weight_cap;
    let weights = discovery_weights(&visited, cap).map_err(Error::statistic("reporting"))?;
    let mut next = weights.into_iter();
    for &(cell, n, _) in &known {
        let added: f64 = next
            .by_ref()
            .take(times(n))
            .map(|weight| weight - 1.0)
            .sum();
        counts[cell] = (counts[cell] + added).max(0.0);
    }
    Ok((counts, known.iter().map(|&(_, n, _)| n).sum()))
}

fn times(n: i64) -> usize {
    usize::try_from(n).unwrap_or(0)
}

/// Incidents of the window that patrols discovered, by position of the cell.
fn discovered(input: &Input<'_>) -> Vec<(usize, i64)> {
    let (facts, context) = (input.facts, input.context);
    let window = context.first_week().0..=context.last_week().0;
    let mut sums = vec![0_i64; input.study_area.grid.len()];
    for row in 0..facts.len() {
        let kind = Kind::from_code(facts.kind().value(row));
        let counts = kind.is_some_and(|kind| context.settings.outcome.kinds.contains(&kind))
            && facts.discovered_by().value(row) == DiscoveredBy::Patrol.code()
            && window.contains(&facts.week().value(row));
        let cell = CellIndex::try_from(facts.cell().value(row)).ok();
        if let Some(i) = cell
            .and_then(|cell| input.study_area.grid.position(cell))
            .filter(|_| counts)
        {
            sums[i] += facts.n().value(row);
        }
    }
    let cells = sums.into_iter().enumerate();
    cells.filter(|&(_, n)| n > 0).collect()
}

/// Share of the last year's weeks, as far as they are logged, in which a patrol came.
fn visit_probability(input: &Input<'_>, contacts: &Contacts, cell: usize) -> Option<f64> {
    let (begun, _) = contacts.logged?;
    let last = input.context.last_week();
    let first = Week((last.0 + 1 - WEEKS).max(begun.week().0));
    let patrols = contacts.of_cell[cell].iter();
    let weeks = patrols
        .filter(|(_, kind)| *kind == EffortKind::Patrol)
        .map(|(day, _)| day.week());
    let weeks: BTreeSet<Week> = weeks.filter(|week| (first..=last).contains(week)).collect();
    let n = i32::try_from(weeks.len()).unwrap_or(i32::MAX);
    (n > 0).then(|| f64::from(n) / f64::from(last.0 + 1 - first.0))
}
