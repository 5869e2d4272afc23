//! `great_circle_km(lat_deg, lon_deg, lat_deg, lon_deg: Float64) -> Float64`: distance of two points in
//! km on the sphere.

use arrow::array::{Array, ArrayRef, Float64Array};
use arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::ScalarUDF;
use forewarn_models::units::{Coordinate, distance_km};

pub(super) fn function() -> ScalarUDF {
    let arguments = vec![DataType::Float64; 4];
    super::define("great_circle_km", arguments, DataType::Float64, distances)
}

fn distances(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let column = |index| super::column::<Float64Type>(columns, index);
    let (lat, lon, to_lat, to_lon) = (column(0)?, column(1)?, column(2)?, column(3)?);
    let point = |lat: &Float64Array, lon: &Float64Array, row: usize| {
        if lat.is_null(row) || lon.is_null(row) {
            return Ok(None);
        }
        Coordinate::new(lat.value(row), lon.value(row))
            .map(Some)
            .map_err(|error| DataFusionError::Execution(error.to_string()))
    };
    let distances = (0..lat.len())
        .map(|row| {
            let (from, to) = (point(lat, lon, row)?, point(to_lat, to_lon, row)?);
            Ok(from.zip(to).map(|(from, to)| distance_km(from, to)))
        })
        .collect::<Result<Float64Array>>()?;
    Ok(super::array(distances))
}
