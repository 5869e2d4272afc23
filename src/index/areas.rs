//! Finds administrative areas by P-code or by name, and tells which lie in which.

use std::collections::{BTreeMap, BTreeSet};

use geo::{BoundingRect, Contains, InteriorPoint};
use icu_normalizer::DecomposingNormalizer;

use crate::tables::{Area, Boundaries, Level};

const COUNTRY: Level = Level(0);
const FIRST: Level = Level(1);
/// Levels that names are looked for in.
const FINER: [Level; 3] = [FIRST, Level(2), Level(3)];

/// Administrative areas by what sources call them.
#[derive(Debug)]
pub struct AreaIndex<'a> {
    areas: &'a [Area],
    by_pcode: BTreeMap<String, usize>,
    by_name: BTreeMap<String, Vec<usize>>,
    /// The two letters that P-codes start with, and ISO3 codes.
    countries: BTreeSet<String>,
    /// Of each area those of coarser levels that hold it.
    holders: Vec<Vec<usize>>,
}

impl<'a> AreaIndex<'a> {
    /// Indexes all areas of a mission.
    #[must_use]
    pub fn new(boundaries: &'a Boundaries) -> Self {
        let areas = boundaries.areas();
        let mut by_pcode = BTreeMap::new();
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (i, area) in areas.iter().enumerate() {
            by_pcode.entry(area.pcode.to_uppercase()).or_insert(i);
            by_name.entry(folded(&area.name)).or_default().push(i);
            if let Some(iso3) = area.iso3.as_ref().filter(|_| area.level == COUNTRY) {
                by_pcode.entry(iso3.to_uppercase()).or_insert(i);
            }
        }
        let coded = areas.iter().filter(|area| area.level != COUNTRY);
        let letters = coded.filter_map(|area| country(&area.pcode));
        let iso3 = areas.iter().filter_map(|area| area.iso3.as_deref());
        Self {
            areas,
            by_pcode,
            by_name,
            countries: letters.chain(iso3.map(str::to_uppercase)).collect(),
            holders: holders(areas),
        }
    }

    /// The area of a P-code, whatever its case; of a country's ISO3 code the country.
    #[must_use]
    pub fn of_pcode(&self, pcode: &str) -> Option<&'a Area> {
        self.position(pcode).map(|i| &self.areas[i])
    }

    /// Its position among the boundaries.
    pub(super) fn position(&self, pcode: &str) -> Option<usize> {
        self.by_pcode.get(&pcode.to_uppercase()).copied()
    }

    /// The area at a position.
    pub(super) fn area(&self, position: usize) -> &'a Area {
        &self.areas[position]
    }

    /// The area of a name within a country and, where one is told, within a first-level area. Names
    /// are the same where nothing but case, accents, spaces and punctuation tells them apart; where
    /// more than one area has the name, or none, there is no answer.
    ///
    /// A first level that no area is called by is a grouping of the source's own: then the name can
    /// only be that of a first-level area.
    #[must_use]
    pub fn of_name(&self, iso3: &str, level1: Option<&str>, name: &str) -> Option<&'a Area> {
        let named = self.named(iso3, name);
        let at = |level: Level| {
            named
                .iter()
                .copied()
                .filter(move |&i| self.areas[i].level == level)
        };
        let found = match level1.map(|level1| self.first_level(iso3, level1)) {
            // The coarsest level that has the name at all.
            None => FINER.into_iter().map(at).find_map(several),
            Some(None) => several(at(FIRST)),
            Some(Some(first)) => {
                let within = |level| at(level).filter(|&i| self.holders[i].contains(&first));
                let own = named.contains(&first).then_some(vec![first]);
                FINER[1..]
                    .iter()
                    .map(|&level| within(level))
                    .find_map(several)
                    .or(own)
            }
        };
        match found?.as_slice() {
            [one] => Some(&self.areas[*one]),
            _ => None,
        }
    }

    /// The areas of coarser levels that hold one, all by their position among the boundaries.
    pub(super) fn holders(&self, area: usize) -> &[usize] {
        &self.holders[area]
    }

    /// Whether a P-code, or an ISO3 code, is of a country whose boundaries are known, matched or not.
    #[must_use]
    pub fn is_of_country(&self, pcode: &str) -> bool {
        let codes = [country(pcode), Some(pcode.to_uppercase())];
        codes
            .iter()
            .flatten()
            .any(|code| self.countries.contains(code))
    }

    /// The one first-level area of a name.
    fn first_level(&self, iso3: &str, name: &str) -> Option<usize> {
        let mut named = self.named(iso3, name);
        named.retain(|&i| self.areas[i].level == FIRST);
        match named.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    fn named(&self, iso3: &str, name: &str) -> Vec<usize> {
        let named = self.by_name.get(&folded(name));
        let is_of_country = |&i: &usize| {
            let own = self.areas[i].iso3.as_deref();
            own.is_none_or(|own| own.eq_ignore_ascii_case(iso3))
        };
        named
            .into_iter()
            .flatten()
            .copied()
            .filter(is_of_country)
            .collect()
    }
}

/// The letters of its country at the start of a P-code.
fn country(pcode: &str) -> Option<String> {
    pcode.get(..2).map(str::to_uppercase)
}

/// All there are, if there is any.
fn several(found: impl Iterator<Item = usize>) -> Option<Vec<usize>> {
    let found: Vec<usize> = found.collect();
    (!found.is_empty()).then_some(found)
}

