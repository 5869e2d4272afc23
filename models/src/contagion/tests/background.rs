use std::f64::consts::TAU;

use super::super::*;
use crate::testing::{all_close, close};
use crate::units::{Seed, real};

/// Four years whose season comes earlier or later each year, and higher.
fn moving() -> Vec<f64> {
    let day = |d: usize| {
        let (year, late) = (real(d / 365), [0.0, 40.0, -30.0, 20.0][d / 365]);
        (0.5 + year) * (1.0 + 0.9 * (TAU * (real(d) - late) / 365.0).cos())
    };
    (0..1460).map(day).collect()
}

fn whole_days(times: &[f64]) -> Vec<u32> {
    let whole = |time: &f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "times are at least 0 and below 1460"
        )]
        let day = *time as u32;
        day
    };
    times.iter().map(whole).collect()
}

/// What a fit says that knows no season but what the events themselves show.
fn fit(truth: Hawkes, index: u64) -> Option<Excitation> {
    let history = truth.simulate(&moving(), Seed(14), index).unwrap();
    let days = whole_days(history.times());
    let season = smooth_season(&days, 1460, 28.0);
    match contagion(&History::new(times_of_days(&days), season).unwrap()) {
        Contagion::Excited(found) if found.rate.decay() >= 1.0 / 14.0 => Some(found),
        _ => None,
    }
}

#[test]
fn a_season_that_moves_is_not_read_as_contagion() {
    let calm = Hawkes::new(0.4, 0.0, 0.1).unwrap();
    let claimed = (0..12).filter(|&index| fit(calm, index).is_some()).count();
    assert!(claimed <= 1, "{claimed} of 12");
}

#[test]
fn quick_contagion_is_found_beside_it_and_not_exaggerated() {
    let contagious = Hawkes::new(0.4, 0.4, 0.3).unwrap();
    let found: Vec<f64> = (0..10)
        .filter_map(|index| Some(fit(contagious, index)?.rate.theta()))
        .collect();
    assert!(found.len() >= 8, "{} of 10", found.len());
    let mean = found.iter().sum::<f64>() / real(found.len());
    assert!((0.2..0.42).contains(&mean), "{mean}");
}

#[test]
fn the_curve_is_its_formula_and_keeps_every_event() {
    let (days, n_days, width) = ([0, 3, 3, 19], 20, 2.0);
    let got = smooth_season(&days, n_days, width);
    let k = |a: f64, b: f64| {
        let away = (a - b).abs() / width;
        if away <= 4.0 {
            (-away * away / 2.0).exp()
        } else {
            0.0
        }
    };
    let want: Vec<f64> = (0..n_days)
        .map(|d| {
            let of = |&day: &u32| {
                let mass: f64 = (0..n_days).map(|d| k(real(d), f64::from(day))).sum();
                k(real(d), f64::from(day)) / mass
            };
            days.iter().map(of).sum()
        })
        .collect();
    all_close(&got, &want, 1e-12);
    close(got.iter().sum(), 4.0, 1e-12);
    assert_eq!(smooth_season(&[5], 3, 2.0), [0.0; 3]);
    assert_eq!(smooth_season(&[], 0, 2.0), Vec::<f64>::new());
}
