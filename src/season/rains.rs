//! Rain of the study area, period by period.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::Array;
use forewarn_models::units::priogrid_corners;
use h3o::{CellIndex, LatLng, Resolution};

use crate::base::code::Footprint;
use crate::base::day::Day;
use crate::tables::{Rain, StudyArea};

/// Sum of rain and number of places, by first and last day.
type Sums = BTreeMap<(Day, Day), (f64, f64)>;

/// Mean rain over the places of the study area.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RainPeriod {
    pub(super) first: Day,
    pub(super) last: Day,
    pub(super) rain_mm: f64,
}

/// Periods that had ended by a day, in order and without overlap, between two latitudes: of several kinds of table the
/// one with the newest period, then the one with the shortest.
pub(super) fn periods(
    rain: &Rain,
    study_area: &StudyArea,
    as_of: Day,
    lat_deg: (f64, f64),
) -> Vec<RainPeriod> {
    if rain.is_empty() {
        return Vec::new();
    }
    let inside = Inside::of(study_area, lat_deg);
    let mut kinds: BTreeMap<(&str, u8), Sums> = BTreeMap::new();
    for row in 0..rain.len() {
        let (first, last) = (
            Day(rain.first_day().value(row)),
            Day(rain.last_day().value(row)),
        );
        if last > as_of || !inside.holds(rain, row) {
            continue;
        }
        let kind = (rain.source().value(row), rain.footprint().value(row));
        let sum = kinds
            .entry(kind)
            .or_default()
            .entry((first, last))
            .or_default();
        *sum = (sum.0 + rain.rain_mm().value(row), sum.1 + 1.0);
    }
    let best = kinds.into_values().max_by_key(|periods| {
        let newest = periods.keys().map(|(_, last)| *last).max();
        let shortest = periods.keys().map(|(first, last)| last.0 - first.0).min();
        (newest, shortest.map(std::cmp::Reverse))
    });
    let mut periods: Vec<RainPeriod> = Vec::new();
    for ((first, last), (sum, n)) in best.unwrap_or_default() {
        if periods.last().is_none_or(|before| before.last < first) {
            periods.push(RainPeriod {
                first,
                last,
                rain_mm: sum / n,
            });
        }
    }
    periods
}

/// Which places of rain lie in the study area, between two latitudes.
struct Inside<'a> {
    study_area: &'a StudyArea,
    lat_deg: (f64, f64),
    resolution: Option<Resolution>,
    pcodes: BTreeSet<&'a str>,
    /// Cells above the study area's own.
    parents: BTreeSet<CellIndex>,
}

impl<'a> Inside<'a> {
    fn of(study_area: &'a StudyArea, lat_deg: (f64, f64)) -> Self {
        let cells = study_area.grid.cells();
        let mut parents = BTreeSet::new();
        for cell in cells {
            let above = std::iter::successors(Some(cell.resolution()), |r| r.pred());
            parents.extend(
                above
                    .skip(1)
                    .filter_map(|resolution| cell.parent(resolution)),
            );
        }
        let areas = study_area.cells_of.iter();
        Self {
            study_area,
            lat_deg,
            resolution: cells.first().map(|cell| cell.resolution()),
            pcodes: areas
                .filter(|(_, cells)| middle_lat(cells).is_some_and(|lat| within(lat_deg, lat)))
                .map(|((_, pcode), _)| pcode.as_str())
                .collect(),
            parents,
        }
    }

    fn holds(&self, rain: &Rain, row: usize) -> bool {
        if rain.pcode().is_valid(row) {
            return self.pcodes.contains(rain.pcode().value(row));
        }
        let Some(resolution) = self.resolution.filter(|_| rain.cell().is_valid(row)) else {
            return false;
        };
        let id = rain.cell().value(row);
        let cell = match Footprint::from_code(rain.footprint().value(row)) {
            Some(Footprint::PrioGrid) => u32::try_from(id)
                .ok()
                .and_then(priogrid_corners)
                .and_then(|[(south, west), (north, east)]| {
                    let middle = f64::midpoint;
                    let centre = LatLng::new(middle(south, north), middle(west, east));
                    Some(centre.ok()?.to_cell(resolution))
                }),
            _ => CellIndex::try_from(id).ok(),
        };
        let in_band = |cell: &CellIndex| within(self.lat_deg, LatLng::from(*cell).lat());
        cell.filter(in_band).is_some_and(|cell| {
            let own = cell.parent(resolution);
            self.parents.contains(&cell)
                || own.is_some_and(|own| self.study_area.grid.position(own).is_some())
        })
    }
}

fn within((south, north): (f64, f64), lat_deg: f64) -> bool {
    (south..=north).contains(&lat_deg)
}

