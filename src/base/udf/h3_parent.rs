//! `h3_parent(cell UInt64, resolution UInt8) -> UInt64`: the coarser cell that a cell belongs to.

use arrow::array::{ArrayRef, UInt64Array};
use arrow::datatypes::{DataType, UInt8Type, UInt64Type};
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::ScalarUDF;

pub(super) const NOT_COARSER: &str = "a parent must be coarser";

pub(super) fn function() -> ScalarUDF {
    super::define(
        "h3_parent",
        vec![DataType::UInt64, DataType::UInt8],
        DataType::UInt64,
        parents,
    )
}

/// A resolution finer than the cell's own is an error: a cell is never split.
fn parents(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let cells = super::column::<UInt64Type>(columns, 0)?;
    let resolutions = super::column::<UInt8Type>(columns, 1)?;
    let parents = cells
        .iter()
        .zip(resolutions)
        .map(|pair| match pair {
            (Some(id), Some(resolution)) => super::cell(id)?
                .parent(super::resolution(resolution)?)
                .map(|parent| Some(u64::from(parent)))
                .ok_or_else(|| DataFusionError::Execution(NOT_COARSER.to_owned())),
            _ => Ok(None),
        })
        .collect::<Result<UInt64Array>>()?;
    Ok(super::array(parents))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::UInt8Array;

    use super::*;

    fn call(resolution: u8) -> Result<ArrayRef> {
        let cells: ArrayRef = Arc::new(UInt64Array::from(vec![0x0852_8347_3fff_ffff]));
        let resolutions: ArrayRef = Arc::new(UInt8Array::from(vec![resolution]));
        parents(&[cells, resolutions])
    }

    #[test]
    fn a_parent_is_coarser_or_the_cell_itself() {
        let parents = call(4).unwrap();
        let parents = parents.as_any().downcast_ref::<UInt64Array>().unwrap();
        assert_eq!(parents.value(0), 0x0842_8347_ffff_ffff);
        assert!(call(5).is_ok());
        assert!(call(6).is_err());
    }
}
