//! `indicators.parquet`: what is known of each indicator and where, and what each says of each zone.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Float64Array, StringArray, UInt8Array, UInt64Array};
use arrow::compute::concat;
use arrow::record_batch::RecordBatch;
use h3o::CellIndex;

use super::{Layer, TierTables, cannot_write, parquet_file};
use crate::base::code::{IndicatorRole, IndicatorState};
use crate::base::error::Result;

/// The layer.
#[derive(Debug)]
pub(super) struct IndicatorsParquet;

const NAME: &str = "indicators.parquet";

impl Layer for IndicatorsParquet {
    fn file_name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> &'static str {
        "one row per indicator and cell, area or whole mission, and one per zone and indicator, for analysis"
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let (places, zones) = (tier.indicators, tier.zone_indicators);
        let n = places.len() + zones.len();
        let nothing = |n: usize| StringArray::new_null(n);
        let both = |a: &dyn Array, b: &dyn Array| concat(&[a, b]).map_err(cannot_write(NAME));
        let no_push = Float64Array::new_null(places.len());
        let repeat = |text: &str| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, n)))
        };
        let role = |column: &UInt8Array| {
            names(column, |code| Some(IndicatorRole::from_code(code)?.name()))
        };
        let state = |column: &UInt8Array| {
            names(column, |code| Some(IndicatorState::from_code(code)?.name()))
        };
        let mut columns = vec![
            ("zone_id", both(&nothing(places.len()), zones.zone_id())?),
            ("indicator", both(places.indicator(), zones.indicator())?),
            (
                "hex_id",
                both(&hex_ids(places.cell()), &hex_ids(zones.cell()))?,
            ),
            ("pcode", both(places.pcode(), &nothing(zones.len()))?),
            ("value", both(places.value(), zones.value())?),
            ("expected", both(places.expected(), zones.expected())?),
            ("score", both(places.score(), zones.score())?),
            (
                "usual_score",
                both(places.usual_score(), zones.usual_score())?,
            ),
            (
                "direction",
                both(&role(places.direction()), &role(zones.direction()))?,
            ),
            ("push", both(&no_push, zones.push())?),
            (
                "data_age_days",
                both(places.data_age_days(), zones.data_age_days())?,
            ),
            ("n_sources", both(places.n_sources(), zones.n_sources())?),
            (
                "state",
                both(&state(places.state()), &state(zones.state()))?,
            ),
            ("disclosure", repeat(tier.disclosure)),
        ];
        columns.extend(tier.notice().map(|notice| ("notice", repeat(notice))));
        let columns = columns
            .into_iter()
            .map(|(name, column)| (name, column, true));
        let batch =
            RecordBatch::try_from_iter_with_nullable(columns).map_err(cannot_write(NAME))?;
        parquet_file::write(NAME, &batch, tier.notice(), out)
    }
}

fn hex_ids(cells: &UInt64Array) -> StringArray {
    let id = |cell: Option<u64>| CellIndex::try_from(cell?).ok().map(|cell| cell.to_string());
    cells.iter().map(id).collect()
}

fn names(codes: &UInt8Array, name: fn(u8) -> Option<&'static str>) -> StringArray {
    codes.iter().map(|code| name(code?)).collect()
}
