//! Nobody is lost and nobody counted twice on the way from areas to cells.

use geo::polygon;
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::*;
use crate::base::code::DisplacementReason;
use crate::base::settings::{AreaSettings, Border};
use crate::index::study_area::study_area;
use crate::tables::{
    Area, Boundaries, Displaced, DisplacementBuilder, Level, PopulationBuilder, PopulationRow,
};

/// Two first-level areas, the western one with two second-level areas, the first of these with two
/// third-level ones; half a degree of each is some twelve cells.
fn boundaries() -> Boundaries {
    let area = |level, pcode: &str, (w, e): (f64, f64)| {
        let shape = polygon![(x: w, y: 7.0), (x: e, y: 7.0), (x: e, y: 8.0), (x: w, y: 8.0)];
        Area {
            level: Level(level),
            pcode: pcode.to_owned(),
            name: format!("SYNTHETIC {pcode}"),
            iso3: Some("XXA".to_owned()),
            shape: shape.into(),
        }
    };
    Boundaries::new(vec![
        area(0, "XX", (18.0, 20.0)),
        area(1, "XX1", (18.0, 19.0)),
        area(1, "XX2", (19.0, 20.0)),
        area(2, "XX11", (18.0, 18.5)),
        area(2, "XX12", (18.5, 19.0)),
        area(3, "XX111", (18.0, 18.25)),
        area(3, "XX112", (18.25, 18.5)),
    ])
}

fn cells(boundaries: &Boundaries) -> StudyArea {
    let settings = AreaSettings {
        resolution: 5,
        index_resolution: 9,
        cells: Border::Touching,
    };
    study_area(&settings, boundaries).unwrap()
}

/// (P-code, persons, year or day, teller)
type Row = (&'static str, u32, u32, &'static str);

fn peopled(rows: &[Row]) -> PeopleCells {
    let boundaries = boundaries();
    population(
        &population_of(rows),
        &cells(&boundaries),
        &AreaIndex::new(&boundaries),
    )
    .unwrap()
}

fn population_of(rows: &[Row]) -> Population {
    let mut builder = PopulationBuilder::default();
    for &(pcode, persons, year, source) in rows {
        builder.push(PopulationRow {
            source,
            level: 0,
            pcode,
            year: (year > 0).then_some(year),
            persons,
        });
    }
    builder.finish()
}

fn displacement_of(rows: &[Row]) -> Displacement {
    let mut builder = DisplacementBuilder::default();
    for &(pcode, persons, day, operation) in rows {
        let day = Day(i32::try_from(day).unwrap());
        builder.push(Displaced {
            source: "iom_dtm",
            operation: Some(operation),
            level: 0,
            pcode,
            first_day: day,
            last_day: day,
            round: None,
            persons,
            males: None,
            females: None,
            origin_pcode: None,
            reason: DisplacementReason::Unknown.code(),
        });
    }
    builder.finish()
}

fn present(rows: &[Row], day: i32, people: &[Row]) -> PeopleCells {
    let boundaries = boundaries();
    let people = peopled(people);
    let (study_area, areas) = (cells(&boundaries), AreaIndex::new(&boundaries));
    displaced(
        &displacement_of(rows),
        Day(day),
        &people,
        &study_area,
        &areas,
    )
    .unwrap()
}

fn total(people: &PeopleCells) -> i64 {
    people.persons_e6.values().sum()
}

/// People in the cells of one area.
fn within(people: &PeopleCells, pcode: &str) -> i64 {
    let boundaries = boundaries();
    let study_area = cells(&boundaries);
    let area = boundaries
        .areas()
        .iter()
        .find(|area| area.pcode == pcode)
        .unwrap();
    let cells = &study_area.cells_of[&(area.level, area.pcode.clone())];
    cells
        .iter()
        .filter_map(|cell| people.persons_e6.get(cell))
        .sum()
}

fn fates(people: &PeopleCells) -> Vec<(&'static str, i64)> {
    let fates = people.balance.came_out.iter();
    fates
        .map(|(&fate, &n)| (fate, n))
        .filter(|(_, n)| *n > 0)
        .collect()
}

const WHOLE: i64 = fixed::PARTS;

#[test]
fn the_people_of_an_area_stand_in_its_cells_and_in_no_other() {
    let people = peopled(&[("XX12", 1000, 2015, "a")]);
    assert_eq!(
        (total(&people), within(&people, "XX12")),
        (1000 * WHOLE, 1000 * WHOLE)
    );
    assert_eq!(within(&people, "XX11"), 0);
    let parts: Vec<i64> = people.persons_e6.values().copied().collect();
    let (least, most) = (parts.iter().min().unwrap(), parts.iter().max().unwrap());
    assert!(
        parts.len() > 5 && most - least < least / 20,
        "spread evenly: {least}..{most}"
    );
}

