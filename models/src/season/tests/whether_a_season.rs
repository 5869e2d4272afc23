use std::f64::consts::TAU;

use proptest::prelude::*;
use rand::Rng;
use serde_json::Value;

use super::super::*;
use crate::testing::{all_close, close, number, numbers, reference};
use crate::units::{Purpose, Seed, real};

const MONTHS: [u32; 12] = [14, 16, 15, 9, 6, 4, 3, 4, 6, 8, 11, 13];
const DAYS: [f64; 12] = [
    31.0, 28.25, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0,
];
/// Peaks in January and July.
const TWO_SEASONS: [u32; 12] = [20, 12, 5, 3, 6, 13, 20, 12, 5, 3, 6, 13];

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}

fn middle_of_months() -> Vec<f64> {
    (0..12).map(|m| (real(m) + 0.5) / 12.0).collect()
}

fn as_real(counts: &[u32]) -> Vec<f64> {
    counts.iter().map(|&n| f64::from(n)).collect()
}

fn compare(got: &Rayleigh, want: &Value) {
    close(got.z, number(&want["z"]), 1e-9);
    close(got.p, number(&want["p"]), 1e-9);
    close(got.p / number(&want["p"]), 1.0, 1e-6);
    close(got.resultant, number(&want["resultant"]), 1e-9);
    close(got.corrected, number(&want["corrected"]), 1e-9);
    close(got.peak.unwrap(), number(&want["peak"]), 1e-9);
}

#[test]
fn rayleigh_agrees_with_pingouin() {
    let all = reference("season_tests");
    let modes = [Modes::One, Modes::Two];
    for case in list(&all["monthly"]) {
        let counts: Vec<f64> = numbers(&case["counts"]);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the counts of the reference are small and whole"
        )]
        let counts = std::array::from_fn(|m| counts[m] as u32);
        for (&modes, want) in modes.iter().zip(list(&case["tests"])) {
            compare(&rayleigh_monthly(&counts, modes).unwrap(), want);
        }
    }
    for case in list(&all["dated"]) {
        for (&modes, want) in modes.iter().zip(list(&case["tests"])) {
            compare(&rayleigh(&numbers(&case["angles"]), modes).unwrap(), want);
        }
    }
}

#[test]
fn printed_season_tests_are_met() {
    let test = rayleigh_monthly(&MONTHS, Modes::One).unwrap();
    assert_eq!(test.n, 109);
    close(test.resultant, 0.336_465, 5e-7);
    close(test.corrected, 0.340_340, 5e-7);
    close(test.z, 12.339_78, 5e-7);
    close(test.p, 3.21e-6, 5e-9);
    let test = edwards(&MONTHS).unwrap();
    close(test.distance, 0.181_013, 5e-7);
    close(test.statistic, 28.571_77, 5e-7);
    close(test.p, 6.25e-7, 5e-10);
    let test = walter_elwood(&MONTHS, &DAYS).unwrap();
    close(test.statistic, 29.303_74, 5e-7);
    close(test.p, 4.33e-7, 5e-10);
}

#[test]
fn watsons_law_is_that_of_simulated_even_dates() {
    for case in list(&reference("season_tests")["watson"]) {
        let test = watson_u2(&numbers(&case["angles"])).unwrap();
        close(test.statistic, number(&case["statistic"]), 1e-12);
        let p = number(&case["p_simulated"]);
        let error = 4.0 * (p * (1.0 - p) / 200_000.0).sqrt() + 0.004;
        assert!((test.p - p).abs() < error, "{} and {p}", test.p);
    }
}

#[test]
fn harmonic_regression_agrees_with_statsmodels() {
    for case in list(&reference("season_tests")["harmonic"]) {
        let [counts, phase, effort] =
            ["counts", "phase", "effort"].map(|name| numbers(&case[name]));
        for (k, want) in list(&case["fits"]).enumerate() {
            let fit = harmonic_poisson(&counts, &phase, &effort, k).unwrap();
            let waves = fit.waves.iter().flat_map(|&(a, b)| [a, b]);
            let got: Vec<f64> = std::iter::once(fit.intercept).chain(waves).collect();
            all_close(&got, &numbers(&want["coefficients"]), 1e-9);
            close(fit.log_likelihood, number(&want["log_likelihood"]), 1e-9);
            close(fit.aic, number(&want["aic"]), 1e-9);
            close(fit.dispersion, number(&want["dispersion"]), 1e-9);
        }
        if case["fits"].as_array().unwrap().len() < 2 {
            continue;
        }
        let test = season_test(&counts, &phase, &effort, 3).unwrap();
        for (got, want) in test.waves.iter().zip(list(&case["fits"]).skip(1)) {
            let gain = number(&want["likelihood_ratio"]);
            close(got.likelihood_ratio, gain, 1e-8);
            close(got.p, number(&want["p"]), 1e-9);
            close(got.p_dispersed, number(&want["p_dispersed"]), 1e-8);
        }
        let aic: Vec<f64> = list(&case["fits"]).map(|fit| number(&fit["aic"])).collect();
        assert!(aic.iter().all(|&other| aic[test.best] <= other));
    }
}

