use h3o::{CellIndex, LatLng, Resolution};
use thiserror::Error;

/// Mean radius of the WGS 84 ellipsoid in km, (2a + b) / 3 (Moritz 2000,
/// [doi:10.1007/s001900050278](https://doi.org/10.1007/s001900050278)).
pub const EARTH_RADIUS_KM: f64 = 6_371.008_771_4;

/// A place on the Earth, WGS 84, inside the ranges a map knows.
///
/// ```
/// use forewarn_models::units::Coordinate;
/// assert!(Coordinate::new(7.29, 18.28).is_ok());
/// assert!(Coordinate::new(7.29, 181.0).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coordinate {
    lat_deg: f64,
    lon_deg: f64,
}

/// Which of the two numbers of a coordinate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// North is positive.
    Latitude,
    /// East is positive.
    Longitude,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoordinateFault {
    /// Not a number, or infinite.
    NotFinite,
    /// Outside the range of its axis.
    OutOfRange,
}

/// A number that is no latitude or longitude.
///
/// It carries no value: a message about a record must not repeat what the record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{}", self.rule())]
pub struct InvalidCoordinate {
    /// The number at fault.
    pub axis: Axis,
    /// Its fault.
    pub reason: CoordinateFault,
}

impl InvalidCoordinate {
    const fn rule(self) -> &'static str {
        match (self.axis, self.reason) {
            (Axis::Latitude, CoordinateFault::NotFinite) => "latitude must be a finite number",
            (Axis::Latitude, CoordinateFault::OutOfRange) => "latitude must be -90..=90",
            (Axis::Longitude, CoordinateFault::NotFinite) => "longitude must be a finite number",
            (Axis::Longitude, CoordinateFault::OutOfRange) => "longitude must be -180..=180",
        }
    }
}

impl Coordinate {
    /// Checks a pair of decimal degrees.
    ///
    /// # Errors
    /// Not finite, or outside -90..=90 (latitude) or -180..=180 (longitude).
    pub fn new(lat_deg: f64, lon_deg: f64) -> Result<Self, InvalidCoordinate> {
        for (axis, value, limit) in [
            (Axis::Latitude, lat_deg, 90.0),
            (Axis::Longitude, lon_deg, 180.0),
        ] {
            if !value.is_finite() {
                return Err(InvalidCoordinate {
                    axis,
                    reason: CoordinateFault::NotFinite,
                });
            }
            if value.abs() > limit {
                return Err(InvalidCoordinate {
                    axis,
                    reason: CoordinateFault::OutOfRange,
                });
            }
        }
        Ok(Self { lat_deg, lon_deg })
    }

    /// Latitude in decimal degrees, north positive.
    #[must_use]
    pub const fn lat_deg(self) -> f64 {
        self.lat_deg
    }

    /// Longitude in decimal degrees, east positive.
    #[must_use]
    pub const fn lon_deg(self) -> f64 {
        self.lon_deg
    }
}

/// The H3 cell that holds a coordinate.
#[must_use]
#[expect(
    clippy::missing_panics_doc,
    reason = "a coordinate is finite by construction"
)]
pub fn cell_of(place: Coordinate, resolution: Resolution) -> CellIndex {
    LatLng::new(place.lat_deg, place.lon_deg)
        .expect("a coordinate is finite by construction")
        .to_cell(resolution)
}

/// Great-circle distance in km on the sphere of radius [`EARTH_RADIUS_KM`].
///
/// `2 R asin sqrt( sin^2(dlat/2) + cos lat1 cos lat2 sin^2(dlon/2) )`, the haversine form, which
/// keeps its digits at short distances (Sinnott 1984, *Sky and Telescope* 68:159). It departs
/// from the ellipsoid by at most 0.6 %.
#[must_use]
pub fn distance_km(from: Coordinate, to: Coordinate) -> f64 {
    let half_sine_squared = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let cosines = from.lat_deg.to_radians().cos() * to.lat_deg.to_radians().cos();
    let h = half_sine_squared(to.lat_deg - from.lat_deg)
        + cosines * half_sine_squared(to.lon_deg - from.lon_deg);
    2.0 * EARTH_RADIUS_KM * h.min(1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::close;

    fn place(lat_deg: f64, lon_deg: f64) -> Coordinate {
        Coordinate::new(lat_deg, lon_deg).unwrap()
    }

    #[test]
    fn rejects_latitude_over_90_without_repeating_it() {
        let error = Coordinate::new(136.2, 10.0).unwrap_err();
        assert_eq!(
            (error.axis, error.reason),
            (Axis::Latitude, CoordinateFault::OutOfRange)
        );
        assert_eq!(error.to_string(), "latitude must be -90..=90");
        let error = Coordinate::new(0.0, f64::NAN).unwrap_err();
        assert_eq!(
            (error.axis, error.reason),
            (Axis::Longitude, CoordinateFault::NotFinite)
        );
    }

    #[test]
    fn a_quarter_meridian_is_a_quarter_circumference() {
        close(
            distance_km(place(0.0, 0.0), place(90.0, 0.0)),
            EARTH_RADIUS_KM * std::f64::consts::FRAC_PI_2,
            1e-12,
        );
        close(
            distance_km(place(0.0, -180.0), place(0.0, 0.0)),
            EARTH_RADIUS_KM * std::f64::consts::PI,
            1e-12,
        );
    }

    #[test]
    fn the_antimeridian_is_one_line() {
        assert!(distance_km(place(5.0, 180.0), place(5.0, -180.0)) < 1e-9);
        assert!(distance_km(place(5.0, 179.9), place(5.0, -179.9)) < 23.0);
    }

    #[test]
    fn a_cell_holds_its_own_centre() {
        let cell = cell_of(place(7.29, 18.28), Resolution::Five);
        let centre = LatLng::from(cell);
        assert_eq!(
            cell_of(place(centre.lat(), centre.lng()), Resolution::Five),
            cell
        );
    }
}
