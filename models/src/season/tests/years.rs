use rand::Rng;
use rand_distr::{Gamma, Poisson};

use crate::season::{PastYears, YEAR_VARIANCE_MAX, YearsError, year_variance};
use crate::testing::{close, number, numbers, reference};
use crate::units::{Purpose, Seed};

#[test]
fn the_likeliest_variance_is_that_of_the_dirichlet_multinomial_law() {
    for case in reference("year_variance").as_array().unwrap() {
        let phases: Vec<(Vec<f64>, Vec<f64>)> = case["phases"]
            .as_array()
            .unwrap()
            .iter()
            .map(|phase| (numbers(&phase["counts"]), numbers(&phase["exposure"])))
            .collect();
        let phases: Vec<PastYears<'_>> = phases
            .iter()
            .map(|(counts, exposure)| PastYears { counts, exposure })
            .collect();
        let got = year_variance(&phases).unwrap().unwrap();
        close(got, number(&case["variance"]), 1e-5);
    }
}

/// Counts of 400 cells in six years whose factors have this variance; cells differ by twenty times.
fn world(variance: f64) -> Vec<f64> {
    let mut rng = Seed(3).stream(Purpose::SynthIncidents, 0);
    let mut counts = Vec::new();
    for cell in 0..400 {
        for _year in 0..6 {
            let factor = if variance > 0.0 {
                rng.sample(Gamma::new(1.0 / variance, variance).unwrap())
            } else {
                1.0
            };
            let mean = 0.25 * f64::from(1 + cell % 20) * factor;
            counts.push(rng.sample(Poisson::new(mean.max(1e-9)).unwrap()));
        }
    }
    counts
}

#[test]
fn a_known_variance_is_found_again() {
    for (variance, tolerance) in [(0.0, 0.01), (0.09, 0.02), (0.5, 0.06), (2.0, 0.25)] {
        let counts = world(variance);
        let phase = PastYears {
            counts: &counts,
            exposure: &[1.0; 6],
        };
        let got = year_variance(&[phase]).unwrap().unwrap();
        assert!((got - variance).abs() <= tolerance, "{got}, not {variance}");
    }
}

#[test]
fn a_year_without_exposure_is_as_if_it_had_not_been() {
    let (all, some) = (
        [3.0, 0.0, 7.0, 0.0, 2.0, 0.0, 1.0, 1.0],
        [3.0, 7.0, 0.0, 2.0, 1.0, 1.0],
    );
    let with = PastYears {
        counts: &all,
        exposure: &[4.0, 0.0, 4.0, 2.0],
    };
    let without = PastYears {
        counts: &some,
        exposure: &[2.0, 2.0, 1.0],
    };
    let [with, without] = [with, without].map(|phase| year_variance(&[phase]).unwrap());
    assert!(with.is_some_and(|variance| variance > 0.0));
    assert_eq!(with, without);
}

#[test]
fn what_tells_nothing_is_unknown_and_limits_hold() {
    let of = |counts: &[f64], exposure: &[f64]| year_variance(&[PastYears { counts, exposure }]);
    assert_eq!(of(&[1.0, 0.0, 0.0, 1.0], &[1.0, 1.0]), Ok(None));
    assert_eq!(of(&[5.0, 9.0], &[1.0]), Ok(None));
    assert_eq!(of(&[], &[]), Ok(None));
    assert_eq!(year_variance(&[]), Ok(None));
    // More alike than chance makes years, and all in one.
    assert_eq!(of(&[9.0, 9.0, 9.0], &[1.0; 3]), Ok(Some(0.0)));
    assert_eq!(
        of(&[90.0, 0.0, 0.0], &[1.0; 3]),
        Ok(Some(YEAR_VARIANCE_MAX))
    );
    assert_eq!(
        of(&[1.0, -1.0], &[1.0, 1.0]),
        Err(YearsError::Count { index: 1 })
    );
    assert_eq!(
        of(&[1.0, 1.0], &[1.0, 0.0]),
        Err(YearsError::Count { index: 1 })
    );
    assert_eq!(
        of(&[1.0, 1.0], &[f64::NAN, 1.0]),
        Err(YearsError::Exposure { index: 0 })
    );
    assert!(matches!(
        of(&[1.0; 3], &[1.0; 2]),
        Err(YearsError::Length(_))
    ));
}
