//! Ways between places along roads and paths.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use crate::units::{Coordinate, compact, distance_km};

#[cfg(test)]
mod tests;

/// Points of a line no further apart than this, so that a place finds one near.
const STEP_KM: f64 = 1.0;
/// Points that share a thousandth of a degree of both axes, 110 m, are one: maps of one road differ by less.
const PER_DEGREE: f64 = 1_000.0;
/// Thousandths of a degree of a bin in which places look for points.
const BIN: i64 = 100;

/// A point, in thousandths of a degree north and east.
type Point = (i64, i64);

/// A graph of lines: lines that share a point are joined there. Lines that cross without a common point are
/// not: one may lead over the other.
#[derive(Debug, Clone, Default)]
pub struct Network {
    points: Vec<Coordinate>,
    /// Of each point those beside it: position, km, and the line that leads there.
    edges: Vec<Vec<(u32, f64, u32)>>,
    /// Points by bin.
    bins: BTreeMap<Point, Vec<u32>>,
}

/// The shortest way between two places.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// Position of the place it starts at, below that of the other.
    pub from: u32,
    /// Position of the place it ends at.
    pub to: u32,
    /// Its length along the lines.
    pub length_km: f64,
    /// Its points from one place to the other, the places themselves left out.
    pub points: Vec<Coordinate>,
    /// Lines that it follows, ascending.
    pub lines: Vec<u32>,
}

impl Network {
    /// Joins lines to a network. Steps are cut into parts of at most 1 km, straight in longitude and latitude.
    ///
    /// - `lines`: the points of each line in order. One of fewer than two points adds nothing.
    #[must_use]
    pub fn new(lines: &[Vec<Coordinate>]) -> Self {
        let mut network = Self::default();
        let mut known = BTreeMap::new();
        for (line, points) in (0..).zip(lines) {
            for step in points.array_windows() {
                network.add(line, step, &mut known);
            }
        }
        for (index, &point) in network.points.iter().enumerate() {
            let bin = bin_of(key(point));
            network.bins.entry(bin).or_default().push(compact(index));
        }
        network
    }

    fn add(&mut self, line: u32, &[from, to]: &[Coordinate; 2], known: &mut BTreeMap<Point, u32>) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a step is 20,000 km at most"
        )]
        let parts = (distance_km(from, to) / STEP_KM).ceil().max(1.0) as u32;
        let mut last = self.point(from, known);
        for part in 1..=parts {
            let share = f64::from(part) / f64::from(parts);
            let between = |a: f64, b: f64| a + share * (b - a);
            let (lat, lon) = (
                between(from.lat_deg(), to.lat_deg()),
                between(from.lon_deg(), to.lon_deg()),
            );
            let Ok(at) = Coordinate::new(lat, lon) else {
                continue;
            };
            let next = self.point(at, known);
            if next != last {
                let km = distance_km(self.points[last as usize], self.points[next as usize]);
                self.edges[last as usize].push((next, km, line));
                self.edges[next as usize].push((last, km, line));
            }
            last = next;
        }
    }

    fn point(&mut self, at: Coordinate, known: &mut BTreeMap<Point, u32>) -> u32 {
        *known.entry(key(at)).or_insert_with(|| {
            self.points.push(at);
            self.edges.push(Vec::new());
            compact(self.points.len() - 1)
        })
    }

    /// The point nearest to a place, if one lies within reach; of two as near the first on the lines.
    ///
    /// - `reach_km`: no more than 10 km is looked at near the equator, less where meridians draw together.
    #[must_use]
    pub fn nearest(&self, place: Coordinate, reach_km: f64) -> Option<u32> {
        let (north, east) = bin_of(key(place));
        let bins = (north - 1..=north + 1).flat_map(|n| (east - 1..=east + 1).map(move |e| (n, e)));
        let near = bins.filter_map(|bin| self.bins.get(&bin)).flatten();
        near.map(|&point| (distance_km(place, self.points[point as usize]), point))
            .filter(|&(km, _)| km <= reach_km)
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
            .map(|(_, point)| point)
    }

    /// The shortest way between every two places that the lines join within a distance (Dijkstra 1959).
    ///
    /// A way may lead past other places. Of ways as short, one is taken by the order of the lines, the same
    /// each time. Time: places times points within the distance.
    ///
    /// - `places`: the point that each place lies at, as [`Network::nearest`] gives it; `None` where it lies
    ///   at none.
    /// - `longest_km`: longer ways are left out.
    ///
    /// Returns ways in order of their two places.
    ///
    /// # References
    /// [doi:10.1007/BF01386390](https://doi.org/10.1007/BF01386390).
    #[must_use]
    pub fn ways(&self, places: &[Option<u32>], longest_km: f64) -> Vec<Way> {
        let mut at_point: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (place, point) in (0..).zip(places) {
            if let Some(point) = point {
                at_point.entry(*point).or_default().push(place);
            }
        }
        let mut ways = Vec::new();
        for (from, point) in (0..).zip(places) {
            let Some(point) = *point else { continue };
            let reached = self.reached(point, longest_km);
            for end in reached.keys() {
                let there = at_point.get(end).into_iter().flatten();
                ways.extend(
                    there
                        .filter(|&&to| to > from)
                        .map(|&to| self.way((from, to), *end, &reached)),
                );
            }
        }
        ways.sort_by_key(|way| (way.from, way.to));
        ways
    }

    /// Every point within a distance of one: how far it is, and from which point and along which line it is
    /// come to.
    fn reached(&self, start: u32, longest_km: f64) -> BTreeMap<u32, Reached> {
        let mut reached = BTreeMap::new();
        let mut open = BinaryHeap::from([Open {
            km: 0.0,
            point: start,
            before: None,
        }]);
        while let Some(Open { km, point, before }) = open.pop() {
            if reached.contains_key(&point) {
                continue;
            }
            reached.insert(point, Reached { km, before });
            for &(next, step_km, line) in &self.edges[point as usize] {
                let km = km + step_km;
                if km <= longest_km && !reached.contains_key(&next) {
                    let before = Some((point, line));
                    open.push(Open {
                        km,
                        point: next,
                        before,
                    });
                }
            }
        }
        reached
    }

    fn way(&self, (from, to): (u32, u32), end: u32, reached: &BTreeMap<u32, Reached>) -> Way {
        let (mut points, mut lines) = (Vec::new(), BTreeSet::new());
        let mut at = Some(end);
        while let Some(point) = at {
            points.push(self.points[point as usize]);
            let before = reached.get(&point).and_then(|reached| reached.before);
            lines.extend(before.map(|(_, line)| line));
            at = before.map(|(point, _)| point);
        }
        points.reverse();
        Way {
            from,
            to,
            length_km: reached.get(&end).map_or(0.0, |reached| reached.km),
            points,
            lines: lines.into_iter().collect(),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Reached {
    km: f64,
    before: Option<(u32, u32)>,
}

/// A point that may be gone to next; the nearest comes first.
#[derive(Debug, Clone, Copy)]
struct Open {
    km: f64,
    point: u32,
    before: Option<(u32, u32)>,
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .km
            .total_cmp(&self.km)
            .then((other.point, other.before).cmp(&(self.point, self.before)))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Open {}

#[expect(clippy::cast_possible_truncation, reason = "thousandths of a degree")]
fn key(at: Coordinate) -> Point {
    let whole = |degrees: f64| (degrees * PER_DEGREE).round() as i64;
    (whole(at.lat_deg()), whole(at.lon_deg()))
}

fn bin_of((north, east): Point) -> Point {
    (north.div_euclid(BIN), east.div_euclid(BIN))
}
