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
        Date::new(year, month, day).ok().map(Self::from_date)
    }

    /// Reads `YYYY-MM-DD`, with anything behind the tenth character (a timestamp) left aside.
    #[must_use]
    pub fn parse_iso(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
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

    fn from_date(date: Date) -> Self {
        let days = date.duration_since(EPOCH).as_hours() / 24;
        Self(i32::try_from(days).expect("civil dates span fewer than 2^31 days"))
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
