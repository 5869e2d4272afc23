//! Named places.

use crate::base::code::PlaceKind;

/// A named place.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its name, as its source spells it.
    pub name: String,
    /// What it is.
    pub kind: PlaceKind,
    /// Latitude in degrees north.
    pub lat_deg: f64,
    /// Longitude in degrees east.
    pub lon_deg: f64,
    /// People living there, where known.
    pub population: Option<u32>,
}

/// Named places, in order of name, latitude and longitude.
#[derive(Debug, Clone, Default)]
pub struct Places {
    rows: Vec<Place>,
}

impl Places {
    /// Puts places in order and drops exact repetitions.
    #[must_use]
    pub fn new(mut rows: Vec<Place>) -> Self {
        rows.sort_by(|a, b| {
            (a.name.as_str(), a.kind)
                .cmp(&(b.name.as_str(), b.kind))
                .then(a.lat_deg.total_cmp(&b.lat_deg))
                .then(a.lon_deg.total_cmp(&b.lon_deg))
        });
        rows.dedup();
        Self { rows }
    }

    /// The places.
    #[must_use]
    pub fn rows(&self) -> &[Place] {
        &self.rows
    }
}
