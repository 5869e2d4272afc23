use rand::Rng;

use super::features::{PERIOD_DAYS, features};
use super::*;
use crate::score::average_precision;
use crate::testing::{close, number, numbers, reference};
use crate::units::{Coordinate, Purpose, Seed, distance_km, real};

mod parts;

const SIDE: u32 = 16;

/// A lattice of cells some 20 km apart.
fn lattice() -> (Vec<Coordinate>, Space) {
    let cells = (0..SIDE * SIDE).map(|cell| (cell / SIDE, cell % SIDE));
    let cells: Vec<(u32, u32)> = cells.collect();
    let centre = |&(row, column): &(u32, u32)| {
        Coordinate::new(5.0 + 0.18 * f64::from(row), 20.0 + 0.18 * f64::from(column)).unwrap()
    };
    let centres: Vec<Coordinate> = cells.iter().map(centre).collect();
    let ring = |a: &(u32, u32), k: u32| {
        let at = |b: &(u32, u32)| a.0.abs_diff(b.0).max(a.1.abs_diff(b.1)) == k;
        (0..SIDE * SIDE)
            .filter(|&b| at(&cells[b as usize]))
            .collect()
    };
    let rings: Vec<[Vec<u32>; 3]> = cells
        .iter()
        .map(|a| [ring(a, 1), ring(a, 2), ring(a, 3)])
        .collect();
    let space = Space::new(&centres, &rings).unwrap();
    (centres, space)
}

/// Ten years of incidents: each cell has a rate of its own, and those on one side far more.
fn world(planted: bool, seed: u64) -> (Vec<u32>, Vec<i32>) {
    let mut rng = Seed(seed).stream(Purpose::SynthIncidents, 1);
    let (mut cell, mut day) = (Vec::new(), Vec::new());
    for at in 0..3_640 {
        for place in 0..SIDE * SIDE {
            let rate = if !planted {
                0.000_5
            } else if place % SIDE < 2 {
                0.003
            } else {
                0.000_1
            };
            if rng.random::<f64>() < rate {
                cell.push(place);
                day.push(at);
            }
        }
    }
    (cell, day)
}

const ORIGINS: Origins = Origins {
    first_day: 728,
    step_days: 28,
    horizon_days: 28,
};

fn history<'a>(cell: &'a [u32], day: &'a [i32]) -> History<'a> {
    History {
        first_day: 0,
        until_day: 3_640,
        cell,
        day,
        seen_from: None,
    }
}

/// Average precision and base rate of the forecasts after a cut.
fn skill(study: &Study, cut: i32) -> (f64, f64, f64) {
    let fitted = study.fit(&[cut], &Settings::default(), Seed(1)).unwrap();
    let (mut p, mut event) = (Vec::new(), Vec::new());
    for (origin, _) in study
        .origins()
        .iter()
        .enumerate()
        .filter(|(_, day)| **day >= cut)
    {
        if let Some(counts) = study.counts(origin) {
            p.extend(fitted[0].predict(study, origin).unwrap().p_event);
            event.extend(counts.iter().map(|count| *count > 0.0));
        }
    }
    let base = real(event.iter().filter(|event| **event).count()) / real(event.len());
    let ap = average_precision(&p, &event).unwrap().unwrap();
    (ap, base, p.iter().sum::<f64>() / real(p.len()))
}

#[test]
fn the_logistic_fit_is_that_of_scikit_learn() {
    let expected = reference("forecast");
    let x = numbers(&expected["x"]);
    for case in expected["cases"].as_array().unwrap() {
        let event: Vec<bool> = numbers(&case["event"]).iter().map(|e| *e > 0.5).collect();
        let alpha = number(&case["alpha"]);
        let model = fit_logistic(x.clone(), &event, alpha).unwrap();
        close(model.intercept, number(&case["intercept"]), 1e-3);
        for (got, want) in model.weights.iter().zip(numbers(&case["weights"])) {
            close(*got, want, 1e-3);
        }
    }
}

