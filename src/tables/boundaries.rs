//! Administrative areas.

use geo::MultiPolygon;

/// Administrative level, from the country (0) down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level(pub u8);

/// One administrative area.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Its level.
    pub level: Level,
    /// Its P-code; for a country without one, its ISO3 code.
    pub pcode: String,
    /// Its name.
    pub name: String,
    /// ISO 3166-1 alpha-3 code of its country, where the file says so.
    pub iso3: Option<String>,
    /// Its shape in degrees, longitude first.
    pub shape: MultiPolygon<f64>,
}

/// Administrative areas, in order of level and P-code, each once.
#[derive(Debug, Clone, Default)]
pub struct Boundaries {
    areas: Vec<Area>,
}

impl Boundaries {
    /// Puts areas in order; of two with the same level and P-code the first by name stays.
    #[must_use]
    pub fn new(mut areas: Vec<Area>) -> Self {
        areas.sort_by(|a, b| (a.level, &a.pcode, &a.name).cmp(&(b.level, &b.pcode, &b.name)));
        areas.dedup_by(|next, kept| next.level == kept.level && next.pcode == kept.pcode);
        Self { areas }
    }

    /// All areas.
    #[must_use]
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// The areas of one level.
    pub fn of_level(&self, level: Level) -> impl Iterator<Item = &Area> {
        self.areas.iter().filter(move |area| area.level == level)
    }

    /// The coarsest level there is.
    #[must_use]
    pub fn coarsest(&self) -> Option<Level> {
        self.areas.first().map(|area| area.level)
    }
}
