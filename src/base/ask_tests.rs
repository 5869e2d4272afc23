use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Instant;

use arrow::array::{AsArray, Float64Array, StringArray, UInt64Array};
use arrow::datatypes::Int64Type;

use super::*;

const LIMITS: Limits = Limits {
    threads: NonZeroUsize::MIN,
    memory_bytes: 64 << 20,
};
/// What a row of the table holds, and no message may.
const CANARY: &str = "CANARY-77";
const N_ROWS: usize = 2000;

/// Asks an engine whose table `incidents` has 2,000 rows.
fn ask(statement: &str, max_rows: usize, time: Duration) -> Result<Answer> {
    let reader = Reader::new(LIMITS)?;
    let ids: StringArray = (0..N_ROWS)
        .map(|row| Some(format!("{CANARY}-{row}")))
        .collect();
    let cells = UInt64Array::from_iter_values((0..N_ROWS).map(|_| 0x0856_b8a3_bfff_ffff));
    let columns: Vec<(&str, arrow::array::ArrayRef)> = vec![
        ("incident_id", Arc::new(ids)),
        (
            "lat_deg",
            Arc::new(Float64Array::from_iter_values(
                (0..2000).map(|row| f64::from(row) / 100.0),
            )),
        ),
        (
            "zero",
            Arc::new(
                (0..2000_i64)
                    .map(|row| Some(row / 2000))
                    .collect::<arrow::array::Int64Array>(),
            ),
        ),
        ("cell", Arc::new(cells)),
    ];
    reader.register("incidents", RecordBatch::try_from_iter(columns).unwrap())?;
    reader.ask(statement, Bounds { max_rows, time })
}

fn in_a_minute(statement: &str) -> Result<Answer> {
    ask(statement, 10_000, Duration::from_mins(1))
}

/// Statements that would write, reach out, or change the engine, one a line; `@` stands for a folder of
/// the test's, `\n` for a line end.
fn hostile() -> Vec<String> {
    let text = include_str!("../../fixtures/sql/hostile.txt");
    text.lines().map(|line| line.replace("\\n", "\n")).collect()
}

/// Statements, each behind what must come of it and a tab.
fn beside(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines().map(|line| line.split_once('\t').unwrap())
}

#[test]
fn what_does_more_than_read_is_refused_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let bait = folder.path().join("bait.csv");
    fs::write(&bait, "a,b\nBAIT,2\n").unwrap();
    let at = folder.path().to_str().unwrap();
    assert!(hostile().len() >= 93);
    for statement in hostile() {
        let refused = in_a_minute(&statement.replace('@', at)).expect_err(&statement);
        assert_eq!(refused.exit_code(), 2, "{statement}: {refused}");
        let said = refused.to_string();
        assert!(
            !said.contains("BAIT") && !said.contains(CANARY),
            "{statement}: {said}"
        );
    }
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    assert_eq!(left, [bait]);
    assert!(!Path::new("out.csv").exists());
}

#[test]
fn what_is_long_or_deep_is_refused_or_answered_and_ends_nothing() {
    let chain = |sign: &str, n: usize| format!("SELECT {}1", format!("1 {sign} ").repeat(n));
    let nested = |n: usize| format!("SELECT {}1{}", "(".repeat(n), ")".repeat(n));
    let list = |n: usize| format!("SELECT 1 WHERE 1 IN ({}1)", "1,".repeat(n));
    for refused in [
        chain("+", 100_000),
        chain("+", 2100),
        nested(100_000),
        nested(1000),
        nested(60),
        list(1_000_000),
        list(2500),
        format!("SELECT {}true", "NOT ".repeat(3000)),
        format!("SELECT {}1", "- ".repeat(3000)),
        format!("SELECT 1{}", " UNION SELECT 1".repeat(5000)),
        format!("SELECT '{}'", "x".repeat(70_000)),
        format!("SELECT 1{}", " ".repeat(70_000)),
        format!("SELECT{}", " CASE WHEN true THEN".repeat(1000)),
        format!("SELECT{} 1", " EXISTS (SELECT".repeat(200)),
    ] {
        let error = in_a_minute(&refused).expect_err(&refused[..60]);
        assert_eq!(error.exit_code(), 2, "{}: {error}", &refused[..60]);
    }
    for answered in [
        chain("+", 600),
        chain("OR 1 =", 600).replace("SELECT 1", "SELECT 1 = 1"),
        nested(15),
        list(1900),
        format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(300)),
    ] {
        assert!(in_a_minute(&answered).is_ok(), "{}", &answered[..60]);
    }
}

#[test]
fn what_never_ends_is_ended() {
    for endless in include_str!("../../fixtures/sql/endless.txt").lines() {
        let began = Instant::now();
        let ended = ask(endless, 10, Duration::from_millis(300)).expect_err(endless);
        assert_eq!(ended.exit_code(), 1, "{ended}");
        assert!(ended.to_string().contains("time"), "{ended}");
        assert!(began.elapsed() < Duration::from_secs(10), "{endless}");
    }
}

#[test]
fn what_needs_too_much_memory_is_told_so() {
    let sorted = include_str!("../../fixtures/sql/too_large.txt").trim_end();
    let refused = ask(sorted, 5_000_000, Duration::from_mins(1)).expect_err(sorted);
    assert_eq!(refused.exit_code(), 1);
    assert!(refused.to_string().contains("memory"), "{refused}");
}

#[test]
fn a_value_that_stops_a_statement_is_not_told() {
    for (told, statement) in beside(include_str!("../../fixtures/sql/stopped.txt")) {
        let stopped = in_a_minute(statement).expect_err(statement).to_string();
        assert!(stopped.contains(told), "{statement}: {stopped}");
        assert!(!stopped.contains("CANARY"), "{statement}: {stopped}");
    }
}

#[test]
fn questions_are_answered() {
    for (n_rows, question) in beside(include_str!("../../fixtures/sql/answered.txt")) {
        let n_rows: usize = n_rows.parse().unwrap();
        let answer = in_a_minute(question).unwrap_or_else(|error| panic!("{question}: {error}"));
        assert_eq!(
            (answer.rows.num_rows(), answer.is_cut),
            (n_rows, false),
            "{question}"
        );
    }
}

#[test]
fn an_answer_longer_than_asked_for_is_cut_and_says_so() {
    let every_row = include_str!("../../fixtures/sql/every_row.txt");
    let few = ask(every_row, 10, Duration::from_mins(1)).unwrap();
    assert_eq!((few.rows.num_rows(), few.is_cut), (10, true));
    let all = ask(every_row, N_ROWS, Duration::from_mins(1)).unwrap();
    assert_eq!((all.rows.num_rows(), all.is_cut), (N_ROWS, false));
    let counted = include_str!("../../fixtures/sql/counted.txt");
    let sum = ask(counted, 1, Duration::from_mins(1)).unwrap();
    assert_eq!(
        sum.rows.column(0).as_primitive::<Int64Type>().value(0),
        2000
    );
}

#[test]
fn the_tables_a_statement_names_are_told() {
    let named = |text| tables_named(text, LIMITS, Duration::from_secs(5));
    let names = named(include_str!("../../fixtures/sql/named.txt")).unwrap();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["a", "b", "d"]);
    assert!(named("DROP TABLE a").is_err());
}
