//! Plans whose best is known: by hand, by looking at all of them, by the exact solver.

use super::sector::{Sector, Size};
use crate::plan::{
    MOST_EXACT, Options, PlanError, Rules, Tour, Unit, best, day_chances, draw, exact, worth,
};
use crate::units::{Purpose, Seed, compact};

fn tour(unit: u32, hours: f64, stop: u32, cells: &[u32]) -> Tour {
    Tour {
        unit,
        hours,
        stops: vec![stop],
        covers: cells.iter().map(|&cell| (cell, 1.0)).collect(),
    }
}

#[test]
fn exchanges_mend_what_greed_gets_wrong() {
    // Greed takes the middle, worth 8, and is left with 3; the two halves are worth 13.
    let tours = [
        tour(0, 1.0, 0, &[1, 2]),
        tour(0, 1.0, 1, &[0, 1]),
        tour(0, 1.0, 2, &[2, 3]),
    ];
    let options = Options {
        value: &[3.0, 4.0, 4.0, 2.0],
        n_stops: 3,
        units: &[Unit {
            patrols: 2,
            hours: 2.0,
        }],
        tours: &tours,
    };
    let plan = best(&options).unwrap();
    assert_eq!(plan, [1, 2]);
    assert!((worth(&options, &plan) - 13.0).abs() < 1e-12);
    assert_eq!(exact(&options).unwrap(), plan);
}

#[test]
fn hours_are_spent_where_they_gain_most() {
    // One long tour worth 10, or three short ones worth 6 each.
    let tours = [
        tour(0, 9.0, 0, &[0]),
        tour(0, 3.0, 1, &[1]),
        tour(0, 3.0, 2, &[2]),
        tour(0, 3.0, 3, &[3]),
    ];
    let options = Options {
        value: &[10.0, 6.0, 6.0, 6.0],
        n_stops: 4,
        units: &[Unit {
            patrols: 5,
            hours: 9.0,
        }],
        tours: &tours,
    };
    assert_eq!(best(&options).unwrap(), [1, 2, 3]);
    assert_eq!(exact(&options).unwrap(), [1, 2, 3]);
}

/// The best by looking at every set of tours.
fn of_all_plans(options: &Options<'_>) -> f64 {
    let n = options.tours.len();
    let plans = (0_u32..1 << n).map(|set| (0..compact(n)).filter(|t| set >> t & 1 == 1).collect());
    let fits = |plan: &Vec<u32>| {
        let mut stops: Vec<u32> = plan
            .iter()
            .flat_map(|&t| options.tours[t as usize].stops.clone())
            .collect();
        let n_stops = stops.len();
        stops.sort_unstable();
        stops.dedup();
        stops.len() == n_stops
            && options.units.iter().enumerate().all(|(u, unit)| {
                let own = plan.iter().map(|&t| &options.tours[t as usize]);
                let own: Vec<f64> = own
                    .filter(|t| t.unit as usize == u)
                    .map(|t| t.hours)
                    .collect();
                own.len() <= unit.patrols as usize && own.iter().sum::<f64>() <= unit.hours
            })
    };
    plans
        .filter(fits)
        .map(|plan| worth(options, &plan))
        .fold(0.0, f64::max)
}

#[test]
fn the_solver_finds_the_best_of_all_plans() {
    let size = Size {
        rings: 1,
        bases: 2,
        patrols: 2,
        most_stops: 2,
    };
    let mut n_looked_at = 0;
    for number in 0..400 {
        let mut sector = Sector::drawn(number, size);
        sector.tours.truncate(12);
        let options = sector.options();
        let got = worth(&options, &exact(&options).unwrap());
        let due = of_all_plans(&options);
        assert!(
            (got - due).abs() <= 1e-6 * due.max(1.0),
            "sector {number}: {got}, {due}"
        );
        n_looked_at += usize::from(due > 0.0);
    }
    assert!(n_looked_at > 200, "{n_looked_at}");
}

#[test]
fn a_plan_is_within_a_twentieth_of_the_best() {
    let size = Size {
        rings: 2,
        bases: 2,
        patrols: 3,
        most_stops: 2,
    };
    let (mut n_solved, mut worst) = (0, 1.0_f64);
    for number in 0..600 {
        let sector = Sector::drawn(number, size);
        let options = sector.options();
        if options.tours.len() > MOST_EXACT || options.tours.is_empty() {
            continue;
        }
        let highest = worth(&options, &exact(&options).unwrap());
        let share = worth(&options, &best(&options).unwrap()) / highest;
        assert!(share <= 1.0 + 1e-9, "sector {number}: {share}");
        worst = worst.min(share);
        n_solved += 1;
    }
    println!("{n_solved} sectors solved exactly, worst {worst:.4}");
    assert!(n_solved >= 100, "{n_solved}");
    assert!(worst >= 0.95, "{worst}");
}

