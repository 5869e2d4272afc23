//! Outlines of whole H3 cells: WGS84 degrees, longitude first, exterior rings counterclockwise.
//!
//! Coordinates are rounded to seven decimals (about a centimetre) here, once for every format.
//! Areas across the 180th meridian are not cut.

use forewarn_models::grid::{self, Part, Ring};
use geo::{Coord, LineString, MultiPolygon, Polygon};
use h3o::CellIndex;

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
    let parts = grid::outline(cells).map_err(Error::statistic("publish: outline"))?;
    let polygon = |Part { exterior, holes }| {
        Polygon::new(closed(exterior), holes.into_iter().map(closed).collect())
    };
    Ok(parts.into_iter().map(polygon).collect())
}

fn closed(ring: Ring) -> LineString<f64> {
    let corners = ring.into_iter().map(|[x, y]| rounded(Coord { x, y }));
    let mut ring = LineString::new(corners.collect());
    ring.close();
    ring
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
    use geo::{MapCoords, Winding};
    use h3o::geom::SolventBuilder;

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

    /// Each ring from its lowest corner on, each polygon with its holes in order, all in order.
    fn in_order(shape: &MultiPolygon<f64>) -> Vec<Vec<Vec<[i64; 2]>>> {
        #[expect(clippy::cast_possible_truncation, reason = "degrees in steps of 1e-7")]
        let whole = |c: &Coord<f64>| [c.x, c.y].map(|degrees| (degrees * 1e7).round() as i64);
        let ring = |ring: &LineString<f64>| {
            let mut corners: Vec<_> = ring.coords().skip(1).map(whole).collect();
            let lowest = (0..corners.len()).min_by_key(|&i| corners[i]);
            corners.rotate_left(lowest.unwrap_or(0));
            corners
        };
        let polygon = |polygon: &Polygon<f64>| {
            let mut holes: Vec<_> = polygon.interiors().iter().map(ring).collect();
            holes.sort();
            holes.insert(0, ring(polygon.exterior()));
            holes
        };
        let mut polygons: Vec<_> = shape.iter().map(polygon).collect();
        polygons.sort();
        polygons
    }

    #[test]
    fn outlines_are_those_that_h3o_dissolves() {
        let parents: Vec<CellIndex> = middle().grid_disk(9);
        let finer = parents
            .iter()
            .flat_map(|cell| cell.children(h3o::Resolution::Seven));
        // Of whole cells two in three; of small ones all but one in nineteen as well.
        let some = |cell: &CellIndex, part: u64| {
            u64::from(*cell).wrapping_mul(0x9e37_79b9) >> 7 & 0xffff < part
        };
        let few: Vec<CellIndex> = parents
            .iter()
            .copied()
            .filter(|cell| some(cell, 43_000))
            .collect();
        let many: Vec<CellIndex> = finer.filter(|cell| some(cell, 62_000)).collect();
        for cells in [few, many, parents] {
            let theirs = SolventBuilder::new().build();
            let theirs = theirs.dissolve(cells.iter().copied()).unwrap();
            assert!(!theirs.0.is_empty());
            let ours = outline(&cells).unwrap();
            assert_eq!(in_order(&ours), in_order(&theirs.map_coords(rounded)));
        }
    }

    #[test]
    fn a_cell_listed_twice_is_refused() {
        assert!(outline(&[middle(), middle()]).is_err());
    }
}
