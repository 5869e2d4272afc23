//! The cells that a line crosses.
//!
//! A line is straight between its points in longitude and latitude, as RFC 7946 has it, and is looked
//! at every sixteenth of a cell's edge. A cell that it crosses at a corner for less than that may be
//! left out; between cells that do not touch lies an edge at least, so that none else can be.

use std::collections::BTreeMap;

use geo::{Coord, Line, LineString};
use h3o::{CellIndex, LatLng, Resolution};

use crate::base::code::LineKind;
use crate::base::day::Day;
use crate::tables::Lines;

const LOOKS_PER_EDGE: f64 = 16.0;
/// Length of a degree of a great circle.
const KM_PER_DEGREE: f64 = 111.195;

/// Cells along a line in the order of travel, none twice in a row; each touches the next one.
#[must_use]
pub fn cells_along(line: &LineString<f64>, resolution: Resolution) -> Vec<CellIndex> {
    let mut cells = Vec::new();
    let mut look = |point: Coord<f64>| {
        let cell = LatLng::new(point.y, point.x).map(|place| place.to_cell(resolution));
        if let Ok(cell) = cell
            && cells.last() != Some(&cell)
        {
            cells.push(cell);
        }
    };
    line.coords().take(1).for_each(|&start| look(start));
    for step in line.lines() {
        let looks = looks(step, resolution);
        for at in 1..looks {
            look(step.start + step.delta() * (f64::from(at) / f64::from(looks)));
        }
        look(step.end);
    }
    cells
}

/// Cells that a road crosses, and whether any road there can be used in the month of a day. A road that is
/// said to be seasonal without its months says nothing.
#[must_use]
pub fn roads_open(lines: &Lines, day: Day, resolution: Resolution) -> BTreeMap<CellIndex, bool> {
    let (month, _) = day.month_day();
    let mut open = BTreeMap::new();
    for road in lines.of_kind(LineKind::Road) {
        let is_open = match (road.open_months, road.is_seasonal) {
            (Some(months), _) => months.has(month),
            (None, Some(true)) => continue,
            (None, _) => true,
        };
        for cell in road
            .shape
            .iter()
            .flat_map(|line| cells_along(line, resolution))
        {
            *open.entry(cell).or_default() |= is_open;
        }
    }
    open
}