#[test]
fn the_event_is_the_event_in_any_order_and_however_rare() {
    let n = 400;
    for (first, share) in [
        (true, 10),
        (false, 10),
        (true, 300),
        (false, 300),
        (true, 200),
        (false, 200),
    ] {
        // Events have the higher value, but for a few on each side.
        let is_event = |i: usize| if first { i < share } else { i >= n - share };
        let event: Vec<bool> = (0..n).map(is_event).collect();
        let x = (0..n).map(|i| {
            if is_event(i) == (i % 9 > 0) {
                1.0
            } else {
                -1.0
            }
        });
        let model = fit_logistic(x.collect(), &event, 1.0).unwrap();
        assert!(model.weights[0] > 0.5, "{first} {share}: {model:?}");
        let said = (0..n).map(|i| {
            if is_event(i) == (i % 9 > 0) {
                1.0
            } else {
                -1.0
            }
        });
        let mean = said
            .map(|x| logistic::logistic(model.log_odds(&[x])))
            .sum::<f64>()
            / real(n);
        close(mean, real(share) / real(n), 2e-3);
    }
    assert_eq!(
        fit_logistic(vec![1.0; 4], &[true; 4], 1.0),
        Err(LogisticError::OneClass)
    );
    assert_eq!(
        fit_logistic(Vec::new(), &[], 1.0),
        Err(LogisticError::OneClass)
    );
}

#[test]
fn features_are_their_formulas() {
    let (centres, space) = lattice();
    let (cell, day) = world(true, 3);
    let history = history(&cell, &day);
    let origin = 2_000;
    let at = features(&space, &history, origin, 28);
    let names = features::names();
    let width = names.len();
    let value = |name: &str, cell: usize| {
        let column = names.iter().position(|(known, _)| known == name).unwrap();
        f64::from(at.rows[cell * width + column]).exp() - 1e-4
    };
    let past = || cell.iter().zip(&day).filter(|(_, day)| **day < origin);
    let age = |day: i32| f64::from(origin - day) / PERIOD_DAYS;
    let here = 37;
    let decayed = past()
        .filter(|(c, _)| **c == here)
        .map(|(_, &d)| (-age(d) / 6.0).exp() / 6.0);
    close(value("past6", 37), decayed.sum(), 1e-6);
    let bell = |from: usize, to: usize| {
        let d = distance_km(centres[from], centres[to]);
        if d <= 160.0 {
            (-d * d / 3_200.0).exp()
        } else {
            0.0
        }
    };
    let felt = past().map(|(&c, &d)| {
        let from = c as usize;
        let mass: f64 = (0..centres.len()).map(|to| bell(from, to)).sum();
        bell(from, 37) / mass * (-age(d) / 13.0).exp() / 13.0
    });
    close(value("past13_kernel40", 37), felt.sum(), 1e-6);
    close(
        at.baselines[0].iter().sum::<f64>(),
        real(past().count()) * 28.0 / 2_000.0,
        1e-9,
    );
    let last_year = past().filter(|(_, d)| (1_636..1_664).contains(*d)).count();
    close(at.baselines[2].iter().sum::<f64>(), real(last_year), 1e-9);
    let near_in_time = past().filter(|(_, d)| **d >= origin - 84).count();
    close(value("total", 0), real(near_in_time), 1e-3);
}

