//! `zones.parquet`: ranked zones as `GeoParquet` 1.1.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray};
use arrow::datatypes::Schema;
use arrow::record_batch::RecordBatch;
use geoarrow_array::GeoArrowArray;
use geoarrow_array::builder::MultiPolygonBuilder;
use geoarrow_schema::{Dimension, MultiPolygonType};

use super::zone_fields::{Field, Get, Value, fields};
use super::{Layer, TierTables, cannot_write, parquet_file, shape};
use crate::base::error::Result;

/// The layer.
#[derive(Debug)]
pub(super) struct ZonesParquet;

const NAME: &str = "zones.parquet";

impl Layer for ZonesParquet {
    fn file_name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> &'static str {
        "one row per zone, in order of rank, for analysis"
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let (mut columns, mut schema) = (Vec::new(), Vec::new());
        for field in fields(tier) {
            let column = column(field, tier);
            schema.push(arrow::datatypes::Field::new(
                field.name,
                column.data_type().clone(),
                true,
            ));
            columns.push(column);
        }
        let shapes = tier
            .zones
            .rows
            .iter()
            .map(|zone| shape::outline(&zone.cells));
        let shapes: Vec<_> = shapes.collect::<Result<_>>()?;
        let kind = MultiPolygonType::new(Dimension::XY, Arc::default());
        schema.push(kind.to_field("geometry", true));
        columns.push(
            MultiPolygonBuilder::from_multi_polygons(&shapes, kind)
                .finish()
                .to_array_ref(),
        );
        let batch = RecordBatch::try_new(Arc::new(Schema::new(schema)), columns);
        parquet_file::write_geo(
            NAME,
            &batch.map_err(cannot_write(NAME))?,
            tier.notice(),
            out,
        )
    }
}

fn column(field: &Field, tier: &TierTables<'_>) -> ArrayRef {
    let values = tier.zones.rows.iter().map(|zone| field.value(zone, tier));
    match field.get {
        Get::Text(_) => {
            let text = |value| match value {
                Value::Text(text) => Some(text),
                _ => None,
            };
            Arc::new(values.map(text).collect::<StringArray>())
        }
        Get::Whole(_) => {
            let whole = |value| match value {
                Value::Whole(whole) => Some(whole),
                _ => None,
            };
            Arc::new(values.map(whole).collect::<Int64Array>())
        }
        Get::Number(_) => {
            let number = |value| match value {
                Value::Number(number) => Some(number),
                _ => None,
            };
            Arc::new(values.map(number).collect::<Float64Array>())
        }
    }
}
