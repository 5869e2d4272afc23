//! Records that claim a point and lie on the middle of an area, again and again, where no place is known:
//! whoever wrote them knew the area and no more.

use std::collections::{BTreeMap, BTreeSet};

use forewarn_models::units::{Coordinate, distance_km};
use geo::Coord;
use h3o::{CellIndex, LatLng};

use crate::base::code::PlacePrecision;
use crate::base::day::{Day, Week};
use crate::base::error::Result;
use crate::base::settings::Settings;
use crate::base::table::U64;
use crate::table;
use crate::tables::{Boundaries, Holding, Level, Middle, Middles, Place, Places};

use super::anchors::{Anchors, rows};
use super::study_area::resolution;

/// Records of fewer weeks may all be of one raid.
const FEWEST_WEEKS: usize = 3;
/// A named place nearer to the middle than this may be what was meant, see also the names of zones.
const AT_KM: f64 = 5.0;
const FIRST_LEVEL: Level = Level(1);

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
        let index = self.cells.keys().next();
        let index = index.and_then(|&cell| CellIndex::try_from(cell).ok());
        let is_on_middle = |place: &Place| {
            let point = LatLng::new(place.lat_deg, place.lon_deg).ok().zip(index);
            let cell = point.map(|(point, index)| point.to_cell(index.resolution()));
            cell.is_some_and(|cell| self.cells.contains_key(&cell.into()))
        };
        self.middles[area]
            .iter()
            .any(|&middle| near(middle, places).any(|place| !is_on_middle(place)))
    }
}

/// Named places near a point.
fn near(point: LatLng, places: &Places) -> impl Iterator<Item = &Place> {
    let point = Coordinate::new(point.lat(), point.lng()).ok();
    places.rows().iter().filter(move |place| {
        let place = Coordinate::new(place.lat_deg, place.lon_deg).ok();
        place
            .zip(point)
            .is_some_and(|(place, point)| distance_km(place, point) <= AT_KM)
    })
}

/// Reports and the weeks they fall in.
type Heap = (i64, BTreeSet<Week>);

/// Whether so many reports on one point are too many, over too many weeks, for a raid.
fn is_dump((reports, weeks): &Heap, fewest: u16) -> bool {
    fewest > 0 && *reports >= i64::from(fewest) && weeks.len() >= FEWEST_WEEKS
}

/// Anchors that stand for an area and nothing finer.
#[derive(Debug, Default)]
pub(super) struct Dumps {
    /// Of each such index cell the position of its area among the boundaries.
    areas: BTreeMap<u64, usize>,
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
        let mut on_middles: BTreeMap<&(Level, String), Heap> = BTreeMap::new();
        let mut on_points: BTreeMap<u64, Heap> = BTreeMap::new();
        let points_apart = settings.placing.unnamed_reports > 0;
        for (anchor, precision, first_day, _, n) in rows(anchors) {
            if !claims_a_point(precision) {
                continue;
            }
            let heap = match on.cells.get(&anchor) {
                Some(area) => on_middles.entry(area).or_default(),
                None if points_apart => on_points.entry(anchor).or_default(),
                None => continue,
            };
            heap.0 += n;
            heap.1.insert(Day(first_day).week());
        }
        on_middles.retain(|area, heap| {
            is_dump(heap, settings.placing.dump_reports) && !on.names_a_place(area, places)
        });
        on_points.retain(|_, heap| is_dump(heap, settings.placing.unnamed_reports));
        let mut dumps = Self::default();
        dumps.take_middles(&on_middles, on, boundaries);
        dumps.take_points(&on_points, (boundaries, places));
        dumps
    }

    fn take_middles(
        &mut self,
        found: &BTreeMap<&(Level, String), Heap>,
        on: &OnMiddles,
        boundaries: &Boundaries,
    ) {
        let areas = boundaries.areas();
        let position = |(level, pcode): &(Level, String)| {
            let found =
                areas.binary_search_by(|area| (area.level, &area.pcode).cmp(&(*level, pcode)));
            found.ok()
        };
        let cells = on.cells.iter();
        let cells = cells.filter(|(_, area)| found.contains_key(area));
        self.areas
            .extend(cells.filter_map(|(&cell, area)| Some((cell, position(area)?))));
        let pcodes: Vec<&str> = found.keys().map(|(_, pcode)| pcode.as_str()).collect();
        let reports: i64 = found.values().map(|(reports, _)| reports).sum();
        if reports > 0 {
            self.notes.push(format!(
                "{reports} reports that claim a point lie on the middle of an area, where no named place \
                 is near ({}): they are taken as known to the area only (placing.dump_reports)",
                pcodes.join(", ")
            ));
        }
    }

    fn take_points(
        &mut self,
        found: &BTreeMap<u64, Heap>,
        (boundaries, places): (&Boundaries, &Places),
    ) {
        let holding = Holding::new(boundaries);
        let (mut reports, mut n_points) = (0, 0);
        for (&anchor, heap) in found {
            let Ok(point) = CellIndex::try_from(anchor).map(LatLng::from) else {
                continue;
            };
            let at = Coord {
                x: point.lng(),
                y: point.lat(),
            };
            let area = holding.of(at, FIRST_LEVEL);
            let area = area.filter(|_| near(point, places).next().is_none());
            if let Some((area, _)) = area {
                self.areas.insert(anchor, area);
                reports += heap.0;
                n_points += 1;
            }
        }
        if n_points > 0 {
            self.notes.push(format!(
                "{reports} reports lie on {n_points} point(s) where no named place is near: they are taken \
                 as known to the first-level area only (placing.unnamed_reports)"
            ));
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
