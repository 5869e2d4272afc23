//! What a zone is called, and where a patrol finds it on its own map.

use forewarn_models::units::{Coordinate, distance_km};
use h3o::{CellIndex, LatLng};
use mgrs_convert::{LatLon, Precision};

use crate::base::code::PlaceKind;
use crate::base::error::{Error, Result};
use crate::tables::Place;

use super::Input;

/// Nearer than this a zone is named for the place itself.
const AT_KM: f64 = 5.0;
/// Digits of easting and of northing: 1 km, no finer than a zone is known.
const MGRS_DIGITS: u8 = 2;
const COMPASS: [&str; 8] = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];

/// Distance and direction from the nearest settlement, or, where no place is known, the area.
pub(super) fn nearest(input: &Input<'_>, label: CellIndex) -> String {
    let point = LatLng::from(label);
    let settlements = input
        .places
        .rows()
        .iter()
        .filter(|p| p.kind == PlaceKind::Settlement);
    let nearest = settlements
        .filter_map(|place| Some((distance(place, point)?, place)))
        .min_by(|(a, left), (b, right)| a.total_cmp(b).then(left.name.cmp(&right.name)));
    match nearest {
        Some((km, place)) if km <= AT_KM => place.name.clone(),
        Some((km, place)) => {
            format!("{km:.0} km {} of {}", direction(place, point), place.name)
        }
        None => area(input, label),
    }
}

fn distance(place: &Place, point: LatLng) -> Option<f64> {
    let place = Coordinate::new(place.lat_deg, place.lon_deg).ok()?;
    let point = Coordinate::new(point.lat(), point.lng()).ok()?;
    Some(distance_km(place, point))
}

/// Compass point of the initial bearing from a place to a point.
fn direction(place: &Place, point: LatLng) -> &'static str {
    let (from, to) = (place.lat_deg.to_radians(), point.lat_radians());
    let east = point.lng_radians() - place.lon_deg.to_radians();
    let y = east.sin() * to.cos();
    let x = from.cos() * to.sin() - from.sin() * to.cos() * east.cos();
    let eighths = (y.atan2(x).to_degrees() / 45.0).round().rem_euclid(8.0);
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0..8"
    )]
    COMPASS[eighths as usize % 8]
}

/// P-code of the finest area that the cell stands for.
fn area(input: &Input<'_>, label: CellIndex) -> String {
    let areas = input.study_area.cells_of.iter().rev();
    areas
        .filter(|(_, cells)| cells.binary_search(&label).is_ok())
        .map(|((_, pcode), _)| pcode.clone())
        .next()
        .unwrap_or_else(|| label.to_string())
}

/// Military grid reference of a cell's centre, to one kilometre.
pub(super) fn mgrs(label: CellIndex) -> Result<String> {
    let point = LatLng::from(label);
    let point = LatLon::new(point.lat(), point.lng()).map_err(Error::statistic("zones"))?;
    let precision = Precision::new(MGRS_DIGITS).map_err(Error::statistic("zones"))?;
    Ok(point.to_mgrs(precision).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(lat: f64, lon: f64) -> CellIndex {
        LatLng::new(lat, lon)
            .unwrap()
            .to_cell(h3o::Resolution::Nine)
    }

    #[test]
    fn a_grid_reference_names_zone_square_and_kilometre() {
        let reference = mgrs(cell(7.29, 18.28)).unwrap();
        assert!(reference.starts_with("34N"), "{reference}");
        assert_eq!(reference.len(), 9, "{reference}");
    }

    #[test]
    fn directions_are_from_the_place_to_the_zone() {
        let place = Place {
            name: "P".to_owned(),
            kind: PlaceKind::Settlement,
            lat_deg: 7.0,
            lon_deg: 18.0,
            population: None,
        };
        for (lat, lon, expected) in [(8.0, 18.0, "N"), (7.0, 19.0, "E"), (6.0, 17.0, "SW")] {
            assert_eq!(direction(&place, LatLng::new(lat, lon).unwrap()), expected);
        }
    }
}
