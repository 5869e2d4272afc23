//! Corridors, roads, paths and rivers as lines.

use geo::{Coord, LineString, MultiLineString};

use crate::base::code::{LineKind, RoadClass, Surface};

/// Length of a degree of a great circle.
const KM_PER_DEGREE: f64 = 111.195;

/// Months of the year, January the lowest of twelve bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Months(u16);

impl Months {
    /// Reads months and ranges of months: `11-3` runs over the end of the year, `1;2;12` lists them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bits = 0;
        for part in text.split([';', ',', ' ']).filter(|part| !part.is_empty()) {
            let month = |text: &str| text.parse::<u16>().ok().filter(|m| (1..=12).contains(m));
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (mut at, last) = (month(first)?, month(last)?);
            bits |= 1 << (last - 1);
            while at != last {
                bits |= 1 << (at - 1);
                at = at % 12 + 1;
            }
        }
        (bits != 0).then_some(Self(bits))
    }

    /// Whether a month 1..=12 is among them.
    #[must_use]
    pub fn has(self, month: u8) -> bool {
        (1..=12).contains(&month) && self.0 & (1 << (month - 1)) != 0
    }
}

/// One corridor, road, path or river.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it is.
    pub kind: LineKind,
    /// Name of the corridor, road or river, where it has one.
    pub name: Option<String>,
    /// What a road is in its network, where told.
    pub class: Option<RoadClass>,
    /// What a road is made of, where told.
    pub surface: Option<Surface>,
    /// Whether it can be used, or carries water, for a part of the year only, where told.
    pub is_seasonal: Option<bool>,
    /// Months in which it can be used, where told.
    pub open_months: Option<Months>,
    /// Compass point that herds head for, where told.
    pub direction: Option<&'static str>,
    /// Its course in degrees, longitude first.
    pub shape: MultiLineString<f64>,
}

impl Line {
    /// What a corridor is called.
    #[must_use]
    pub fn corridor_name(&self) -> &str {
        self.name.as_deref().unwrap_or("a corridor without a name")
    }

    /// Kilometres from a place to the nearest point of the line, its steps straight in a plane that touches the sphere
    /// at the place: off by less than 1 % within 200 km. `None` for a line without a step.
    #[must_use]
    pub fn distance_km(&self, lat_deg: f64, lon_deg: f64) -> Option<f64> {
        let east_km = KM_PER_DEGREE * lat_deg.to_radians().cos();
        let km = |at: Coord<f64>| Coord {
            x: (at.x - lon_deg) * east_km,
            y: (at.y - lat_deg) * KM_PER_DEGREE,
        };
        let steps = self.shape.iter().flat_map(LineString::lines);
        let distances = steps.map(|step| {
            let (from, to) = (km(step.start), km(step.end));
            let way = to - from;
            let square = way.x * way.x + way.y * way.y;
            let share = if square > 0.0 {
                (-(from.x * way.x + from.y * way.y) / square).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let nearest = from + way * share;
            nearest.x.hypot(nearest.y)
        });
        distances.min_by(f64::total_cmp)
    }
}

/// Lines, by kind and name, otherwise in the order of their files.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    rows: Vec<Line>,
}

impl Lines {
    /// Puts lines in order.
    #[must_use]
    pub fn new(mut rows: Vec<Line>) -> Self {
        rows.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        Self { rows }
    }

    /// The lines.
    #[must_use]
    pub fn rows(&self) -> &[Line] {
        &self.rows
    }

    /// The lines of one kind.
    pub fn of_kind(&self, kind: LineKind) -> impl Iterator<Item = &Line> {
        self.rows.iter().filter(move |line| line.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_as_far_from_a_line_as_from_its_nearest_point() {
        let line = |shape: Vec<Vec<(f64, f64)>>| Line {
            kind: LineKind::Corridor,
            name: None,
            class: None,
            surface: None,
            is_seasonal: None,
            open_months: None,
            direction: None,
            shape: MultiLineString(shape.into_iter().map(LineString::from).collect()),
        };
        let km = |from: (f64, f64), to: (f64, f64)| {
            let place = |(lon, lat)| forewarn_models::units::Coordinate::new(lat, lon).unwrap();
            forewarn_models::units::distance_km(place(from), place(to))
        };
        let bent = line(vec![
            vec![(18.0, 7.0), (18.0, 8.0), (19.0, 8.0)],
            vec![(30.0, 7.0), (30.0, 7.0)],
        ]);
        for (place, nearest) in [
            ((18.4, 7.5), (18.0, 7.5)),
            ((17.9, 6.5), (18.0, 7.0)),
            ((19.5, 8.3), (19.0, 8.0)),
            ((18.5, 8.0), (18.5, 8.0)),
            ((30.5, 7.0), (30.0, 7.0)),
        ] {
            let got = bent.distance_km(place.1, place.0).unwrap();
            let due = km(place, nearest);
            assert!(
                (got - due).abs() <= 0.01 * due.max(0.1),
                "{place:?}: {got}, {due}"
            );
        }
        assert_eq!(line(vec![]).distance_km(7.0, 18.0), None);
    }

    #[test]
    fn months_are_read_singly_and_in_ranges_over_the_end_of_the_year() {
        for (text, months) in [
            ("11-3", &[1, 2, 3, 11, 12][..]),
            ("3-11", &[3, 4, 5, 6, 7, 8, 9, 10, 11]),
            ("1;2, 12", &[1, 2, 12]),
            ("5-5", &[5]),
            ("12-1", &[1, 12]),
        ] {
            let read = Months::parse(text).unwrap();
            let all: Vec<u8> = (0..=255).filter(|&month| read.has(month)).collect();
            assert_eq!(all, months, "{text}");
        }
        for text in ["", ";", "0", "13", "1-", "-3", "1-2-3", "Jan", "1.5"] {
            assert_eq!(Months::parse(text), None, "{text}");
        }
    }
}
