//! Which rows, of tonight's files and of the ledger, speak of the same record.

use std::hash::{BuildHasher, RandomState};

use arrow::array::{AsArray, RecordBatch, StringArray};
use hashbrown::HashTable;

/// Source and id of every row of several batches, numbered through.
pub(super) struct Rows {
    texts: Vec<(StringArray, StringArray)>,
    /// First row of each batch, and after the last one.
    starts: Vec<u32>,
}

/// Rows grouped by record.
pub(super) struct Records {
    /// Record of each row.
    pub(super) of_row: Vec<u32>,
    /// First row of each record.
    pub(super) first_rows: Vec<u32>,
}

impl Rows {
    /// `batches` have the columns `source` and `source_id`; together fewer than 2^32 rows.
    pub(super) fn new<'a>(batches: impl Iterator<Item = &'a RecordBatch>) -> Self {
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

    fn len(&self) -> u32 {
        self.starts.last().copied().unwrap_or(0)
    }

    /// Batch of a row, and its place there.
    pub(super) fn at(&self, row: u32) -> (usize, usize) {
        let batch = self.starts.partition_point(|&start| start <= row) - 1;
        (batch, (row - self.starts[batch]) as usize)
    }

    /// Source and id of a row.
    pub(super) fn key(&self, row: u32) -> (&str, &str) {
        let (batch, row) = self.at(row);
        let (sources, ids) = &self.texts[batch];
        (sources.value(row), ids.value(row))
    }

    /// Groups the rows; records are numbered in the order in which they first appear.
    pub(super) fn records(&self) -> Records {
        let hasher = RandomState::new();
        let hash = |row: u32| hasher.hash_one(self.key(row));
        let mut table: HashTable<u32> = HashTable::with_capacity(self.len() as usize);
        let mut of_row: Vec<u32> = Vec::with_capacity(self.len() as usize);
        let mut first_rows = Vec::new();
        for row in 0..self.len() {
            let key = self.key(row);
            let entry = table.entry(hash(row), |&other| self.key(other) == key, |&row| hash(row));
            let record = match entry {
                hashbrown::hash_table::Entry::Occupied(first) => of_row[*first.get() as usize],
                hashbrown::hash_table::Entry::Vacant(free) => {
                    free.insert(row);
                    first_rows.push(row);
                    u32::try_from(first_rows.len() - 1).unwrap_or(u32::MAX)
                }
            };
            of_row.push(record);
        }
        Records { of_row, first_rows }
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
        let tonight = batch(&[
            ("acled", "1"),
            ("crsv", "1"),
            ("acled", "1"),
            ("acled", "2"),
        ]);
        let (none, ledger) = (batch(&[]), batch(&[("crsv", "1"), ("acled", "3")]));
        let rows = Rows::new([&tonight, &none, &ledger].into_iter());
        let records = rows.records();
        assert_eq!(records.of_row, [0, 1, 0, 2, 1, 3]);
        assert_eq!(records.first_rows, [0, 1, 3, 5]);
        assert_eq!(rows.at(4), (2, 0));
        assert_eq!(rows.key(5), ("acled", "3"));
    }
}
