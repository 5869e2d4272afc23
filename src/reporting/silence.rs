//! Places that have fallen silent: fewer reports than expected, or nobody there for long.

use arrow::array::Array;
use forewarn_models::hotspot::benjamini_hochberg;
use forewarn_models::reporting::at_most;

use crate::base::code::SilenceKind;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::tables::{Silence, Silences, SilencesBuilder};

use super::Input;
use super::contacts::{Contacts, last_reports, service_points};

/// The last day of contact of every cell: a visit, a report, or a day of an open service in it.
pub(super) fn last_contacts(input: &Input<'_>, contacts: &Contacts) -> Result<Vec<Option<Day>>> {
    let as_of = input.context.as_of;
    let mut latest = last_reports(input);
    for (last, days) in latest.iter_mut().zip(&contacts.of_cell) {
        *last = (*last).max(days.last().map(|(day, _)| *day));
    }
    let services = &input.surroundings.services;
    for (row, cell) in service_points(input)? {
        let closed = services.last_day();
        let day = if services.is_open(row, as_of) {
            Some(as_of)
        } else {
            closed
                .is_valid(row)
                .then(|| Day(closed.value(row)))
                .filter(|&day| day <= as_of)
        };
        latest[cell] = latest[cell].max(day);
    }
    Ok(latest)
}

/// What a cell's silence is told by, by position of the cell.
pub(super) struct Heard<'a> {
    /// See [`last_contacts`].
    pub(super) last_contacts: &'a [Option<Day>],
    /// What reports are multiplied by for effort alone.
    pub(super) change: &'a [f64],
}

/// Silent cells, of each the kind that says most.
pub(super) fn silences(input: &Input<'_>, heard: &Heard<'_>) -> Result<Silences> {
    let expected = input.expected;
    let n = expected.len();
    let unchanged = vec![1.0; n];
    let by_effort = tails(input, heard.change)?;
    let by_season = tails(input, &unchanged)?;
    let level = input.context.settings.detect.false_discovery_rate;
    let usual = expected.expected().values().iter().sum::<f64>() / real(n);
    let blind_days = i32::from(input.context.settings.reporting.blind_days);
    let mut rows = SilencesBuilder::default();
    for (i, &cell) in input.study_area.grid.cells().iter().enumerate() {
        let days = heard.last_contacts[i].map(|day| input.context.as_of.0 - day.0);
        let lacks = |change: f64| {
            expected.located().value(i) < change * expected.located_expected().value(i)
        };
        let is_low =
            |tail: &Tail, change: f64| lacks(change) && tail.p_bh.is_some_and(|p_bh| p_bh <= level);
        let is_blind =
            expected.expected().value(i) >= usual && days.is_none_or(|days| days >= blind_days);
        let (kind, tail) = if is_low(&by_effort[i], heard.change[i]) {
            (SilenceKind::FewerThanEffort, by_effort[i])
        } else if is_low(&by_season[i], 1.0) && heard.change[i] < 1.0 {
            (SilenceKind::ContactLost, by_season[i])
        } else if is_blind {
            (SilenceKind::NoContact, by_effort[i])
        } else {
            continue;
        };
        rows.push(Silence {
            cell: cell.into(),
            kind: kind.code(),
            days_since_contact: days.and_then(|days| u32::try_from(days).ok()),
            observed: expected.observed().value(i),
            expected: expected.expected().value(i),
            p: tail.p,
            p_bh: tail.p_bh,
        });
    }
    Ok(rows.finish())
}

/// How likely so few reports are.
#[derive(Debug, Clone, Copy)]
struct Tail {
    p: Option<f64>,
    p_bh: Option<f64>,
}

/// The tail of every cell's neighbourhood, its own expectation multiplied by `change`; corrected over all.
/// One cell hardly ever expects enough reports for their absence to say anything.
fn tails(input: &Input<'_>, change: &[f64]) -> Result<Vec<Tail>> {
    let expected = input.expected;
    let (counts, means) = (
        expected.located().values(),
        expected.located_expected().values(),
    );
    let variances = expected.located_variance().values();
    let mut p = Vec::with_capacity(change.len());
    for (i, own) in change.iter().enumerate() {
        let near = input.neighbours.of(i).iter().map(|&j| j as usize);
        let (mut count, mut mean, mut variance) = (0.0, 0.0, 0.0);
        for (j, f) in near.map(|j| (j, change[j])).chain([(i, *own)]) {
            count += counts[j];
            mean += f * means[j];
            // What is Poisson scales with f, what is doubt about the rate with its square.
            variance += f * means[j] + f * f * (variances[j] - means[j]).max(0.0);
        }
        p.push(at_most(count, mean, variance).unwrap_or(1.0));
    }
    let p_bh = benjamini_hochberg(&p).map_err(Error::statistic("reporting"))?;
    let both = p.into_iter().zip(p_bh);
    Ok(both
        .map(|(p, p_bh)| Tail {
            p: Some(p),
            p_bh: Some(p_bh),
        })
        .collect())
}

#[allow(clippy::cast_precision_loss, reason = "a number of cells")]
fn real(n: usize) -> f64 {
    n as f64
}