/// Of each area those of coarser levels that hold a point inside it.
fn holders(areas: &[Area]) -> Vec<Vec<usize>> {
    let boxes: Vec<_> = areas
        .iter()
        .map(|area| area.shape.bounding_rect())
        .collect();
    let of = |area: &Area| {
        let Some(point) = area.shape.interior_point() else {
            return Vec::new();
        };
        let coarser = areas.iter().zip(&boxes).enumerate();
        let coarser = coarser.filter(|(_, (other, _))| other.level < area.level);
        let holding = coarser.filter(|(_, (other, bounds))| {
            bounds.is_some_and(|bounds| bounds.contains(&point)) && other.shape.contains(&point)
        });
        holding.map(|(i, _)| i).collect()
    };
    areas.iter().map(of).collect()
}

/// A name as it is compared: lower case, no accents, no spaces or punctuation.
fn folded(name: &str) -> String {
    let plain = DecomposingNormalizer::new_nfd()
        .normalize(name)
        .into_owned();
    let letters = plain.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;

    fn area(level: u8, pcode: &str, name: &str, (w, e): (f64, f64)) -> Area {
        let shape = polygon![(x: w, y: 0.0), (x: e, y: 0.0), (x: e, y: 1.0), (x: w, y: 1.0)];
        Area {
            level: Level(level),
            pcode: pcode.to_owned(),
            name: name.to_owned(),
            iso3: Some("XXA".to_owned()),
            shape: shape.into(),
        }
    }

    fn boundaries() -> Boundaries {
        Boundaries::new(vec![
            area(0, "XX", "Invented country", (0.0, 8.0)),
            area(1, "XX1", "Mbéré-Kâdéï", (0.0, 4.0)),
            area(1, "XX2", "Inventa", (4.0, 8.0)),
            area(2, "XX11", "Yalokè", (0.0, 2.0)),
            area(2, "XX12", "M'Poko", (2.0, 4.0)),
            area(2, "XX21", "Yaloké", (4.0, 6.0)),
            area(2, "XX22", "Inventa", (6.0, 8.0)),
            area(3, "XX121", "Twin", (2.0, 3.0)),
            area(3, "XX122", "Twin", (3.0, 4.0)),
            area(3, "XX221", "Ford", (6.0, 7.0)),
        ])
    }

    #[test]
    fn p_codes_are_found_in_any_case_and_countries_by_iso3_too() {
        let boundaries = boundaries();
        let index = AreaIndex::new(&boundaries);
        let code = |pcode| index.of_pcode(pcode).map(|area| area.pcode.as_str());
        assert_eq!(code("xx12"), Some("XX12"));
        assert_eq!(code("XXA"), Some("XX"));
        assert_eq!(code("XX9"), None);
        assert!(index.is_of_country("XX9") && index.is_of_country("XXA"));
        assert!(!index.is_of_country("YY1") && !index.is_of_country("YYA"));
    }

    #[test]
    fn names_are_found_by_all_but_case_accents_and_punctuation() {
        let boundaries = boundaries();
        let index = AreaIndex::new(&boundaries);
        let name = |level1, name| {
            let found = index.of_name("XXA", level1, name);
            found.map(|area| area.pcode.as_str())
        };
        assert_eq!(name(Some("MBERE KADEI"), "yaloke"), Some("XX11"));
        assert_eq!(name(Some("Inventa"), "Yaloke\u{301}"), Some("XX21"));
        assert_eq!(name(Some("mbéré-kâdéï"), "M\u{2019}poko"), Some("XX12"));
        // The finer of two with one name; a third level where there is no second.
        assert_eq!(name(Some("Inventa"), "Inventa"), Some("XX22"));
        assert_eq!(name(Some("Inventa"), "Ford"), Some("XX221"));
        // A first level that holds only itself by that name.
        assert_eq!(name(Some("Mbéré-Kâdéï"), "Mbere Kadei"), Some("XX1"));
        // The source's own grouping: only first levels can be meant.
        assert_eq!(name(Some("Prefectures"), "Inventa"), Some("XX2"));
        assert_eq!(name(Some("Prefectures"), "Yaloke"), None);
        assert_eq!(name(None, "M'Poko"), Some("XX12"));
    }

    #[test]
    fn nothing_is_guessed() {
        let boundaries = boundaries();
        let index = AreaIndex::new(&boundaries);
        assert!(
            index.of_name("XXA", None, "Yaloke").is_none(),
            "two have it"
        );
        assert!(index.of_name("XXA", Some("Mbéré-Kâdéï"), "Twin").is_none());
        assert!(
            index.of_name("XXA", Some("Mbéré-Kâdéï"), "Ford").is_none(),
            "it lies elsewhere"
        );
        assert!(index.of_name("XXA", Some("Inventa"), "Yalok").is_none());
        assert!(
            index.of_name("YYA", Some("Inventa"), "Ford").is_none(),
            "another country"
        );
    }

    #[test]
    fn areas_lie_in_those_that_hold_a_point_inside_them() {
        let boundaries = boundaries();
        let index = AreaIndex::new(&boundaries);
        let holders = |code| {
            let holders = index.holders(index.position(code).unwrap()).iter();
            holders
                .map(|&i| index.area(i).pcode.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(holders("XX121"), ["XX", "XX1", "XX12"]);
        assert_eq!(holders("XX2"), ["XX"]);
        assert!(holders("XX").is_empty());
    }
}
