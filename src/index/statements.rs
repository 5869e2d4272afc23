//! What the statements of this stage read and write, and that they lose nothing.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::base::code::{Kind, PlacePrecision};
use crate::base::day::Day;
use crate::base::fixed;
use crate::base::query::Query;
use crate::base::statement::{Statement, all_are_listed};
use crate::tables::{
    AreaWeekRows, CellDays, CellFacts, CellWeeks, Incident, Incidents, IncidentsBuilder,
};

use super::anchors::{Anchor, Anchors, AnchorsBuilder, FATES, Fates};
use super::dumps::{MiddleCells, MiddleCellsBuilder};
use super::places::{
    AnchorArea, AnchorAreas, AnchorAreasBuilder, SupportCell, SupportCells, SupportCellsBuilder,
};
use super::weeks::{self, SupportWeeks, SupportWeeksBuilder};

const FATES_OF: Statement = Statement {
    query: Query::Fates,
    reads: &[("incidents", Incidents::schema)],
    writes: Fates::schema,
};

const ANCHORS: Statement = Statement {
    query: Query::Anchors,
    reads: &[
        ("incidents", Incidents::schema),
        ("middle_cells", MiddleCells::schema),
    ],
    writes: Anchors::schema,
};

const FACTS: Statement = Statement {
    query: Query::Facts,
    reads: &[("incidents", Incidents::schema)],
    writes: CellFacts::schema,
};

const HISTORY: Statement = Statement {
    query: Query::History,
    reads: &[("incidents", Incidents::schema)],
    writes: CellDays::schema,
};

const AREA_WEEKS: Statement = Statement {
    query: Query::AreaWeeks,
    reads: &[
        ("anchors", Anchors::schema),
        ("anchor_areas", AnchorAreas::schema),
        ("support_weeks", SupportWeeks::schema),
    ],
    writes: AreaWeekRows::schema,
};

const CELL_WEEKS: Statement = Statement {
    query: Query::CellWeeks,
    reads: &[
        ("anchors", Anchors::schema),
        ("support_cells", SupportCells::schema),
        ("support_weeks", SupportWeeks::schema),
    ],
    writes: CellWeeks::schema,
};

const STATEMENTS: &[Statement] = &[FATES_OF, ANCHORS, FACTS, HISTORY, AREA_WEEKS, CELL_WEEKS];

#[test]
fn every_statement_is_listed_with_what_its_header_says() {
    all_are_listed("index", STATEMENTS);
    STATEMENTS.iter().for_each(Statement::is_as_its_header_says);
}

#[test]
fn every_statement_writes_the_columns_of_its_table() {
    STATEMENTS.iter().for_each(Statement::keeps_its_contract);
}

#[test]
fn every_statement_answers_its_case() {
    STATEMENTS.iter().for_each(Statement::answers_its_case);
}

/// Few cases: the engine is slow to plan where it is built without optimisation.
fn few() -> Config {
    Config {
        failure_persistence: None,
        ..Config::with_cases(12)
    }
}

/// A record with the columns that the statement looks at.
#[derive(Debug, Clone)]
struct Record {
    kind: usize,
    precision: usize,
    start: i32,
    days: i32,
    known_after: Option<i32>,
    at: (f64, f64),
}

/// Records from before the case's history until after its as-of date.
fn record() -> impl Strategy<Value = Record> {
    (
        0..Kind::ALL.len(),
        0..PlacePrecision::ALL.len(),
        19_650..20_160,
        0..60,
        prop::option::of(0..90),
        (-80.0..80.0, -179.0..179.0),
    )
        .prop_map(|(kind, precision, start, days, known_after, at)| Record {
            kind,
            precision,
            start,
            days,
            known_after,
            at,
        })
}