/// Into how many parts a step is cut, so that none is longer than it may be. Degrees of longitude are
/// measured where they are longest.
fn looks(step: Line<f64>, resolution: Resolution) -> u32 {
    let crosses_equator = step.start.y.signum() != step.end.y.signum();
    let nearest_deg = step.start.y.abs().min(step.end.y.abs());
    let widest = if crosses_equator {
        1.0
    } else {
        nearest_deg.to_radians().cos()
    };
    let length_km = KM_PER_DEGREE * step.dy().hypot(step.dx() * widest);
    let looks = (length_km * LOOKS_PER_EDGE / resolution.edge_length_km()).ceil();
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a way around the Earth has 4e6 parts at the finest resolution in use"
    )]
    let looks = looks as u32;
    looks.max(1)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    fn cell(point: Coord<f64>, resolution: Resolution) -> CellIndex {
        LatLng::new(point.y, point.x).unwrap().to_cell(resolution)
    }

    fn line() -> impl Strategy<Value = LineString<f64>> {
        let start = (-170.0..170.0, -75.0..75.0);
        let steps = prop::collection::vec((-0.7..0.7, -0.7..0.7), 0..5);
        (start, steps).prop_map(|((x, y), steps)| {
            let mut at = Coord { x, y };
            let points = steps.into_iter().map(|(x, y)| {
                at = at + Coord { x, y };
                at
            });
            std::iter::once(Coord { x, y }).chain(points).collect()
        })
    }

    fn resolution() -> impl Strategy<Value = Resolution> {
        prop::sample::select(vec![Resolution::Four, Resolution::Five, Resolution::Seven])
    }

    #[test]
    fn a_line_of_no_or_one_point_crosses_what_it_stands_in() {
        assert!(cells_along(&LineString(vec![]), Resolution::Five).is_empty());
        let point = Coord { x: 21.25, y: 6.5 };
        for line in [vec![point], vec![point; 3]] {
            let cells = cells_along(&LineString(line), Resolution::Five);
            assert_eq!(cells, [cell(point, Resolution::Five)]);
        }
    }

    #[test]
    fn a_way_along_a_parallel_is_looked_at_where_degrees_are_long() {
        for (start, end) in [((0.0, 0.0), (170.0, 0.0)), ((-20.0, -60.0), (20.0, 60.0))] {
            let line = LineString::from(vec![start, end]);
            let cells = cells_along(&line, Resolution::Four);
            assert!(cells.len() > 100);
            let touch = |pair: &[CellIndex]| pair[0].is_neighbor_with(pair[1]).unwrap();
            assert!(cells.windows(2).all(touch));
        }
    }

    #[test]
    fn a_road_is_open_in_its_months_and_says_nothing_where_these_are_not_told() {
        let road = |lat: f64, open_months: Option<&str>, is_seasonal| crate::tables::Line {
            kind: LineKind::Road,
            name: None,
            class: None,
            surface: None,
            is_seasonal,
            open_months: open_months.and_then(crate::tables::Months::parse),
            direction: None,
            shape: LineString::from(vec![(18.0, lat), (18.5, lat)]).into(),
        };
        let lines = Lines::new(vec![
            road(7.0, Some("11-5"), None),
            road(8.0, None, Some(true)),
            road(9.0, None, None),
        ]);
        let at = |day: &str, lat: f64| {
            let open = roads_open(&lines, Day::parse_iso(day).unwrap(), Resolution::Five);
            open.get(&cell(Coord { x: 18.2, y: lat }, Resolution::Five))
                .copied()
        };
        for (day, lat, open) in [
            ("2021-03-01", 7.0, Some(true)),
            ("2021-08-01", 7.0, Some(false)),
            ("2021-08-01", 8.0, None),
            ("2021-08-01", 9.0, Some(true)),
        ] {
            assert_eq!(at(day, lat), open, "{day} {lat}");
        }
    }

    proptest! {
        #[test]
        fn cells_along_a_line_touch_each_other_from_its_start_to_its_end(
            line in line(), resolution in resolution()
        ) {
            let cells = cells_along(&line, resolution);
            prop_assert_eq!(cells.first(), Some(&cell(line.0[0], resolution)));
            prop_assert_eq!(cells.last(), Some(&cell(line.0[line.0.len() - 1], resolution)));
            for pair in cells.windows(2) {
                prop_assert!(pair[0].is_neighbor_with(pair[1]).unwrap());
            }
            let back: LineString<f64> = line.coords().rev().copied().collect();
            let mut back = cells_along(&back, resolution);
            back.reverse();
            prop_assert_eq!(back, cells);
        }

        /// Looked at forty times as often: every cell found is crossed, and one not found is crossed
        /// for less than a look.
        #[test]
        fn only_slivers_are_left_out(line in line(), resolution in resolution()) {
            const FINER: u32 = 40;
            let found: BTreeSet<CellIndex> = cells_along(&line, resolution).into_iter().collect();
            // Of every cell the most looks in a row.
            let mut crossed: BTreeMap<CellIndex, u32> = BTreeMap::new();
            let mut run = (None, 0);
            for step in line.lines() {
                let looks = looks(step, resolution) * FINER;
                for at in 0..=looks {
                    let share = f64::from(at) / f64::from(looks);
                    let point = if at == looks { step.end } else { step.start + step.delta() * share };
                    let cell = cell(point, resolution);
                    run = (Some(cell), if run.0 == Some(cell) { run.1 + 1 } else { 1 });
                    let most = crossed.entry(cell).or_default();
                    *most = run.1.max(*most);
                }
            }
            if line.0.len() > 1 {
                prop_assert!(found.iter().all(|cell| crossed.contains_key(cell)));
            }
            for (cell, most) in crossed {
                prop_assert!(found.contains(&cell) || most < FINER, "{most} looks");
            }
        }
    }
}
