//! Stage: a tier's tables become files, and the files a snapshot that appears whole or not at all.
//!
//! A layer is one file in this folder and one line in [`LAYERS`].

mod backtest;
mod blind_spots_csv;
mod cells_csv;
mod cells_parquet;
mod datapackage;
mod geopackage;
mod indicators_parquet;
mod lock;
mod map_html;
mod map_svg;
mod markup;
mod outreach_csv;
mod outreach_json;
mod palette;
mod parquet_file;
mod patrol_order_csv;
mod patrol_order_json;
mod patrol_stops_gpx;
mod plots;
mod rejections_parquet;
mod run_record;
mod shape;
mod snapshot;
mod styles;
mod svg;
mod tier;
mod words;
mod zone_fields;
mod zones_csv;
mod zones_geojson;
mod zones_kmz;
mod zones_parquet;
mod zones_xlsx;

use std::io::Write;
use std::path::PathBuf;

use crate::base::error::{Error, Result};
use crate::tables::Rejections;

pub use backtest::write_backtest;
pub use lock::MissionLock;
pub use run_record::{RunHead, RunRecord, SCHEMA_VERSION, VERSIONS};
pub use snapshot::Snapshot;
pub use tier::{Ground, RESTRICTED, SYNTHETIC_NOTICE, TierTables};
pub use zones_csv::inert;

/// One published file of a tier, written from that tier's tables only.
pub trait Layer: Sync {
    /// Its name in the tier's folder, unique among layers.
    fn file_name(&self) -> &'static str;
    /// What one row or feature is, and for whom.
    fn describe(&self) -> &'static str;
    /// The tiers that it may stand in; all where none are named.
    fn tiers(&self) -> Option<&'static [&'static str]> {
        None
    }
    /// Writes the whole file: the same tables give the same bytes.
    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()>;
}

/// Tiers of those who plan and go: what tells where someone will be stands in no other.
pub const OPERATIONAL: &[&str] = &[RESTRICTED, "internal"];

/// Every layer.
pub const LAYERS: &[&dyn Layer] = &[
    &zones_geojson::ZonesGeojson,
    &zones_parquet::ZonesParquet,
    &zones_csv::ZonesCsv,
    &cells_parquet::CellsParquet,
    &blind_spots_csv::BlindSpotsCsv,
    &indicators_parquet::IndicatorsParquet,
    &outreach_csv::OutreachCsv,
    &outreach_json::OutreachJson,
    &patrol_order_csv::PatrolOrderCsv,
    &patrol_order_json::PatrolOrderJson,
    &patrol_stops_gpx::PatrolStopsGpx,
    &map_html::MapHtml,
    &map_svg::MapSvg,
    &geopackage::ZonesGpkg,
    &geopackage::CellsGpkg,
    &cells_csv::CellsCsv,
    &zones_kmz::ZonesKmz,
    &zones_xlsx::ENGLISH,
    &zones_xlsx::FRENCH,
    &styles::ZONES_QML,
    &styles::ZONES_SLD,
    &styles::CELLS_QML,
    &styles::CELLS_SLD,
    &datapackage::Datapackage,
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

/// The layers that may stand in a tier.
fn layers_of(tier: &TierTables<'_>) -> impl Iterator<Item = &'static &'static dyn Layer> {
    let disclosure = tier.disclosure;
    LAYERS.iter().filter(move |layer| {
        let tiers = layer.tiers();
        tiers.is_none_or(|tiers| tiers.contains(&disclosure))
    })
}

/// Writes every layer into the tier's folder of a snapshot.
fn write_tier(snapshot: &Snapshot<'_>, tier: &TierTables<'_>) -> Result<()> {
    layers_of(tier).try_for_each(|layer| {
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