#[test]
fn what_comes_later_changes_nothing() {
    let (_, space) = lattice();
    let (cell, day) = world(true, 5);
    let columns = [Column {
        name: "movements".to_owned(),
        group: "movements".to_owned(),
        values: vec![vec![None; (SIDE * SIDE) as usize]; 105],
    }];
    let cut = 2_912;
    let known = day.partition_point(|&d| d < cut);
    let moved: Vec<u32> = cell[known..]
        .iter()
        .map(|c| (c + 100) % (SIDE * SIDE))
        .collect();
    let other: Vec<u32> = cell[..known].iter().chain(&moved).copied().collect();
    let forecast = |cell: &[u32]| {
        let study = Study::new(&space, history(cell, &day), ORIGINS, &columns).unwrap();
        let fitted = study
            .fit(&[cut], &Settings::default(), Seed(1))
            .unwrap()
            .remove(0);
        let origin = study.origins().iter().position(|day| *day == cut).unwrap();
        (
            fitted.predict(&study, origin).unwrap(),
            fitted.ladder().cloned(),
            fitted.members(),
        )
    };
    assert_eq!(forecast(&cell), forecast(&other));
}

#[test]
fn a_planted_signal_is_found_and_shuffled_labels_are_worth_the_base_rate() {
    let (_, space) = lattice();
    let (cell, day) = world(true, 8);
    let study = Study::new(&space, history(&cell, &day), ORIGINS, &[]).unwrap();
    let (ap, base, mean) = skill(&study, 2_912);
    assert!(ap > 3.0 * base, "planted: {ap} at {base}");
    assert!(
        (mean / base - 1.0).abs() < 0.2,
        "planted: says {mean} of {base}"
    );
    let (cell, day) = world(false, 8);
    let study = Study::new(&space, history(&cell, &day), ORIGINS, &[]).unwrap();
    let (ap, base, mean) = skill(&study, 2_912);
    assert!(ap < 1.5 * base, "nothing: {ap} at {base}");
    assert!(
        (mean / base - 1.0).abs() < 0.2,
        "nothing: says {mean} of {base}"
    );
}

#[test]
fn a_column_that_tells_is_used_and_a_missing_one_adds_nothing() {
    let (_, space) = lattice();
    let (cell, day) = world(false, 9);
    let bare = Study::new(&space, history(&cell, &day), ORIGINS, &[]).unwrap();
    let n_origins = bare.origins().len();
    let column = |tells: bool| Column {
        name: "oracle".to_owned(),
        group: "oracle".to_owned(),
        values: (0..n_origins)
            .map(|origin| {
                let value = |cell: usize| {
                    let count = bare.counts(origin).map_or(0.0, |counts| counts[cell]);
                    tells.then_some(count)
                };
                (0..space.n_cells()).map(value).collect()
            })
            .collect(),
    };
    let with = |tells| Study::new(&space, history(&cell, &day), ORIGINS, &[column(tells)]).unwrap();
    assert!(skill(&with(true), 2_912).0 > 0.95);
    let (got, want) = (skill(&with(false), 2_912), skill(&bare, 2_912));
    close(got.0, want.0, 1e-6);
    close(got.2, want.2, 1e-6);
}

#[test]
fn digits_do_not_depend_on_threads() {
    let (_, space) = lattice();
    let (cell, day) = world(true, 11);
    let run = |threads: usize| {
        crate::threads::limited(threads.try_into().unwrap(), || {
            let study = Study::new(&space, history(&cell, &day), ORIGINS, &[]).unwrap();
            let settings = Settings {
                rows_max: 4_000,
                ..Settings::default()
            };
            let fitted = study.fit(&[2_548, 2_912], &settings, Seed(1)).unwrap();
            let last = study.origins().len() - 1;
            (
                fitted[1].predict(&study, last).unwrap(),
                fitted[0].ladder().cloned(),
            )
        })
    };
    assert_eq!(run(1), run(3));
}

#[test]
fn rows_left_out_do_not_move_the_level() {
    let (_, space) = lattice();
    let (cell, day) = world(true, 13);
    let study = Study::new(&space, history(&cell, &day), ORIGINS, &[]).unwrap();
    let mean = |rows_max| {
        let settings = Settings {
            rows_max,
            ..Settings::default()
        };
        let fitted = study.fit(&[2_912], &settings, Seed(1)).unwrap();
        let said = fitted[0]
            .predict(&study, study.origins().len() - 1)
            .unwrap();
        said.p_event.iter().sum::<f64>()
    };
    assert!((mean(6_000) / mean(1_000_000) - 1.0).abs() < 0.05);
}

