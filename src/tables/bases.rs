//! Bases that patrols leave from.

use geo::{Coord, Rect};

use crate::base::day::Day;
use crate::base::table::{Date, F64, Opt, Text, U8, U32};
use crate::table;

/// Length of a degree of a meridian.
const KM_PER_DEGREE: f64 = 111.195;

table! {
    /// One row per base and period. Sources of many countries are kept whole, as places are: which
    /// bases matter to a mission is asked of the table.
    Bases, row Base, builder BasesBuilder {
        /// The source's registered name.
        source: Text,
        /// Name of the place.
        name: Text,
        /// `base::code::BaseKind`.
        kind: U8,
        /// Latitude in degrees north.
        lat_deg: F64,
        /// Longitude in degrees east.
        lon_deg: F64,
        /// First day it is known to stand.
        first_day: Opt<Date>,
        /// Last day it is known to stand; until further notice where none is told.
        last_day: Opt<Date>,
        /// How far its patrols reach, where known.
        range_km: Opt<F64>,
        /// Whether its teams have women in them, where known.
        mixed_team: Opt<U8>,
        /// Vehicles, where known.
        vehicles: Opt<U32>,
        /// Whether its patrols can move at night, where known.
        night: Opt<U8>,
        /// Troops, where known.
        troops: Opt<U32>,
    }
}

impl Bases {
    /// Whether the base of a row stands on a day, as far as its source tells.
    #[must_use]
    pub fn is_open(&self, row: usize, day: Day) -> bool {
        super::holds(self.first_day(), self.last_day(), row, day)
    }

    /// Rows whose base lies in a box of longitudes and latitudes, or no more than a margin from it.
    pub fn within(&self, area: Rect<f64>, margin_km: f64) -> impl Iterator<Item = usize> {
        let (lats, lons) = (self.lat_deg().values(), self.lon_deg().values());
        (0..self.len()).filter(move |&row| {
            let point = Coord {
                x: lons[row],
                y: lats[row],
            };
            is_within(point, area, margin_km)
        })
    }
}

/// Degrees of longitude shorten towards the poles; the margin is measured at the point's latitude.
fn is_within(point: Coord<f64>, area: Rect<f64>, margin_km: f64) -> bool {
    let (min, max) = (area.min(), area.max());
    let beyond = |value: f64, low: f64, high: f64| (low - value).max(value - high).max(0.0);
    let north_km = beyond(point.y, min.y, max.y) * KM_PER_DEGREE;
    let east_km = beyond(point.x, min.x, max.x) * KM_PER_DEGREE * point.y.to_radians().cos();
    north_km.hypot(east_km) <= margin_km
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_margin_is_as_wide_in_every_direction() {
        let area = Rect::new((20.0, 0.0), (22.0, 60.0));
        for (x, y, within) in [
            (21.0, 30.0, true),
            (21.0, 60.44, true),
            (21.0, 60.46, false),
            (19.56, 0.0, true),
            (19.54, 0.0, false),
            (19.12, 60.0, true),
            (19.08, 60.0, false),
            (22.4, 60.4, true),
            (22.8, 60.4, false),
        ] {
            assert_eq!(is_within(Coord { x, y }, area, 50.0), within, "{x} {y}");
        }
    }
}
