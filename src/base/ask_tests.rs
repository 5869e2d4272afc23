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

/// Statements that would write, reach out, or change the engine; `@` stands for a folder of the test's.
const HOSTILE: &[&str] = &[
    "COPY incidents TO '@/out.csv'",
    "COPY incidents TO '@/out.parquet' STORED AS PARQUET",
    "COPY (SELECT 1) TO '@/out.json' STORED AS JSON",
    "COPY (SELECT 1) TO '@/out' PARTITIONED BY (x) OPTIONS (format csv)",
    "copy incidents to stdout",
    "CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '@/bait.csv'",
    "CREATE EXTERNAL TABLE t (a INT) STORED AS PARQUET LOCATION 'file:///etc/'",
    "CREATE UNBOUNDED EXTERNAL TABLE t STORED AS CSV LOCATION '/dev/zero'",
    "CREATE TABLE t AS SELECT * FROM incidents",
    "CREATE TABLE t (a INT)",
    "CREATE OR REPLACE TABLE incidents AS SELECT 1",
    "CREATE VIEW v AS SELECT * FROM incidents",
    "CREATE SCHEMA s",
    "CREATE DATABASE d",
    "CREATE FUNCTION f(BIGINT) RETURNS BIGINT RETURN $1 + 1",
    "CREATE INDEX i ON incidents (incident_id)",
    "DROP TABLE incidents",
    "DROP VIEW IF EXISTS v",
    "DROP SCHEMA public CASCADE",
    "ALTER TABLE incidents RENAME TO t",
    "TRUNCATE TABLE incidents",
    "INSERT INTO incidents VALUES ('a', 1.0, 0, 0)",
    "INSERT INTO incidents SELECT * FROM incidents",
    "UPDATE incidents SET zero = 1",
    "DELETE FROM incidents",
    "MERGE INTO incidents USING incidents AS s ON true WHEN MATCHED THEN DELETE",
    "SELECT * INTO t FROM incidents",
    "WITH gone AS (DELETE FROM incidents RETURNING 1) SELECT * FROM gone",
    "SET datafusion.execution.target_partitions = 4000",
    "SET datafusion.catalog.information_schema = false",
    "SET TIME ZONE '+01:00'",
    "RESET datafusion.execution.batch_size",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "DEALLOCATE p",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "USE other",
    "GRANT ALL ON incidents TO PUBLIC",
    "ANALYZE TABLE incidents",
    "VACUUM incidents",
    "INSTALL httpfs",
    "LOAD spatial",
    "ATTACH DATABASE '@/bait.csv' AS d",
    "PRAGMA table_info(incidents)",
    "CALL f()",
    "LOAD DATA INPATH '@/bait.csv' INTO TABLE incidents",
    "EXPORT DATABASE '@/out'",
    "EXPLAIN COPY incidents TO '@/out.csv'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '@/out.csv'",
    "EXPLAIN ANALYZE INSERT INTO incidents SELECT * FROM incidents",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE incidents",
    "SELECT 1; -- ; \n COPY incidents TO '@/out.csv'",
    "SELECT 1 /* ; */; /**/ SET a = 1",
    "/* SELECT */ COPY incidents TO '@/out.csv' -- SELECT",
    "SELECT * FROM '@/bait.csv'",
    "SELECT * FROM \"@/bait.csv\"",
    "SELECT * FROM 'file://@/bait.csv'",
    "SELECT * FROM 'https://example.org/a.parquet'",
    "SELECT * FROM read_csv('@/bait.csv')",
    "SELECT * FROM read_parquet('@/bait.csv')",
    "SELECT * FROM parquet_metadata('@/bait.csv')",
    "SELECT * FROM generate_series(1, 1000000000000)",
    "SELECT * FROM range(1, 1000000000000)",
    "SELECT pg_read_file('@/bait.csv')",
    "SELECT load_extension('x')",
    "SELECT repeat('x', 2000000000)",
    "SELECT lpad('x', 2000000000)",
    "SELECT replace(incident_id, 'A', incident_id) FROM incidents",
    "SELECT concat(incident_id, incident_id) FROM incidents",
    "SELECT incident_id || incident_id FROM incidents",
    "SELECT array_agg(incident_id) FROM incidents",
    "SELECT string_agg(incident_id, ',') FROM incidents",
    "SELECT [1, 2, 3]",
    "SELECT make_array(1, 2)",
    "SELECT {a: 1}",
    "SELECT (zero, zero) FROM incidents",
    "SELECT struct(zero, zero) FROM incidents",
    "SELECT now()",
    "SELECT random()",
    "SELECT uuid()",
    "SELECT arrow_cast(zero, 'Utf8') FROM incidents",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r",
    "SELECT incident_id FROM incidents WHERE $1 = zero",
    "SELECT nothing FROM incidents",
    "SELECT FROM WHERE",
    "SELECT 'never closed",
    "SELECT 1 /* never closed",
    "",
    ";",
    "-- nothing",
];

