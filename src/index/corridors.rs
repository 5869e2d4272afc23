//! How close cells lie to corridors: a benefit to keep open as much as a place to be present.

use std::collections::{BTreeMap, BTreeSet};

use h3o::{CellIndex, LatLng};

use crate::base::code::LineKind;
use crate::tables::{
    CorridorExposure, CorridorExposureBuilder, CorridorExposureRow, Lines, StudyArea,
};

use super::lines::cells_along;

/// Less than this share of the exposure on the corridor itself is none.
const LEAST_EXPOSURE: f64 = 0.01;

/// Exposure of every cell to every corridor, `exp(-distance / scale)` of the cell's centre; cells that a corridor crosses
/// are always told. Corridors of one name are one corridor.
#[must_use]
pub fn corridor_exposure(study_area: &StudyArea, lines: &Lines, scale_km: f64) -> CorridorExposure {
    let mut corridors: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for line in lines.of_kind(LineKind::Corridor) {
        corridors
            .entry(line.corridor_name())
            .or_default()
            .push(line);
    }
    let cells = study_area.grid.cells();
    let resolution = cells.first().map(|cell| cell.resolution());
    let mut rows = CorridorExposureBuilder::default();
    for (corridor, lines) in corridors {
        let courses = lines.iter().flat_map(|line| line.shape.iter());
        let crossed: BTreeSet<CellIndex> = courses
            .zip(std::iter::repeat(resolution))
            .filter_map(|(course, resolution)| Some(cells_along(course, resolution?)))
            .flatten()
            .collect();
        for &cell in cells {
            let centre = LatLng::from(cell);
            let distances = lines
                .iter()
                .filter_map(|line| line.distance_km(centre.lat(), centre.lng()));
            let Some(distance_km) = distances.min_by(f64::total_cmp) else {
                continue;
            };
            let exposure = (-distance_km / scale_km).exp();
            let crosses = crossed.contains(&cell);
            if crosses || exposure >= LEAST_EXPOSURE {
                rows.push(CorridorExposureRow {
                    cell: cell.into(),
                    corridor,
                    distance_km,
                    exposure,
                    crosses: u8::from(crosses),
                });
            }
        }
    }
    rows.finish()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap as Map;

    use forewarn_models::grid::Grid;
    use geo::{LineString, MultiLineString};
    use h3o::Resolution;

    use super::*;
    use crate::tables::Line;

    fn corridor(name: &str, course: Vec<(f64, f64)>) -> Line {
        Line {
            kind: LineKind::Corridor,
            name: Some(name.to_owned()),
            class: None,
            surface: None,
            is_seasonal: None,
            open_months: None,
            direction: Some("S"),
            shape: MultiLineString(vec![LineString::from(course)]),
        }
    }

    #[test]
    fn cells_on_a_corridor_are_exposed_most_and_far_ones_not_at_all() {
        let centre = LatLng::new(7.5, 18.5).unwrap().to_cell(Resolution::Five);
        let study_area = StudyArea {
            grid: Grid::new(centre.grid_disk::<Vec<_>>(8)).unwrap(),
            cells_of: Map::new(),
        };
        let lines = Lines::new(vec![
            corridor("eastern", vec![(18.5, 8.0), (18.5, 7.5)]),
            corridor("eastern", vec![(18.5, 7.5), (18.5, 7.0)]),
            corridor("far", vec![(30.0, 7.0), (30.0, 8.0)]),
        ]);
        let rows = corridor_exposure(&study_area, &lines, 15.0);
        assert!((0..rows.len()).all(|row| rows.corridor().value(row) == "eastern"));
        let cells: BTreeSet<u64> = rows.cell().values().iter().copied().collect();
        assert_eq!(cells.len(), rows.len(), "one row a cell");
        assert!(rows.len() < study_area.grid.len());
        let crossed: Vec<usize> = (0..rows.len())
            .filter(|&row| rows.crosses().value(row) == 1)
            .collect();
        assert!((5..=12).contains(&crossed.len()), "{}", crossed.len());
        let edge_km = Resolution::Five.edge_length_km();
        for row in 0..rows.len() {
            let (distance, exposure) = (rows.distance_km().value(row), rows.exposure().value(row));
            assert!((exposure - (-distance / 15.0).exp()).abs() < 1e-12);
            let is_crossed = crossed.contains(&row);
            assert!(!is_crossed || distance < 1.2 * edge_km, "{distance}");
            assert!(is_crossed || distance > 0.5 * edge_km, "{distance}");
        }
        assert!(corridor_exposure(&study_area, &Lines::default(), 15.0).is_empty());
    }
}
