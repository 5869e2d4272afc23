//! `h3_area_km2(cell UInt64) -> Float64`: the cell's true area in square kilometres.

use arrow::array::{ArrayRef, Float64Array};
use arrow::datatypes::{DataType, UInt64Type};
use datafusion::common::Result;
use datafusion::logical_expr::ScalarUDF;

pub(super) fn function() -> ScalarUDF {
    super::define(
        "h3_area_km2",
        vec![DataType::UInt64],
        DataType::Float64,
        areas_km2,
    )
}

fn areas_km2(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let areas = super::column::<UInt64Type>(columns, 0)?
        .iter()
        .map(|id| {
            id.map(|id| super::cell(id).map(h3o::CellIndex::area_km2))
                .transpose()
        })
        .collect::<Result<Float64Array>>()?;
    Ok(super::array(areas))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Array, UInt64Array};

    use super::*;

    #[test]
    fn an_area_is_the_reference_implementations() {
        // H3's own test of cellAreaKm2 at resolution 5 for 85283473fffffff prints 265.09255778.
        let cells: ArrayRef = Arc::new(UInt64Array::from(vec![Some(0x0852_8347_3fff_ffff), None]));
        let areas = areas_km2(&[cells]).unwrap();
        let areas = areas.as_any().downcast_ref::<Float64Array>().unwrap();
        assert!(
            (areas.value(0) - 265.092_558).abs() < 1e-3,
            "{}",
            areas.value(0)
        );
        assert!(areas.is_null(1));
    }

    #[test]
    fn a_number_that_is_no_cell_is_an_error_without_the_number() {
        let cells: ArrayRef = Arc::new(UInt64Array::from(vec![12_345]));
        let error = areas_km2(&[cells]).unwrap_err().to_string();
        assert!(!error.contains("12345"), "{error}");
    }
}
