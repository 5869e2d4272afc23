//! PRIO-GRID: half-degree cells, numbered from the south-west corner of the world eastwards, row by
//! row (Tollefsen, Strand & Buhaug 2012).

use super::Coordinate;

const CELLS_PER_DEGREE: f64 = 2.0;
const COLUMNS: u32 = 720;
const ROWS: u32 = 360;

/// The cell that holds a place: `floor(2 (lat + 90)) * 720 + floor(2 (lon + 180)) + 1`. The pole and
/// the antimeridian, seen from the west, belong to the last row and column.
#[must_use]
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a coordinate is in range"
)]
pub fn priogrid_of(place: Coordinate) -> u32 {
    let row = ((place.lat_deg() + 90.0) * CELLS_PER_DEGREE).floor() as u32;
    let column = ((place.lon_deg() + 180.0) * CELLS_PER_DEGREE).floor() as u32;
    row.min(ROWS - 1) * COLUMNS + column.min(COLUMNS - 1) + 1
}

/// South-west and north-east corner of a cell as (latitude, longitude) in degrees; nothing where the
/// grid has no such cell.
#[must_use]
pub fn priogrid_corners(id: u32) -> Option<[(f64, f64); 2]> {
    let position = id.checked_sub(1).filter(|&at| at < ROWS * COLUMNS)?;
    let south = f64::from(position / COLUMNS) / CELLS_PER_DEGREE - 90.0;
    let west = f64::from(position % COLUMNS) / CELLS_PER_DEGREE - 180.0;
    let side = 1.0 / CELLS_PER_DEGREE;
    Some([(south, west), (south + side, west + side)])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_corners_of_the_world_are_the_first_and_the_last_cell() {
        let of = |lat_deg, lon_deg| priogrid_of(Coordinate::new(lat_deg, lon_deg).unwrap());
        assert_eq!(of(-90.0, -180.0), 1);
        assert_eq!(of(90.0, 180.0), 259_200);
        assert_eq!(priogrid_corners(0), None);
        assert_eq!(priogrid_corners(259_201), None);
    }

    proptest! {
        #[test]
        fn a_place_lies_between_the_corners_of_its_cell(
            lat_deg in -90.0..90.0_f64,
            lon_deg in -180.0..180.0_f64,
        ) {
            let id = priogrid_of(Coordinate::new(lat_deg, lon_deg).unwrap());
            let [(south, west), (north, east)] = priogrid_corners(id).unwrap();
            prop_assert!(south <= lat_deg && lat_deg < north, "{lat_deg}");
            prop_assert!(west <= lon_deg && lon_deg < east, "{lon_deg}");
        }

        #[test]
        fn the_middle_of_a_cell_is_in_it(id in 1..=259_200_u32) {
            let [(south, west), _] = priogrid_corners(id).unwrap();
            let middle = Coordinate::new(south + 0.25, west + 0.25).unwrap();
            prop_assert_eq!(priogrid_of(middle), id);
        }
    }
}
