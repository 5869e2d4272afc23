//! Zones in three formats.

use arrow::array::{Array, AsArray};
use arrow::datatypes::Float64Type;
use serde_json::Value;

use super::sample::{Sample, bytes, layer, open_parquet};

/// The output contract, in its order; fields that are not modelled yet are absent.
const CONTRACT: &[&str] = &[
    "zone_id",
    "kind",
    "name",
    "rank",
    "rank_lo",
    "rank_hi",
    "p_top10",
    "stability",
    "rank_robustness",
    "risk",
    "risk_lo",
    "risk_hi",
    "reporting",
    "reporting_lo",
    "reporting_hi",
    "reporting_state",
    "observed",
    "expected",
    "class_classic",
    "class_seasonal",
    "season_phase",
    "reasons",
    "counter_evidence",
    "protective",
    "options_patrol",
    "options_other",
    "early_warning",
    "early_warning_lo",
    "early_warning_hi",
    "early_warning_band_lo",
    "early_warning_band_hi",
    "early_warning_known",
    "early_warning_asked",
    "early_warning_review",
    "p_event_28d",
    "p_event_28d_lo",
    "p_event_28d_hi",
    "n_cells",
    "area_km2",
    "mgrs",
    "data_age_days",
    "disclosure",
    "run_digest",
    "notice",
];

#[test]
fn geojson_carries_the_contract_and_no_crs() {
    let text = String::from_utf8(bytes(layer("zones.geojson"), &Sample::new().tier())).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    assert!(json.get("crs").is_none());
    assert_eq!(json["name"], "zones");
    assert_eq!(json["mission"], "Demonstration");
    let first = &json["features"][0];
    let properties = first["properties"].as_object().unwrap();
    assert_eq!(properties.len(), CONTRACT.len());
    let mut at = text.find("\"properties\"").unwrap();
    for name in CONTRACT {
        assert!(properties.contains_key(*name), "{name}");
        at += text[at..]
            .find(&format!("\"{name}\":"))
            .expect("fields keep the contract's order");
    }
    assert_eq!(
        properties["reasons"],
        "ABOVE_SEASON: 4 reported, 1.25 expected; HOT: 2 cells; \"z\" 3.1"
    );
    assert_eq!(properties["p_top10"], 0.987_654);
    assert_eq!(
        properties["risk_hi"],
        Value::Null,
        "what is not finite is missing"
    );
    assert_eq!(properties["name"], "=Place 1, 12 km NE");
    assert_eq!(first["id"], "z1");
    assert_eq!(first["geometry"]["type"], "MultiPolygon");
    assert_eq!(
        first["geometry"]["coordinates"][0]
            .as_array()
            .unwrap()
            .len(),
        2,
        "ring and hole"
    );
    let (all, one) = (
        json["bbox"].as_array().unwrap(),
        first["bbox"].as_array().unwrap(),
    );
    assert_eq!(all, one, "the second zone lies in the hole of the first");
}

#[test]
fn csv_is_inert_quoted_and_ends_its_lines() {
    let file = bytes(layer("zones.csv"), &Sample::new().tier());
    let mut csv = csv::Reader::from_reader(file.as_slice());
    let header: Vec<String> = csv.headers().unwrap().iter().map(str::to_owned).collect();
    let names: Vec<&str> = CONTRACT.iter().copied().chain(["lat", "lon"]).collect();
    assert_eq!(header, names);
    let rows: Vec<csv::StringRecord> = csv.records().collect::<Result<_, _>>().unwrap();
    let of = |row: usize, name: &str| &rows[row][names.iter().position(|n| *n == name).unwrap()];
    assert_eq!(rows.len(), 2);
    assert_eq!(of(0, "name"), "'=Place 1, 12 km NE");
    assert_eq!(
        of(0, "reasons"),
        "ABOVE_SEASON: 4 reported, 1.25 expected; HOT: 2 cells; \"z\" 3.1"
    );
    assert_eq!((of(0, "data_age_days"), of(1, "data_age_days")), ("12", ""));
    assert!((of(1, "lat").parse::<f64>().unwrap() - 7.3).abs() < 0.1);
    assert!((of(1, "lon").parse::<f64>().unwrap() - 18.3).abs() < 0.1);
    let text = String::from_utf8(file).unwrap();
    assert_eq!(
        (text.matches("\r\n").count(), text.matches('\n').count()),
        (3, 3)
    );
}

#[test]
fn parquet_is_geoparquet_1_1_with_a_covering() {
    let file = bytes(layer("zones.parquet"), &Sample::new().tier());
    let reader = open_parquet(&file);
    let metadata = reader.metadata().file_metadata();
    let geo = metadata
        .key_value_metadata()
        .unwrap()
        .iter()
        .find(|kv| kv.key == "geo")
        .unwrap();
    let geo: Value = serde_json::from_str(geo.value.as_ref().unwrap()).unwrap();
    assert_eq!(geo["version"], "1.1.0");
    let column = &geo["columns"]["geometry"];
    assert_eq!(column["encoding"], "WKB");
    assert_eq!(
        column["geometry_types"],
        serde_json::json!(["MultiPolygon"])
    );
    assert_eq!(
        column["covering"]["bbox"]["xmin"],
        serde_json::json!(["bbox", "xmin"])
    );
    let batch = reader.build().unwrap().next().unwrap().unwrap();
    let schema = batch.schema();
    let names: Vec<&str> = schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect();
    let expected: Vec<&str> = CONTRACT
        .iter()
        .copied()
        .chain(["geometry", "bbox"])
        .collect();
    assert_eq!(names, expected);
    assert_eq!(batch.num_rows(), 2);
    let risk_hi = batch
        .column_by_name("risk_hi")
        .unwrap()
        .as_primitive::<Float64Type>();
    assert_eq!(risk_hi.null_count(), 2);
    let name = batch.column_by_name("name").unwrap().as_string::<i32>();
    assert_eq!(name.value(0), "=Place 1, 12 km NE");
}