#[test]
fn two_seasons_escape_one_wave_and_not_two() {
    assert!(rayleigh_monthly(&TWO_SEASONS, Modes::One).unwrap().p > 0.5);
    assert!(edwards(&TWO_SEASONS).unwrap().p > 0.5);
    let two = rayleigh_monthly(&TWO_SEASONS, Modes::Two).unwrap();
    assert!(two.p < 1e-6);
    close(two.peak.unwrap(), 0.5 / 12.0, 0.01);
    let counts = as_real(&TWO_SEASONS);
    let test = season_test(&counts, &middle_of_months(), &[1.0; 12], 3).unwrap();
    assert!(test.waves[0].p > 0.5);
    assert!(test.waves[1].p < 1e-6);
    assert_eq!(test.best, 2);
    let fit = &test.waves[1].fit;
    for peak in [0.5 / 12.0, 6.5 / 12.0] {
        assert!(fit.relative(peak) > 1.5 && fit.relative(peak + 0.25) < 0.7);
        close(fit.rate(peak), 20.0, 0.1);
    }
    let days: Vec<f64> = (0_u16..12)
        .flat_map(|m| vec![m; TWO_SEASONS[usize::from(m)] as usize])
        .enumerate()
        .map(|(i, m)| day_angle(1 + 30 * m + u16::try_from(i % 30).unwrap()))
        .collect();
    assert!(watson_u2(&days).unwrap().p < 0.01);
    assert!(rayleigh(&days, Modes::One).unwrap().p > 0.2);
}

#[test]
fn the_season_of_reporting_is_not_the_season_of_events() {
    let counts = as_real(&MONTHS);
    let test = season_test(&counts, &middle_of_months(), &counts, 2).unwrap();
    assert_eq!(test.best, 0);
    close(test.waves[1].p, 1.0, 1e-9);
    let test = walter_elwood(&MONTHS, &counts).unwrap();
    close(test.statistic, 0.0, 1e-12);
    assert_eq!(test.peak, None);
}

#[test]
fn what_cannot_be_tested_says_why() {
    let few = CircularError::TooFew { needed: 8, got: 2 };
    assert_eq!(watson_u2(&[0.0, 1.0]), Err(few));
    let few = CircularError::TooFew { needed: 1, got: 0 };
    assert_eq!(rayleigh_monthly(&[0; 12], Modes::One), Err(few));
    let angle = CircularError::Angle { index: 1 };
    assert_eq!(rayleigh(&[0.0, f64::NAN], Modes::One), Err(angle));
    let few = RootCountsError::TooFew {
        needed: 30,
        got: 12,
    };
    assert_eq!(edwards(&[1; 12]), Err(few));
    let exposure = RootCountsError::Exposure { index: 2 };
    assert_eq!(
        walter_elwood(&[20, 20, 20], &[1.0, 1.0, 0.0]),
        Err(exposure)
    );
    let phase = middle_of_months();
    let fit = |counts: &[f64], effort: &[f64], k| {
        harmonic_poisson(counts, &phase, effort, k).map(|fit| fit.waves.len())
    };
    assert_eq!(fit(&[0.0; 12], &[1.0; 12], 1), Err(HarmonicError::NoEvent));
    let undetermined = HarmonicError::Undetermined { coefficients: 13 };
    assert_eq!(fit(&[1.0; 12], &[1.0; 12], 6), Err(undetermined));
    let mut confined = [0.0; 12];
    confined[3] = 9.0;
    assert_eq!(fit(&confined, &[1.0; 12], 2), Err(HarmonicError::Confined));
    let effort = HarmonicError::Effort { index: 3 };
    let mut unseen = [1.0; 12];
    unseen[3] = 0.0;
    assert_eq!(fit(&confined, &unseen, 1), Err(effort));
    assert_eq!(fit(&unseen, &unseen, 1), Ok(1));
}

/// Poisson counts, and counts with twice their variance, without a season.
#[test]
fn no_season_is_found_at_the_nominal_rate() {
    let worlds = 600;
    let (mut poisson, mut clustered) = (0, 0);
    for world in 0..worlds {
        let mut rng = Seed(world).stream(Purpose::SynthIncidents, 1);
        let mut counts = |each: f64| -> Vec<f64> {
            let law = rand_distr::Poisson::new(6.0 / each).unwrap();
            (0..48).map(|_| each * rng.sample(law)).collect()
        };
        let phase: Vec<f64> = (0..48).map(|t| (real(t % 12) + 0.5) / 12.0).collect();
        let mut tested = |each| season_test(&counts(each), &phase, &[1.0; 48], 2).unwrap();
        poisson += usize::from(tested(1.0).waves[1].p <= 0.05);
        clustered += usize::from(tested(2.0).waves[1].p_dispersed <= 0.05);
    }
    // Four standard errors at 5 % of 600.
    let usual = 30 - 22..=30 + 22;
    assert!(usual.contains(&poisson), "{poisson} of {worlds}");
    assert!(usual.contains(&clustered), "{clustered} of {worlds}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn where_the_year_begins_does_not_matter(
        shares in prop::collection::vec(0.0..1.0_f64, 8..40), shift in 0.0..1.0_f64,
    ) {
        let angles: Vec<f64> = shares.iter().map(|u| u * TAU).collect();
        let moved: Vec<f64> = shares.iter().map(|u| (u + shift) * TAU).collect();
        let [a, b] = [&angles, &moved].map(|x| watson_u2(x).unwrap());
        close(a.statistic, b.statistic, 1e-9);
        prop_assert!((0.0..=1.0).contains(&a.p));
        let [a, b] = [&angles, &moved].map(|x| rayleigh(x, Modes::One).unwrap());
        close(a.p, b.p, 1e-9);
        prop_assert!(a.p > 0.0 && a.p <= 1.0);
    }
}
