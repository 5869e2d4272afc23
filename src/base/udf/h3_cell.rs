//! `h3_cell(lat_deg Float64, lon_deg Float64, resolution UInt8) -> UInt64`: the cell that holds a point.

use arrow::array::{ArrayRef, UInt64Array};
use arrow::datatypes::{DataType, Float64Type, UInt8Type};
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::ScalarUDF;
use forewarn_models::units::{Coordinate, cell_of};

pub(super) const NO_PLACE: &str = "latitude must be -90..=90, longitude -180..=180";

pub(super) fn function() -> ScalarUDF {
    let arguments = vec![DataType::Float64, DataType::Float64, DataType::UInt8];
    super::define("h3_cell", arguments, DataType::UInt64, cells)
}

/// Points outside the range of coordinates are an error: they should have ended at the door.
fn cells(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let lat_deg = super::column::<Float64Type>(columns, 0)?;
    let lon_deg = super::column::<Float64Type>(columns, 1)?;
    let resolution = super::column::<UInt8Type>(columns, 2)?;
    let cells = lat_deg
        .iter()
        .zip(lon_deg)
        .zip(resolution)
        .map(|((lat, lon), resolution)| match (lat, lon, resolution) {
            (Some(lat), Some(lon), Some(resolution)) => {
                let point = Coordinate::new(lat, lon)
                    .map_err(|_out| DataFusionError::Execution(NO_PLACE.to_owned()))?;
                Ok(Some(u64::from(cell_of(
                    point,
                    super::resolution(resolution)?,
                ))))
            }
            _ => Ok(None),
        })
        .collect::<Result<UInt64Array>>()?;
    Ok(super::array(cells))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Array, Float64Array, UInt8Array};

    use super::*;

    fn call(lat: Vec<Option<f64>>, lon: Vec<Option<f64>>) -> Result<ArrayRef> {
        let resolution = UInt8Array::from(vec![5; lat.len()]);
        cells(&[
            Arc::new(Float64Array::from(lat)),
            Arc::new(Float64Array::from(lon)),
            Arc::new(resolution),
        ])
    }

    #[test]
    fn points_get_their_cell_and_gaps_stay_gaps() {
        let cells = call(
            vec![Some(37.775_938_728_915_946), None],
            vec![Some(-122.418_5), Some(1.0)],
        )
        .unwrap();
        let cells = cells.as_any().downcast_ref::<UInt64Array>().unwrap();
        assert_eq!(cells.value(0), 0x0852_8308_3fff_ffff);
        assert!(cells.is_null(1));
    }

    #[test]
    fn a_latitude_over_90_is_an_error_without_the_value() {
        let error = call(vec![Some(136.2)], vec![Some(18.0)])
            .unwrap_err()
            .to_string();
        assert!(!error.contains("136.2"), "{error}");
    }
}
