//! Weekly herd counts at the northern entries, and the logs of patrols, sessions and visits.

use forewarn_models::units::{Purpose, Seed};

use super::SeasonShift;
use super::calendar::{self, FIRST_DAY, LAST_DAY, NORTHWARD, Phase, SOUTHWARD};
use super::draws::Draws;
use super::places;
use super::sectors::{Point, Sector};
use super::text;
use crate::base::code::{EffortKind, MovementAlert, PlaceKind};
use crate::base::day::Day;

pub(super) const MOVEMENTS_HEADER: &str = "date,counting_point,latitude,longitude,direction,herds,\
head_of_cattle,herders,alert,SYNTHETIC\n";
pub(super) const EFFORT_HEADER: &str =
    "date,kind,latitude,longitude,hours,mixed_team,women,men,SYNTHETIC\n";

/// Herds that pass a counting point in a week at the height of the season, in order of names.
const BUSIEST_HERDS: [i32; 4] = [25, 45, 35, 60];
/// From this day of the season on, counting points are closed by rain until the next season.
const CLOSED_FROM_DAY: i32 = 303;
/// Days by which a season must come sooner or later than usual to be called early or late.
const NOTED_SHIFT_DAYS: i32 = 3;
/// The rains end two months into the season's year, and begin again after nine.
const DRY_DAYS: std::ops::Range<i32> = 60..270;

/// Mondays of all weeks with records.
fn mondays() -> impl Iterator<Item = Day> {
    (FIRST_DAY.0..=LAST_DAY.0 - 6).step_by(7).map(Day)
}

/// Herd counts; returns their number. A week in which nothing passed is counted as zero; a week in
/// which nobody counted has no row.
pub(super) fn movements(seed: Seed, shift: SeasonShift, out: &mut Vec<u8>) -> u64 {
    let mut draws = Draws::new(seed, Purpose::SynthLogs, 0);
    let mut rows = 0;
    for monday in mondays() {
        let day = Day(monday.0 + 5);
        let phase = calendar::phase(day, shift);
        if phase.day >= CLOSED_FROM_DAY {
            continue;
        }
        for ((name, at), busiest) in places::of_kind(PlaceKind::CountingPoint).zip(BUSIEST_HERDS) {
            for (direction, profile) in [("S", SOUTHWARD), ("N", NORTHWARD)] {
                let usual = calendar::level(profile, phase) * busiest;
                let (herds, alert) = count(usual, direction, phase, &mut draws);
                text::day(out, day);
                out.push(b',');
                out.extend_from_slice(format!("\"{name}\",").as_bytes());
                text::point(out, at);
                let head = herds * (60 + draws.below(50));
                let herders = herds * (2 + draws.below(3));
                let alert = alert.name();
                let rest = format!(",{direction},{herds},{head},{herders},{alert},yes\n");
                out.extend_from_slice(rest.as_bytes());
                rows += 1;
            }
        }
    }
    rows
}

/// Herds of a week out of the usual number in thousandths, and what a counter would warn of.
fn count(usual_e3: i32, direction: &str, phase: Phase, draws: &mut Draws) -> (u32, MovementAlert) {
    let jitter_permille = 700 + draws.up_to(600);
    let herds = (usual_e3 / 1000 * jitter_permille / 1000).unsigned_abs();
    let (massive, strays) = (draws.chance(12), draws.chance(15));
    if direction == "N" && strays && (90..150).contains(&phase.day) {
        return (2 + draws.below(4), MovementAlert::WrongDirection);
    }
    let alert = match phase.late_days {
        _ if herds == 0 => MovementAlert::None,
        _ if massive => return (herds * 5 / 2, MovementAlert::Massive),
        late if direction == "S" && late <= -NOTED_SHIFT_DAYS && phase.day < 52 => {
            MovementAlert::Early
        }
        late if direction == "S" && late >= NOTED_SHIFT_DAYS && (52..66).contains(&phase.day) => {
            MovementAlert::Late
        }
        _ => MovementAlert::None,
    };
    (herds, alert)
}

