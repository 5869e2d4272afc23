//! Records that claim a point and lie on the middle of an area, again and again, where no place is known:
//! whoever wrote them knew the area and no more.

use std::collections::{BTreeMap, BTreeSet};

use forewarn_models::units::{Coordinate, distance_km};
use h3o::{CellIndex, LatLng};

use crate::base::code::PlacePrecision;
use crate::base::error::Result;
use crate::base::settings::Settings;
use crate::base::table::U64;
use crate::table;
use crate::tables::{Boundaries, Level, Middle, Middles, Places};

use super::anchors::{Anchors, rows};
use super::study_area::resolution;

/// Records of fewer weeks may all be of one raid.
const FEWEST_WEEKS: usize = 3;
/// A named place nearer to the middle than this may be what was meant, see also the names of zones.
const AT_KM: f64 = 5.0;

table! {
    /// One row per index cell on the middle of an area, or beside it: here points keep their index cell.
    MiddleCells, row MiddleCell, builder MiddleCellsBuilder {
        /// H3 cell at the index resolution.
        cell: U64,
    }
}

/// Index cells on the middles of areas, with the coarsest area that each is the middle of.
#[derive(Debug, Default)]
pub(super) struct OnMiddles {
    cells: BTreeMap<u64, (Level, String)>,
    /// The middles themselves, by their area.
    middles: BTreeMap<(Level, String), Vec<LatLng>>,
}

impl OnMiddles {
    /// The cells within a step of each middle; none where dumps are not looked for.
    pub(super) fn new(settings: &Settings, middles: &Middles) -> Result<Self> {
        let mut on = Self::default();
        if settings.placing.dump_reports == 0 {
            return Ok(on);
        }
        let index = resolution(settings.area.index_resolution)?;
        // The coarsest areas come first: where a point may stand for either, the less is known.
        for middle in middles.rows() {
            let Ok(point) = LatLng::new(middle.lat_deg, middle.lon_deg) else {
                continue;
            };
            let Middle { level, pcode, .. } = middle;
            let area = (*level, pcode.clone());
            for cell in point.to_cell(index).grid_disk::<Vec<_>>(1) {
                on.cells.entry(cell.into()).or_insert_with(|| area.clone());
            }
            on.middles.entry(area).or_default().push(point);
        }
        Ok(on)
    }

    pub(super) fn table(&self) -> MiddleCells {
        let mut rows = MiddleCellsBuilder::default();
        for &cell in self.cells.keys() {
            rows.push(MiddleCell { cell });
        }
        rows.finish()
    }

    /// Whether a place is known near an area's middle. One on the middle itself is how a list of areas
    /// writes the area down.
    fn names_a_place(&self, area: &(Level, String), places: &Places) -> bool {
        let coordinate = |lat, lon| Coordinate::new(lat, lon).ok();
        let middles: Vec<Coordinate> = self.middles[area]
            .iter()
            .filter_map(|point| coordinate(point.lat(), point.lng()))
            .collect();
        let index = self.cells.keys().next();
        let index = index.and_then(|&cell| CellIndex::try_from(cell).ok());
        let is_on_middle = |lat, lon| {
            let point = LatLng::new(lat, lon).ok().zip(index);
            let cell = point.map(|(point, index)| point.to_cell(index.resolution()));
            cell.is_some_and(|cell| self.cells.contains_key(&cell.into()))
        };
        places.rows().iter().any(|place| {
            let (lat, lon) = (place.lat_deg, place.lon_deg);
            let near = coordinate(lat, lon).is_some_and(|place| {
                let mut far = middles.iter().map(|&middle| distance_km(middle, place));
                far.any(|km| km <= AT_KM)
            });
            near && !is_on_middle(lat, lon)
        })
    }
}

/// Anchors that are the middle of an area and nothing else.
#[derive(Debug, Default)]
pub(super) struct Dumps {
    /// Of each such index cell the position of its area among the boundaries.
    pub(super) areas: BTreeMap<u64, usize>,
    /// What a reader must know of them.
    pub(super) notes: Vec<String>,
}

impl Dumps {
    pub(super) fn find(
        settings: &Settings,
        anchors: &Anchors,
        on: &OnMiddles,
        (boundaries, places): (&Boundaries, &Places),
    ) -> Self {
        let mut found: BTreeMap<&(Level, String), (i64, BTreeSet<i32>)> = BTreeMap::new();
        for (anchor, precision, first_day, _, n) in rows(anchors) {
            let Some(area) = on.cells.get(&anchor).filter(|_| claims_a_point(precision)) else {
                continue;
            };
            let (reports, weeks) = found.entry(area).or_default();
            *reports += n;
            weeks.insert(crate::base::day::Day(first_day).week().0);
        }
        let fewest = i64::from(settings.placing.dump_reports);
        found.retain(|area, (reports, weeks)| {
            *reports >= fewest && weeks.len() >= FEWEST_WEEKS && !on.names_a_place(area, places)
        });
        let position = |(level, pcode): &(Level, String)| {
            let areas = boundaries.areas();
            areas
                .binary_search_by(|area| (area.level, &area.pcode).cmp(&(*level, pcode)))
                .ok()
        };
        let cells = on.cells.iter().filter(|(_, area)| found.contains_key(area));
        let areas = cells.filter_map(|(&cell, area)| Some((cell, position(area)?)));
        Self {
            areas: areas.collect(),
            notes: note(&found).into_iter().collect(),
        }
    }

    /// Nothing where none of these anchors is one of them.
    pub(super) fn among(self, anchors: &Anchors) -> Self {
        let mut dumped = rows(anchors).filter(|&(anchor, precision, ..)| {
            self.areas.contains_key(&anchor) && claims_a_point(precision)
        });
        if dumped.next().is_some() {
            self
        } else {
            Self::default()
        }
    }

    /// The area that a record is known to in truth, if it is one of these.
    pub(super) fn area_of(&self, anchor: CellIndex, precision: PlacePrecision) -> Option<usize> {
        let area = self.areas.get(&anchor.into()).copied();
        area.filter(|_| claims_a_point(precision.code()))
    }
}

fn claims_a_point(precision: u8) -> bool {
    precision <= PlacePrecision::Near.code()
}

fn note(found: &BTreeMap<&(Level, String), (i64, BTreeSet<i32>)>) -> Option<String> {
    let reports: i64 = found.values().map(|(reports, _)| reports).sum();
    let areas: Vec<&str> = found.keys().map(|(_, pcode)| pcode.as_str()).collect();
    (!areas.is_empty()).then(|| {
        format!(
            "{reports} reports that claim a point lie on the middle of an area, where no named place is \
             near ({}): they are taken as known to the area only (placing.dump_reports)",
            areas.join(", ")
        )
    })
}
