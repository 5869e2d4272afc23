//! What several tests share: reference numbers, small graphs, comparison.

use std::path::PathBuf;

use h3o::{CellIndex, LatLng, Resolution};
use serde_json::Value;

use crate::grid::Neighbours;

/// The reference file of one statistic.
pub(crate) fn reference(statistic: &str) -> Value {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/reference");
    let text = std::fs::read_to_string(format!("{folder}/{statistic}/expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// A file or folder of real data, which are not part of the project: below `$FOREWARN_DATA`, or below
/// the data that lie beside the project. Without it the test named says that it was skipped.
#[expect(
    clippy::disallowed_methods,
    reason = "a test that needs outside data finds them here"
)]
pub(crate) fn real_data(below: &str, test: &str) -> Option<PathBuf> {
    let beside = || concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data").into();
    let data: PathBuf = std::env::var_os("FOREWARN_DATA").map_or_else(beside, PathBuf::from);
    let path = data.join(below);
    let found = path.exists();
    if !found {
        println!("SKIPPED {test}: no {below} below $FOREWARN_DATA");
    }
    found.then_some(path)
}

pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// Fails unless `got` is within `tolerance` of `want`, relative above 1 and absolute below.
#[track_caller]
pub(crate) fn close(got: f64, want: f64, tolerance: f64) {
    assert!(
        (got - want).abs() <= tolerance * want.abs().max(1.0),
        "{got}, must be {want}"
    );
}

/// [`close`], element by element.
#[track_caller]
pub(crate) fn all_close(got: &[f64], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len());
    for (&got, &want) in got.iter().zip(want) {
        close(got, want, tolerance);
    }
}

/// Cells in a row, each next to the one before and the one after.
pub(crate) fn line(n: u32) -> Neighbours {
    lattice(n, 1)
}

/// A rectangle of cells that touch at their sides.
pub(crate) fn lattice(columns: u32, rows: u32) -> Neighbours {
    let lists: Vec<Vec<u32>> = (0..columns * rows)
        .map(|cell| {
            let (column, row) = (cell % columns, cell / columns);
            let mut list = Vec::new();
            list.extend((column > 0).then(|| cell - 1));
            list.extend((column + 1 < columns).then(|| cell + 1));
            list.extend((row > 0).then(|| cell - columns));
            list.extend((row + 1 < rows).then(|| cell + columns));
            list
        })
        .collect();
    Neighbours::from_lists(&lists).unwrap()
}

/// Resolution-5 cells within `k` steps of a place in Central Africa.
pub(crate) fn disk(k: u32) -> Vec<CellIndex> {
    LatLng::new(7.29, 18.28)
        .unwrap()
        .to_cell(Resolution::Five)
        .grid_disk(k)
}
