//! Words of OpenStreetMap and of OCHA's road layers, and what they mean here.

use crate::base::code::{RoadClass, Surface};

pub(super) const PATHS: &[&str] = &[
    "path",
    "footway",
    "bridleway",
    "steps",
    "footpath",
    "sentier",
];
pub(super) const RIVERS: &[&str] = &["river", "stream", "canal", "drain", "ditch", "wadi"];
pub(super) const CLASSES: &[(&str, RoadClass)] = &[
    ("motorway", RoadClass::Trunk),
    ("trunk", RoadClass::Trunk),
    ("highway", RoadClass::Trunk),
    ("primary", RoadClass::Primary),
    ("national", RoadClass::Primary),
    ("secondary", RoadClass::Secondary),
    ("regional", RoadClass::Secondary),
    ("tertiary", RoadClass::Tertiary),
    ("local", RoadClass::Local),
    ("residential", RoadClass::Local),
    ("unclassified", RoadClass::Local),
    ("living_street", RoadClass::Local),
    ("service", RoadClass::Local),
    ("street", RoadClass::Local),
    ("track", RoadClass::Track),
    ("trail", RoadClass::Track),
    ("piste", RoadClass::Track),
];
/// "Unpaved" leaves open whether there is gravel; for who must pass, the worse is assumed.
pub(super) const SURFACES: &[(&str, Surface)] = &[
    ("paved", Surface::Paved),
    ("paving", Surface::Paved),
    ("asphalt", Surface::Paved),
    ("bitumen", Surface::Paved),
    ("concrete", Surface::Paved),
    ("sett", Surface::Paved),
    ("cobblestone", Surface::Paved),
    ("gravel", Surface::Gravel),
    ("fine_gravel", Surface::Gravel),
    ("compacted", Surface::Gravel),
    ("laterite", Surface::Gravel),
    ("pebblestone", Surface::Gravel),
    ("unpaved", Surface::Earth),
    ("earth", Surface::Earth),
    ("ground", Surface::Earth),
    ("dirt", Surface::Earth),
    ("mud", Surface::Earth),
    ("sand", Surface::Earth),
    ("clay", Surface::Earth),
    ("grass", Surface::Earth),
];
const SEASONS: &[&str] = &[
    "season", "dry", "wet", "rain", "winter", "spring", "summer", "autumn",
];

/// The first of these words that a text starts with.
pub(super) fn first<T: Copy>(text: &str, words: &[(&str, T)]) -> Option<T> {
    let text = text.to_lowercase();
    let found = words.iter().find(|(word, _)| text.starts_with(word));
    found.map(|&(_, value)| value)
}

/// A season's name says yes; what is neither yes nor no nor a season says nothing.
pub(super) fn is_seasonal(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        text => SEASONS
            .iter()
            .any(|word| text.contains(word))
            .then_some(true),
    }
}