#[test]
fn finer_figures_stand_before_coarser_and_newer_before_older() {
    let people = peopled(&[
        ("XX1", 9000, 2020, "a"),
        ("XX11", 1000, 2015, "a"),
        ("XX11", 800, 2010, "a"),
        ("XX11", 1000, 2015, "a"),
        ("XX2", 500, 0, "a"),
        ("XX", 9500, 2015, "a"),
        ("XX77", 1, 2015, "a"),
    ]);
    assert_eq!(within(&people, "XX11"), 1000 * WHOLE);
    assert_eq!(within(&people, "XX12"), 8000 * WHOLE, "what is left");
    assert_eq!(within(&people, "XX2"), 500 * WHOLE);
    let due = [
        ("no_such_area", 1),
        ("spread", 3),
        ("superseded", 2),
        ("told_elsewhere", 1),
    ];
    assert_eq!(fates(&people), due);
}

#[test]
fn people_beyond_those_of_all_finer_areas_live_as_these_do() {
    let people = [
        ("XX111", 300, 2015, "a"),
        ("XX112", 100, 2015, "a"),
        ("XX11", 800, 2015, "a"),
    ];
    let here = peopled(&people);
    assert_eq!(total(&here), 800 * WHOLE);
    let west = within(&here, "XX111");
    assert!((west - 600 * WHOLE).abs() < WHOLE, "three quarters: {west}");
    let fewer = [people[0], people[1], ("XX11", 399, 2020, "a")];
    assert_eq!(total(&peopled(&fewer)), 400 * WHOLE);
}

#[test]
fn displaced_persons_follow_the_population() {
    let people = [("XX111", 300, 2015, "a"), ("XX112", 100, 2015, "a")];
    let here = present(&[("XX11", 80, 10, "a")], 10, &people);
    assert_eq!(within(&here, "XX11"), 80 * WHOLE);
    let west = within(&here, "XX111");
    assert!(
        (west - 60 * WHOLE).abs() <= 12,
        "three quarters, to the rounding: {west}"
    );
    // Of half the area's people nothing is known: then evenly.
    let here = present(&[("XX11", 80, 10, "a")], 10, &people[..1]);
    let west = within(&here, "XX111");
    assert!(
        within(&here, "XX112") > 20 * WHOLE && west > 20 * WHOLE,
        "{west}"
    );
}

#[test]
fn parts_of_one_round_add_up_and_the_last_round_by_the_day_counts() {
    let rows = [
        ("XX11", 50, 10, "a"),
        ("XX11", 30, 10, "a"),
        ("XX11", 999, 5, "a"),
        ("XX12", 7, 5, "a"),
        ("XX2", 400, 11, "a"),
        // The same round from another file.
        ("XX11", 50, 10, "a"),
        ("XX12", 7, 5, "a"),
    ];
    let here = present(&rows, 10, &[]);
    assert_eq!(
        (within(&here, "XX11"), within(&here, "XX12")),
        (80 * WHOLE, 7 * WHOLE)
    );
    assert_eq!(
        fates(&here),
        [
            ("not_yet", 1),
            ("repeated", 2),
            ("spread", 3),
            ("superseded", 1)
        ]
    );
    assert_eq!(total(&present(&rows, 4, &[])), 0);
}

#[test]
fn the_same_ground_is_told_once() {
    let rows = [
        // A round told at two levels, and of a country as a whole.
        ("XX11", 50, 10, "a"),
        ("XX1", 60, 10, "a"),
        ("XXA", 500, 10, "a"),
        // Another operation in the same area, and within it.
        ("xx11", 70, 10, "b"),
        ("XX111", 20, 9, "b"),
        ("XX2", 5, 3, "b"),
    ];
    let here = present(&rows, 10, &[]);
    assert_eq!(
        (total(&here), within(&here, "XX2")),
        (75 * WHOLE, 5 * WHOLE)
    );
    assert_eq!(fates(&here), [("spread", 2), ("told_elsewhere", 4)]);
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let codes = [
        "XX", "XXA", "XX1", "XX2", "XX11", "XX12", "XX111", "XX112", "xx12", "XX3", "ZZ1",
    ];
    let row = (
        prop::sample::select(codes.to_vec()),
        prop_oneof![0..50_u32, Just(u32::MAX)],
        0..6_u32,
        prop::sample::select(vec!["a", "b"]),
    );
    prop::collection::vec(row, 0..25)
}

proptest! {
    #![proptest_config(Config::with_cases(48))]

    #[test]
    fn rows_and_people_are_conserved_in_any_order(
        people in rows(),
        mut told in rows(),
        day in 0..6_i32,
    ) {
        let here = present(&told, day, &people);
        prop_assert_eq!(here.balance.taken_in, i64::try_from(told.len()).unwrap());
        let out: i64 = here.balance.came_out.values().sum();
        prop_assert_eq!(out, here.balance.taken_in);
        prop_assert_eq!(total(&here) % WHOLE, 0, "whole people");
        let known = told.iter().filter(|row| i64::from(row.2) <= day.into());
        let most: i64 = known.map(|row| i64::from(row.1)).sum();
        prop_assert!(total(&here) <= most * WHOLE);
        told.reverse();
        prop_assert_eq!(present(&told, day, &people).persons_e6, here.persons_e6);
    }
}
