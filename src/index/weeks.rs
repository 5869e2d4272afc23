//! A range of days spread over its ISO weeks, each by its share of days.

use crate::base::day::{Day, Week};
use crate::base::fixed;
use crate::base::table::{I32, I64};
use crate::table;

table! {
    /// One row per (day range, week it touches); the parts of a range sum to one whole.
    SupportWeeks, row SupportWeek, builder SupportWeeksBuilder {
        /// First day of the range.
        first_day: I32,
        /// Last day of the range.
        last_day: I32,
        /// ISO week.
        week: I32,
        /// Share of the range's days in this week, in parts of a million.
        parts: I64,
    }
}

/// Adds the weeks of one range of days.
pub(super) fn spread(first: Day, last: Day, rows: &mut SupportWeeksBuilder) {
    for (week, parts) in parts(first, last) {
        rows.push(SupportWeek {
            first_day: first.0,
            last_day: last.0,
            week: week.0,
            parts,
        });
    }
}

/// The weeks that a range of days touches, each with its share of days in parts of a million.
pub(super) fn parts(first: Day, last: Day) -> impl Iterator<Item = (Week, i64)> {
    let weeks = first.week().0..=last.week().0;
    let days: Vec<f64> = weeks
        .clone()
        .map(|week| {
            let monday = Week(week).first_day().0;
            f64::from(last.0.min(monday + 6) - first.0.max(monday) + 1)
        })
        .collect();
    weeks.map(Week).zip(fixed::split(&days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_days_fall_on_their_weeks_by_share() {
        let mut rows = SupportWeeksBuilder::default();
        let saturday = Day::parse_iso("2021-01-02").unwrap();
        spread(saturday, Day(saturday.0 + 9), &mut rows);
        let weeks = rows.finish();
        assert_eq!(weeks.parts().values(), &[200_000, 700_000, 100_000]);
    }
}