impl Record {
    /// The fate that the case's parameters give it, told independently of the statement.
    fn fate(&self) -> usize {
        let [as_of, first, last] =
            ["2025-02-02", "2024-01-01", "2025-01-19"].map(|day| Day::parse_iso(day).unwrap().0);
        let known = self
            .known_after
            .map_or(self.start, |after| self.start + after);
        let outcomes = [Kind::AttackOnCivilians, Kind::SexualViolence];
        if known > as_of || self.start > as_of {
            2
        } else if !outcomes.contains(&Kind::ALL[self.kind]) {
            1
        } else if self.start + self.days < first {
            3
        } else if self.start > last {
            4
        } else {
            0
        }
    }
}

fn incidents(records: &[Record]) -> Incidents {
    let mut rows = IncidentsBuilder::default();
    for record in records {
        rows.push(Incident {
            source: "case",
            source_id: "",
            known_at: record.known_after.map(|after| Day(record.start + after)),
            date_start: Day(record.start),
            date_end: Day(record.start + record.days),
            date_precision: 0,
            lat_deg: record.at.0,
            lon_deg: record.at.1,
            place_precision: PlacePrecision::ALL[record.precision].code(),
            admin1_pcode: None,
            admin2_pcode: None,
            kind: Kind::ALL[record.kind].code(),
            actor_class: 0,
            verification: 0,
            discovered_by: 0,
            fatalities: None,
        });
    }
    rows.finish()
}

/// Rows of one place: weights of its cells (none where it has no support), and for each row its first
/// day, days after the first, and records.
type Place = (Vec<f64>, Vec<(i32, i32, i64)>);

fn place() -> impl Strategy<Value = Place> {
    let row = (19_723..20_100, 0..40, 1_i64..5_000);
    (
        prop::collection::vec(0.01..1.0, 0..9),
        prop::collection::vec(row, 1..6),
    )
}

