//! Parquet files with the same bytes for the same rows: no time stamp, no name of a machine.

use std::io::Write;

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use geoparquet::writer::{GeoParquetRecordBatchEncoder, GeoParquetWriterOptionsBuilder};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use super::cannot_write;
use crate::base::error::Result;

const CREATED_BY: &str = concat!("forewarn version ", env!("CARGO_PKG_VERSION"));

/// Columns in which no value repeats, so that a dictionary costs time and saves nothing.
const WITHOUT_DICTIONARY: &[&str] = &[
    "hex_id",
    "geometry",
    "bbox.xmin",
    "bbox.ymin",
    "bbox.xmax",
    "bbox.ymax",
];

/// Writes rows without geometry.
pub(super) fn write(
    file_name: &'static str,
    batch: &RecordBatch,
    notice: Option<&'static str>,
    out: &mut (dyn Write + Send),
) -> Result<()> {
    let mut writer = writer(file_name, batch.schema(), notice, out)?;
    writer.write(batch).map_err(cannot_write(file_name))?;
    writer
        .close()
        .map(|_metadata| ())
        .map_err(cannot_write(file_name))
}

/// Writes rows with a `GeoArrow` column `geometry` as `GeoParquet` 1.1: WKB, WGS84 (the format's own
/// default), and each row's bounds in a covering column `bbox`.
pub(super) fn write_geo(
    file_name: &'static str,
    batch: &RecordBatch,
    notice: Option<&'static str>,
    out: &mut (dyn Write + Send),
) -> Result<()> {
    let failed = cannot_write(file_name);
    let options = GeoParquetWriterOptionsBuilder::default()
        .set_generate_covering(true)
        .build();
    let mut encoder =
        GeoParquetRecordBatchEncoder::try_new(&batch.schema(), &options).map_err(failed)?;
    let mut writer = writer(file_name, encoder.target_schema(), notice, out)?;
    // Without rows there are no bounds: they would be written as infinite.
    if batch.num_rows() > 0 {
        let encoded = encoder
            .encode_record_batch(batch)
            .map_err(cannot_write(file_name))?;
        writer.write(&encoded).map_err(cannot_write(file_name))?;
    }
    let metadata = encoder.into_keyvalue().map_err(cannot_write(file_name))?;
    writer.append_key_value_metadata(metadata);
    writer
        .close()
        .map(|_metadata| ())
        .map_err(cannot_write(file_name))
}

fn writer<'out>(
    file_name: &'static str,
    schema: SchemaRef,
    notice: Option<&'static str>,
    out: &'out mut (dyn Write + Send),
) -> Result<ArrowWriter<&'out mut (dyn Write + Send)>> {
    let level = ZstdLevel::try_new(3).map_err(cannot_write(file_name))?;
    let mut properties = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_owned())
        .set_compression(Compression::ZSTD(level))
        .set_key_value_metadata(
            notice.map(|text| vec![KeyValue::new("notice".to_owned(), text.to_owned())]),
        );
    for column in WITHOUT_DICTIONARY {
        let path = ColumnPath::new(column.split('.').map(str::to_owned).collect());
        properties = properties.set_column_dictionary_enabled(path, false);
    }
    // The Arrow schema repeats what the Parquet schema says.
    let options = ArrowWriterOptions::new()
        .with_properties(properties.build())
        .with_skip_arrow_metadata(true);
    ArrowWriter::try_new_with_options(out, schema, options).map_err(cannot_write(file_name))
}
