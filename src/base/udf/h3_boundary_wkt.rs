//! `h3_boundary_wkt(cell UInt64) -> Utf8`: the cell's outline as a closed WKT polygon, longitude first.

use std::fmt::Write as _;

use arrow::array::{ArrayRef, StringArray};
use arrow::datatypes::{DataType, UInt64Type};
use datafusion::common::Result;
use datafusion::logical_expr::ScalarUDF;
use h3o::CellIndex;

pub(super) fn function() -> ScalarUDF {
    super::define(
        "h3_boundary_wkt",
        vec![DataType::UInt64],
        DataType::Utf8,
        outlines,
    )
}

fn outlines(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let outlines = super::column::<UInt64Type>(columns, 0)?
        .iter()
        .map(|id| id.map(|id| super::cell(id).map(outline)).transpose())
        .collect::<Result<StringArray>>()?;
    Ok(super::array(outlines))
}

fn outline(cell: CellIndex) -> String {
    let boundary = cell.boundary();
    let mut text = String::from("POLYGON ((");
    for corner in boundary.iter().chain(boundary.first()) {
        let _ = write!(text, "{} {}, ", corner.lng(), corner.lat());
    }
    text.truncate(text.len() - 2);
    text + "))"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_is_closed_and_longitude_first() {
        let cell = h3o::LatLng::new(7.29, 18.28)
            .unwrap()
            .to_cell(h3o::Resolution::Five);
        let text = outline(cell);
        let corners: Vec<&str> = text
            .trim_start_matches("POLYGON ((")
            .trim_end_matches("))")
            .split(", ")
            .collect();
        assert_eq!(corners.len(), 7, "{text}");
        assert_eq!(corners.first(), corners.last());
        assert!(
            corners.iter().all(|corner| corner.starts_with("18.")),
            "{text}"
        );
    }
}