#[test]
fn what_does_more_than_read_is_refused_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let bait = folder.path().join("bait.csv");
    fs::write(&bait, "a,b\nBAIT,2\n").unwrap();
    let at = folder.path().to_str().unwrap();
    assert!(HOSTILE.len() >= 60);
    for statement in HOSTILE {
        let refused = in_a_minute(&statement.replace('@', at)).expect_err(statement);
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
    for endless in [
        "SELECT count(*) FROM incidents a, incidents b, incidents c, incidents d \
         WHERE a.lat_deg < b.lat_deg + c.lat_deg * d.lat_deg",
        "SELECT sum(a.lat_deg * b.lat_deg) FROM incidents a, incidents b, incidents c, incidents d",
        "SELECT a.zero FROM incidents a, incidents b, incidents c WHERE a.lat_deg + b.lat_deg + c.lat_deg < -1",
    ] {
        let began = Instant::now();
        let ended = ask(endless, 10, Duration::from_millis(300)).expect_err(endless);
        assert_eq!(ended.exit_code(), 1, "{ended}");
        assert!(ended.to_string().contains("time"), "{ended}");
        assert!(began.elapsed() < Duration::from_secs(10), "{endless}");
    }
}

#[test]
fn what_needs_too_much_memory_is_told_so() {
    let sorted = "SELECT a.incident_id, b.incident_id FROM incidents a, incidents b, incidents c \
                  ORDER BY b.lat_deg * c.lat_deg, a.incident_id";
    let refused = ask(sorted, 5_000_000, Duration::from_mins(1)).expect_err(sorted);
    assert_eq!(refused.exit_code(), 1);
    assert!(refused.to_string().contains("memory"), "{refused}");
}

#[test]
fn a_value_that_stops_a_statement_is_not_told() {
    for (statement, told) in [
        (
            "SELECT sum(CAST(incident_id AS BIGINT)) FROM incidents",
            "TRY_CAST",
        ),
        (
            "SELECT sum(CAST(incident_id AS DATE) - DATE '2020-01-01') FROM incidents",
            "statement",
        ),
        ("SELECT to_date(incident_id) FROM incidents", "statement"),
        ("SELECT sum(1 / zero) FROM incidents", "NULLIF"),
        (
            "SELECT h3_area_km2(12345 + zero) FROM incidents",
            "not an H3 cell id",
        ),
        ("SELECT h3_parent(cell, 9) FROM incidents", "coarser"),
        (
            "SELECT h3_cell(lat_deg + 90, 0.0, 5) FROM incidents",
            "latitude must be",
        ),
    ] {
        let stopped = in_a_minute(statement).expect_err(statement).to_string();
        assert!(stopped.contains(told), "{statement}: {stopped}");
        assert!(!stopped.contains("CANARY"), "{statement}: {stopped}");
    }
}

#[test]
fn questions_are_answered() {
    for (question, n_rows) in [
        ("SELECT count(*) FROM incidents", 1),
        (
            "SELECT count(DISTINCT zero), avg(lat_deg), median(lat_deg), stddev(lat_deg) FROM incidents",
            1,
        ),
        (
            "SELECT zero, sum(lat_deg) FROM incidents GROUP BY zero HAVING count(*) > 1 ORDER BY zero",
            1,
        ),
        (
            "WITH a AS (SELECT * FROM incidents LIMIT 7) SELECT * FROM a UNION ALL SELECT * FROM a",
            14,
        ),
        (
            "SELECT row_number() OVER (ORDER BY lat_deg) FROM incidents",
            N_ROWS,
        ),
        (
            "SELECT h3_parent(cell, 3), h3_area_km2(cell), h3_boundary_wkt(cell) FROM incidents LIMIT 1",
            1,
        ),
        ("SELECT unnest(h3_disk(h3_cell(7.0, 21, 5), 1)) AS cell", 7),
        (
            "SELECT extract(year FROM DATE '2021-03-04'), date_trunc('month', DATE '2021-03-04')",
            1,
        ),
        (
            "SELECT substring('preventive' FROM 2 FOR 3), upper('a'), coalesce(NULL, 1), nullif(1, 1)",
            1,
        ),
        ("SELECT TRY_CAST(incident_id AS INT) FROM incidents", N_ROWS),
        (
            "SELECT a.zero FROM incidents a JOIN incidents b ON a.incident_id = b.incident_id LIMIT 3;",
            3,
        ),
        (
            "SELECT * FROM incidents WHERE incident_id IN (SELECT incident_id FROM incidents WHERE lat_deg < 1)",
            100,
        ),
        ("SHOW TABLES", 1 + 7),
        ("SHOW COLUMNS FROM incidents", 4),
        ("DESCRIBE incidents", 4),
        ("EXPLAIN SELECT 1", 2),
        ("VALUES (1), (2)", 2),
    ] {
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
    let few = ask("SELECT zero FROM incidents", 10, Duration::from_mins(1)).unwrap();
    assert_eq!((few.rows.num_rows(), few.is_cut), (10, true));
    let all = ask("SELECT zero FROM incidents", N_ROWS, Duration::from_mins(1)).unwrap();
    assert_eq!((all.rows.num_rows(), all.is_cut), (N_ROWS, false));
    let sum = ask("SELECT count(*) FROM incidents", 1, Duration::from_mins(1)).unwrap();
    assert_eq!(
        sum.rows.column(0).as_primitive::<Int64Type>().value(0),
        2000
    );
}

#[test]
fn the_tables_a_statement_names_are_told() {
    let named = |text| tables_named(text, LIMITS, Duration::from_secs(5));
    let names =
        named("WITH c AS (SELECT * FROM a) SELECT * FROM c JOIN b ON (SELECT max(x) FROM d) > 1")
            .unwrap();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["a", "b", "d"]);
    assert!(named("DROP TABLE a").is_err());
}