#[test]
fn what_cannot_be_is_refused() {
    let tours = [tour(0, 1.0, 0, &[0])];
    let units = [Unit {
        patrols: 1,
        hours: 1.0,
    }];
    let options = Options {
        value: &[1.0],
        n_stops: 1,
        units: &units,
        tours: &tours,
    };
    let with = |value| best(&Options { value, ..options });
    assert_eq!(with(&[f64::NAN]), Err(PlanError::Value { index: 0 }));
    assert_eq!(with(&[]), Err(PlanError::Tour { index: 0 }));
    let hours = [Unit {
        patrols: 1,
        hours: -1.0,
    }];
    let refused = best(&Options {
        units: &hours,
        ..options
    });
    assert_eq!(refused, Err(PlanError::Hours { index: 0 }));
    let many = vec![tours[0].clone(); MOST_EXACT + 1];
    let refused = exact(&Options {
        tours: &many,
        ..options
    });
    assert!(matches!(
        refused,
        Err(PlanError::TooLarge { n_tours: 61, .. })
    ));
}

#[test]
fn rules_that_cannot_be_are_refused() {
    let tours = [tour(0, 1.0, 0, &[0])];
    let units = [Unit {
        patrols: 1,
        hours: 1.0,
    }];
    let options = Options {
        value: &[1.0],
        n_stops: 1,
        units: &units,
        tours: &tours,
    };
    let rules = Rules {
        largest_share: 1.0,
        near_tie: 0.0,
        explore_share: 0.0,
        unseen: &[0.0],
    };
    let draw =
        |rules: &Rules<'_>| draw(&options, rules, &mut Seed(1).stream(Purpose::PatrolPlan, 0));
    assert_eq!(draw(&rules).unwrap().plan, [0]);
    assert_eq!(
        draw(&Rules {
            near_tie: 1.5,
            ..rules
        }),
        Err(PlanError::Rules)
    );
    assert_eq!(
        draw(&Rules {
            unseen: &[-1.0],
            ..rules
        }),
        Err(PlanError::Value { index: 0 })
    );
    assert!(matches!(
        draw(&Rules {
            unseen: &[],
            ..rules
        }),
        Err(PlanError::Length(_))
    ));
}

#[test]
fn days_are_preferred_no_more_than_they_may_be() {
    let week = |days: &[usize]| (0..7).map(|day| days.contains(&day)).collect::<Vec<bool>>();
    let chances = day_chances(&week(&[2]), 0.4);
    assert!((chances[2] - 0.4).abs() < 1e-12 && (chances[0] - 0.1).abs() < 1e-12);
    let chances = day_chances(&week(&[1, 4]), 0.9);
    assert!((chances[4] - 0.5).abs() < 1e-12 && chances[0].abs() < 1e-12);
    for (preferred, largest) in [
        (week(&[]), 0.4),
        (week(&[0]), 0.1),
        (week(&[0, 1, 2, 3, 4, 5, 6]), 1.0),
    ] {
        assert!(
            day_chances(&preferred, largest)
                .iter()
                .all(|p| (p - 1.0 / 7.0).abs() < 1e-12)
        );
    }
    assert!(day_chances(&[], 0.5).is_empty());
}

#[test]
fn fourteen_patrols_over_two_hundred_zones_are_planned_within_two_seconds() {
    // 1,027 cells, as 200 zones of five; seven bases with two patrols each.
    let size = Size {
        rings: 18,
        bases: 7,
        patrols: 2,
        most_stops: 3,
    };
    let mut sector = Sector::drawn(3, size);
    for unit in &mut sector.units {
        unit.hours = 1_000.0;
    }
    let options = sector.options();
    let rules = Rules {
        largest_share: 0.75,
        near_tie: 0.05,
        explore_share: 0.15,
        unseen: &sector.value,
    };
    let start = std::time::Instant::now();
    let drawn = draw(
        &options,
        &rules,
        &mut Seed(1).stream(Purpose::PatrolPlan, 0),
    )
    .unwrap();
    let one = start.elapsed();
    let best = best(&options).unwrap();
    println!(
        "{} tours, {} planned: drawn in {one:?}, all {:?}",
        options.tours.len(),
        best.len(),
        start.elapsed()
    );
    assert!(drawn.plan.len() >= 10 && best.len() >= 13);
    assert!(start.elapsed().as_secs_f64() < 2.0, "{:?}", start.elapsed());
}
