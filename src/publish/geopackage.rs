//! `zones.gpkg` and `cells.gpkg`: `GeoPackage` 1.4, styled where QGIS opens it. Made in memory: the same rows, the same bytes.

use std::io::Write;

use geo::MultiPolygon;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params, params_from_iter};

use super::cells_parquet;
use super::shape::{self, Bounds};
use super::zone_fields::{Get, Value, fields};
use super::{Layer, TierTables, cannot_write, styles};
use crate::base::error::Result;

mod cells;

/// Ranked zones.
#[derive(Debug)]
pub(super) struct ZonesGpkg;

/// Cells.
#[derive(Debug)]
pub(super) struct CellsGpkg;

impl Layer for ZonesGpkg {
    fn file_name(&self) -> &'static str {
        "zones.gpkg"
    }

    fn describe(&self) -> &'static str {
        "one feature per zone, in order of rank, styled for QGIS; opens in ArcGIS too"
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let columns = fields(tier).map(|field| {
            let kind = match field.get {
                Get::Text(_) => "TEXT",
                Get::Whole(_) => "INTEGER",
                Get::Number(_) => "DOUBLE",
            };
            (field.name.to_owned(), kind)
        });
        let table = Table {
            file: self.file_name(),
            name: "zones",
            geometry: "MULTIPOLYGON",
            columns: columns.collect(),
        };
        let rows = tier.zones.rows.iter().map(|zone| {
            let values = fields(tier).map(|field| match field.value(zone, tier) {
                Value::Text(text) => Sql::Text(text.into_owned()),
                Value::Whole(whole) => Sql::Integer(whole),
                Value::Number(number) => Sql::Real(number),
                Value::Missing => Sql::Null,
            });
            Ok((shape::outline(&zone.cells)?, values.collect()))
        });
        table.write(tier, rows, out)
    }
}

impl Layer for CellsGpkg {
    fn file_name(&self) -> &'static str {
        "cells.gpkg"
    }

    fn describe(&self) -> &'static str {
        "one feature per cell of the study area, in order of cell, styled for QGIS"
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let columns = cells_parquet::columns(tier)?;
        let table = Table {
            file: self.file_name(),
            name: "cells",
            geometry: "MULTIPOLYGON",
            columns: cells::columns(&columns),
        };
        let cells = tier.study_area.grid.cells().iter().enumerate();
        let rows =
            cells.map(|(row, &cell)| Ok((shape::cell(cell).into(), cells::row(&columns, row))));
        table.write(tier, rows, out)
    }
}

/// One layer of one file.
struct Table {
    file: &'static str,
    name: &'static str,
    geometry: &'static str,
    columns: Vec<(String, &'static str)>,
}

type Row = (MultiPolygon<f64>, Vec<Sql>);

impl Table {
    fn write(
        &self,
        tier: &TierTables<'_>,
        rows: impl Iterator<Item = Result<Row>>,
        out: &mut (dyn Write + Send),
    ) -> Result<()> {
        let failed = || cannot_write(self.file);
        let base = Connection::open_in_memory().map_err(failed())?;
        base.execute_batch(include_str!("geopackage/tables.sql"))
            .map_err(failed())?;
        base.execute_batch(&self.create()).map_err(failed())?;
        base.execute_batch("BEGIN").map_err(failed())?;
        let mut bounds: Option<Bounds> = None;
        {
            let mut insert = base.prepare(&self.insert()).map_err(failed())?;
            for row in rows {
                let (shape, values) = row?;
                let around = shape::bounds([&shape]);
                bounds = widest(bounds, around);
                let blob = Sql::Blob(blob(self.file, &shape, around)?);
                let all = std::iter::once(blob).chain(values);
                insert.execute(params_from_iter(all)).map_err(failed())?;
            }
        }
        self.describe(tier, bounds, &base)?;
        base.execute_batch("COMMIT").map_err(failed())?;
        let bytes = base.serialize("main").map_err(failed())?;
        out.write_all(&bytes).map_err(cannot_write(self.file))
    }

    fn describe(
        &self,
        tier: &TierTables<'_>,
        bounds: Option<Bounds>,
        base: &Connection,
    ) -> Result<()> {
        let failed = || cannot_write(self.file);
        let [west, south, east, north] = bounds.map_or([None; 4], |bounds| bounds.map(Some));
        let about = format!("{} {}", tier.disclosure, tier.notice().unwrap_or_default());
        let day = format!("{}T00:00:00.000Z", tier.ground.as_of);
        base.execute(
            include_str!("geopackage/content.sql"),
            params![self.name, about.trim(), day, west, south, east, north],
        )
        .map_err(failed())?;
        base.execute(
            include_str!("geopackage/geometry.sql"),
            params![self.name, self.geometry],
        )
        .map_err(failed())?;
        let (qml, sld) = styles::of(self.name);
        base.execute(
            include_str!("geopackage/style.sql"),
            params![self.name, qml, sld, about.trim()],
        )
        .map_err(failed())?;
        Ok(())
    }

    fn create(&self) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|(name, kind)| format!("{} {kind}", quoted(name)))
            .collect();
        include_str!("geopackage/create.sql")
            .replace("{geometry}", self.geometry)
            .replace("{table}", &quoted(self.name))
            .replace("{columns}", &columns.join(", "))
    }

    fn insert(&self) -> String {
        let marks = "?, ".repeat(self.columns.len()) + "?";
        include_str!("geopackage/insert.sql")
            .replace("{table}", &quoted(self.name))
            .replace("{marks}", &marks)
    }
}

/// A name of ours between quotes.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn widest(a: Option<Bounds>, b: Option<Bounds>) -> Option<Bounds> {
    match (a, b) {
        (Some(a), Some(b)) => Some([
            a[0].min(b[0]),
            a[1].min(b[1]),
            a[2].max(b[2]),
            a[3].max(b[3]),
        ]),
        (a, b) => a.or(b),
    }
}

/// Header with the bounds, then well-known binary, all little-endian.
fn blob(file: &'static str, shape: &MultiPolygon<f64>, bounds: Option<Bounds>) -> Result<Vec<u8>> {
    let envelope = u8::from(bounds.is_some()) << 1;
    let mut bytes = vec![b'G', b'P', 0, 1 | envelope];
    bytes.extend(4326_i32.to_le_bytes());
    if let Some([west, south, east, north]) = bounds {
        for side in [west, east, south, north] {
            bytes.extend(side.to_le_bytes());
        }
    }
    wkb::writer::write_multi_polygon(&mut bytes, shape, &wkb::writer::WriteOptions::default())
        .map_err(cannot_write(file))?;
    Ok(bytes)
}
