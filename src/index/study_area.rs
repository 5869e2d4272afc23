//! From boundaries to cells: the study area is what the mission covers, not where reports came from.

use std::collections::BTreeMap;

use forewarn_models::grid::Grid;
use geo::{InteriorPoint, MultiPolygon};
use h3o::geom::{ContainmentMode, TilerBuilder};
use h3o::{CellIndex, LatLng, Resolution};

use crate::base::error::{Error, Result};
use crate::base::settings::{AreaSettings, Border};
use crate::tables::{Area, Boundaries, StudyArea};

/// Cells of the coarsest areas, and of every area the cells that stand for it.
///
/// A cell stands for the area that holds its centre. An area too small to hold a centre is stood
/// for by the one cell that holds a point inside it.
///
/// # Errors
/// Where the boundaries hold no cell, or a shape is none.
pub fn study_area(settings: &AreaSettings, boundaries: &Boundaries) -> Result<StudyArea> {
    let resolution = resolution(settings.resolution)?;
    let mode = match settings.cells {
        Border::Touching => ContainmentMode::Covers,
        Border::Centred => ContainmentMode::ContainsCentroid,
    };
    let mut cells = Vec::new();
    if let Some(level) = boundaries.coarsest() {
        for area in boundaries.of_level(level) {
            cells.extend(cover(area, resolution, mode)?);
        }
    }
    let grid = Grid::new(cells).map_err(Error::statistic("index"))?;
    let mut cells_of = BTreeMap::new();
    for area in boundaries.areas() {
        let mut cells = cover(area, resolution, ContainmentMode::ContainsCentroid)?;
        if cells.is_empty() {
            cells.extend(cell_inside(&area.shape, resolution));
        }
        cells.retain(|&cell| grid.position(cell).is_some());
        cells.sort_unstable();
        cells_of.insert((area.level, area.pcode.clone()), cells);
    }
    Ok(StudyArea { grid, cells_of })
}

/// The settings were checked to hold a resolution.
pub(super) fn resolution(value: u8) -> Result<Resolution> {
    Resolution::try_from(value).map_err(Error::statistic("index"))
}

fn cover(area: &Area, resolution: Resolution, mode: ContainmentMode) -> Result<Vec<CellIndex>> {
    let mut tiler = TilerBuilder::new(resolution).containment_mode(mode).build();
    tiler
        .add_batch(area.shape.iter().cloned())
        .map_err(|_reason| Error::Statistic {
            stage: "index",
            reason: format!("the shape of area {} is not a valid polygon", area.pcode),
        })?;
    Ok(tiler.into_coverage().collect())
}

fn cell_inside(shape: &MultiPolygon<f64>, resolution: Resolution) -> Option<CellIndex> {
    let point = shape.interior_point()?;
    let point = LatLng::new(point.y(), point.x()).ok()?;
    Some(point.to_cell(resolution))
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;
    use crate::tables::Level;

    fn area(level: u8, pcode: &str, size_deg: f64) -> Area {
        let (w, s) = (18.0, 7.0);
        let (e, n) = (w + size_deg, s + size_deg);
        let shape = polygon![(x: w, y: s), (x: e, y: s), (x: e, y: n), (x: w, y: n)];
        let (pcode, name) = (pcode.to_owned(), "SYNTHETIC".to_owned());
        Area {
            level: Level(level),
            pcode,
            name,
            iso3: None,
            shape: shape.into(),
        }
    }

    fn settings(cells: Border) -> AreaSettings {
        AreaSettings {
            resolution: 5,
            index_resolution: 9,
            cells,
        }
    }

    #[test]
    fn the_study_area_is_the_boundary_not_the_reports() {
        let boundaries = Boundaries::new(vec![area(1, "A", 1.0)]);
        let centred = study_area(&settings(Border::Centred), &boundaries).unwrap();
        let touching = study_area(&settings(Border::Touching), &boundaries).unwrap();
        let area_km2: f64 = centred.grid.area_km2().iter().sum();
        assert!((area_km2 / 12_200.0 - 1.0).abs() < 0.1, "{area_km2}");
        assert!(touching.grid.len() > centred.grid.len());
        assert!(
            centred
                .grid
                .cells()
                .iter()
                .all(|&cell| touching.grid.position(cell).is_some())
        );
    }

    #[test]
    fn an_area_smaller_than_a_cell_is_stood_for_by_one_cell() {
        let boundaries = Boundaries::new(vec![area(1, "A", 1.0), area(3, "A1", 0.01)]);
        let study = study_area(&settings(Border::Touching), &boundaries).unwrap();
        assert_eq!(study.cells_of[&(Level(3), "A1".to_owned())].len(), 1);
    }

    #[test]
    fn no_boundary_is_an_error() {
        assert!(study_area(&settings(Border::Touching), &Boundaries::default()).is_err());
    }
}
