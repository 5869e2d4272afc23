//! `h3_disk(cell UInt64, rings UInt8) -> List<UInt64>`: the cell and all within so many rings, sorted.

use std::sync::Arc;

use arrow::array::{ArrayRef, ListBuilder, UInt64Builder};
use arrow::datatypes::{DataType, Field, UInt8Type, UInt64Type};
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::ScalarUDF;

/// Beyond this a disk holds more cells than a mission has.
const MOST_RINGS: u8 = 60;
pub(super) const TOO_MANY: &str = "rings must be 0..=60";

pub(super) fn function() -> ScalarUDF {
    let result = DataType::List(Arc::new(Field::new_list_field(DataType::UInt64, true)));
    super::define(
        "h3_disk",
        vec![DataType::UInt64, DataType::UInt8],
        result,
        disks,
    )
}

fn disks(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let centres = super::column::<UInt64Type>(columns, 0)?;
    let rings = super::column::<UInt8Type>(columns, 1)?;
    let mut lists = ListBuilder::new(UInt64Builder::new());
    for (centre, rings) in centres.iter().zip(rings) {
        let (Some(centre), Some(rings)) = (centre, rings) else {
            lists.append_null();
            continue;
        };
        if rings > MOST_RINGS {
            return Err(DataFusionError::Execution(TOO_MANY.to_owned()));
        }
        let disk: Vec<_> = super::cell(centre)?.grid_disk::<Vec<_>>(u32::from(rings));
        let mut disk: Vec<u64> = disk.into_iter().map(u64::from).collect();
        disk.sort_unstable();
        lists.values().append_slice(&disk);
        lists.append(true);
    }
    Ok(super::array(lists.finish()))
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, ListArray, UInt8Array, UInt64Array};

    use super::*;

    #[test]
    fn a_disk_of_one_ring_holds_seven_cells() {
        let cells: ArrayRef = Arc::new(UInt64Array::from(vec![0x0852_8347_3fff_ffff_u64; 2]));
        let rings: ArrayRef = Arc::new(UInt8Array::from(vec![Some(1), None]));
        let disks = disks(&[cells, rings]).unwrap();
        let disks = disks.as_any().downcast_ref::<ListArray>().unwrap();
        assert_eq!(disks.value_length(0), 7);
        assert!(disks.is_null(1));
    }
}
