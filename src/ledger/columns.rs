//! The ledger's columns, and how an incident's values are compared and moved.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Int64Array, RecordBatch, StringArray, UInt8Array,
    UInt32Array,
};
use arrow::compute::take;
use arrow::datatypes::{
    DataType, Date32Type, Field, Float64Type, Schema, SchemaRef, UInt8Type, UInt32Type,
};
use twox_hash::XxHash64;

use crate::base::error::{Error, Result};
use crate::tables::Incidents;

use super::versions::Version;

/// Columns that say which record and which version a row is, before those of its values.
pub(super) const KEYS: [&str; 6] = [
    "source",
    "source_id",
    "version",
    "known_at",
    "withdrawn",
    "content",
];
/// Columns of an incident that are no values of it.
const NOT_VALUES: [&str; 3] = ["source", "source_id", "known_at"];

/// One row per version of a record; the values of a withdrawal are missing.
pub(super) fn schema() -> SchemaRef {
    let keys = [
        (DataType::Utf8, false),
        (DataType::Utf8, false),
        (DataType::UInt32, false),
        (DataType::Date32, true),
        (DataType::UInt8, false),
        (DataType::Int64, false),
    ];
    let keys = KEYS
        .iter()
        .zip(keys)
        .map(|(&name, (data_type, nullable))| Field::new(name, data_type, nullable));
    let values = values().map(|field| Field::new(field.name(), field.data_type().clone(), true));
    Arc::new(Schema::new(keys.chain(values).collect::<Vec<_>>()))
}

/// The columns that hold an incident's values.
fn values() -> impl Iterator<Item = Arc<Field>> {
    let fields: Vec<Arc<Field>> = Incidents::schema().fields().iter().cloned().collect();
    fields
        .into_iter()
        .filter(|field| !NOT_VALUES.contains(&field.name().as_str()))
}

/// Every column of an incident by name, the ledger's order.
pub(super) fn value_names() -> Vec<String> {
    values().map(|field| field.name().clone()).collect()
}

/// Digest of each incident's values: XXH64, each column seeding the next. Whether two versions say the
/// same is all that hangs on it.
pub(super) fn contents(incidents: &RecordBatch) -> Vec<u64> {
    let mut digests = vec![0_u64; incidents.num_rows()];
    for field in values() {
        if let Some(column) = incidents.column_by_name(field.name()) {
            add(column, &mut digests);
        }
    }
    digests
}

/// Adds one column to the digests of the rows.
fn add(column: &ArrayRef, digests: &mut [u64]) {
    macro_rules! numbers {
        ($type:ty) => {{
            let column = column.as_primitive::<$type>();
            for (row, digest) in digests.iter_mut().enumerate() {
                let value = column
                    .is_valid(row)
                    .then(|| column.value(row).to_le_bytes());
                *digest = mix(*digest, value.as_ref().map(|bytes| &bytes[..]));
            }
        }};
    }
    match column.data_type() {
        DataType::UInt8 => numbers!(UInt8Type),
        DataType::UInt32 => numbers!(UInt32Type),
        DataType::Date32 => numbers!(Date32Type),
        DataType::Float64 => numbers!(Float64Type),
        _ => {
            let texts: &StringArray = column.as_string();
            for (row, digest) in digests.iter_mut().enumerate() {
                let value = texts.is_valid(row).then(|| texts.value(row).as_bytes());
                *digest = mix(*digest, value);
            }
        }
    }
}

fn mix(digest: u64, value: Option<&[u8]>) -> u64 {
    match value {
        Some(bytes) => XxHash64::oneshot(digest, bytes),
        // Missing is not empty.
        None => digest.rotate_left(7) ^ 0x9E37_79B9_7F4A_7C15,
    }
}

/// Digest of one record and what it says.
pub(super) fn digest_of((source, id): (&str, &str), content: u64) -> u64 {
    let source = mix(content, Some(source.as_bytes()));
    mix(source, Some(id.as_bytes()))
}

