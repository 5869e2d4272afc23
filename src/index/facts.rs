//! Counts records of every kind by what they are.

use datafusion::scalar::ScalarValue;
use h3o::{CellIndex, Resolution};

use crate::base::Context;
use crate::base::code::PlacePrecision;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::base::query::Query;
use crate::tables::{CellFact, CellFacts, CellFactsBuilder, StudyArea};

use super::anchors::{POINT, contract};
use super::counts::merged;
use super::support::{NEAR_KM, reach_km};

/// What is known to more days than this says little about any one week.
const LONGEST_DAYS: i32 = 13;

/// Cell, week, kind, actor class, who brought the report.
type Key = (u64, i32, [u8; 3]);

/// Records by what they are, in order; how they came in pieces makes no difference.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// With the latest day and the number of records.
    rows: Vec<(Key, (i32, i64))>,
}

impl Facts {
    /// Counts the registered incidents.
    pub(super) fn add(&mut self, context: &Context) -> Result<()> {
        let batch = context.session.query(Query::Facts, &parameters(context)?)?;
        let found = CellFacts::from_batch(batch).map_err(|found| contract(Query::Facts, &found))?;
        let keys = (found.cell().values(), found.week().values());
        let (kinds, actors) = (found.kind().values(), found.actor_class().values());
        let brought = found.discovered_by().values();
        let (days, counts) = (found.last_day().values(), found.n().values());
        let rows = (0..found.len()).map(|row| {
            let what = [kinds[row], actors[row], brought[row]];
            ((keys.0[row], keys.1[row], what), (days[row], counts[row]))
        });
        self.rows = merged(std::mem::take(&mut self.rows), rows, |a, b| {
            (a.0.max(b.0), a.1 + b.1)
        });
        Ok(())
    }

    /// Those of the study area.
    pub(super) fn finish(self, study_area: &StudyArea) -> CellFacts {
        let mut rows = CellFactsBuilder::default();
        let known = self.rows.into_iter().filter(|&((cell, _, _), _)| {
            let cell = CellIndex::try_from(cell).ok();
            cell.is_some_and(|cell| study_area.grid.position(cell).is_some())
        });
        for ((cell, week, [kind, actor_class, discovered_by]), (last_day, n)) in known {
            rows.push(CellFact {
                cell,
                week,
                kind,
                actor_class,
                discovered_by,
                last_day: Day(last_day),
                n,
            });
        }
        rows.finish()
    }
}

fn parameters(context: &Context) -> Result<[(&'static str, ScalarValue); 6]> {
    let area = &context.settings.area;
    let resolution = Resolution::try_from(area.resolution).map_err(Error::statistic("index"))?;
    let near = NEAR_KM <= reach_km(context.settings.detect.ring, resolution);
    let coarsest = if near { PlacePrecision::Near } else { POINT };
    let day = |day: Day| ScalarValue::Date32(Some(day.0));
    Ok([
        ("coarsest", ScalarValue::UInt8(Some(coarsest.code()))),
        ("longest_days", ScalarValue::Int32(Some(LONGEST_DAYS))),
        ("resolution", ScalarValue::UInt8(Some(area.resolution))),
        (
            "index_resolution",
            ScalarValue::UInt8(Some(area.index_resolution)),
        ),
        ("as_of", day(context.as_of)),
        ("first_day", day(context.first_history_week().first_day())),
    ])
}
