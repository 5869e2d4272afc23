//! One who watches twelve weeks of plans and guesses a stop of the next.

use rand::Rng;

use super::sector::{Sector, Size};
use crate::plan::{Drawn, Rules, day_chances, draw};
use crate::units::{Purpose, Seed, real};

const SIZE: Size = Size {
    rings: 6,
    bases: 3,
    patrols: 4,
    most_stops: 3,
};
const LARGEST: f64 = 0.75;
/// Of a stop and its day, 2 bits.
const FLOOR: f64 = 0.25;

fn rules(sector: &Sector) -> Rules<'_> {
    Rules {
        largest_share: LARGEST,
        near_tie: 0.05,
        explore_share: 0.15,
        unseen: &sector.stay,
    }
}

fn stops(sector: &Sector, plan: &[u32]) -> Vec<u32> {
    plan.iter()
        .flat_map(|&tour| sector.tours[tour as usize].stops.iter().copied())
        .collect()
}

/// One week's plan, and its stops with their days; a market day that everybody knows.
fn week(sector: &Sector, rules: &Rules<'_>, floor: f64, week: u64) -> (Drawn, Vec<(u32, usize)>) {
    let mut rng = Seed(3).stream(Purpose::PatrolPlan, week);
    let drawn = draw(&sector.options(), rules, &mut rng).unwrap();
    let mut stops_and_days = Vec::new();
    for &tour in &drawn.plan {
        let preferred: Vec<bool> = (0..7).map(|day| day == 5).collect();
        let chances = day_chances(&preferred, floor / rules.largest_share);
        let mut left = rng.random::<f64>();
        let day = chances.iter().position(|chance| {
            left -= chance;
            left <= 0.0
        });
        stops_and_days.extend(
            stops(sector, &[tour])
                .into_iter()
                .map(|stop| (stop, day.unwrap_or(6))),
        );
    }
    (drawn, stops_and_days)
}

/// Shares of weeks in which the most frequent stop of 12 weeks, and the most frequent stop and day, are right in the 13th;
/// and by how much coverage falls.
fn watched(share: f64, floor: f64) -> (f64, f64, f64) {
    let (mut right, mut right_day, mut n) = (0.0, 0.0, 0.0);
    let (mut worth, mut free) = (0.0, 0.0);
    for number in 0..40 {
        let sector = Sector::drawn(20_000 + number, SIZE);
        let rules = Rules {
            largest_share: share,
            ..rules(&sector)
        };
        for span in 0..8 {
            let mut seen = vec![[0_u32; 7]; sector.value.len()];
            for at in 0..12 {
                for (stop, day) in week(&sector, &rules, floor, number * 1_000 + span * 13 + at).1 {
                    seen[stop as usize][day] += 1;
                }
            }
            let (drawn, next) = week(&sector, &rules, floor, number * 1_000 + span * 13 + 12);
            worth += drawn.worth;
            free += drawn.free_worth;
            let stop = (0..seen.len())
                .max_by_key(|&stop| seen[stop].iter().sum::<u32>())
                .unwrap();
            let (at, day) = (0..seen.len())
                .flat_map(|stop| (0..7).map(move |day| (stop, day)))
                .max_by_key(|&(stop, day)| seen[stop][day])
                .unwrap();
            right += f64::from(u8::from(
                next.iter().any(|&(next, _)| next as usize == stop),
            ));
            right_day += f64::from(u8::from(next.contains(&(u32::try_from(at).unwrap(), day))));
            n += 1.0;
        }
    }
    (right / n, right_day / n, 1.0 - worth / free)
}

#[test]
fn twelve_weeks_of_watching_tell_no_more_than_the_floor_allows() {
    let (stop, stop_and_day, fall) = watched(LARGEST, FLOOR);
    println!("stop {stop:.3}, stop and day {stop_and_day:.3}, coverage falls by {fall:.3}");
    // 320 guesses: two standard errors of a share of three quarters, and of one quarter, are 0.048.
    assert!(stop <= LARGEST + 0.048, "{stop}");
    assert!(stop_and_day <= FLOOR + 0.048, "{stop_and_day}");
    assert!(fall < 0.10, "{fall}");
}

#[test]
fn without_the_floor_the_same_watcher_reads_the_plan() {
    let (stop, stop_and_day, fall) = watched(1.0, 1.0);
    println!("stop {stop:.3}, stop and day {stop_and_day:.3}, coverage falls by {fall:.3}");
    assert!(stop > 0.9, "{stop}");
    assert!(stop_and_day > 0.9, "{stop_and_day}");
}

#[test]
fn every_unseen_place_within_reach_is_explored_sooner_or_later() {
    let size = Size {
        rings: 3,
        bases: 2,
        patrols: 4,
        most_stops: 1,
    };
    let sector = Sector::drawn(5, size);
    let mut due: Vec<u32> = sector
        .tours
        .iter()
        .flat_map(|tour| tour.stops.clone())
        .collect();
    due.sort_unstable();
    due.dedup();
    let mut explored = vec![false; sector.value.len()];
    let mut n_exploring = 0.0;
    for number in 0..3_000 {
        let (drawn, _) = week(&sector, &rules(&sector), FLOOR, number);
        for stop in stops(&sector, &drawn.plan[..drawn.n_exploring]) {
            explored[stop as usize] = true;
        }
        n_exploring += real(drawn.n_exploring);
    }
    assert!(due.iter().all(|&stop| explored[stop as usize]));
    // 8 patrols, 15 %: 1.2 a week.
    let mean = n_exploring / 3_000.0;
    assert!((mean - 1.2).abs() < 0.05, "{mean}");
}

#[test]
fn a_week_depends_on_its_seed_and_number_alone() {
    let sector = Sector::drawn(20_001, SIZE);
    let plan = |number| week(&sector, &rules(&sector), FLOOR, number);
    assert_eq!(plan(5), plan(5));
    assert_ne!(plan(5).1, plan(6).1);
}
