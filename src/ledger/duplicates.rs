//! What several sources tell of one event counts once.
//!
//! Two records are one event where they are of the same kind, their actor classes do not contradict,
//! their days meet, both are known to a week and to 25 km at least, and their points lie no farther
//! apart than the coarser of the two is known: 1 km for a surveyed point, 5 for a town, 25 else. Each
//! is merged with the nearest of another source only where that one's nearest is it. What is known to
//! a district or to a month is never merged: it could be any of many.

use std::collections::BTreeSet;

use arrow::array::BooleanArray;
use arrow::compute::filter_record_batch;
use datafusion::scalar::ScalarValue;

use crate::base::Context;
use crate::base::code::{DatePrecision, PlacePrecision};
use crate::base::error::{Error, Result};
use crate::base::query::Query;
use crate::tables::{Duplicates, DuplicatesBuilder, Incidents};

/// The incidents without those merged into another, and the pairs.
pub(super) fn merge(context: &Context, incidents: Incidents) -> Result<(Incidents, Duplicates)> {
    if has_one_source(&incidents) {
        return Ok((incidents, DuplicatesBuilder::default().finish()));
    }
    let session = &context.session;
    session.register("incidents", incidents.batch().clone())?;
    let code = |code: u8| ScalarValue::UInt8(Some(code));
    let found = session.query(
        Query::Duplicates,
        &[
            ("as_of", ScalarValue::Date32(Some(context.as_of.0))),
            ("exact", code(PlacePrecision::Exact.code())),
            ("town", code(PlacePrecision::Town.code())),
            ("near", code(PlacePrecision::Near.code())),
            ("week", code(DatePrecision::Week.code())),
        ],
    )?;
    session.forget("incidents")?;
    let pairs = Duplicates::from_batch(found).map_err(|_columns| Error::Query {
        query: Query::Duplicates.name(),
        reason: "its columns are not its table's".to_owned(),
    })?;
    Ok((without_merged(incidents, &pairs)?, pairs))
}

fn has_one_source(incidents: &Incidents) -> bool {
    let mut sources = incidents.source().iter();
    let first = sources.next();
    sources.all(|source| Some(source) == first)
}

fn without_merged(incidents: Incidents, pairs: &Duplicates) -> Result<Incidents> {
    if pairs.is_empty() {
        return Ok(incidents);
    }
    let merged: BTreeSet<(&str, &str)> = pairs
        .merged_source()
        .iter()
        .flatten()
        .zip(pairs.merged_id().iter().flatten())
        .collect();
    let keys = incidents.source().iter().flatten();
    let keys = keys.zip(incidents.source_id().iter().flatten());
    let stays: BooleanArray = keys.map(|key| Some(!merged.contains(&key))).collect();
    let kept =
        filter_record_batch(incidents.batch(), &stays).map_err(Error::statistic("ledger"))?;
    Incidents::from_batch(kept).map_err(|_columns| Error::Statistic {
        stage: "ledger",
        reason: "its rows are not incidents".to_owned(),
    })
}
