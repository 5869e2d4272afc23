//! Ways that zones may lie along: from home to field, water, market and distribution, along roads and paths
//! where they are known.
//!
//! Of the places of one cell one stands for all. Roads and paths give the shortest way between two of them. Where no
//! road or path is known near one of two places, a straight link stands in: from a place that people go to,
//! to the settlements nearest to it, and never between two settlements, since nearly any two neighbouring
//! cells would lie on one of those. A zone on a straight link says so.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use forewarn_models::grid::Network;
use forewarn_models::units::{Coordinate, distance_km};
use geo::{Coord, LineString};
use h3o::LatLng;

use crate::base::code::{LineKind, PlaceKind};
use crate::tables::{Line, Place, Reason};

use super::Input;

/// A place this near to a road or path lies on it: half the width of a cell of 250 km2.
const REACH_KM: f64 = 8.0;
/// Settlements that a place without a road is linked with.
const NEAREST_HOMES: usize = 2;

/// Ways, as chains of cells that touch.
#[derive(Debug, Default)]
pub(super) struct Axes {
    chains: Vec<Vec<u32>>,
    told: Vec<Told>,
    /// Of each chain its way.
    way_of: Vec<usize>,
}

/// What is told of a zone along a way.
#[derive(Debug, Clone)]
pub(super) struct Told {
    /// The two places, and what joins them.
    pub(super) name: String,
    /// What speaks against it.
    pub(super) against: Option<Reason>,
}

/// A place that stands for its cell.
struct Stop<'a> {
    place: &'a Place,
    at: Coordinate,
}

impl Axes {
    /// The ways that lead through two cells of these or more.
    pub(super) fn of(input: &Input<'_>, seeds: &[bool]) -> Self {
        let longest_km = input.context.settings.zones.max_axis_km;
        let mut axes = Self::default();
        if longest_km <= 0.0 || !seeds.contains(&true) {
            return axes;
        }
        let stops = stops(input);
        let lines: Vec<&Line> = [LineKind::Road, LineKind::Path]
            .into_iter()
            .flat_map(|kind| input.lines.of_kind(kind))
            .collect();
        let (parts, line_of) = parts(&lines);
        let network = Network::new(&parts);
        let points: Vec<Option<u32>> = stops
            .iter()
            .map(|stop| network.nearest(stop.at, REACH_KM))
            .collect();
        for way in network.ways(&points, longest_km) {
            let [from, to] = [way.from, way.to].map(|stop| stops[stop as usize].place);
            let along: Vec<&Line> = way
                .lines
                .iter()
                .map(|&part| lines[line_of[part as usize]])
                .collect();
            axes.add(input, seeds, &way.points, || told(from, to, &along));
        }
        for (home, goal) in links(&stops, &points, longest_km) {
            axes.add(input, seeds, &[home.at, goal.at], || {
                straight(home.place, goal.place)
            });
        }
        axes
    }

    /// Chains of cells, see [`forewarn_models::zone::grow_along`].
    pub(super) fn chains(&self) -> &[Vec<u32>] {
        &self.chains
    }

    /// What is told of the way of a chain.
    pub(super) fn told(&self, chain: u32) -> Told {
        self.told[self.way_of[chain as usize]].clone()
    }

    fn add(
        &mut self,
        input: &Input<'_>,
        seeds: &[bool],
        points: &[Coordinate],
        told: impl FnOnce() -> Told,
    ) {
        let grid = &input.study_area.grid;
        let point = |at: &Coordinate| Coord {
            x: at.lon_deg(),
            y: at.lat_deg(),
        };
        let line: LineString<f64> = points.iter().map(point).collect();
        let cells = (input.along)(&line, grid.cells()[0].resolution());
        let positions: Vec<Option<usize>> = cells.iter().map(|&cell| grid.position(cell)).collect();
        // Where a way leaves the study area it ends, and begins anew where it comes back.
        let inside = positions
            .split(Option::is_none)
            .map(|chain| chain.iter().copied().flatten().collect::<Vec<_>>());
        let wanted: Vec<Vec<usize>> = inside
            .filter(|chain| chain.array_windows().any(|&[a, b]| seeds[a] && seeds[b]))
            .collect();
        if wanted.is_empty() {
            return;
        }
        self.told.push(told());
        for chain in wanted {
            self.way_of.push(self.told.len() - 1);
            let compact = |cell| u32::try_from(cell).unwrap_or(u32::MAX);
            self.chains.push(chain.into_iter().map(compact).collect());
        }
    }
}

