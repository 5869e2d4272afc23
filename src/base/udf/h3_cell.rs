//! `h3_cell(lat_deg Float64, lon_deg Float64, resolution UInt8) -> UInt64`: the cell that holds a point.
//!
//! Records share places: a town is one point. Each thread remembers the cells of the points it met last.

use std::cell::RefCell;

use arrow::array::{ArrayRef, UInt64Array};
use arrow::datatypes::{DataType, Float64Type, UInt8Type};
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::ScalarUDF;
use forewarn_models::units::{Coordinate, cell_of};
use h3o::{CellIndex, Resolution};

pub(super) const NO_PLACE: &str = "latitude must be -90..=90, longitude -180..=180";

pub(super) fn function() -> ScalarUDF {
    let arguments = vec![DataType::Float64, DataType::Float64, DataType::UInt8];
    super::define("h3_cell", arguments, DataType::UInt64, cells)
}

/// Places remembered, a power of two: 6 MB a thread.
const PLACES_LOG2: u32 = 18;

thread_local! {
    static KNOWN: RefCell<Known> = const { RefCell::new(Known(Vec::new())) };
}

#[derive(Clone, Copy)]
struct Place {
    lat: f64,
    lon: f64,
    resolution: Resolution,
}

/// Cells of places by their coordinates' bits; of those that share an entry the last one stays.
struct Known(Vec<([u64; 2], Option<CellIndex>)>);

impl Known {
    fn cell(&mut self, place: Place) -> Result<u64> {
        if self.0.is_empty() {
            self.0.resize(1 << PLACES_LOG2, ([0; 2], None));
        }
        let bits = [place.lat.to_bits(), place.lon.to_bits()];
        // Multiplication by the golden ratio stirs all bits into the topmost ones.
        let stirred = (bits[0] ^ bits[1].rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let slots = 1_u64 << PLACES_LOG2;
        let entry = usize::try_from(stirred.rotate_left(PLACES_LOG2) % slots).unwrap_or(0);
        match self.0[entry] {
            (known, Some(cell)) if known == bits && cell.resolution() == place.resolution => {
                Ok(cell.into())
            }
            _ => {
                let point = Coordinate::new(place.lat, place.lon)
                    .map_err(|_out| DataFusionError::Execution(NO_PLACE.to_owned()))?;
                let cell = cell_of(point, place.resolution);
                self.0[entry] = (bits, Some(cell));
                Ok(cell.into())
            }
        }
    }
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
                let place = Place {
                    lat,
                    lon,
                    resolution: super::resolution(resolution)?,
                };
                KNOWN.with_borrow_mut(|known| known.cell(place)).map(Some)
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