/// The rows of a batch at these positions, in their order.
pub(super) fn rows_at(
    batch: &RecordBatch,
    schema: &SchemaRef,
    at: &UInt32Array,
) -> arrow::error::Result<RecordBatch> {
    let column = |field: &Arc<Field>| {
        let index = batch.schema().index_of(field.name())?;
        take(batch.column(index), at, None)
    };
    let columns = schema.fields().iter().map(column);
    RecordBatch::try_new(
        Arc::clone(schema),
        columns.collect::<arrow::error::Result<_>>()?,
    )
}

/// New versions of records, by their keys, as rows; a withdrawal has a key and no values.
pub(super) fn ledger_rows(
    new: &[((&str, &str), Version)],
    tonight: &RecordBatch,
) -> Result<RecordBatch> {
    let keys = new.iter().map(|&(key, _)| key);
    let versions = || new.iter().map(|(_, version)| version);
    let days: Date32Array = versions().map(|v| v.known_at.map(|day| day.0)).collect();
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(
            keys.clone().map(|(source, _)| source),
        )),
        Arc::new(StringArray::from_iter_values(keys.map(|(_, id)| id))),
        Arc::new(UInt32Array::from_iter_values(versions().map(|v| v.number))),
        Arc::new(days),
        Arc::new(UInt8Array::from_iter_values(
            versions().map(|v| u8::from(v.is_withdrawn)),
        )),
        Arc::new(Int64Array::from_iter_values(
            versions().map(|v| v.content.cast_signed()),
        )),
    ];
    let at: UInt32Array = versions()
        .map(|v| (!v.is_withdrawn).then_some(v.row))
        .collect();
    let failed = |why: arrow::error::ArrowError| Error::statistic("ledger")(why);
    for name in value_names() {
        let column = tonight.schema().index_of(&name).map_err(failed)?;
        columns.push(take(tonight.column(column), &at, None).map_err(failed)?);
    }
    RecordBatch::try_new(schema(), columns).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::day::Day;
    use crate::tables::{Incident, IncidentsBuilder};

    #[test]
    fn contents_differ_with_every_value_and_with_nothing_else() {
        let plain = Incident {
            source: "acled",
            source_id: "SYN1",
            known_at: None,
            date_start: Day(100),
            date_end: Day(101),
            date_precision: 1,
            lat_deg: 6.5,
            lon_deg: 18.5,
            place_precision: 1,
            admin1_pcode: Some("CF32"),
            admin2_pcode: None,
            kind: 2,
            actor_class: 1,
            verification: 1,
            discovered_by: 0,
            fatalities: Some(1),
        };
        let mut builder = IncidentsBuilder::default();
        builder.push(plain);
        builder.push(Incident {
            source_id: "SYN2",
            known_at: Some(Day(200)),
            ..plain
        });
        for row in changed(plain) {
            builder.push(row);
        }
        let digests = contents(builder.finish().batch());
        assert_eq!(digests[0], digests[1]);
        let distinct: std::collections::BTreeSet<u64> = digests.iter().copied().collect();
        assert_eq!(distinct.len(), digests.len() - 1);
    }

    /// Each value changed in turn.
    fn changed(plain: Incident<'_>) -> Vec<Incident<'_>> {
        vec![
            Incident {
                date_start: Day(99),
                ..plain
            },
            Incident {
                date_end: Day(102),
                ..plain
            },
            Incident {
                date_precision: 2,
                ..plain
            },
            Incident {
                lat_deg: 6.6,
                ..plain
            },
            Incident {
                lon_deg: 18.6,
                ..plain
            },
            Incident {
                place_precision: 2,
                ..plain
            },
            Incident {
                admin1_pcode: None,
                ..plain
            },
            // The same text one column on.
            Incident {
                admin1_pcode: None,
                admin2_pcode: Some("CF32"),
                ..plain
            },
            Incident { kind: 3, ..plain },
            Incident {
                actor_class: 2,
                ..plain
            },
            Incident {
                verification: 2,
                ..plain
            },
            Incident {
                discovered_by: 1,
                ..plain
            },
            Incident {
                fatalities: None,
                ..plain
            },
            Incident {
                fatalities: Some(0),
                ..plain
            },
        ]
    }
}
