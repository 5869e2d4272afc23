//! `cells.parquet`: every cell of the study area as `GeoParquet` 1.1, reported on or not.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Date32Array, Float64Array, StringArray};
use arrow::datatypes::{Field, Schema};
use arrow::record_batch::RecordBatch;
use forewarn_models::grid::Grid;
use geoarrow_array::GeoArrowArray;
use geoarrow_array::builder::PolygonBuilder;
use geoarrow_schema::{Dimension, PolygonType};
use h3o::CellIndex;

use super::{Layer, TierTables, cannot_write, parquet_file, shape};
use crate::base::code::ReportingState;
use crate::base::error::{Error, Result};

/// The layer.
#[derive(Debug)]
pub(super) struct CellsParquet;

const NAME: &str = "cells.parquet";

impl Layer for CellsParquet {
    fn file_name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> &'static str {
        "one row per cell of the study area, in order of cell, for analysis"
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let mut table = table(tier)?;
        let grid = &tier.study_area.grid;
        let kind = PolygonType::new(Dimension::XY, Arc::default());
        table.fields.push(kind.to_field("geometry", true));
        table.arrays.push(polygons(grid.cells(), kind));
        let batch = RecordBatch::try_new(Arc::new(Schema::new(table.fields)), table.arrays);
        parquet_file::write_geo(
            NAME,
            &batch.map_err(cannot_write(NAME))?,
            tier.notice(),
            out,
        )
    }
}

/// What is said of every cell, without its shape, for formats that have shapes of their own.
pub(super) fn columns(tier: &TierTables<'_>) -> Result<RecordBatch> {
    let table = table(tier)?;
    RecordBatch::try_new(Arc::new(Schema::new(table.fields)), table.arrays)
        .map_err(cannot_write(NAME))
}

fn table(tier: &TierTables<'_>) -> Result<Columns> {
    let grid = &tier.study_area.grid;
    let mut table = Columns {
        rows: grid.cells().len(),
        ..Columns::default()
    };
    table.push("hex_id", hex_ids(grid.cells()));
    table.repeat_day("period_start", tier.window.0.first_day().0);
    table.repeat_day("period_end", tier.window.1.last_day().0);
    table.repeat_text("season_phase", tier.phase);
    table.push(
        "area_km2",
        Arc::new(Float64Array::from(grid.area_km2().to_vec())),
    );
    push_expected(&mut table, tier)?;
    push_reporting(&mut table, tier)?;
    push_signals(&mut table, tier)?;
    push_classes(&mut table, tier)?;
    push_warnings(&mut table, tier)?;
    push_forecasts(&mut table, tier)?;
    table.push("zone_id", zone_ids(tier)?);
    table.repeat_text("disclosure", tier.disclosure);
    if let Some(notice) = tier.notice() {
        table.repeat_text("notice", notice);
    }
    Ok(table)
}

/// Columns that grow side by side, one value per cell.
#[derive(Default)]
struct Columns {
    rows: usize,
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
}

impl Columns {
    fn push(&mut self, name: impl Into<String>, array: ArrayRef) {
        self.fields
            .push(Field::new(name, array.data_type().clone(), true));
        self.arrays.push(array);
    }

    fn repeat_text(&mut self, name: &str, text: &str) {
        let column = StringArray::from_iter_values(std::iter::repeat_n(text, self.rows));
        self.push(name, Arc::new(column));
    }

    fn repeat_day(&mut self, name: &str, days: i32) {
        self.push(name, Arc::new(Date32Array::from_value(days, self.rows)));
    }
}

fn hex_ids(cells: &[CellIndex]) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(
        cells.iter().map(ToString::to_string),
    ))
}

fn polygons(cells: &[CellIndex], kind: PolygonType) -> ArrayRef {
    let shapes: Vec<_> = cells.iter().copied().map(shape::cell).collect();
    PolygonBuilder::from_polygons(&shapes, kind)
        .finish()
        .to_array_ref()
}

fn push_expected(table: &mut Columns, tier: &TierTables<'_>) -> Result<()> {
    let expected = tier.expected;
    let cells = expected.cell().values().iter().copied().enumerate();
    let rows = at_cells(&tier.study_area.grid, "cells with an expectation", cells)?;
    if expected.len() != rows.len() {
        return Err(unbalanced(
            "cells with an expectation",
            rows.len(),
            expected.len(),
        ));
    }
    table.push("observed", finite(expected.observed(), &rows));
    table.push("expected", finite(expected.expected(), &rows));
    let (shapes, rates) = (
        expected.posterior_shape().values(),
        expected.posterior_rate().values(),
    );
    let means = shapes
        .iter()
        .zip(rates.iter())
        .map(|(shape, rate)| shape / rate);
    table.push("risk", finite(&means.collect(), &rows));
    Ok(())
}

/// How likely an incident is to be reported, apart from risk; no number where that is unknown.
fn push_reporting(table: &mut Columns, tier: &TierTables<'_>) -> Result<()> {
    let detection = &tier.reporting.detection;
    let cells = detection.cell().values().iter().copied().enumerate();
    let rows = at_cells(&tier.study_area.grid, "cells with a reporting state", cells)?;
    for (name, column) in [
        ("reporting", detection.q()),
        ("reporting_lo", detection.q_lo()),
        ("reporting_hi", detection.q_hi()),
    ] {
        table.push(name, finite(column, &rows));
    }
    let state = |row: &Option<usize>| {
        let state = ReportingState::from_code(detection.state().value((*row)?));
        state.map(ReportingState::name)
    };
    let reason = |row: &Option<usize>| row.map(|row| detection.reason().value(row));
    let states = rows.iter().map(state).collect::<StringArray>();
    table.push("reporting_state", Arc::new(states));
    let reasons = rows.iter().map(reason).collect::<StringArray>();
    table.push("reporting_reason", Arc::new(reasons));
    Ok(())
}