/// The tables of places, and the records that must come out.
fn tables(places: &[Place]) -> (Anchors, SupportCells, SupportWeeks, i64, i64) {
    let (mut anchors, mut cells) = (AnchorsBuilder::default(), SupportCellsBuilder::default());
    let mut ranges = BTreeSet::new();
    let (mut n_placed, mut n_located) = (0, 0);
    for (i, (weights, rows)) in places.iter().enumerate() {
        // Two places share an anchor, each with a precision of its own.
        let (anchor, place_precision) = (i as u64 / 2, u8::from(i % 2 == 1));
        // A place of few cells testifies, whole, at its last one.
        let located = weights.len().checked_sub(1).filter(|_| weights.len() < 5);
        for (j, parts) in fixed::split(weights).into_iter().enumerate() {
            cells.push(SupportCell {
                anchor,
                place_precision,
                cell: (i + j) as u64,
                parts,
                located_parts: if located == Some(j) { fixed::PARTS } else { 0 },
            });
        }
        for &(first, days, n) in rows {
            ranges.insert((first, first + days));
            anchors.push(Anchor {
                anchor,
                place_precision,
                first_day: first,
                last_day: first + days,
                latest_day: first + days,
                days: 0,
                n,
            });
            let counts = if weights.is_empty() { 0 } else { n };
            n_placed += counts;
            n_located += if located.is_some() { counts } else { 0 };
        }
    }
    let mut weeks = SupportWeeksBuilder::default();
    for (first, last) in ranges {
        weeks::spread(Day(first), Day(last), &mut weeks);
    }
    (
        anchors.finish(),
        cells.finish(),
        weeks.finish(),
        n_placed,
        n_located,
    )
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn every_record_has_one_anchor_and_its_fate(
        records in prop::collection::vec(record(), 0..300),
    ) {
        let table = incidents(&records);
        let rows = || vec![table.batch().clone()];
        let fates = Fates::from_batch(FATES_OF.run(rows(), &FATES_OF.params())).unwrap();
        let no_middle = MiddleCellsBuilder::default().finish().into_batch();
        let read = [rows(), vec![no_middle]].concat();
        let anchors = Anchors::from_batch(ANCHORS.run(read, &ANCHORS.params())).unwrap();
        let mut n_by_fate = [0; FATES.len()];
        for (&fate, &n) in fates.fate().values().iter().zip(fates.n().values()) {
            n_by_fate[usize::from(fate)] += n;
        }
        prop_assert_eq!(anchors.n().values().iter().sum::<i64>(), n_by_fate[0]);
        let mut expected = [0; FATES.len()];
        for record in &records {
            expected[record.fate()] += 1;
        }
        prop_assert_eq!(n_by_fate, expected);
    }

    #[test]
    fn every_record_known_finely_enough_is_one_fact(
        records in prop::collection::vec(record(), 0..300),
    ) {
        let params = FACTS.params();
        let found = FACTS.run(vec![incidents(&records).into_batch()], &params);
        let found = CellFacts::from_batch(found).unwrap();
        let [as_of, first] =
            ["2025-02-02", "2024-01-01"].map(|day| Day::parse_iso(day).unwrap().0);
        let is_told = |record: &&Record| {
            let known = record.known_after.map_or(record.start, |after| record.start + after);
            let end = record.start + record.days;
            record.precision <= 1 && record.days < 13
                && known <= as_of && end <= as_of && end >= first
        };
        let told: Vec<&Record> = records.iter().filter(is_told).collect();
        prop_assert_eq!(found.n().values().iter().sum::<i64>(), i64::try_from(told.len()).unwrap());
        for (i, kind) in Kind::ALL.iter().enumerate() {
            let n = told.iter().filter(|record| record.kind == i).count();
            let rows = found.kind().values().iter().zip(found.n().values());
            let sum: i64 = rows.filter(|&(&code, _)| code == kind.code()).map(|(_, &n)| n).sum();
            prop_assert_eq!(sum, i64::try_from(n).unwrap());
        }
    }

    #[test]
    fn every_part_of_a_record_known_to_an_area_is_in_its_weeks(
        places in prop::collection::vec(place(), 0..12),
    ) {
        let (anchors, _, weeks, _, _) = tables(&places);
        let mut areas = AnchorAreasBuilder::default();
        for (i, area) in (0..places.len()).zip(0..) {
            // As `tables` numbers them; two places lie in each area.
            let (anchor, place_precision) = (i as u64 / 2, u8::from(i % 2 == 1));
            areas.push(AnchorArea { anchor, place_precision, area: area / 2 });
        }
        let n: i64 = anchors.n().values().iter().sum();
        let batches = vec![anchors.into_batch(), areas.finish().into_batch(), weeks.into_batch()];
        let found = AreaWeekRows::from_batch(AREA_WEEKS.run(batches, &[])).unwrap();
        prop_assert_eq!(found.incidents_e6().values().iter().sum::<i64>(), n * fixed::PARTS);
        let keys: Vec<(u32, i32)> = found
            .area()
            .values()
            .iter()
            .copied()
            .zip(found.week().values().iter().copied())
            .collect();
        prop_assert!(keys.is_sorted_by(|a, b| a < b), "one row per area and week, in order");
    }

    #[test]
    fn every_part_of_a_placed_record_is_in_one_cell_and_week(
        places in prop::collection::vec(place(), 0..12),
    ) {
        let (anchors, cells, weeks, n_placed, located) = tables(&places);
        let batches = vec![anchors.batch().clone(), cells.batch().clone(), weeks.batch().clone()];
        let found = CellWeeks::from_batch(CELL_WEEKS.run(batches, &[])).unwrap();
        let sum = |parts: &[i64]| parts.iter().map(|&part| i128::from(part)).sum::<i128>();
        let whole = |n: i64| i128::from(n) * i128::from(fixed::INCIDENT_E12);
        prop_assert_eq!(sum(found.incidents_e12().values()), whole(n_placed));
        prop_assert_eq!(sum(found.located_e12().values()), whole(located));
        for (&day, &week) in found.last_day().values().iter().zip(found.week().values()) {
            prop_assert_eq!(Day(day).week().0, week, "the latest day lies in its week");
        }
        let keys: Vec<(u64, i32)> = found
            .cell()
            .values()
            .iter()
            .copied()
            .zip(found.week().values().iter().copied())
            .collect();
        prop_assert!(keys.is_sorted_by(|a, b| a < b), "one row per cell and week, in order");
    }
}
