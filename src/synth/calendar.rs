//! The days of the generated world, its seasons, and how levels rise and fall with them.

use super::SeasonShift;
use crate::base::day::Day;

/// First day with records, Monday 2018-09-03: a year before the five years of history begin.
pub(super) const FIRST_DAY: Day = Day(17_777);
/// Last day with records.
pub(super) const LAST_DAY: Day = super::DEMO_AS_OF;
/// Days with records.
pub(super) const DAYS: i32 = LAST_DAY.0 - FIRST_DAY.0 + 1;
/// A report arrives within so many days.
pub(super) const LONGEST_DELAY_DAYS: i32 = 14;
/// Last day of the detection window at the as-of date, Sunday 2025-01-19.
pub(super) const WINDOW_LAST: Day = Day(20_107);
/// Length of the detection window.
pub(super) const WINDOW_DAYS: i32 = 56;
/// First day of the detection window, Monday 2024-11-25.
pub(super) const WINDOW_FIRST: Day = Day(WINDOW_LAST.0 - WINDOW_DAYS + 1);
/// Past years that a detector compares the window with.
pub(super) const HISTORY_YEARS: i32 = 5;

/// First of September of each season, and by how many days its herds come later than usual.
const SEASONS: [(Day, i32); 7] = [
    (Day(17_775), 4),
    (Day(18_140), -3),
    (Day(18_506), 0),
    (Day(18_871), 5),
    (Day(19_236), -4),
    (Day(19_601), 2),
    (Day(19_967), -1),
];

/// Where a day lies in its season.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Phase {
    /// Days since the first of September.
    pub(super) day: i32,
    /// Days by which this season's herds come later than usual.
    pub(super) late_days: i32,
}

/// The phase of a day; days before the first season count back from it.
pub(super) fn phase(day: Day, shift: SeasonShift) -> Phase {
    let (start, late_days) = SEASONS
        .iter()
        .rev()
        .find(|(start, _)| *start <= day)
        .unwrap_or(&SEASONS[0]);
    let is_shifted = start.date().year() == shift.year;
    Phase {
        day: day.0 - start.0,
        late_days: late_days + if is_shifted { shift.days } else { 0 },
    }
}

/// Level over the days since the first of September: corners in (day, permille), straight between.
pub(super) type Profile = &'static [(i32, i32)];

/// The same all year.
pub(super) const FLAT: Profile = &[(0, 1000)];
/// A little more in the dry season.
pub(super) const DRY_SEASON: Profile = &[(61, 850), (91, 1100), (212, 1100), (273, 850)];
/// Herds at the northern entry: in from November, out until June.
pub(super) const ENTRY: Profile = &[
    (45, 60),
    (70, 1000),
    (150, 950),
    (190, 550),
    (230, 950),
    (270, 700),
    (300, 60),
];
/// Herds half way down.
pub(super) const HALF_WAY: Profile = &[
    (55, 60),
    (82, 1000),
    (175, 950),
    (200, 750),
    (230, 900),
    (262, 550),
    (290, 60),
];
/// Herds at their southern pastures.
pub(super) const SOUTHERN: Profile = &[(65, 50), (95, 1000), (205, 1000), (245, 350), (280, 50)];
/// One spot that fills every dry season.
pub(super) const DRY_SPOT: Profile = &[(60, 20), (80, 1000), (190, 1000), (215, 20)];
/// Fields before the harvest is in.
pub(super) const HARVEST: Profile = &[(20, 30), (55, 1000), (110, 1000), (150, 100), (365, 30)];
/// Herds counted on their way south.
pub(super) const SOUTHWARD: Profile = &[
    (45, 0),
    (80, 1000),
    (120, 800),
    (160, 250),
    (210, 30),
    (240, 0),
];
/// Herds counted on their way north.
pub(super) const NORTHWARD: Profile = &[(200, 0), (225, 300), (250, 1000), (275, 900), (303, 0)];

/// A profile's permille at a phase. Before its first corner and after its last it is level.
pub(super) fn level(profile: Profile, phase: Phase) -> i32 {
    let day = phase.day - phase.late_days;
    let after = profile.partition_point(|&(corner, _)| corner <= day);
    let corner = |i: usize| profile.get(i).copied();
    match (after.checked_sub(1).and_then(corner), corner(after)) {
        (Some((from, low)), Some((to, high))) => low + (high - low) * (day - from) / (to - from),
        (Some((_, value)), None) | (None, Some((_, value))) => value,
        (None, None) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_days_are_the_dates_they_say() {
        let day = |text: &str| Day::parse_iso(text).unwrap();
        assert_eq!(FIRST_DAY, day("2018-09-03"));
        assert_eq!(LAST_DAY, day("2025-02-02"));
        assert_eq!(
            (WINDOW_FIRST, WINDOW_LAST),
            (day("2024-11-25"), day("2025-01-19"))
        );
        for (i, (start, _)) in SEASONS.iter().enumerate() {
            assert_eq!(*start, day(&format!("{}-09-01", 2018 + i)));
        }
    }

    #[test]
    fn one_season_is_shifted_and_the_others_stay() {
        let shift = SeasonShift {
            year: 2023,
            days: 80,
        };
        for (start, late_days) in SEASONS {
            let shifted = phase(Day(start.0 + 100), shift).late_days;
            let by = if start == Day(19_601) { 80 } else { 0 };
            assert_eq!(shifted, late_days + by);
        }
    }

    #[test]
    fn levels_are_straight_between_corners_and_flat_outside() {
        let at = |day| level(&[(10, 0), (20, 1000)], Phase { day, late_days: 0 });
        assert_eq!(
            [at(0), at(10), at(13), at(20), at(300)],
            [0, 0, 300, 1000, 1000]
        );
        assert_eq!(
            level(
                &[(10, 0), (20, 1000)],
                Phase {
                    day: 15,
                    late_days: 5
                }
            ),
            0
        );
        assert_eq!(
            level(
                FLAT,
                Phase {
                    day: 200,
                    late_days: 0
                }
            ),
            1000
        );
    }
}
