//! The ways in which a source may write its days. Nothing tells `03/04/2021` of a European file from
//! that of an American one, so it is never guessed: the mission says it.

use serde::{Deserialize, Serialize};

use crate::base::day::Day;

/// How days are written beside `yyyy-mm-dd`, which is always understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DateFormat {
    /// `31/12/2021`
    #[serde(rename = "dd/mm/yyyy")]
    DaySlashes,
    /// `12/31/2021`
    #[serde(rename = "mm/dd/yyyy")]
    MonthSlashes,
    /// `31-12-2021`
    #[serde(rename = "dd-mm-yyyy")]
    DayHyphens,
    /// `12-31-2021`
    #[serde(rename = "mm-dd-yyyy")]
    MonthHyphens,
    /// `31.12.2021`
    #[serde(rename = "dd.mm.yyyy")]
    DayPoints,
    /// `2021/12/31`
    #[serde(rename = "yyyy/mm/dd")]
    YearSlashes,
    /// `20211231`
    #[serde(rename = "yyyymmdd")]
    Compact,
}

impl DateFormat {
    /// Every format.
    pub const ALL: &'static [Self] = &[
        Self::DaySlashes,
        Self::MonthSlashes,
        Self::DayHyphens,
        Self::MonthHyphens,
        Self::DayPoints,
        Self::YearSlashes,
        Self::Compact,
    ];

    /// Reads a day written in this way, one or two digits for day and month; a time behind it is
    /// left aside.
    #[must_use]
    pub fn parse(self, text: &str) -> Option<Day> {
        let date = text.split([' ', 'T']).next()?;
        let (separator, order) = match self {
            Self::DaySlashes => ('/', [2, 1, 0]),
            Self::MonthSlashes => ('/', [2, 0, 1]),
            Self::DayHyphens => ('-', [2, 1, 0]),
            Self::MonthHyphens => ('-', [2, 0, 1]),
            Self::DayPoints => ('.', [2, 1, 0]),
            Self::YearSlashes => ('/', [0, 1, 2]),
            Self::Compact => return compact(date),
        };
        let mut parts = date.split(separator);
        let parts = [
            parts.next()?,
            parts.next()?,
            parts.next()?,
            parts.next().unwrap_or(""),
        ];
        let [year, month, day] = order.map(|at: usize| parts[at]);
        let short = |part: &str| (1..=2).contains(&part.len());
        if !parts[3].is_empty() || year.len() != 4 || !short(month) || !short(day) {
            return None;
        }
        let rest = date.matches(separator).count();
        (rest == 2).then(|| from_digits(year, month, day)).flatten()
    }
}

fn compact(text: &str) -> Option<Day> {
    let is_whole = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_whole.then(|| from_digits(&text[..4], &text[4..6], &text[6..]))?
}

fn from_digits(year: &str, month: &str, day: &str) -> Option<Day> {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if ![year, month, day].into_iter().all(digits) {
        return None;
    }
    Day::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_format_reads_its_own_way_of_writing() {
        let due = Day::from_ymd(2021, 3, 25);
        let written = [
            "25/3/2021",
            "03/25/2021",
            "25-03-2021 14:30",
            "3-25-2021",
            "25.03.2021",
            "2021/03/25T00:00",
            "20210325",
        ];
        for (format, text) in DateFormat::ALL.iter().zip(written) {
            assert_eq!(format.parse(text), due, "{format:?} {text}");
            let readers = DateFormat::ALL
                .iter()
                .filter(|other| other.parse(text).is_some());
            assert_eq!(readers.count(), 1, "{text}");
        }
    }

    #[test]
    fn what_the_calendar_does_not_have_is_no_day() {
        let slashes = DateFormat::DaySlashes;
        for text in [
            "29/02/2021",
            "31/04/2021",
            "25/13/2021",
            "1/1/21",
            "001/01/2021",
            "1/1/2021/1",
            "1/1/2021/",
            "+1/1/2021",
            "1/1",
            "",
            "//",
            "1/1/-021",
            "٢٥/٠٣/٢٠٢١",
        ] {
            assert_eq!(slashes.parse(text), None, "{text}");
        }
        assert_eq!(DateFormat::Compact.parse("2021032"), None);
    }

    proptest! {
        #[test]
        fn any_day_is_read_back_and_any_text_is_harmless(
            days in 0_i32..47_481, text in "[0-9./ T-]{0,12}|\\PC{0,12}"
        ) {
            let date = Day(days).date();
            let (y, m, d) = (date.year(), date.month(), date.day());
            for (format, text) in [
                (DateFormat::DaySlashes, format!("{d}/{m}/{y}")),
                (DateFormat::MonthSlashes, format!("{m:02}/{d:02}/{y}")),
                (DateFormat::DayHyphens, format!("{d:02}-{m}-{y}")),
                (DateFormat::MonthHyphens, format!("{m}-{d}-{y}")),
                (DateFormat::DayPoints, format!("{d}.{m}.{y}")),
                (DateFormat::YearSlashes, format!("{y}/{m}/{d}")),
                (DateFormat::Compact, format!("{y}{m:02}{d:02}")),
            ] {
                prop_assert_eq!(format.parse(&text), Some(Day(days)));
            }
            for format in DateFormat::ALL {
                let _ = format.parse(&text);
            }
        }
    }
}
