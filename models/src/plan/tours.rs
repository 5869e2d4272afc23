//! Every tour that a base could send, none that it could not.

use std::collections::BTreeMap;

use crate::grid::Neighbours;

/// What it takes to get about from one base.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "it holds a function")]
pub struct Legs<'a> {
    /// Hours from the base to each stop; none where no open road leads there, or beyond its range.
    pub from_base: &'a [Option<f64>],
    /// Hours from stop to stop; none where no open road leads there.
    pub between: &'a dyn Fn(u32, u32) -> Option<f64>,
    /// Hours on the spot, by stop.
    pub stay: &'a [f64],
    /// Stops that one patrol may make one after the other.
    pub near: &'a Neighbours,
    /// Hours of one patrol.
    pub hours: f64,
    /// Most stops of one patrol.
    pub most_stops: usize,
}

/// All sets of at most `most_stops` stops that can be made one after the other, each in the order that takes
/// least, with its hours:
///
/// ```text
/// out + sum of stays + sum of legs + back <= hours
/// ```
///
/// Every two stops in a row are near each other, so that a tour is of one piece. In order of the stops; of
/// orders that take the same the first in order stands. A stop that cannot be reached is in none.
#[must_use]
pub fn tours(legs: &Legs<'_>) -> Vec<(Vec<u32>, f64)> {
    let mut least: BTreeMap<Vec<u32>, (f64, Vec<u32>)> = BTreeMap::new();
    let mut path = Vec::new();
    for (stop, out) in (0_u32..).zip(legs.from_base) {
        if let Some(out) = *out {
            path.push(stop);
            extend(legs, &mut path, out + legs.stay[stop as usize], &mut least);
            path.pop();
        }
    }
    least
        .into_values()
        .map(|(hours, stops)| (stops, hours))
        .collect()
}

/// Takes a path that ends on the spot after `spent` hours, and every longer one.
fn extend(
    legs: &Legs<'_>,
    path: &mut Vec<u32>,
    spent: f64,
    least: &mut BTreeMap<Vec<u32>, (f64, Vec<u32>)>,
) {
    let Some(&last) = path.last() else { return };
    if spent > legs.hours {
        return;
    }
    if let Some(back) = legs.from_base[last as usize]
        && spent + back <= legs.hours
    {
        let mut set = path.clone();
        set.sort_unstable();
        let hours = spent + back;
        let known = least.get(&set);
        if known.is_none_or(|(before, stops)| (hours, &*path) < (*before, stops)) {
            least.insert(set, (hours, path.clone()));
        }
    }
    if path.len() == legs.most_stops {
        return;
    }
    for &next in legs.near.of(last as usize) {
        let leg = (legs.between)(last, next);
        if let Some(leg) = leg
            && legs.from_base[next as usize].is_some()
            && !path.contains(&next)
        {
            path.push(next);
            extend(legs, path, spent + leg + legs.stay[next as usize], least);
            path.pop();
        }
    }
}
