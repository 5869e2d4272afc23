//! Counts records by where and when they are known to be.

use arrow::array::Array;
use datafusion::scalar::ScalarValue;

use crate::base::Context;
use crate::base::code::PlacePrecision;
use crate::base::error::{Error, Result};
use crate::base::query::Query;
use crate::base::table::{I32, I64, Opt, U8, U64};
use crate::table;
use crate::tables::Incidents;

/// The coarsest precision at which a record is known to be a point.
pub(super) const POINT: PlacePrecision = PlacePrecision::Town;

table! {
    /// One row per (fate, anchor, precision, day range). The anchor of a point is its analysis cell,
    /// of anything coarser its index cell; records that do not count have none.
    Anchors, row Anchor, builder AnchorsBuilder {
        /// 0 counted, 1 no outcome, 2 not known yet, 3 older than the history, 4 still arriving.
        fate: U8,
        /// H3 cell that the place is known by.
        anchor: Opt<U64>,
        /// `base::code::PlacePrecision`.
        place_precision: Opt<U8>,
        /// First day; the Monday where all days lie in one week.
        first_day: Opt<I32>,
        /// Last day; the Monday where all days lie in one week.
        last_day: Opt<I32>,
        /// Latest day of any record in the row.
        latest_day: Opt<I32>,
        /// Records.
        n: I64,
    }
}

/// What becomes of a record before its place is looked at, by fate code.
pub(super) const FATES: [&str; 5] = [
    "counted",
    "not_an_outcome",
    "not_known_yet",
    "older_than_history",
    "still_arriving",
];

/// Counts the mission's incidents by anchor.
pub(super) fn count(context: &Context, incidents: &Incidents) -> Result<Anchors> {
    let settings = &context.settings;
    let kinds = settings
        .outcome
        .kinds
        .iter()
        .fold(0_i64, |set, kind| set | 1 << kind.code());
    let day = |day: crate::base::day::Day| ScalarValue::Date32(Some(day.0));
    context
        .session
        .register("incidents", incidents.batch().clone())?;
    let batch = context.session.query(
        Query::Anchors,
        &[
            ("kinds", ScalarValue::Int64(Some(kinds))),
            ("town", ScalarValue::UInt8(Some(POINT.code()))),
            (
                "resolution",
                ScalarValue::UInt8(Some(settings.area.resolution)),
            ),
            (
                "index_resolution",
                ScalarValue::UInt8(Some(settings.area.index_resolution)),
            ),
            ("as_of", day(context.as_of)),
            ("first_day", day(context.first_history_week().first_day())),
            ("last_day", day(context.last_week().last_day())),
        ],
    )?;
    context.session.forget("incidents")?;
    Anchors::from_batch(batch).map_err(|found| contract(Query::Anchors, &found))
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

/// Records of each fate, the counted ones row by row as (anchor, precision, records).
pub(super) fn by_fate(anchors: &Anchors) -> [i64; FATES.len()] {
    let mut sums = [0; FATES.len()];
    for (&fate, &n) in anchors.fate().values().iter().zip(anchors.n().values()) {
        sums[usize::from(fate)] += n;
    }
    sums
}

/// The counted rows as (anchor, precision, first day, last day, records).
pub(super) fn counted(anchors: &Anchors) -> impl Iterator<Item = (u64, u8, i32, i32, i64)> {
    (0..anchors.len())
        .filter(|&row| anchors.fate().value(row) == 0)
        .map(|row| {
            debug_assert!(
                anchors.anchor().is_valid(row),
                "a counted record has an anchor"
            );
            (
                anchors.anchor().value(row),
                anchors.place_precision().value(row),
                anchors.first_day().value(row),
                anchors.last_day().value(row),
                anchors.n().value(row),
            )
        })
}
