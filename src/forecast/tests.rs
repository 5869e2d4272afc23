//! Nothing of the future is seen; what chance brings scores as chance.

use std::collections::BTreeMap;

use forewarn_models::forecast::{Origins, Settings, Study};
use forewarn_models::grid::Grid;
use forewarn_models::units::Seed;
use h3o::{LatLng, Resolution};

use super::past::{Past, space};
use crate::base::day::Day;
use crate::tables::{CellDay, CellDays, CellDaysBuilder, StudyArea};

const STEP_DAYS: i32 = 28;
const FIRST: i32 = 10_000;

fn study_area() -> StudyArea {
    let middle = LatLng::new(7.0, 20.0).unwrap().to_cell(Resolution::Five);
    StudyArea {
        grid: Grid::new(middle.grid_disk(4)).unwrap(),
        cells_of: BTreeMap::new(),
    }
}

/// One record every few days, most of them in a few cells; `known` says when each became known.
fn history(area: &StudyArea, until: i32, known: impl Fn(i32) -> Option<Day>) -> CellDays {
    let mut rows = CellDaysBuilder::default();
    for day in (FIRST..until).step_by(5) {
        // A multiplicative walk: no pattern in time, a few cells often.
        let cell = usize::try_from(i64::from(day).pow(2) * 7919 % 89).unwrap() % 9 * 5;
        rows.push(CellDay {
            cell: area.grid.cells()[cell].into(),
            day: Day(day),
            known_day: known(day),
            place_precision: 1,
            actor_class: 2,
            discovered_by: 0,
            n: 1,
        });
    }
    rows.finish()
}

/// What is said of an origin by a model of a day.
fn said(area: &StudyArea, past: &Past, cut: i32, origin: i32) -> Vec<f64> {
    let origins = Origins {
        first_day: FIRST + 26 * STEP_DAYS,
        step_days: STEP_DAYS,
        horizon_days: STEP_DAYS,
    };
    let history = past.history(FIRST, origin + 1);
    let study = Study::new(&space(area).unwrap(), history, origins, &[]).unwrap();
    let fitted = study.fit(&[cut], &Settings::default(), Seed(1)).unwrap();
    let at = study.origins().binary_search(&origin).unwrap();
    fitted[0].predict(&study, at).unwrap().p_event
}

#[test]
fn what_an_origin_could_not_know_changes_nothing() {
    let area = study_area();
    let origin = FIRST + 80 * STEP_DAYS;
    let cut = origin - 14;
    let of = |table: &CellDays| said(&area, &Past::of(table, &area, 14), cut, origin);
    let known = of(&history(&area, origin - 14, |_| None));
    // Reports of the embargo, and of after the origin.
    let more = of(&history(&area, origin + 200, |_| None));
    assert_eq!(known, more);
    // The same reports at their day: without an embargo they are seen.
    let seen = history(&area, origin, |_| None);
    assert_ne!(said(&area, &Past::of(&seen, &area, 0), cut, origin), known);
    // Known only later: not seen, though older than the embargo.
    let late = |day: i32| (day > origin - 60).then_some(Day(origin));
    let hidden = Past::of(&history(&area, origin, late), &area, 14);
    assert!(hidden.has_late);
    let known = hidden.known_by(origin);
    let newest = known.records.iter().map(|record| record.day).max();
    assert!(newest.unwrap() <= origin - 60);
}

#[test]
fn records_stand_in_order_and_once_for_each_report() {
    let area = study_area();
    let table = history(&area, FIRST + 100, |_| None);
    let past = Past::of(&table, &area, 14);
    assert_eq!(past.records.len(), 20);
    assert!(past.records.is_sorted());
    let within = past.within(Day(FIRST + 5), Day(FIRST + 10));
    assert_eq!(within.len(), 2);
    assert!(
        past.records
            .iter()
            .all(|record| record.seen_from == record.day + 14)
    );
    assert_eq!(past.first_day(), Some(FIRST));
}
