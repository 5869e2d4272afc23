//! Which records the ledger has, and where each one's rows are.

use arrow::array::{AsArray, RecordBatch, StringArray};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::columns::digest_of;

/// Source and id of every row of several batches, numbered through.
#[derive(Default)]
pub(super) struct Rows {
    texts: Vec<(StringArray, StringArray)>,
    /// First row of each batch, and after the last one.
    starts: Vec<u32>,
}

/// The records of some rows.
#[derive(Default)]
pub(super) struct Records {
    rows: Rows,
    /// Record by key.
    table: HashTable<u32>,
    /// Record of each row.
    pub(super) of_row: Vec<u32>,
    /// First row of each record.
    pub(super) first_rows: Vec<u32>,
}

impl Rows {
    /// `batches` have the columns `source` and `source_id`; together fewer than 2^32 rows.
    pub(super) fn new(batches: &[RecordBatch]) -> Self {
        let mut rows = Self {
            texts: Vec::new(),
            starts: vec![0],
        };
        for batch in batches {
            let text = |name: &str| -> StringArray {
                let column = batch.column_by_name(name);
                column.map_or_else(
                    || StringArray::from(Vec::<&str>::new()),
                    |column| column.as_string().clone(),
                )
            };
            rows.texts.push((text("source"), text("source_id")));
            let start = rows.starts.last().copied().unwrap_or(0);
            let len = u32::try_from(batch.num_rows()).unwrap_or(u32::MAX);
            rows.starts.push(start.saturating_add(len));
        }
        rows
    }

    pub(super) fn len(&self) -> u32 {
        self.starts.last().copied().unwrap_or(0)
    }

    /// Source and id of a row.
    pub(super) fn key(&self, row: u32) -> (&str, &str) {
        let batch = self.starts.partition_point(|&start| start <= row) - 1;
        let row = (row - self.starts[batch]) as usize;
        let (sources, ids) = &self.texts[batch];
        (sources.value(row), ids.value(row))
    }
}

/// Digest of a key.
pub(super) fn hash(key: (&str, &str)) -> u64 {
    digest_of(key, 0)
}

impl Records {
    /// Groups rows; records are numbered in the order in which they first appear.
    pub(super) fn new(rows: Rows) -> Self {
        let mut table: HashTable<u32> = HashTable::new();
        let mut of_row: Vec<u32> = Vec::with_capacity(rows.len() as usize);
        let mut first_rows: Vec<u32> = Vec::new();
        for row in 0..rows.len() {
            let key = rows.key(row);
            let same = |&record: &u32| rows.key(first_rows[record as usize]) == key;
            let rehash = |&record: &u32| hash(rows.key(first_rows[record as usize]));
            let record = match table.entry(hash(key), same, rehash) {
                Entry::Occupied(record) => *record.get(),
                Entry::Vacant(free) => {
                    let record = u32::try_from(first_rows.len()).unwrap_or(u32::MAX);
                    free.insert(record);
                    first_rows.push(row);
                    record
                }
            };
            of_row.push(record);
        }
        Self {
            rows,
            table,
            of_row,
            first_rows,
        }
    }

    /// The record of a key.
    pub(super) fn find(&self, key: (&str, &str), hash: u64) -> Option<usize> {
        let same = |&record: &u32| self.key(record as usize) == key;
        self.table.find(hash, same).map(|&record| record as usize)
    }

    /// Source and id of a record.
    pub(super) fn key(&self, record: usize) -> (&str, &str) {
        self.rows.key(self.first_rows[record])
    }

    pub(super) fn len(&self) -> usize {
        self.first_rows.len()
    }
}

/// Keys met for the first time tonight, by their digests alone: ten million must fit beside all else.
/// Two keys of one digest would be taken for one record told twice, which among ten million happens
/// once in 370,000 nights.
#[derive(Default)]
pub(super) struct Met {
    digests: HashTable<u64>,
}

impl Met {
    /// Whether a key is met for the first time.
    pub(super) fn meet(&mut self, hash: u64) -> bool {
        match self
            .digests
            .entry(hash, |&other| other == hash, |&other| other)
        {
            Entry::Occupied(_) => false,
            Entry::Vacant(free) => {
                free.insert(hash);
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::ArrayRef;

    use super::*;

    fn batch(keys: &[(&str, &str)]) -> RecordBatch {
        let column = |texts: Vec<&str>| Arc::new(StringArray::from(texts)) as ArrayRef;
        RecordBatch::try_from_iter([
            ("source", column(keys.iter().map(|key| key.0).collect())),
            ("source_id", column(keys.iter().map(|key| key.1).collect())),
        ])
        .unwrap()
    }

    #[test]
    fn rows_of_the_same_source_and_id_are_one_record() {
        let first = batch(&[
            ("acled", "1"),
            ("crsv", "1"),
            ("acled", "1"),
            ("acled", "2"),
        ]);
        let (none, last) = (batch(&[]), batch(&[("crsv", "1"), ("acled", "3")]));
        let records = Records::new(Rows::new(&[first, none, last]));
        assert_eq!(records.of_row, [0, 1, 0, 2, 1, 3]);
        assert_eq!(records.first_rows, [0, 1, 3, 5]);
        assert_eq!(records.key(3), ("acled", "3"));
        let find = |key| records.find(key, hash(key));
        assert_eq!(find(("crsv", "1")), Some(1));
        assert_eq!(find(("crsv", "2")), None);
        assert_eq!(find(("crsv1", "")), None);
    }

    #[test]
    fn a_key_is_new_once() {
        let mut met = Met::default();
        assert!(met.meet(hash(("acled", "1"))) && met.meet(hash(("acled", "2"))));
        assert!(!met.meet(hash(("acled", "1"))));
    }
}
