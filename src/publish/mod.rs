//! Stage: a tier's tables become files, and the files a snapshot that appears whole or not at all.
//!
//! A layer is one file in this folder and one line in [`LAYERS`].

mod backtest;
mod blind_spots_csv;
mod cells_parquet;
mod indicators_parquet;
mod lock;
mod parquet_file;
mod plots;
mod rejections_parquet;
mod run_record;
mod shape;
mod snapshot;
mod tier;
mod zone_fields;
mod zones_csv;
mod zones_geojson;
mod zones_parquet;

use std::io::Write;
use std::path::PathBuf;

use crate::base::error::{Error, Result};
use crate::tables::Rejections;

pub use backtest::write_backtest;
pub use lock::MissionLock;
pub use run_record::{RunHead, RunRecord, SCHEMA_VERSION, VERSIONS};
pub use snapshot::Snapshot;
pub use tier::{RESTRICTED, SYNTHETIC_NOTICE, TierTables};
pub use zones_csv::inert;

/// One published file of a tier, written from that tier's tables only.
pub trait Layer: Sync {
    /// Its name in the tier's folder, unique among layers.
    fn file_name(&self) -> &'static str;
    /// What one row or feature is, and for whom.
    fn describe(&self) -> &'static str;
    /// Writes the whole file: the same tables give the same bytes.
    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()>;
}

/// Every layer.
pub const LAYERS: &[&dyn Layer] = &[
    &zones_geojson::ZonesGeojson,
    &zones_parquet::ZonesParquet,
    &zones_csv::ZonesCsv,
    &cells_parquet::CellsParquet,
    &blind_spots_csv::BlindSpotsCsv,
    &indicators_parquet::IndicatorsParquet,
];

/// Publishes one night, whole or not at all: the tier's layers, and what the run says of itself.
///
/// # Errors
/// Where a file cannot be written, or a snapshot of the same inputs holds other files.
pub fn publish(
    lock: &MissionLock,
    tier: &TierTables<'_>,
    record: &RunRecord<'_>,
    rejections: &Rejections,
) -> Result<PathBuf> {
    let snapshot = Snapshot::begin(lock, record.head.run_id)?;
    write_tier(&snapshot, tier)?;
    snapshot.write("run.json", |out| record.write(out))?;
    snapshot.write("rejections.parquet", |out| {
        rejections_parquet::write(rejections, record.head.notice, out)
    })?;
    snapshot.commit()
}

/// Writes every layer into the tier's folder of a snapshot.
fn write_tier(snapshot: &Snapshot<'_>, tier: &TierTables<'_>) -> Result<()> {
    LAYERS.iter().try_for_each(|layer| {
        let name = format!("{}/{}", tier.disclosure, layer.file_name());
        snapshot.write(&name, |out| layer.write(tier, out))
    })
}

/// Tells a fault of encoding or writing as the file's.
fn cannot_write<E>(file_name: &'static str) -> impl Fn(E) -> Error
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    move |reason| Error::Io {
        path: file_name.into(),
        action: "write the file",
        source: std::io::Error::other(reason),
    }
}

#[cfg(test)]
mod tests;
