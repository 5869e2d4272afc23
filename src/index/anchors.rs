//! Counts records by where and when they are known to be.

use datafusion::scalar::ScalarValue;

use crate::base::Context;
use crate::base::code::PlacePrecision;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::base::query::Query;
use crate::base::table::{I32, I64, U8, U64};
use crate::table;

use super::dumps::MiddleCells;

/// The coarsest precision at which a record is known to be a point.
pub(super) const POINT: PlacePrecision = PlacePrecision::Town;

/// What becomes of a record before its place is looked at, by fate code.
pub(super) const FATES: [&str; 5] = [
    "counted",
    "not_an_outcome",
    "not_known_yet",
    "older_than_history",
    "still_arriving",
];

table! {
    /// One row per fate that occurs.
    Fates, row Fate, builder FatesBuilder {
        /// Position in `FATES`.
        fate: U8,
        /// Records.
        n: I64,
    }
}

table! {
    /// One row per (anchor, precision, day range) of the records that count. The anchor of a point is
    /// its analysis cell, of a point on the middle of an area and of anything coarser its index cell.
    Anchors, row Anchor, builder AnchorsBuilder {
        /// H3 cell that the place is known by.
        anchor: U64,
        /// `base::code::PlacePrecision`.
        place_precision: U8,
        /// First day; the Monday where all days lie in one week.
        first_day: I32,
        /// Last day; the Monday where all days lie in one week.
        last_day: I32,
        /// Latest day of any record in the row.
        latest_day: I32,
        /// Bit `k`: a point known to the day, `k` days after the Monday.
        days: U8,
        /// Records.
        n: I64,
    }
}

/// How many of the registered incidents count, and where and when those that do are known to be.
pub(super) fn count(
    context: &Context,
    on_middles: MiddleCells,
) -> Result<([i64; FATES.len()], Anchors)> {
    let session = &context.session;
    session.register("middle_cells", on_middles.into_batch())?;
    let shared = fate_parameters(context);
    let area = &context.settings.area;
    let places = [
        ("town", ScalarValue::UInt8(Some(POINT.code()))),
        ("resolution", ScalarValue::UInt8(Some(area.resolution))),
        (
            "index_resolution",
            ScalarValue::UInt8(Some(area.index_resolution)),
        ),
        (
            "points_apart",
            ScalarValue::Boolean(Some(context.settings.placing.unnamed_reports > 0)),
        ),
    ];
    let fates = Fates::from_batch(session.query(Query::Fates, &shared)?)
        .map_err(|found| contract(Query::Fates, &found))?;
    let batch = session.query(Query::Anchors, &[&shared[..], &places].concat())?;
    session.forget("middle_cells")?;
    let anchors = Anchors::from_batch(batch).map_err(|found| contract(Query::Anchors, &found))?;
    Ok((by_code(&fates), anchors))
}

/// What decides a record's fate.
fn fate_parameters(context: &Context) -> [(&'static str, ScalarValue); 4] {
    let kinds = context.settings.outcome.kinds.iter();
    let kinds = kinds.fold(0_i64, |set, kind| set | 1 << kind.code());
    let day = |day: Day| ScalarValue::Date32(Some(day.0));
    [
        ("kinds", ScalarValue::Int64(Some(kinds))),
        ("as_of", day(context.as_of)),
        ("first_day", day(context.first_history_week().first_day())),
        ("last_day", day(context.last_week().last_day())),
    ]
}

fn by_code(fates: &Fates) -> [i64; FATES.len()] {
    let mut sums = [0; FATES.len()];
    for (&fate, &n) in fates.fate().values().iter().zip(fates.n().values()) {
        sums[usize::from(fate)] += n;
    }
    sums
}

/// The error of a statement whose columns are not those of its table.
pub(super) fn contract(query: Query, found: &arrow::datatypes::Schema) -> Error {
    let columns: Vec<String> = found
        .fields()
        .iter()
        .map(|f| {
            format!(
                "{} {}{}",
                f.name(),
                f.data_type(),
                if f.is_nullable() { "?" } else { "" }
            )
        })
        .collect();
    Error::Query {
        query: query.name(),
        reason: format!("its columns are not its table's: {}", columns.join(", ")),
    }
}

/// The rows as (anchor, precision, first day, last day, records).
pub(super) fn rows(anchors: &Anchors) -> impl Iterator<Item = (u64, u8, i32, i32, i64)> {
    let places = anchors.anchor().values().iter();
    let places = places.zip(anchors.place_precision().values());
    let first_days = anchors.first_day().values().iter();
    let days = first_days.zip(anchors.last_day().values());
    let rows = places.zip(days).zip(anchors.n().values());
    rows.map(|(((&anchor, &precision), (&first, &last)), &n)| (anchor, precision, first, last, n))
}