/// Six columns per detector, named after it.
fn push_signals(table: &mut Columns, tier: &TierTables<'_>) -> Result<()> {
    let signals = tier.signals;
    let mut rows_of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (row, detector) in signals.detector().iter().enumerate() {
        rows_of
            .entry(detector.unwrap_or_default())
            .or_default()
            .push(row);
    }
    for (detector, rows) in rows_of {
        let cells = rows.iter().map(|&row| (row, signals.cell().value(row)));
        let rows = at_cells(&tier.study_area.grid, "cells with a signal", cells)?;
        for (name, column) in [
            ("z", signals.z()),
            ("p", signals.p()),
            ("p_bh", signals.p_bh()),
            ("p_by", signals.p_by()),
        ] {
            table.push(format!("{detector}_{name}"), finite(column, &rows));
        }
        let hot = rows
            .iter()
            .map(|row| row.map(|row| signals.hot().value(row) == 1));
        table.push(
            format!("{detector}_hot"),
            Arc::new(hot.collect::<BooleanArray>()),
        );
    }
    Ok(())
}

fn push_classes(table: &mut Columns, tier: &TierTables<'_>) -> Result<()> {
    let classes = tier.classes;
    let cells = classes.cell().values().iter().copied().enumerate();
    let rows = at_cells(&tier.study_area.grid, "cells with a class", cells)?;
    for (name, column) in [
        ("class_classic", classes.classic()),
        ("class_seasonal", classes.seasonal()),
    ] {
        let class = |row: &Option<usize>| {
            row.filter(|&row| column.is_valid(row))
                .map(|row| column.value(row))
        };
        table.push(
            name,
            Arc::new(rows.iter().map(class).collect::<StringArray>()),
        );
    }
    Ok(())
}

/// What indicators say beside the reports: log-odds against the usual, never part of the risk.
fn push_warnings(table: &mut Columns, tier: &TierTables<'_>) -> Result<()> {
    let warnings = tier.early_warnings;
    let cells = warnings.cell().values().iter().copied().enumerate();
    let rows = at_cells(&tier.study_area.grid, "cells with indicators", cells)?;
    for (name, column) in [
        ("early_warning", warnings.log_odds()),
        ("early_warning_lo", warnings.lo()),
        ("early_warning_hi", warnings.hi()),
        ("early_warning_band_lo", warnings.band_lo()),
        ("early_warning_band_hi", warnings.band_hi()),
    ] {
        table.push(name, finite(column, &rows));
    }
    let review = |row: &Option<usize>| row.map(|row| warnings.review().value(row) == 1);
    let reviews = rows.iter().map(review).collect::<BooleanArray>();
    table.push("early_warning_review", Arc::new(reviews));
    Ok(())
}

/// Probability of an incident in the days after the as-of date, each horizon with its interval.
fn push_forecasts(table: &mut Columns, tier: &TierTables<'_>) -> Result<()> {
    for forecast in &tier.forecasts.horizons {
        let days = forecast.horizon_days();
        for (end, values) in [
            ("", &forecast.p_event),
            ("_lo", &forecast.p_lo),
            ("_hi", &forecast.p_hi),
        ] {
            if values.len() != table.rows {
                return Err(unbalanced(
                    "cells with a forecast",
                    table.rows,
                    values.len(),
                ));
            }
            let column = Float64Array::from(values.clone());
            table.push(format!("p_event_{days}d{end}"), Arc::new(column));
        }
    }
    Ok(())
}

fn zone_ids(tier: &TierTables<'_>) -> Result<ArrayRef> {
    let zones = &tier.zones.rows;
    let cells = zones.iter().enumerate();
    let cells = cells.flat_map(|(i, zone)| zone.cells.iter().map(move |&cell| (i, cell.into())));
    let zone_of = at_cells(&tier.study_area.grid, "cells of zones", cells)?;
    let ids = zone_of
        .into_iter()
        .map(|zone| zone.map(|i| zones[i].zone_id.as_str()));
    Ok(Arc::new(ids.collect::<StringArray>()))
}

/// For every cell of the grid the row that speaks of it.
///
/// # Errors
/// [`Error::Unbalanced`] where a row speaks of no cell of the grid, or two of the same.
fn at_cells(
    grid: &Grid,
    what: &'static str,
    rows: impl Iterator<Item = (usize, u64)>,
) -> Result<Vec<Option<usize>>> {
    let mut row_of = vec![None; grid.cells().len()];
    let (mut before, mut after) = (0, 0);
    for (row, id) in rows {
        before += 1;
        let position = CellIndex::try_from(id)
            .ok()
            .and_then(|cell| grid.position(cell));
        if let Some(position) = position.filter(|&position| row_of[position].is_none()) {
            row_of[position] = Some(row);
            after += 1;
        }
    }
    if before == after {
        Ok(row_of)
    } else {
        Err(unbalanced(what, before, after))
    }
}

fn unbalanced(what: &'static str, before: usize, after: usize) -> Error {
    Error::Unbalanced {
        stage: "publish",
        what,
        before: before as i128,
        after: after as i128,
    }
}

/// The values of rows; what does not exist or is not finite is missing.
fn finite(column: &Float64Array, rows: &[Option<usize>]) -> ArrayRef {
    let value = |&row: &usize| column.is_valid(row).then(|| column.value(row));
    let values = rows
        .iter()
        .map(|row| row.as_ref().and_then(value).filter(|v| v.is_finite()));
    Arc::new(values.collect::<Float64Array>())
}