/// Mean latitude of the cells of an area.
fn middle_lat(cells: &[CellIndex]) -> Option<f64> {
    let (sum, n) = cells.iter().fold((0.0, 0.0), |(sum, n), &cell| {
        (sum + LatLng::from(cell).lat(), n + 1.0)
    });
    (n > 0.0).then(|| sum / n)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use forewarn_models::grid::Grid;
    use forewarn_models::units::{Coordinate, priogrid_of};

    use super::*;
    use crate::tables::{Level, RainBuilder, RainRow};

    const WORLD: (f64, f64) = (-90.0, 90.0);

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    fn place(lat_deg: f64) -> LatLng {
        LatLng::new(lat_deg, 18.25).unwrap()
    }

    /// Two discs of cells, around 5 and 9 degrees north; the northern one is the area XX1.
    fn study_area() -> StudyArea {
        let disc = |lat| -> Vec<CellIndex> { place(lat).to_cell(Resolution::Five).grid_disk(4) };
        let cells_of = BTreeMap::from([((Level(1), "XX1".to_owned()), disc(9.0))]);
        StudyArea {
            grid: Grid::new([disc(5.0), disc(9.0)].concat()).unwrap(),
            cells_of,
        }
    }

    fn hex(lat_deg: f64, resolution: Resolution) -> u64 {
        place(lat_deg).to_cell(resolution).into()
    }

    /// Footprint, cell, P-code, first day, last day, mm.
    type Told<'a> = (
        Footprint,
        Option<u64>,
        Option<&'a str>,
        &'a str,
        &'a str,
        f64,
    );

    fn rain(rows: &[Told<'_>]) -> Rain {
        let mut rain = RainBuilder::default();
        for &(footprint, cell, pcode, first, last, rain_mm) in rows {
            rain.push(RainRow {
                source: "rain",
                footprint: footprint.code(),
                cell,
                pcode,
                first_day: day(first),
                last_day: day(last),
                rain_mm,
                saturated: None,
            });
        }
        rain.finish()
    }

    #[test]
    fn rain_is_the_mean_over_places_inside_whatever_they_are_told_by() {
        let prio = |lat: f64| u64::from(priogrid_of(Coordinate::new(lat, 18.25).unwrap()));
        let (first, last) = ("2021-04-01", "2021-04-30");
        let told = |of: fn(f64) -> u64, footprint| {
            let row = |lat, mm| (footprint, Some(of(lat)), None, first, last, mm);
            rain(&[row(5.1, 100.0), row(9.1, 20.0), row(20.0, 900.0)])
        };
        for rain in [
            told(prio, Footprint::PrioGrid),
            told(|lat| hex(lat, Resolution::Seven), Footprint::Hex),
            told(|lat| hex(lat, Resolution::Four), Footprint::Hex),
        ] {
            let mm = |lat_deg| {
                let periods = periods(&rain, &study_area(), day("2021-05-01"), lat_deg);
                periods
                    .iter()
                    .map(|period| period.rain_mm)
                    .collect::<Vec<_>>()
            };
            assert_eq!(mm(WORLD), [60.0]);
            assert_eq!(mm((7.0, 11.0)), [20.0]);
        }
        let area = |pcode| (Footprint::Area, None, Some(pcode), first, last, 30.0);
        let rain = rain(&[area("XX1"), area("XX2")]);
        let all = periods(&rain, &study_area(), day("2021-05-01"), WORLD);
        assert_eq!(all.len(), 1);
        assert!(periods(&rain, &study_area(), day("2021-05-01"), (0.0, 6.0)).is_empty());
    }

    #[test]
    fn rain_to_come_is_not_seen_and_of_two_tables_the_newer_and_finer_stands() {
        let area = |first, last, mm| (Footprint::Area, None, Some("XX1"), first, last, mm);
        let cell = Some(u64::from(place(9.0).to_cell(Resolution::Five)));
        let hex = |first, last, mm| (Footprint::Hex, cell, None, first, last, mm);
        let rain = rain(&[
            area("2021-04-01", "2021-04-30", 50.0),
            area("2021-05-01", "2021-05-31", 90.0),
            hex("2021-04-01", "2021-04-10", 5.0),
            hex("2021-04-11", "2021-04-20", 15.0),
            hex("2021-04-21", "2021-04-30", 30.0),
        ]);
        let mm = |as_of| {
            let periods = periods(&rain, &study_area(), day(as_of), WORLD);
            periods
                .iter()
                .map(|period| period.rain_mm)
                .collect::<Vec<_>>()
        };
        assert_eq!(mm("2021-05-30"), [5.0, 15.0, 30.0]);
        assert_eq!(mm("2021-05-31"), [50.0, 90.0]);
        assert_eq!(mm("2021-04-15"), [5.0]);
        assert!(mm("2021-03-31").is_empty());
    }
}