/// Patrols, sessions and visits from the bases; returns their number.
pub(super) fn effort(seed: Seed, out: &mut Vec<u8>) -> u64 {
    let mut draws = Draws::new(seed, Purpose::SynthLogs, 1);
    let mut rows = 0;
    for (week, monday) in mondays().enumerate() {
        let dry = DRY_DAYS.contains(&calendar::phase(monday, SeasonShift::default()).day);
        for (base, (_, at)) in places::of_kind(PlaceKind::Base).enumerate() {
            let patrols = if dry { 3 } else { 1 };
            let sessions = usize::from((week + base) % 2 == 0);
            let visits = usize::from((week + base) % 4 == 0 && dry);
            let planned = [
                (EffortKind::Patrol, patrols, 55_000),
                (EffortKind::Outreach, sessions, 30_000),
                (EffortKind::Monitoring, visits, 40_000),
            ];
            for (kind, times, range_m) in planned {
                for _ in 0..times {
                    let day = Day(monday.0 + draws.up_to(6));
                    presence(kind, day, reached(at, range_m, &mut draws), &mut draws, out);
                    rows += 1;
                }
            }
        }
    }
    rows
}

/// A place within reach of a base, told to a hundredth of a degree.
fn reached(base: Point, range_m: i32, draws: &mut Draws) -> Point {
    loop {
        let point = draws.around(base, range_m).snapped(100);
        if Sector::of(point).is_some() {
            return point;
        }
    }
}

fn presence(kind: EffortKind, day: Day, at: Point, draws: &mut Draws, out: &mut Vec<u8>) {
    text::day(out, day);
    out.push(b',');
    out.extend_from_slice(kind.name().as_bytes());
    out.push(b',');
    text::point(out, at);
    let (hours, half) = (2 + draws.below(6), if draws.chance(500) { 5 } else { 0 });
    let mixed = draws.pick([(350, "yes"), (600, "no"), (50, "")]);
    // Only sessions and visits count the people they reach.
    let (women, men) = (draws.below(60) + 4, draws.below(50) + 4);
    let reached = match kind {
        EffortKind::Patrol => ",".to_owned(),
        EffortKind::Outreach => format!("{women},{men}"),
        EffortKind::Monitoring => format!("{},{}", women / 4, men / 4),
    };
    out.extend_from_slice(format!(",{hours}.{half},{mixed},{reached},yes\n").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str, fill: fn(Seed, &mut Vec<u8>) -> u64) -> Vec<csv::StringRecord> {
        let mut out = header.as_bytes().to_vec();
        let rows = fill(Seed(1), &mut out);
        let mut reader = csv::Reader::from_reader(out.as_slice());
        let read: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(read.len() as u64, rows);
        read
    }

    #[test]
    fn herds_go_south_before_they_go_north_and_nobody_counts_in_the_rains() {
        let rows = read(MOVEMENTS_HEADER, |seed, out| {
            movements(seed, SeasonShift::default(), out)
        });
        let herds = |direction: &str, months: &[&str]| -> u32 {
            rows.iter()
                .filter(|row| &row[4] == direction && months.contains(&&row[0][5..7]))
                .map(|row| row[5].parse::<u32>().unwrap())
                .sum()
        };
        assert!(herds("S", &["11", "12"]) > 20 * herds("N", &["11", "12"]));
        assert!(herds("N", &["05"]) > 20 * herds("S", &["05"]));
        assert!(rows.iter().all(|row| &row[0][5..7] != "08"));
        assert!(
            rows.iter()
                .all(|row| MovementAlert::from_name(&row[8]).is_some())
        );
        for alert in ["early", "late", "massive", "wrong_direction"] {
            assert!(rows.iter().any(|row| &row[8] == alert), "{alert}");
        }
    }

    #[test]
    fn patrols_are_logged_all_year_and_fewer_in_the_rains() {
        let rows = read(EFFORT_HEADER, effort);
        let patrols = |month: &str| {
            rows.iter()
                .filter(|row| &row[1] == "patrol" && &row[0][5..7] == month)
                .count()
        };
        assert!(patrols("12") > 2 * patrols("08") && patrols("08") > 0);
        for row in &rows {
            let hours: f64 = row[4].parse().unwrap();
            assert!((2.0..8.0).contains(&hours) && EffortKind::from_name(&row[1]).is_some());
        }
    }
}
