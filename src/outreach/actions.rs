//! Action cards: what can be done in a zone, by its reasons and by what lies in it. Patrols are one answer
//! among others, and the choice is a person's.

use std::collections::{BTreeMap, BTreeSet};

use forewarn_models::units::{Coordinate, distance_km};
use h3o::{CellIndex, LatLng};
use serde::Deserialize;

use crate::base::code::{LineKind, PlaceKind};
use crate::base::digest;
use crate::base::error::{Error, Result};
use crate::tables::{ActionOption, Zone, ZoneAction, Zones};

use super::Input;

const TEXT: &str = include_str!("../../models/cards/actions.toml");
/// A place so near a cell's centre is one that its people walk to.
const NEAR_PLACE_KM: f64 = 10.0;
/// From this exposure on a corridor is felt.
const NEAR_CORRIDOR: f64 = 0.3;
/// Cells outside zones that are told what can be done, at most; most warned first.
const MOST_CELLS: usize = 20;

/// What lies in a zone, by the code that the card knows it by.
const ON_WAY: &str = "ON_WAY";
const NEAR_CORRIDOR_CODE: &str = "NEAR_CORRIDOR";

/// The card.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Card {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "version")]
    _version: u32,
    #[serde(rename = "evidence")]
    _evidence: String,
    option: Vec<Entry>,
    reasons: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    is_patrol: bool,
    en: String,
    fr: String,
}

impl Card {
    /// The card that is built in.
    ///
    /// # Errors
    /// [`Error::Statistic`] where it is damaged, or names an option that it does not have.
    pub(super) fn read() -> Result<Self> {
        let card: Self = toml::from_str(TEXT).map_err(|error| refuse(error.message()))?;
        for id in card.reasons.values().flatten() {
            card.entry(id)?;
        }
        Ok(card)
    }

    pub(super) fn digest() -> String {
        digest::of_parts([TEXT.as_bytes()])
    }

    fn entry(&self, id: &str) -> Result<&Entry> {
        let found = self.option.iter().find(|entry| entry.id == id);
        found.ok_or_else(|| refuse(&format!("there is no option {id}")))
    }

    /// Options that answer to some codes, those of the first code first: by patrol, and others. What a code
    /// of no card answers to is nothing, and a test holds the card against every code there is.
    fn options(&self, codes: &[&str]) -> Result<[Vec<ActionOption>; 2]> {
        let mut found: [Vec<ActionOption>; 2] = [Vec::new(), Vec::new()];
        for &code in codes {
            for id in self.reasons.get(code).into_iter().flatten() {
                let entry = self.entry(id)?;
                let list = &mut found[usize::from(!entry.is_patrol)];
                match list.iter_mut().find(|option| option.option == *id) {
                    Some(option) if option.because.iter().all(|because| because != code) => {
                        option.because.push(code.to_owned());
                    }
                    Some(_) => {}
                    None => list.push(ActionOption {
                        option: id.clone(),
                        because: vec![code.to_owned()],
                        text_en: entry.en.clone(),
                        text_fr: entry.fr.clone(),
                    }),
                }
            }
        }
        Ok(found)
    }
}

/// Codes that answer to at least one option that is no patrol.
///
/// # Errors
/// Where the card is damaged.
pub fn answered() -> Result<BTreeSet<String>> {
    let card = Card::read()?;
    let mut answered = BTreeSet::new();
    for code in card.reasons.keys() {
        if !card.options(&[code])?[1].is_empty() {
            answered.insert(code.clone());
        }
    }
    Ok(answered)
}

fn refuse(reason: &str) -> Error {
    Error::Statistic {
        stage: "outreach",
        reason: format!("card of actions: {reason}"),
    }
}

/// Tells every zone, and every cell outside them that calls for a review, what can be done.
pub(super) fn run(input: &Input<'_>, zones: &mut Zones) -> Result<Vec<ZoneAction>> {
    let card = Card::read()?;
    let ground = Ground::of(input);
    let mut rows = Vec::new();
    for zone in &mut zones.rows {
        let of_ground = ground.codes(&zone.cells);
        let mut codes: Vec<&str> = zone.reasons.iter().map(|reason| reason.code).collect();
        codes.extend(of_ground);
        codes.extend(zone.counter_evidence.iter().map(|reason| reason.code));
        let [patrol, other] = card.options(&codes)?;
        (zone.options_patrol, zone.options_other) = (patrol, other);
        rows.extend(of_zone(zone));
    }
    for cell in reviewed(input, zones) {
        let mut codes = vec!["REVIEW"];
        codes.extend(ground.codes(&[cell]));
        let both = card.options(&codes)?;
        for (is_patrol, options) in [true, false].into_iter().zip(both) {
            rows.extend(options.into_iter().map(|option| ZoneAction {
                zone_id: None,
                hex_id: Some(cell.to_string()),
                is_patrol,
                option,
            }));
        }
    }
    Ok(rows)
}

