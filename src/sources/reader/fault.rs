//! What can be wrong with a row, and the count that must balance.

use super::header::{Column, Header};
use crate::tables::{FileCount, Intake, Rejection};

/// What is wrong, without a word of what was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Missing,
    NotANumber,
    NotAWholeNumber,
    NotADate,
    AmbiguousDate,
    AfterKnown,
    NotAValue,
    NotUtf8,
    Control,
    OutOfRange,
    NullIsland,
    SeemsSwapped,
    EndsBeforeStart,
    WrongNumberOfColumns,
    LoneReturn,
    UnclosedQuote,
    TextAfterQuote,
    TooLong,
    NotAnObject,
    NoShape,
    OpenRing,
    /// No fault: the row is none that the source is read for. Counted, not told.
    Aside,
    Jump,
    SafeHousePlace,
    HabitPlace,
}

impl Class {
    /// The class in `rejections.parquet`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NotANumber => "not a number",
            Self::NotAWholeNumber => "not a whole number",
            Self::NotADate => "not a date",
            Self::AmbiguousDate => "ambiguous date",
            Self::AfterKnown => "after it was known",
            Self::NotAValue => "not a known value",
            Self::NotUtf8 => "not UTF-8",
            Self::Control => "control character",
            Self::OutOfRange => "out of range",
            Self::NullIsland => "null island",
            Self::SeemsSwapped => "coordinates suspected swapped",
            Self::EndsBeforeStart => "ends before it starts",
            Self::WrongNumberOfColumns => "wrong number of columns",
            Self::LoneReturn => "carriage return within a row",
            Self::UnclosedQuote => "unclosed quote",
            Self::TextAfterQuote => "text after a closing quote",
            Self::TooLong => "too long",
            Self::NotAnObject => "not a JSON object",
            Self::NoShape => "no shape",
            Self::OpenRing => "open ring",
            Self::Aside => "left aside",
            Self::Jump => "jump across the map",
            Self::SafeHousePlace => "place of a safe house",
            Self::HabitPlace => "place of a protective habit",
        }
    }

    /// What would be right, for faults of a whole row or of its shape.
    pub(crate) const fn remedy(self) -> &'static str {
        match self {
            Self::WrongNumberOfColumns => "as many columns as the header",
            Self::LoneReturn => "every line ended by a line feed",
            Self::UnclosedQuote => "a closing quote within limits.row_lines and limits.row_kib",
            Self::TextAfterQuote => "a delimiter after a closing quote, and doubled quotes within",
            Self::TooLong => "a row within limits.row_kib",
            Self::NotAnObject => "one JSON object a line, nested no deeper than 64",
            Self::OpenRing => "rings of four or more points, the last one equal to the first",
            Self::OutOfRange => "longitude -180..=180, latitude -90..=90",
            _ => "a polygon or multipolygon",
        }
    }
}

/// Why a row is not taken: the first column at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) column: Column,
    pub(crate) class: Class,
    /// What would be right.
    pub(crate) expected: &'static str,
}

impl Fault {
    pub(crate) const fn new(column: Column, class: Class, expected: &'static str) -> Self {
        Self {
            column,
            class,
            expected,
        }
    }

    /// A fault of the whole row.
    pub(crate) const fn of_row(class: Class) -> Self {
        Self::new(Column::Row, class, class.remedy())
    }

    /// No fault: a row that is well told and not needed, such as one of another age band or country.
    pub(crate) const fn aside() -> Self {
        Self::new(Column::Row, Class::Aside, "")
    }

    /// A fault of the row's shape.
    pub(crate) const fn of_shape(class: Class) -> Self {
        Self::new(Column::Shape, class, class.remedy())
    }
}

/// Counts the rows of one file: each is taken, left aside or rejected, none is neither.
#[derive(Default)]
pub(crate) struct Tally {
    taken: u64,
    aside: u64,
    rejected: Vec<(u64, Fault)>,
}

impl Tally {
    /// Counts one row by what became of it.
    pub(crate) fn count(&mut self, line: u64, outcome: Result<(), Fault>) {
        match outcome {
            Ok(()) => self.taken += 1,
            Err(fault) if fault.class == Class::Aside => self.aside += 1,
            Err(fault) => self.rejected.push((line, fault)),
        }
    }

    /// Writes the count and the rejections down, now that the file's digest is known.
    pub(crate) fn close(
        self,
        source: &str,
        file: &str,
        digest: String,
        header: &Header,
        intake: &mut Intake,
    ) {
        let rejected = self.rejected.len() as u64;
        intake
            .rejections
            .extend(self.rejected.into_iter().map(|(line, fault)| Rejection {
                source: source.to_owned(),
                file: file.to_owned(),
                file_digest: digest.clone(),
                line,
                column: header.name_of(fault.column),
                reason: fault.class.name().to_owned(),
                expected: fault.expected.to_owned(),
            }));
        intake.files.push(FileCount {
            source: source.to_owned(),
            file: file.to_owned(),
            digest,
            rows_read: self.taken + self.aside + rejected,
            rows_taken: self.taken,
            rows_left_aside: self.aside,
            rows_rejected: rejected,
            columns_dropped: header.dropped(),
        });
    }
}
