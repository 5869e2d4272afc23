//! Counting points and what passed them week by week, as known on the as-of date.

use std::collections::BTreeMap;

use arrow::array::Array;

use super::entry::{Cycle, Heading, heading};
use crate::base::day::{Day, Week};
use crate::tables::Movements;

/// A longer pause between two days of counting is a pause, not the point's rhythm.
const PAUSE_DAYS: i32 = 45;
const WEEK_DAYS: i32 = 7;

/// What one day's row of one direction tells.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    herds: u32,
    head: Option<u32>,
}

/// A counting point.
#[derive(Debug, Clone)]
pub(super) struct Point {
    pub(super) name: String,
    pub(super) lat_deg: f64,
    pub(super) lon_deg: f64,
    days: BTreeMap<Day, BTreeMap<String, Counted>>,
}

/// What one week of one point tells of a season.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PointWeek {
    pub(super) week: Week,
    /// Last day counted.
    pub(super) day: Day,
    /// Share of the week in which somebody counted.
    pub(super) exposure: f64,
    /// Herds along the season's direction.
    pub(super) herds: f64,
    /// Share of heads (of herds where heads are not told) against it; none where nothing passed.
    pub(super) against: Option<f64>,
}

/// Counting points by name, with the rows up to a day. Of two rows for the same point, day and direction the
/// larger stands: two files tell the same herds.
pub(super) fn points(movements: &Movements, as_of: Day) -> Vec<Point> {
    let mut points: BTreeMap<&str, Point> = BTreeMap::new();
    for row in 0..movements.len() {
        let day = Day(movements.date().value(row));
        if day > as_of {
            continue;
        }
        let name = movements.counting_point().value(row);
        let point = points.entry(name).or_insert_with(|| Point {
            name: name.to_owned(),
            lat_deg: movements.lat_deg().value(row),
            lon_deg: movements.lon_deg().value(row),
            days: BTreeMap::new(),
        });
        let head = movements.head();
        let told = Counted {
            herds: movements.herds().value(row),
            head: head.is_valid(row).then(|| head.value(row)),
        };
        let direction = movements.direction().value(row).to_owned();
        let known = point.days.entry(day).or_default();
        let known = known.entry(direction).or_default();
        if (told.herds, told.head) > (known.herds, known.head) {
            *known = told;
        }
    }
    points.into_values().collect()
}

impl Point {
    /// Days that one count stands for: the usual step from one day of counting to the next, at most a week.
    fn rhythm_days(&self) -> i32 {
        let days: Vec<i32> = self.days.keys().map(|day| day.0).collect();
        let mut steps: Vec<i32> = days
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .filter(|step| *step <= PAUSE_DAYS)
            .collect();
        steps.sort_unstable();
        let middle = steps.get(steps.len() / 2).copied().unwrap_or(WEEK_DAYS);
        middle.clamp(1, WEEK_DAYS)
    }

    /// Every week in which somebody counted, whatever the direction: a direction without a row had no herd.
    pub(super) fn weeks(&self, direction: Option<&str>) -> Vec<PointWeek> {
        let rhythm = f64::from(self.rhythm_days());
        let mut weeks: BTreeMap<Week, Vec<Day>> = BTreeMap::new();
        for &day in self.days.keys() {
            weeks.entry(day.week()).or_default().push(day);
        }
        let week = |(week, days): (Week, Vec<Day>)| {
            let n_days = days.iter().fold(0.0, |n, _| n + 1.0);
            let rows = days.iter().flat_map(|day| &self.days[day]);
            let (mut along, mut against) = (Sums::default(), Sums::default());
            for (row, counted) in rows {
                match heading(row, direction) {
                    Heading::Along => along.add(*counted),
                    Heading::Against => against.add(*counted),
                    Heading::Across => {}
                }
            }
            PointWeek {
                week,
                day: days.last().copied().unwrap_or(week.last_day()),
                exposure: (n_days * rhythm / f64::from(WEEK_DAYS)).min(1.0),
                herds: along.herds,
                against: against.share_beside(&along),
            }
        };
        weeks.into_iter().map(week).collect()
    }
}

#[derive(Default)]
struct Sums {
    herds: f64,
    head: f64,
    is_head_missing: bool,
}

impl Sums {
    fn add(&mut self, counted: Counted) {
        self.herds += f64::from(counted.herds);
        self.head += counted.head.map_or(0.0, f64::from);
        self.is_head_missing |= counted.herds > 0 && counted.head.is_none();
    }

    fn share_beside(&self, other: &Self) -> Option<f64> {
        let by_head = !self.is_head_missing && !other.is_head_missing;
        let (own, other) = if by_head {
            (self.head, other.head)
        } else {
            (self.herds, other.herds)
        };
        let all = own + other;
        (all > 0.0).then(|| own / all)
    }
}

/// The counted weeks that lie in a cycle.
pub(super) fn of_cycle(weeks: &[PointWeek], cycle: Cycle) -> impl Iterator<Item = &PointWeek> {
    let within = move |week: &&PointWeek| cycle.first <= week.day && week.day <= cycle.last;
    weeks.iter().filter(within)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::base::code::MovementAlert;
    use crate::tables::{Movement, MovementsBuilder};

    pub(in crate::season) fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    /// Rows of (point, day, direction, herds, head).
    pub(in crate::season) fn movements(rows: &[(&str, Day, &str, u32, Option<u32>)]) -> Movements {
        let mut movements = MovementsBuilder::default();
        for &(counting_point, date, direction, herds, head) in rows {
            movements.push(Movement {
                source: "movements",
                date,
                counting_point,
                lat_deg: 8.5,
                lon_deg: 18.5,
                direction,
                herds,
                head,
                herders: None,
                alert: MovementAlert::None.code(),
            });
        }
        movements.finish()
    }

    #[test]
    fn a_week_without_a_count_is_no_week_and_one_without_a_herd_is() {
        let (first, second) = (day("2021-11-01"), day("2021-11-15"));
        let rows = [
            ("ford", first, "S", 0, Some(0)),
            ("ford", second, "SSW", 5, Some(300)),
            ("ford", second, "SSW", 4, Some(200)),
            ("ford", second, "N", 1, Some(100)),
            ("ford", second, "E", 9, Some(900)),
            ("ford", day("2021-12-01"), "S", 7, None),
        ];
        let points = points(&movements(&rows), day("2021-11-30"));
        let weeks = points[0].weeks(Some("S"));
        let told: Vec<_> = weeks
            .iter()
            .map(|week| (week.week.0 - first.week().0, week.herds, week.against))
            .collect();
        assert_eq!(told, [(0, 0.0, None), (2, 5.0, Some(0.25))]);
        let all = points[0].weeks(None);
        assert!((all[1].herds - 15.0).abs() < 1e-12);
    }

    #[test]
    fn days_counted_are_a_share_of_the_week_where_counting_is_daily() {
        let monday = day("2021-11-01");
        let daily: Vec<_> = (0..9)
            .map(|i| ("ford", Day(monday.0 + i), "S", 1, None))
            .collect();
        let weeks = points(&movements(&daily), Day(monday.0 + 30))[0].weeks(Some("S"));
        assert!((weeks[0].exposure - 1.0).abs() < 1e-12);
        assert!((weeks[1].exposure - 2.0 / 7.0).abs() < 1e-12);
        assert_eq!(weeks[1].day, Day(monday.0 + 8));
    }
}
