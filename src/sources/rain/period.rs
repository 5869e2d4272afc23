//! When a row of rain fell.

use crate::base::day::Day;

use crate::sources::reader::{Class, Column, Fault, Row};

const MONTH: &str = "a year and a month, 1970-01 to 2100-12";

/// Columns that tell a period.
pub(super) enum When {
    Month { year: usize, month: usize },
    Period { first: usize, last: usize },
    TenDays { first: usize },
}

/// First and last day of a row.
pub(super) fn days(row: &Row<'_>, when: &When) -> Result<(Day, Day), Fault> {
    match *when {
        When::Month { year, month } => {
            let whole = |at| {
                let missing = Fault::new(Column::At(at), Class::Missing, MONTH);
                row.whole(at, MONTH)?.ok_or(missing)
            };
            let (year_told, month_told) = (whole(year)?, whole(month)?);
            let fault = |at| Fault::new(Column::At(at), Class::OutOfRange, MONTH);
            let year_told = Some(year_told).filter(|year| (1970..=2100).contains(year));
            let year_told = year_told.ok_or(fault(year))?;
            month_days(year_told, month_told).ok_or(fault(month))
        }
        When::Period { first, last } => {
            let (first_day, last_day) = (row.day(first)?, row.day(last)?);
            let expected = "not before the first day";
            let fault = Fault::new(Column::At(last), Class::EndsBeforeStart, expected);
            Some((first_day, last_day))
                .filter(|(first, last)| first <= last)
                .ok_or(fault)
        }
        When::TenDays { first } => {
            let first_day = row.day(first)?;
            let expected = "the 1st, 11th or 21st of a month";
            let fault = Fault::new(Column::At(first), Class::OutOfRange, expected);
            ten_days(first_day).ok_or(fault)
        }
    }
}

/// First and last day of a month.
fn month_days(year: i64, month: i64) -> Option<(Day, Day)> {
    let (year, month) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?);
    let first = Day::from_ymd(year, month, 1)?;
    let last = (28..=31)
        .rev()
        .find_map(|day| Day::from_ymd(year, month, day))?;
    Some((first, last))
}

/// The third of a month that starts on a day: ten days, or what is left of the month.
fn ten_days(first: Day) -> Option<(Day, Day)> {
    let date = first.date();
    match date.day() {
        1 | 11 => Some((first, Day(first.0 + 9))),
        21 => {
            let (_, last) = month_days(date.year().into(), date.month().into())?;
            Some((first, last))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_end_with_their_month() {
        let days = |first: &str, last: &str| {
            let day = |text| Day::parse_iso(text).unwrap();
            Some((day(first), day(last)))
        };
        assert_eq!(month_days(2020, 2), days("2020-02-01", "2020-02-29"));
        assert_eq!(month_days(2021, 13), None);
        let third = |text| ten_days(Day::parse_iso(text).unwrap());
        assert_eq!(third("2021-02-11"), days("2021-02-11", "2021-02-20"));
        assert_eq!(third("2021-02-21"), days("2021-02-21", "2021-02-28"));
        assert_eq!(third("2021-12-21"), days("2021-12-21", "2021-12-31"));
        assert_eq!(third("2021-02-05"), None);
    }
}