/// One place per cell: where people go before where they live, the more people the sooner.
fn stops<'a>(input: &Input<'a>) -> Vec<Stop<'a>> {
    let grid = &input.study_area.grid;
    let resolution = grid.cells()[0].resolution();
    let mut of_cell: BTreeMap<u64, Stop<'a>> = BTreeMap::new();
    let order = |place: &Place| (is_home(place), Reverse(place.population));
    for place in input.places.rows() {
        if matches!(place.kind, PlaceKind::Base | PlaceKind::CountingPoint) {
            continue;
        }
        let Ok(at) = Coordinate::new(place.lat_deg, place.lon_deg) else {
            continue;
        };
        let Ok(point) = LatLng::new(place.lat_deg, place.lon_deg) else {
            continue;
        };
        let cell = point.to_cell(resolution);
        if grid.position(cell).is_none() {
            continue;
        }
        // Places come by name: of two alike the first stays.
        let stop = Stop { place, at };
        let known = of_cell.get(&cell.into()).map(|known| order(known.place));
        if known.is_none_or(|known| order(place) < known) {
            of_cell.insert(cell.into(), stop);
        }
    }
    of_cell.into_values().collect()
}

fn is_home(place: &Place) -> bool {
    place.kind == PlaceKind::Settlement
}

/// The parts of lines, and the line that each belongs to.
fn parts(lines: &[&Line]) -> (Vec<Vec<Coordinate>>, Vec<usize>) {
    let parts = lines.iter().enumerate().flat_map(|(index, line)| {
        let place = |at: &Coord<f64>| Coordinate::new(at.y, at.x).ok();
        line.shape
            .iter()
            .map(move |part| (part.coords().filter_map(place).collect(), index))
    });
    parts.unzip()
}

/// Straight links to places that people go to, from the settlements nearest to them, where one of the two is
/// near no road or path.
fn links<'a, 'b>(
    stops: &'b [Stop<'a>],
    points: &[Option<u32>],
    longest_km: f64,
) -> Vec<(&'b Stop<'a>, &'b Stop<'a>)> {
    let mut links = Vec::new();
    for (goal, goal_point) in stops.iter().zip(points) {
        if is_home(goal.place) {
            continue;
        }
        let homes = stops
            .iter()
            .zip(points)
            .filter(|(home, _)| is_home(home.place));
        let mut homes: Vec<(f64, &Stop<'a>, bool)> = homes
            .map(|(home, point)| {
                let on_roads = point.is_some() && goal_point.is_some();
                (distance_km(home.at, goal.at), home, on_roads)
            })
            .filter(|&(km, _, _)| km <= longest_km)
            .collect();
        homes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let near = homes.into_iter().take(NEAREST_HOMES);
        links.extend(
            near.filter(|&(_, _, on_roads)| !on_roads)
                .map(|(_, home, _)| (home, goal)),
        );
    }
    links
}

/// Home before where people go to, else by name; by a path where any part of the way is one.
fn told(from: &Place, to: &Place, along: &[&Line]) -> Told {
    let (from, to) = if (!is_home(from), &from.name) <= (!is_home(to), &to.name) {
        (from, to)
    } else {
        (to, from)
    };
    let is_path = along.iter().any(|line| line.kind == LineKind::Path);
    let what = if is_path { "path" } else { "road" };
    Told {
        name: format!("{} - {} {what}", from.name, to.name),
        against: None,
    }
}

fn straight(home: &Place, goal: &Place) -> Told {
    Told {
        name: format!("{} - {} straight link", home.name, goal.name),
        against: Some(Reason {
            code: "NO_ROAD_KNOWN",
            text: "no road or path between the two places is known: the way that people take may be another"
                .to_owned(),
        }),
    }
}
