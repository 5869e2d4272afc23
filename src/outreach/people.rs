//! People reached, by sex, and how long ago.

use arrow::array::Array;
use forewarn_models::score::wilson;
use forewarn_models::units::{Coordinate, distance_km};

use crate::base::code::EffortKind;
use crate::base::day::Day;
use crate::tables::PeopleReached;

use super::Input;
use super::card::Card;

/// One session that was held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    at: Option<Coordinate>,
    pub(super) day: Day,
    /// Women and men, where both were counted.
    counted: Option<[u32; 2]>,
}

impl Held {
    pub(super) fn km_to(&self, point: Coordinate) -> Option<f64> {
        Some(distance_km(self.at?, point))
    }
}

/// Every session up to the night's day.
pub(super) fn held(input: &Input<'_>) -> Vec<Held> {
    let effort = &input.surroundings.effort;
    let is_outreach = |row: &usize| {
        EffortKind::from_code(effort.kind().value(*row)) == Some(EffortKind::Outreach)
    };
    let rows = (0..effort.len()).filter(is_outreach);
    let session = |row: usize| {
        let both = effort.women().is_valid(row) && effort.men().is_valid(row);
        Held {
            at: Coordinate::new(effort.lat_deg().value(row), effort.lon_deg().value(row)).ok(),
            day: Day(effort.date().value(row)),
            counted: both.then(|| [effort.women().value(row), effort.men().value(row)]),
        }
    };
    let as_of = input.context.as_of;
    rows.map(session).filter(|held| held.day <= as_of).collect()
}

/// Women and men of the sessions of the days counted that lie within a distance of a place, or anywhere.
pub(super) fn reached(
    input: &Input<'_>,
    card: &Card,
    held: &[Held],
    near: Option<Coordinate>,
) -> [u32; 3] {
    let first = input.context.as_of.0 - i32::from(card.factors.people_days);
    let is_near = |held: &&Held| {
        near.is_none_or(|point| {
            held.km_to(point)
                .is_some_and(|km| km <= card.factors.people_km)
        })
    };
    let counted = held.iter().filter(|held| held.day.0 > first);
    let counted = counted.filter(is_near).filter_map(|held| held.counted);
    counted.fold([0; 3], |[n, women, men], [w, m]| {
        [n + 1, women.saturating_add(w), men.saturating_add(m)]
    })
}

/// The whole mission's, against the benchmark.
pub(super) fn people(input: &Input<'_>, card: &Card, held: &[Held]) -> PeopleReached {
    let [sessions, women, men] = reached(input, card, held, None);
    let all = women.saturating_add(men);
    let share = |n: u32, of: u32| (of > 0).then(|| f64::from(n) / f64::from(of));
    let interval = wilson(women as usize, all as usize, 0.95);
    let share_women = share(women, all)
        .zip(interval)
        .map(|(mid, (lo, hi))| [lo, mid, hi]);
    let benchmark_share = share(card.benchmark.women, card.benchmark.all).unwrap_or_default();
    let days = card.factors.people_days;
    let percent = |share: f64| 100.0 * share;
    let words = match share_women {
        None => format!("nobody counted the people reached in {days} days: unknown, not none"),
        Some([lo, mid, hi]) => format!(
            "{women} women and girls of {all} people reached in {days} days: {:.1} % ({:.1} to {:.1}); \
             {} of {} in 2021: {:.1} %",
            percent(mid),
            percent(lo),
            percent(hi),
            card.benchmark.women,
            card.benchmark.all,
            percent(benchmark_share)
        ),
    };
    PeopleReached {
        days,
        sessions,
        women,
        men,
        first_time: first_time(input, card),
        share_women,
        benchmark_share,
        words,
    }
}

/// People who came for the first time, and people of the sessions that log it.
fn first_time(input: &Input<'_>, card: &Card) -> Option<[u32; 2]> {
    let (sessions, as_of) = (&input.surroundings.sessions, input.context.as_of.0);
    let days = as_of - i32::from(card.factors.people_days) + 1..=as_of;
    let logged = (0..sessions.len()).filter(|&row| {
        days.contains(&sessions.date().value(row)) && sessions.first_time().is_valid(row)
    });
    let of = |row: usize| {
        let young = [sessions.girls(), sessions.boys()];
        let young = young.map(|n| if n.is_valid(row) { n.value(row) } else { 0 });
        let grown = [sessions.women().value(row), sessions.men().value(row)];
        let all = young.into_iter().chain(grown);
        [
            sessions.first_time().value(row),
            all.fold(0, u32::saturating_add),
        ]
    };
    logged
        .map(of)
        .reduce(|a, b| [a[0].saturating_add(b[0]), a[1].saturating_add(b[1])])
}