#[test]
fn a_prediction_is_one_law() {
    let (_, space) = lattice();
    let (cell, day) = world(true, 15);
    let study = Study::new(&space, history(&cell, &day), ORIGINS, &[]).unwrap();
    let fitted = study
        .fit(&[2_912], &Settings::default(), Seed(1))
        .unwrap()
        .remove(0);
    let said = fitted.predict(&study, study.origins().len() - 1).unwrap();
    for cell in 0..space.n_cells() {
        let p = said.p_event[cell];
        assert!(said.p_lo[cell] < p && p < said.p_hi[cell]);
        assert!(said.mean_count[cell] >= p);
        let quantiles = said.count_quantiles[cell];
        for (level, quantile) in COUNT_LEVELS.iter().zip(quantiles) {
            assert_eq!(*level <= 1.0 - p, quantile == 0);
        }
        assert!(quantiles.is_sorted());
    }
    let weights: f64 = fitted.members().iter().map(|member| member.weight).sum();
    close(weights, 1.0, 1e-9);
    assert_eq!(fitted.predict(&study, 3), Err(ForecastError::BeforeCut));
    assert_eq!(fitted.predict(&study, 1_000), Err(ForecastError::NoOrigin));
    let ladder = fitted.ladder().unwrap();
    assert!(ladder.model > 2.0 * ladder.base_rate, "{ladder:?}");
    let best = ladder.rungs[ladder.best].average_precision;
    assert!(
        ladder
            .rungs
            .iter()
            .all(|rung| rung.average_precision <= best)
    );
    let (lo, hi) = ladder.lead.unwrap();
    assert!(
        lo <= ladder.model - best && ladder.model - best <= hi,
        "{ladder:?}"
    );
}

#[test]
fn without_incidents_there_is_a_forecast_and_no_model() {
    let (_, space) = lattice();
    let study = Study::new(&space, history(&[], &[]), ORIGINS, &[]).unwrap();
    let fitted = study
        .fit(&[2_912], &Settings::default(), Seed(1))
        .unwrap()
        .remove(0);
    let said = fitted.predict(&study, study.origins().len() - 1).unwrap();
    assert!(said.p_event.iter().all(|p| *p > 0.0 && *p < 1e-3));
    assert!(fitted.ladder().is_none() && said.contributions.is_empty());
}

#[test]
fn what_cannot_be_is_refused_by_its_position() {
    let (centres, space) = lattice();
    let refused = |cell: &[u32], day: &[i32]| {
        Study::new(&space, history(cell, day), ORIGINS, &[]).unwrap_err()
    };
    assert_eq!(
        refused(&[1, 999], &[1, 2]),
        ForecastError::Cell { index: 1 }
    );
    assert_eq!(refused(&[1, 2], &[5, 4]), ForecastError::Order { index: 1 });
    assert_eq!(refused(&[1], &[3_640]), ForecastError::Future { index: 0 });
    let rings = vec![[vec![], vec![300], vec![]]; centres.len()];
    assert_eq!(
        Space::new(&centres, &rings).unwrap_err(),
        ForecastError::Cell { index: 0 }
    );
    let study = Study::new(&space, history(&[1], &[3]), ORIGINS, &[]).unwrap();
    let fit = |cut, settings: &Settings| study.fit(&[cut], settings, Seed(1)).err();
    assert_eq!(
        fit(9_999, &Settings::default()),
        Some(ForecastError::Origins)
    );
    let settings = Settings {
        alpha: 0.0,
        ..Settings::default()
    };
    assert_eq!(fit(2_912, &settings), Some(ForecastError::Settings));
}
