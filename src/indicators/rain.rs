//! E6, C5: rain against the same days of past years, and the growth that it lets one suppose.

use std::collections::BTreeMap;

use arrow::array::Array;
use forewarn_models::units::priogrid_of;
use h3o::{CellIndex, LatLng};

use crate::base::code::Footprint;
use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::Rain;

use super::card::Entry;
use super::facts::All;
use super::herds::{departure, year_of};
use super::known::{At, Known};

const HALF: f64 = 0.5;
/// Share of a place up to which figures may be cut off.
const MOST_SATURATED: f64 = 0.1;

/// What a figure of rain is of.
type Place<'a> = (Footprint, u64, &'a str);

/// Rain of one place.
#[derive(Debug, Default)]
struct Fallen {
    /// Millimetres and days of the window of each past year.
    years: BTreeMap<i32, (f64, f64)>,
    /// The same of all that is known.
    all: (f64, f64),
    last_day: i32,
}

/// E6: rain a day over the window against the same days of at least three past years, much more and much
/// less alike.
pub(super) fn anomaly(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let of = |fallen: &Fallen| {
        let (score, now, usual) = departure(&fallen.years)?;
        Some((score, now, Some(usual)))
    };
    known(all, entry, HALF, of)
}

/// C5, where nobody looked: after rain above the mean, grass is taken to stand high. A rule, and no evidence.
pub(super) fn growth(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let of = |fallen: &Fallen| {
        let now = fallen.years.get(&0)?;
        let (now, mean) = (now.0 / now.1, fallen.all.0 / fallen.all.1);
        let growth = if mean > 0.0 {
            (now / mean * HALF).min(1.0)
        } else {
            0.0
        };
        Some((growth, growth, None))
    };
    let known = known(all, entry, entry.usual, of)?;
    Ok(known
        .into_iter()
        .map(|one| Known {
            imputed: true,
            ..one
        })
        .collect())
}

fn known(
    all: &All<'_>,
    entry: &Entry,
    usual: f64,
    of: impl Fn(&Fallen) -> Option<(f64, f64, Option<f64>)>,
) -> Result<Vec<Known>> {
    let rain = &all.input.surroundings.rain;
    let fallen = fallen(rain, all.facts.as_of, entry.window_days()?);
    let mut prio_cells: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (i, &cell) in all.facts.ground.grid.cells().iter().enumerate() {
        if let Some(id) = prio_of(cell) {
            prio_cells.entry(id).or_default().push(i);
        }
    }
    let mut known = Vec::new();
    for ((footprint, id, pcode), fallen) in fallen {
        let Some((score, value, expected)) = of(&fallen) else {
            continue;
        };
        let places = match footprint {
            Footprint::Area => all.facts.area(pcode).into_iter().collect(),
            Footprint::Hex => hex(all, id),
            Footprint::PrioGrid => {
                let cells = prio_cells.get(&id).into_iter().flatten();
                cells.map(|&cell| At::Cell(cell)).collect()
            }
        };
        known.extend(places.into_iter().map(|at| Known {
            expected,
            usual,
            ..Known::seen(at, value, score, Day(fallen.last_day))
        }));
    }
    Ok(known)
}

fn fallen(rain: &Rain, as_of: Day, window_days: i32) -> BTreeMap<Place<'_>, Fallen> {
    let mut places: BTreeMap<Place<'_>, Fallen> = BTreeMap::new();
    for row in 0..rain.len() {
        let last = rain.last_day().value(row);
        let cut_off =
            rain.saturated().is_valid(row) && rain.saturated().value(row) > MOST_SATURATED;
        let Some(footprint) = Footprint::from_code(rain.footprint().value(row)) else {
            continue;
        };
        if last > as_of.0 || cut_off {
            continue;
        }
        let id = if rain.cell().is_valid(row) {
            rain.cell().value(row)
        } else {
            0
        };
        let pcode = if rain.pcode().is_valid(row) {
            rain.pcode().value(row)
        } else {
            ""
        };
        let (mm, days) = (
            rain.rain_mm().value(row),
            f64::from(last - rain.first_day().value(row) + 1),
        );
        let place = places.entry((footprint, id, pcode)).or_default();
        place.all = (place.all.0 + mm, place.all.1 + days);
        if let Some(year) = year_of(as_of.0 - last, window_days) {
            let sum = place.years.entry(year).or_default();
            *sum = (sum.0 + mm, sum.1 + days);
            place.last_day = place.last_day.max(last);
        }
    }
    places
}

fn prio_of(cell: CellIndex) -> Option<u64> {
    let point = LatLng::from(cell);
    let place = forewarn_models::units::Coordinate::new(point.lat(), point.lng()).ok()?;
    Some(priogrid_of(place).into())
}

/// The cells of the study area that a cell of another resolution holds, or that holds it.
fn hex(all: &All<'_>, id: u64) -> Vec<At> {
    let Ok(cell) = CellIndex::try_from(id) else {
        return Vec::new();
    };
    let grid = all.facts.ground.grid;
    let resolution = grid.cells()[0].resolution();
    let cells = if cell.resolution() > resolution {
        cell.parent(resolution).into_iter().collect::<Vec<_>>()
    } else {
        cell.children(resolution).collect()
    };
    let positions = cells.into_iter().filter_map(|cell| grid.position(cell));
    positions.map(At::Cell).collect()
}
