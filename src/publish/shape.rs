//! Outlines of whole H3 cells: WGS84 degrees, longitude first, exterior rings counterclockwise.
//!
//! Coordinates are rounded to seven decimals (about a centimetre) here, once for every format.
//! Areas across the 180th meridian are not cut.

use geo::{Coord, LineString, MapCoords, MultiPolygon, Polygon};
use h3o::CellIndex;
use h3o::geom::SolventBuilder;

use crate::base::error::{Error, Result};

/// West, south, east, north in degrees.
pub(super) type Bounds = [f64; 4];

/// The outline of one cell, closed.
pub(super) fn cell(cell: CellIndex) -> Polygon<f64> {
    let mut ring: Vec<Coord<f64>> = cell
        .boundary()
        .iter()
        .map(|corner| rounded(Coord::from(*corner)))
        .collect();
    ring.extend(ring.first().copied());
    Polygon::new(LineString::new(ring), Vec::new())
}

/// The outline of a set of cells: one polygon per connected part, with its holes.
///
/// # Errors
/// [`Error::Statistic`] where a cell is listed twice or the cells are not of one resolution.
pub(super) fn outline(cells: &[CellIndex]) -> Result<MultiPolygon<f64>> {
    let solvent = SolventBuilder::new().build();
    let outline = solvent
        .dissolve(cells.iter().copied())
        .map_err(Error::statistic("publish: outline"))?;
    Ok(outline.map_coords(rounded))
}

/// The bounds of shapes, or `None` where there are none.
pub(super) fn bounds<'a>(
    shapes: impl IntoIterator<Item = &'a MultiPolygon<f64>>,
) -> Option<Bounds> {
    let corners = shapes
        .into_iter()
        .flatten()
        .flat_map(|polygon| polygon.exterior().coords());
    corners.fold(None, |bounds, &Coord { x, y }| {
        let [west, south, east, north] = bounds.unwrap_or([x, y, x, y]);
        Some([west.min(x), south.min(y), east.max(x), north.max(y)])
    })
}

/// Adding zero turns a negative zero into a plain one.
fn rounded(Coord { x, y }: Coord<f64>) -> Coord<f64> {
    let round = |degrees: f64| (degrees * 1e7).round() / 1e7 + 0.0;
    Coord {
        x: round(x),
        y: round(y),
    }
}

#[cfg(test)]
mod tests {
    use geo::{LineString, Winding};

    use super::*;

    fn middle() -> CellIndex {
        h3o::LatLng::new(7.3, 18.3)
            .unwrap()
            .to_cell(h3o::Resolution::Five)
    }

    fn around(k: u32) -> Vec<CellIndex> {
        middle().grid_ring_fast(k).collect::<Option<_>>().unwrap()
    }

    fn closed_and_seven_decimals(ring: &LineString<f64>) -> bool {
        let seven = |x: f64| {
            format!("{x}")
                .split_once('.')
                .is_none_or(|(_, d)| d.len() <= 7)
        };
        ring.is_closed() && ring.coords().all(|c| seven(c.x) && seven(c.y))
    }

    #[test]
    fn a_ring_of_cells_has_its_hole() {
        let ring = around(1);
        let shape = outline(&ring).unwrap();
        assert_eq!(shape.0.len(), 1);
        let [hole] = shape.0[0].interiors() else {
            panic!("one hole")
        };
        assert!(shape.0[0].exterior().is_ccw() && hole.is_cw());
        assert!(closed_and_seven_decimals(shape.0[0].exterior()));
        assert!(closed_and_seven_decimals(hole));
        assert_eq!(hole.coords().count(), 7, "the hole is the middle cell");
    }

    #[test]
    fn cells_apart_are_two_polygons() {
        let far = around(3)[0];
        let shape = outline(&[middle(), far]).unwrap();
        assert_eq!(shape.0.len(), 2);
        let alone = cell(far);
        assert!(alone.exterior().is_ccw() && closed_and_seven_decimals(alone.exterior()));
        let [west, south, east, north] = bounds([&shape]).unwrap();
        assert!(west < 18.3 && east > 18.3 && south < 7.3 && north > 7.3);
        assert_eq!(bounds([]), None);
    }

    #[test]
    fn a_cell_listed_twice_is_refused() {
        assert!(outline(&[middle(), middle()]).is_err());
    }
}
