//! No plan asks for what cannot be done.

use super::sector::{Sector, Size, hours};
use crate::plan::{Rules, best, draw};
use crate::units::{Purpose, Seed};

/// Everything a plan must keep, worked out anew from the sector.
fn broken(sector: &Sector, plan: &[u32]) -> Option<&'static str> {
    let mut seen = vec![false; sector.value.len()];
    for (unit, has) in sector.units.iter().enumerate() {
        let own = || {
            let tours = plan.iter().map(|&tour| &sector.tours[tour as usize]);
            tours.filter(|tour| tour.unit as usize == unit)
        };
        if own().count() > has.patrols as usize {
            return Some("patrols");
        }
        let mut sum = 0.0;
        for tour in own() {
            let out = |stop: u32| sector.from_base[unit][stop as usize];
            if tour.stops.iter().any(|&stop| out(stop).is_none()) {
                return Some("range or closed road");
            }
            let mut time = tour.stops.first().and_then(|&stop| out(stop)).unwrap()
                + tour.stops.last().and_then(|&stop| out(stop)).unwrap();
            for pair in tour.stops.windows(2) {
                if !sector.near.of(pair[0] as usize).contains(&pair[1]) {
                    return Some("contiguity");
                }
                let at = |stop: u32| sector.places[stop as usize];
                time += hours(at(pair[0]), at(pair[1]));
            }
            for &stop in &tour.stops {
                time += sector.stay[stop as usize];
                if std::mem::replace(&mut seen[stop as usize], true) {
                    return Some("a stop twice");
                }
            }
            if time > sector.patrol_hours + 1e-9 || (time - tour.hours).abs() > 1e-9 {
                return Some("hours of a patrol");
            }
            sum += time;
        }
        if sum > has.hours + 1e-9 {
            return Some("hours of a base");
        }
    }
    None
}

#[test]
fn ten_thousand_sectors_get_no_plan_over_hours_range_or_a_closed_road() {
    let (mut n_tours, mut n_empty) = (0, 0);
    for number in 0..10_000 {
        let size = Size {
            rings: 2 + (number % 3) as u32,
            bases: 1 + (number % 4) as usize,
            patrols: 1 + (number % 5) as u32,
            most_stops: 1 + (number % 3) as usize,
        };
        let sector = Sector::drawn(number, size);
        let options = sector.options();
        if number % 10 == 0 {
            let plan = best(&options).unwrap();
            assert_eq!(broken(&sector, &plan), None, "sector {number}");
        }
        let rules = Rules {
            largest_share: 0.75,
            near_tie: 0.05,
            explore_share: 0.15,
            unseen: &sector.stay,
        };
        let drawn = draw(
            &options,
            &rules,
            &mut Seed(1).stream(Purpose::PatrolPlan, number),
        )
        .unwrap();
        assert_eq!(broken(&sector, &drawn.plan), None, "sector {number}");
        n_tours += drawn.plan.len();
        n_empty += usize::from(drawn.plan.is_empty());
    }
    assert!(n_tours > 20_000, "{n_tours} tours planned");
    println!("{n_tours} tours, {n_empty} sectors without a plan");
    assert!(n_empty < 2_000, "{n_empty} sectors without a plan");
}

#[test]
fn a_breach_is_seen() {
    let size = Size {
        rings: 3,
        bases: 1,
        patrols: 2,
        most_stops: 2,
    };
    let mut sector = Sector::drawn(1, size);
    let plan = best(&sector.options()).unwrap();
    assert!(!plan.is_empty());
    assert_eq!(broken(&sector, &[plan[0], plan[0]]), Some("a stop twice"));
    sector.units[0].patrols = 0;
    assert_eq!(broken(&sector, &plan), Some("patrols"));
    sector.units[0].patrols = 2;
    sector.units[0].hours = 0.1;
    assert_eq!(broken(&sector, &plan), Some("hours of a base"));
    sector.patrol_hours = 0.1;
    assert_eq!(broken(&sector, &plan), Some("hours of a patrol"));
    let stop = sector.tours[plan[0] as usize].stops[0];
    sector.from_base[0][stop as usize] = None;
    assert_eq!(broken(&sector, &plan), Some("range or closed road"));
}
