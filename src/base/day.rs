//! A calendar day and an ISO week, as whole numbers that SQL, Arrow and the statistics share.

use std::fmt;

use jiff::civil::Date;

/// Days since 1970-01-01, the value of an Arrow `Date32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// Whole ISO weeks since the week of Monday 1969-12-29, so that 1970-01-01 lies in week 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week(pub i32);

const EPOCH: Date = Date::constant(1970, 1, 1);
/// 1970-01-01 was a Thursday: its week's Monday is three days before it.
const DAYS_BEFORE_EPOCH_MONDAY: i32 = 3;

impl Day {
    /// The day of a civil date, or `None` where the calendar has no such date.
    #[must_use]
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<Self> {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            2 => 28 + i8::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        let is_date = (-9999..=9999).contains(&year) && (1..=length).contains(&day);
        is_date.then(|| Self(days_from_civil(year.into(), month.into(), day.into())))
    }

    /// Reads `YYYY-MM-DD`, with anything behind the tenth character (a timestamp) left aside.
    #[must_use]
    pub fn parse_iso(text: &str) -> Option<Self> {
        Self::parse_iso_bytes(text.as_bytes())
    }

    /// The same of bytes.
    #[must_use]
    pub fn parse_iso_bytes(bytes: &[u8]) -> Option<Self> {
        let date = bytes.get(..10)?;
        let rest = bytes.get(10).copied().unwrap_or(b' ');
        if date[4] != b'-' || date[7] != b'-' || !matches!(rest, b' ' | b'T') {
            return None;
        }
        let number = |from: usize, to: usize| {
            date[from..to].iter().try_fold(0_i16, |sum, b| {
                b.is_ascii_digit().then(|| sum * 10 + i16::from(b - b'0'))
            })
        };
        let (month, day) = (
            i8::try_from(number(5, 7)?).ok()?,
            i8::try_from(number(8, 10)?).ok()?,
        );
        Self::from_ymd(number(0, 4)?, month, day)
    }

    /// The civil date of this day.
    #[must_use]
    pub fn date(self) -> Date {
        let span = jiff::Span::new().days(i64::from(self.0));
        EPOCH.checked_add(span).unwrap_or(EPOCH)
    }

    /// Month 1..=12 and day of the month 1..=31.
    #[must_use]
    pub fn month_day(self) -> (u8, u8) {
        let date = self.date();
        (date.month().unsigned_abs(), date.day().unsigned_abs())
    }

    /// The ISO week that holds this day.
    #[must_use]
    pub fn week(self) -> Week {
        Week((self.0 + DAYS_BEFORE_EPOCH_MONDAY).div_euclid(7))
    }
}

/// Days since 1970-01-01 of a date of the Gregorian calendar: years begin in March, so that a leap day is the
/// last of one (Hinnant, "chrono-compatible low-level date algorithms").
const fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

impl Week {
    /// Monday of this week.
    #[must_use]
    pub fn first_day(self) -> Day {
        Day(self.0 * 7 - DAYS_BEFORE_EPOCH_MONDAY)
    }

    /// Sunday of this week.
    #[must_use]
    pub fn last_day(self) -> Day {
        Day(self.first_day().0 + 6)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date())
    }
}

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let iso = self.first_day().date().iso_week_date();
        write!(f, "{}-W{:02}", iso.year(), iso.week())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_start_on_monday() {
        let sunday = Day::parse_iso("2021-01-03").unwrap();
        let monday = Day::parse_iso("2021-01-04").unwrap();
        assert_eq!(sunday.week().0 + 1, monday.week().0);
        assert_eq!(monday.week().first_day(), monday);
        assert_eq!(sunday.week().to_string(), "2020-W53");
    }

    #[test]
    fn dates_survive_a_round_trip() {
        for text in ["1969-12-31", "1970-01-01", "2000-02-29", "2026-11-23"] {
            assert_eq!(Day::parse_iso(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn every_day_of_nine_centuries_is_the_calendars_own() {
        let mut date = Date::constant(1600, 1, 1);
        let mut day = Day(-135_140);
        while date.year() < 2500 {
            let made = Day::from_ymd(date.year(), date.month(), date.day());
            assert_eq!((made, day.date()), (Some(day), date));
            (date, day) = (date.tomorrow().unwrap(), Day(day.0 + 1));
        }
        for (year, month) in [
            (1900, 2),
            (2000, 2),
            (2023, 2),
            (2024, 2),
            (2024, 4),
            (2024, 12),
        ] {
            for day in [-1, 0, 28, 29, 30, 31, 32] {
                let known = Date::new(year, month, day).is_ok();
                assert_eq!(
                    Day::from_ymd(year, month, day).is_some(),
                    known,
                    "{year} {month} {day}"
                );
            }
        }
        for (year, month, day) in [(2024, 0, 1), (2024, 13, 1), (10_000, 1, 1), (-10_000, 1, 1)] {
            assert_eq!(Day::from_ymd(year, month, day), None);
        }
    }

    #[test]
    fn timestamps_are_cut_and_nonsense_refused() {
        assert_eq!(
            Day::parse_iso("2009-02-20T00:00:00"),
            Day::parse_iso("2009-02-20")
        );
        assert_eq!(
            Day::parse_iso("2011-09-17 00:00:00.000"),
            Day::parse_iso("2011-09-17")
        );
        for text in [
            "2021-02-29",
            "2021-13-01",
            "20210203",
            "03/04/2021",
            "2021-1-1",
            "2021-01-011",
        ] {
            assert_eq!(Day::parse_iso(text), None, "{text}");
        }
    }
}