fn of_zone(zone: &Zone) -> Vec<ZoneAction> {
    let lists = [(true, &zone.options_patrol), (false, &zone.options_other)];
    let rows = lists.into_iter().flat_map(|(is_patrol, options)| {
        options.iter().map(move |option| ZoneAction {
            zone_id: Some(zone.zone_id.clone()),
            hex_id: None,
            is_patrol,
            option: option.clone(),
        })
    });
    rows.collect()
}

/// Cells that call for a review and are in no zone, most warned first.
fn reviewed(input: &Input<'_>, zones: &Zones) -> Vec<CellIndex> {
    let listed: BTreeSet<CellIndex> = zones
        .rows
        .iter()
        .flat_map(|zone| zone.cells.iter().copied())
        .collect();
    let warnings = input.early_warnings;
    let mut found: Vec<(f64, CellIndex)> = (0..warnings.len())
        .filter(|&row| warnings.review().value(row) == 1)
        .filter_map(|row| {
            let cell = CellIndex::try_from(warnings.cell().value(row)).ok()?;
            (!listed.contains(&cell)).then(|| (warnings.log_odds().value(row), cell))
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found
        .into_iter()
        .map(|(_, cell)| cell)
        .take(MOST_CELLS)
        .collect()
}

/// What lies where.
struct Ground {
    ways: BTreeSet<CellIndex>,
    corridors: BTreeSet<CellIndex>,
    places: Vec<(&'static str, Coordinate)>,
}

impl Ground {
    fn of(input: &Input<'_>) -> Self {
        let lines = &input.surroundings.lines;
        let resolution = input.study_area.grid.cells()[0].resolution();
        let ways = [LineKind::Road, LineKind::Path].into_iter();
        let ways = ways.flat_map(|kind| lines.of_kind(kind));
        let shapes = ways.flat_map(|line| line.shape.iter());
        let cells = shapes.flat_map(|shape| (input.along)(shape, resolution));
        let corridors = input.corridors;
        let near =
            (0..corridors.len()).filter(|&row| corridors.exposure().value(row) >= NEAR_CORRIDOR);
        let near = near.filter_map(|row| CellIndex::try_from(corridors.cell().value(row)).ok());
        let places = input.places.rows().iter().filter_map(|place| {
            let code = match place.kind {
                PlaceKind::Market => "AT_DISTRIBUTION",
                PlaceKind::DisplacementSite => "AT_SITE",
                PlaceKind::Water => "AT_WATER",
                _ => return None,
            };
            Some((code, Coordinate::new(place.lat_deg, place.lon_deg).ok()?))
        });
        Self {
            ways: cells.collect(),
            corridors: near.collect(),
            places: places.collect(),
        }
    }

    /// Codes of what lies in or near some cells.
    fn codes(&self, cells: &[CellIndex]) -> Vec<&'static str> {
        let mut codes = Vec::new();
        if cells.iter().any(|cell| self.ways.contains(cell)) {
            codes.push(ON_WAY);
        }
        let centres: Vec<Coordinate> = cells
            .iter()
            .filter_map(|&cell| {
                let at = LatLng::from(cell);
                Coordinate::new(at.lat(), at.lng()).ok()
            })
            .collect();
        let near = |point: &Coordinate| {
            let mut all = centres.iter();
            all.any(|&centre| distance_km(centre, *point) <= NEAR_PLACE_KM)
        };
        let places = self.places.iter().filter(|(_, point)| near(point));
        let of_places: BTreeSet<&'static str> = places.map(|&(code, _)| code).collect();
        codes.extend(of_places);
        if cells.iter().any(|cell| self.corridors.contains(cell)) {
            codes.push(NEAR_CORRIDOR_CODE);
        }
        codes
    }
}
