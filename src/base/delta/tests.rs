//! A table's versions, damage to its files, and what a power cut leaves.

use arrow::array::AsArray;
use arrow::datatypes::{Int32Type, UInt8Type};

use super::*;
use crate::base::statement::session;
use crate::base::table::{I32, Opt, Text, U8};
use crate::table;

table! {
    /// A small table.
    Rows, row One, builder RowsBuilder {
        /// A number.
        n: I32,
        /// A code.
        code: U8,
        /// A word.
        word: Opt<Text>,
    }
}

fn rows(from: i32, to: i32) -> RecordBatch {
    let mut rows = RowsBuilder::default();
    for n in from..to {
        let word = (n % 2 == 0).then_some("even");
        rows.push(One { n, code: 7, word });
    }
    rows.finish().into_batch()
}

fn append<const N: usize>(table: &mut Delta<'_>, batches: [RecordBatch; N]) {
    let mut rows = Growing::new(&table.folder, &Rows::schema()).unwrap();
    for batch in batches {
        rows.write(&batch).unwrap();
    }
    table.append(rows).unwrap();
}

#[test]
fn versions_are_read_back_with_their_own_types() {
    let folder = tempfile::tempdir().unwrap();
    let (session, path) = (session(), folder.path().join("rows"));
    assert!(
        Delta::open(&session, &path, Rows::schema())
            .unwrap()
            .is_none()
    );
    let mut table = Delta::create(&session, &path, Rows::schema()).unwrap();
    append(&mut table, [rows(0, 3)]);
    append(&mut table, [rows(3, 4), rows(4, 6)]);
    for table in [
        table,
        Delta::open(&session, &path, Rows::schema())
            .unwrap()
            .unwrap(),
    ] {
        let found = table.read(&["n", "code", "word"]).unwrap();
        let numbers = found.iter().flat_map(|batch| {
            batch
                .column(0)
                .as_primitive::<Int32Type>()
                .values()
                .to_vec()
        });
        let mut numbers: Vec<i32> = numbers.collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [0, 1, 2, 3, 4, 5]);
        assert_eq!(found[0].column(1).as_primitive::<UInt8Type>().value(0), 7);
        assert_eq!(found[0].schema(), Rows::schema());
        assert_eq!(table.read(&["word"]).unwrap()[0].num_columns(), 1);
    }
}

#[test]
fn a_flipped_bit_anywhere_in_a_data_file_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let session = session();
    let mut table = Delta::create(&session, folder.path(), Rows::schema()).unwrap();
    append(&mut table, [rows(0, 3)]);
    let path = &table.data_files().unwrap()[0];
    let good = fs::read(path).unwrap();
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        fs::write(path, &bad).unwrap();
        assert!(table.read(&["n"]).is_err(), "byte {at}");
    }
    fs::write(path, &good).unwrap();
    assert!(table.read(&["n"]).is_ok());
}

#[test]
fn a_commit_cut_off_before_it_had_its_name_is_no_version() {
    let folder = tempfile::tempdir().unwrap();
    let session = session();
    let mut table = Delta::create(&session, folder.path(), Rows::schema()).unwrap();
    append(&mut table, [rows(0, 3)]);
    // What a power cut may leave: a data file that no commit names, and a commit without a name.
    fs::write(folder.path().join("_aside.parquet"), b"PAR1").unwrap();
    fs::write(folder.path().join("_aside/00000000000000000002.json"), b"{").unwrap();
    let mut table = Delta::open(&session, folder.path(), Rows::schema())
        .unwrap()
        .unwrap();
    append(&mut table, [rows(3, 4)]);
    let rows: usize = table
        .read(&["n"])
        .unwrap()
        .iter()
        .map(RecordBatch::num_rows)
        .sum();
    assert_eq!(rows, 4);
}

#[test]
fn rows_that_no_commit_names_leave_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let mut unfinished = Growing::new(folder.path(), &Rows::schema()).unwrap();
    unfinished.write(&rows(0, 3)).unwrap();
    drop(unfinished);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
