//! Cells in `GeoParquet`.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Float64Type};

use super::sample::{Sample, bytes, cells, expected, layer, open_parquet, signals};
use crate::base::error::Error;

fn read(sample: &Sample) -> RecordBatch {
    let file = bytes(layer("cells.parquet"), &sample.tier());
    let reader = open_parquet(&file);
    reader.build().unwrap().next().unwrap().unwrap()
}

fn refusal(sample: &Sample) -> String {
    let error = layer("cells.parquet")
        .write(&sample.tier(), &mut Vec::new())
        .unwrap_err();
    assert!(matches!(error, Error::Unbalanced { .. }), "{error}");
    error.to_string()
}

#[test]
fn every_cell_has_one_row_in_order() {
    let batch = read(&Sample::new());
    let ids = batch.column_by_name("hex_id").unwrap().as_string::<i32>();
    let want: Vec<String> = cells(2).iter().map(ToString::to_string).collect();
    assert!(ids.iter().flatten().eq(want.iter().map(String::as_str)));
    assert!(ids.value(0).len() == 15 && ids.value(0).starts_with("85"));
    let day = |name| {
        batch
            .column_by_name(name)
            .unwrap()
            .as_primitive::<Date32Type>()
            .value(0)
    };
    assert_eq!(day("period_end") - day("period_start"), 4 * 7 - 1);
    let risk = batch
        .column_by_name("risk")
        .unwrap()
        .as_primitive::<Float64Type>();
    assert!((risk.value(7) - 1.5).abs() < 1e-12);
    let zones = batch.column_by_name("zone_id").unwrap().as_string::<i32>();
    assert_eq!(zones.iter().flatten().filter(|id| *id == "z1").count(), 6);
    assert_eq!(zones.null_count(), 19 - 7);
}

#[test]
fn detectors_become_columns_and_what_they_do_not_say_is_missing() {
    let batch = read(&Sample::new());
    let column = |name: &str| batch.column_by_name(name).unwrap().clone();
    for name in ["z", "p", "p_bh", "p_by"] {
        let classic = column(&format!("classic_{name}"));
        assert!(classic.null_count() == 1 && classic.is_null(3), "{name}");
        assert_eq!(column(&format!("seasonal_{name}")).null_count(), 0);
    }
    let hot = column("classic_hot");
    assert!(hot.as_boolean().value(0) && hot.as_boolean().true_count() == 1);
}

#[test]
fn a_signal_outside_the_study_area_is_a_fault() {
    let mut sample = Sample::new();
    sample.signals = signals(&cells(3));
    assert_eq!(
        refusal(&sample),
        "publish: cells with a signal do not balance: 37 in, 19 out"
    );
}

#[test]
fn a_zone_outside_the_study_area_is_a_fault() {
    let mut sample = Sample::new();
    sample.zones.rows[0].cells = cells(3);
    refusal(&sample);
}

#[test]
fn a_cell_in_two_zones_is_a_fault() {
    let mut sample = Sample::new();
    let second = sample.zones.rows[1].cells.clone();
    sample.zones.rows[0].cells.extend(second);
    refusal(&sample);
}

#[test]
fn a_cell_without_an_expectation_is_a_fault() {
    let mut sample = Sample::new();
    sample.expected = expected(&cells(1));
    assert_eq!(
        refusal(&sample),
        "publish: cells with an expectation do not balance: 19 in, 7 out"
    );
}
