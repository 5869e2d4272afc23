//! P-codes of a row: the finest one says where it is.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use crate::tables::Level;

use super::reader::{Class, Column, Fault, Header, Row};

pub(super) const CODE: &str = "a P-code such as CF112, or the ISO3 code of a country";
/// What OCHA writes behind a country's code where an area has none.
const UNSPECIFIED: &str = "-XXX";
const LENGTHS: RangeInclusive<usize> = 2..=20;

/// The columns that hold a row's P-codes, finest first.
pub(super) struct PcodeColumns(Vec<(Level, usize)>);

impl PcodeColumns {
    /// Takes every column that has a name of its level, coarsest first in `names`.
    pub(super) fn of(header: &mut Header, names: &[&[&str]]) -> Self {
        let levels = (0..).map(Level).zip(names);
        let columns = levels.filter_map(|(level, names)| Some((level, header.take(names)?)));
        let mut columns: Vec<(Level, usize)> = columns.collect();
        columns.reverse();
        Self(columns)
    }

    /// The row's finest P-code and its level.
    pub(super) fn finest<'r>(&self, row: &'r Row<'_>) -> Result<(Level, Cow<'r, str>), Fault> {
        for &(level, at) in &self.0 {
            if let Some(code) = pcode(row, at)? {
                return Ok((level, code));
            }
        }
        let column = self
            .0
            .first()
            .map_or(Column::Row, |&(_, at)| Column::At(at));
        Err(Fault::new(column, Class::Missing, CODE))
    }
}

/// The P-code in a cell; nothing where it is empty or says itself that it names no area.
pub(super) fn pcode<'r>(row: &'r Row<'_>, at: usize) -> Result<Option<Cow<'r, str>>, Fault> {
    match row.text_or_none(at)? {
        Some(code) if code.ends_with(UNSPECIFIED) => Ok(None),
        Some(code) if !is_pcode(&code) => Row::unknown(at, CODE),
        code => Ok(code),
    }
}

/// Whether a text can be a P-code: the country's two or three letters, then letters and digits.
pub(super) fn is_pcode(code: &str) -> bool {
    let part = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
    LENGTHS.contains(&code.len())
        && code.bytes().take(2).all(|c| c.is_ascii_alphabetic())
        && code.bytes().all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finest(cells: &[&str; 3]) -> Result<(Level, String), Fault> {
        let names = ["admin0Pcode", "admin1Pcode", "admin2Pcode"];
        let mut header = Header::new(names.map(str::to_owned).to_vec());
        let levels: [&[&str]; 3] = [&["admin0Pcode"], &["admin1Pcode"], &["admin2Pcode"]];
        let columns = PcodeColumns::of(&mut header, &levels);
        let cells = cells.map(|cell| cell.as_bytes().to_vec());
        let row = Row::listed(&cells);
        columns
            .finest(&row)
            .map(|(level, code)| (level, code.into_owned()))
    }

    #[test]
    fn the_finest_code_of_a_row_is_the_one_it_is_known_by() {
        let due = |level, code: &str| Ok((Level(level), code.to_owned()));
        assert_eq!(finest(&["CAF", "CF11", "CF112"]), due(2, "CF112"));
        assert_eq!(finest(&["CAF", "CF11", ""]), due(1, "CF11"));
        assert_eq!(finest(&["CAF", "CF-XXX", "CF-XXX-XXX"]), due(0, "CAF"));
    }

    #[test]
    fn no_code_and_what_is_none_are_told_by_their_column() {
        let fault = |at, class| Err(Fault::new(Column::At(at), class, CODE));
        assert_eq!(finest(&["", "", ""]), fault(2, Class::Missing));
        assert_eq!(
            finest(&["CAF", "Ouaka prefecture", ""]),
            fault(1, Class::NotAValue)
        );
        assert_eq!(finest(&["CAF", "", "7"]), fault(2, Class::NotAValue));
    }
}
