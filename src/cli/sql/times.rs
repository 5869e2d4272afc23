//! When things were: the calendar, incidents per cell and week, and what was not taken.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    Date32Array, Decimal128Array, Int32Array, RecordBatch, StringArray, UInt64Array,
};
use h3o::CellIndex;

use crate::base::day::{Day, Week};
use crate::base::error::Result;
use crate::tables::{Placed, Rejection};

use super::tables::Mission;
use super::{table, unmade};

/// Digits before and behind the point of an amount; parts of 1e-12 of an incident are the engine's own.
const DIGITS: (u8, i8) = (30, 12);

pub(super) fn calendar(mission: &Mission) -> Result<RecordBatch> {
    let incidents = &mission.incidents;
    let first = incidents.date_start().values().iter().min();
    let last = incidents.date_end().values().iter().max();
    let days: Vec<Day> = match first.zip(last) {
        Some((&first, &last)) => (first..=last).map(Day).collect(),
        None => Vec::new(),
    };
    let phases = days
        .iter()
        .map(|day| Some(mission.card.as_ref()?.phase_of(day.week())));
    let months = days.iter().map(|day| i32::from(day.month_day().0));
    let weeks = days.iter().map(|day| Some(day.week().to_string()));
    table(vec![
        (
            "day",
            Arc::new(Date32Array::from_iter_values(days.iter().map(|day| day.0))),
        ),
        ("week", Arc::new(weeks.collect::<StringArray>())),
        (
            "year",
            Arc::new(Int32Array::from_iter_values(
                days.iter().map(|day| day.date().year().into()),
            )),
        ),
        ("month", Arc::new(Int32Array::from_iter_values(months))),
        ("phase", Arc::new(phases.collect::<StringArray>())),
    ])
}

pub(super) fn cell_weeks(mission: &Mission) -> Result<RecordBatch> {
    let rows = mission
        .index
        .as_ref()
        .map(|index| amounts(&index.placed))
        .unwrap_or_default();
    let hex_ids = rows
        .keys()
        .map(|&(cell, _)| Some(CellIndex::try_from(cell).ok()?.to_string()));
    let weeks = rows.keys().map(|&(_, week)| Some(Week(week).to_string()));
    let mondays = rows.keys().map(|&(_, week)| Week(week).first_day().0);
    let decimal = |of: fn(&(i64, i64)) -> i64| {
        let amounts =
            Decimal128Array::from_iter_values(rows.values().map(|amounts| of(amounts).into()));
        amounts
            .with_precision_and_scale(DIGITS.0, DIGITS.1)
            .map_err(unmade)
    };
    table(vec![
        ("hex_id", Arc::new(hex_ids.collect::<StringArray>())),
        (
            "cell",
            Arc::new(UInt64Array::from_iter_values(
                rows.keys().map(|&(cell, _)| cell),
            )),
        ),
        ("week", Arc::new(weeks.collect::<StringArray>())),
        (
            "first_day",
            Arc::new(Date32Array::from_iter_values(mondays)),
        ),
        ("incidents", Arc::new(decimal(|amounts| amounts.0)?)),
        ("located", Arc::new(decimal(|amounts| amounts.1)?)),
    ])
}

/// Incidents, and those located, per cell and week, in parts of 1e-12; what is known to an area is spread over it.
fn amounts(placed: &Placed) -> BTreeMap<(u64, i32), (i64, i64)> {
    let mut amounts: BTreeMap<(u64, i32), (i64, i64)> = BTreeMap::new();
    let rows = &placed.cell_weeks;
    for row in 0..rows.len() {
        let amount = amounts
            .entry((rows.cell().value(row), rows.week().value(row)))
            .or_default();
        amount.0 += rows.incidents_e12().value(row);
        amount.1 += rows.located_e12().value(row);
    }
    for (cell, week, part) in placed.area_weeks.spread() {
        amounts.entry((cell.into(), week)).or_default().0 += part;
    }
    amounts
}

pub(super) fn rejections(mission: &Mission) -> Result<RecordBatch> {
    let rows = &mission.rejections;
    let text = |of: fn(&Rejection) -> &str| -> StringArray {
        rows.iter().map(|row| Some(of(row))).collect()
    };
    table(vec![
        ("source", Arc::new(text(|row| &row.source))),
        ("file", Arc::new(text(|row| &row.file))),
        (
            "line",
            Arc::new(UInt64Array::from_iter_values(
                rows.iter().map(|row| row.line),
            )),
        ),
        ("column", Arc::new(text(|row| &row.column))),
        ("reason", Arc::new(text(|row| &row.reason))),
        ("expected", Arc::new(text(|row| &row.expected))),
    ])
}
