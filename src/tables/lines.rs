//! Corridors, roads, paths and rivers as lines.

use geo::MultiLineString;

use crate::base::code::{LineKind, RoadClass, Surface};

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
