//! The second alarm: values that look like a person's, counted by column as rows stream by.
//!
//! Columns that are left aside are watched too: a file with telephone numbers should not be here,
//! whoever drops them. No value is kept, only how many had which shape.

use std::path::Path;

use super::file_name;
use super::header::Header;
use super::row::Row;
use super::shape::{Look, Shape, any_day};
use crate::base::error::{Error, Result};

/// As many values of a column, or a hundredth of it, are no accident.
const MANY: u64 = 3;
/// A date this long before the day of its row is taken for a birth.
const BIRTH_DAYS: i32 = 3652;

/// Nothing shorter tells of anyone.
const SHORTEST: usize = 6;

/// What was seen of one column.
#[derive(Debug, Clone, Default)]
struct Seen {
    filled: u64,
    shaped: [u64; Shape::ALL.len()],
}

/// Who says that a file may be read by all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Right {
    /// Nobody.
    Shared,
    /// The mission.
    SaidPublic,
    /// The mission, of a source that is known to publish.
    Published,
}

/// What was seen of one file.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    names: Vec<String>,
    taken: Vec<bool>,
    seen: Vec<Seen>,
}

impl Watch {
    /// Watches the columns of a header, those taken among them.
    pub(crate) fn over(&mut self, header: &Header) {
        self.names = header.names().to_vec();
        self.taken = header.taken().to_vec();
        self.seen = vec![Seen::default(); self.names.len()];
    }

    /// Looks at one row.
    pub(crate) fn see(&mut self, row: &Row<'_>) {
        let mut has_days_aside = false;
        for at in 0..row.len().min(self.seen.len()) {
            let cell = row.bytes(at);
            if cell.is_empty() {
                continue;
            }
            self.seen[at].filled += 1;
            if cell.len() < SHORTEST {
                continue;
            }
            let look = Look::at(&cell);
            // What is taken as text is the record's own id, a P-code or a name of a place.
            let taken = self.taken[at];
            let shape = look.shape(&cell);
            if let Some(shape) = shape.filter(|&shape| !(taken && shape == Shape::Document)) {
                self.seen[at].shaped[shape as usize] += 1;
            }
            has_days_aside |= !taken && look.may_be_day(&cell);
        }
        if has_days_aside {
            self.see_births(row);
        }
    }

    /// Counts days that lie long before the last one that is taken.
    fn see_births(&mut self, row: &Row<'_>) {
        let day = |at: usize| any_day(&row.bytes(at));
        let columns = 0..row.len().min(self.seen.len());
        let (taken, aside): (Vec<usize>, Vec<usize>) = columns.partition(|&at| self.taken[at]);
        let Some(last) = taken.into_iter().filter_map(day).max() else {
            return;
        };
        for at in aside {
            if day(at).is_some_and(|day| last.0 - day.0 >= BIRTH_DAYS) {
                self.seen[at].shaped[Shape::Birth as usize] += 1;
            }
        }
    }

    /// Refuses the file. Where a known publisher publishes such columns, they are left aside and it is
    /// a note; the word of a mission alone that a file is public excuses its narratives only.
    pub(crate) fn judge(&self, path: &Path, right: Right) -> Result<Vec<String>> {
        let mut alarms = Vec::new();
        let columns = self.names.iter().zip(&self.taken).zip(&self.seen);
        for ((name, &taken), seen) in columns {
            for shape in Shape::ALL {
                let n = seen.shaped[shape as usize];
                // P-codes of some countries are numbered as passports of others.
                let is_code = shape == Shape::Document && name.to_lowercase().contains("code");
                // A public column of free text that is left aside is what the allow-list is for.
                let is_known = shape == Shape::Story && right != Right::Shared && !taken;
                if n > 0 && (n >= MANY || 100 * n >= seen.filled) && !is_code && !is_known {
                    let of = seen.filled;
                    alarms.push(format!(
                        "{name} ({n} of {of} values look like {})",
                        shape.name()
                    ));
                }
            }
        }
        if alarms.is_empty() || right == Right::Published {
            let file = file_name(path);
            let note =
                |alarm: String| format!("{file}: column {alarm}; see that its publisher means it");
            return Ok(alarms.into_iter().map(note).collect());
        }
        Err(Error::Identifying {
            path: path.to_path_buf(),
            columns: alarms,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["day", "remarks", "pcode", "other"];

    fn watched(rows: &[[&str; 4]]) -> Watch {
        let mut header = Header::new(NAMES.map(str::to_owned).to_vec());
        header.take(&["day"]);
        let mut watch = Watch::default();
        watch.over(&header);
        for cells in rows {
            watch.see(&Row::listed(&cells.map(|cell| cell.as_bytes().to_vec())));
        }
        watch
    }

    fn columns(rows: &[[&str; 4]]) -> Vec<String> {
        match watched(rows).judge(Path::new("x.csv"), Right::Shared) {
            Err(Error::Identifying { columns, .. }) => columns,
            judged => {
                assert_eq!(judged.unwrap(), [""; 0]);
                Vec::new()
            }
        }
    }

    #[test]
    fn a_shape_in_a_column_left_aside_refuses_the_file_without_its_value() {
        let rows = [
            ["2021-03-04", "+236 70 12 34 56", "SS010101", "1990-05-06"],
            ["2021-03-04", "", "SS010102", "2020-01-01"],
        ];
        let due = [
            "remarks (1 of 1 values look like telephone numbers)",
            "other (1 of 2 values look like dates of birth)",
        ];
        assert_eq!(columns(&rows), due);
        let notes = watched(&rows)
            .judge(Path::new("in/x.csv"), Right::Published)
            .unwrap();
        let due = format!("x.csv: column {}; see that its publisher means it", due[0]);
        assert_eq!(notes[0], due);
    }

    #[test]
    fn a_stray_value_in_a_long_column_is_no_alarm_and_three_are() {
        let quiet = ["2021-03-04", "a ford", "SS010101", "2021-03-04"];
        let loud = ["2021-03-04", "a@b.org", "SS010101", "2021-03-04"];
        let mut rows = vec![quiet; 1000];
        rows[7] = loud;
        rows[8] = loud;
        assert!(columns(&rows).is_empty());
        rows[9] = loud;
        assert_eq!(columns(&rows).len(), 1);
        assert!(columns(&[quiet]).is_empty() && columns(&[]).is_empty());
    }

    #[test]
    fn known_free_text_of_a_publisher_is_no_note_while_it_is_left_aside() {
        let story = "word ".repeat(21);
        let rows = [["2021-03-04", story.as_str(), "", ""]];
        for right in [Right::SaidPublic, Right::Published] {
            let judged = watched(&rows).judge(Path::new("x.csv"), right).unwrap();
            assert!(judged.is_empty());
        }
        assert_eq!(columns(&rows).len(), 1);
    }
}
