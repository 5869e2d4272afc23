//! Outcomes of all years by cell and day: what forecasts learn from.

use arrow::array::Array;
use datafusion::scalar::ScalarValue;
use h3o::CellIndex;

use crate::base::Context;
use crate::base::day::Day;
use crate::base::error::Result;
use crate::base::query::Query;
use crate::tables::{CellDay, CellDays, CellDaysBuilder, StudyArea};

use super::anchors::contract;
use super::counts::merged;

/// Cell, first day, day known, then place precision, actor class and who brought the report.
type Key = (u64, i32, Option<i32>, [u8; 3]);

/// Outcomes by cell and day, in order; how they came in pieces makes no difference.
#[derive(Debug, Default)]
pub(super) struct History {
    rows: Vec<(Key, i64)>,
}

impl History {
    /// Counts the registered incidents.
    pub(super) fn add(&mut self, context: &Context) -> Result<()> {
        let batch = context
            .session
            .query(Query::History, &parameters(context))?;
        let found =
            CellDays::from_batch(batch).map_err(|found| contract(Query::History, &found))?;
        let known = found.known_day();
        let rows = (0..found.len()).map(|row| {
            let told = [
                found.place_precision().value(row),
                found.actor_class().value(row),
                found.discovered_by().value(row),
            ];
            let known = known.is_valid(row).then(|| known.value(row));
            let key = (found.cell().value(row), found.day().value(row), known, told);
            (key, found.n().value(row))
        });
        // A statement sorts what is missing last, a key first.
        let mut rows: Vec<_> = rows.collect();
        rows.sort_unstable();
        self.rows = merged(std::mem::take(&mut self.rows), rows.into_iter(), |a, b| {
            a + b
        });
        Ok(())
    }

    /// Those of the study area.
    pub(super) fn finish(self, study_area: &StudyArea) -> CellDays {
        let mut rows = CellDaysBuilder::default();
        for ((cell, day, known_day, told), n) in self.rows {
            let at = CellIndex::try_from(cell).ok();
            if at.is_none_or(|cell| study_area.grid.position(cell).is_none()) {
                continue;
            }
            let [place_precision, actor_class, discovered_by] = told;
            rows.push(CellDay {
                cell,
                day: Day(day),
                known_day: known_day.map(Day),
                place_precision,
                actor_class,
                discovered_by,
                n,
            });
        }
        rows.finish()
    }
}

fn parameters(context: &Context) -> [(&'static str, ScalarValue); 6] {
    let settings = &context.settings;
    let kinds = settings.outcome.kinds.iter();
    let kinds = kinds.fold(0_i64, |set, kind| set | 1 << kind.code());
    let forecast = &settings.forecast;
    let day = |day: Day| ScalarValue::Date32(Some(day.0));
    [
        ("kinds", ScalarValue::Int64(Some(kinds))),
        (
            "place",
            ScalarValue::UInt8(Some(forecast.place_precision.code())),
        ),
        (
            "date",
            ScalarValue::UInt8(Some(forecast.date_precision.code())),
        ),
        (
            "resolution",
            ScalarValue::UInt8(Some(settings.area.resolution)),
        ),
        ("as_of", day(context.as_of)),
        ("first_day", day(forecast.first_day())),
    ]
}
