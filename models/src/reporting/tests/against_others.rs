use serde_json::Value;

use super::super::*;
use crate::testing::{all_close, close, number, numbers, reference};
use crate::units::real;

struct Case {
    all: Value,
    counts: Vec<f64>,
    exposure: Vec<f64>,
    design: Vec<f64>,
}

impl Case {
    fn read() -> Self {
        let all = reference("reporting");
        Self {
            counts: numbers(&all["counts"]),
            exposure: numbers(&all["exposure"]),
            design: numbers(&all["design"]),
            all,
        }
    }

    fn fit(&self, level: Level, slope_sd: f64) -> DetectionFit {
        let panel = Panel {
            n_steps: 10,
            counts: &self.counts,
            exposure: &self.exposure,
            design: &self.design,
            width: 2,
        };
        fit_detection(&panel, level, slope_sd).unwrap()
    }
}

fn slopes(fit: &DetectionFit) -> Vec<f64> {
    fit.slopes.iter().map(|slope| slope.unwrap()).collect()
}

fn listed<'a>(case: &'a Value, name: &str) -> std::slice::Iter<'a, Value> {
    case[name].as_array().unwrap().iter()
}

#[test]
fn the_optimum_is_that_of_scipy() {
    let case = Case::read();
    for want in listed(&case.all, "prior") {
        let (mean, sd) = (number(&want["mean"]), number(&want["sd"]));
        let fit = case.fit(Level::Prior { mean, sd }, 1.0);
        close(fit.level, number(&want["level"]), 1e-5);
        all_close(&slopes(&fit), &numbers(&want["slopes"]), 1e-5);
        let height = number(&want["log_likelihood"]);
        close(fit.log_likelihood / height, 1.0, 1e-8);
    }
    for want in listed(&case.all, "fixed") {
        let fit = case.fit(Level::Fixed(number(&want["level"])), 1.0);
        all_close(&slopes(&fit), &numbers(&want["slopes"]), 1e-5);
        close(
            fit.log_likelihood / number(&want["log_likelihood"]),
            1.0,
            1e-8,
        );
        assert!(!fit.level_is_known && fit.level_se.is_none());
    }
}

#[test]
fn where_reports_are_rare_it_is_the_conditional_poisson_regression_of_statsmodels() {
    let case = Case::read();
    let want = &case.all["rare"];
    let fit = case.fit(Level::Fixed(number(&want["level"])), 1e3);
    all_close(&slopes(&fit), &numbers(&want["slopes"]), 1e-5);
    let se: Vec<f64> = fit.slope_se.iter().map(|se| se.unwrap()).collect();
    let want: Vec<f64> = numbers(&want["slope_se"]);
    let want: Vec<f64> = want.iter().map(|se| se * fit.dispersion.sqrt()).collect();
    all_close(&se, &want, 1e-5);
}

#[test]
fn tails_are_those_of_scipy() {
    let all = reference("reporting");
    for case in listed(&all, "at_most") {
        let of = |name: &str| number(&case[name]);
        let p = at_most(of("count"), of("mean"), of("variance")).unwrap();
        close(p, of("p"), 1e-12);
    }
    for case in listed(&all, "rises") {
        let pair = |name: &str| (number(&case[name][0]), number(&case[name][1]));
        let hi = number(&case["ratio"]);
        let band = Band {
            mean: hi,
            lo: hi,
            hi,
        };
        let (_, p) = rise(pair("before"), pair("after"), band, 0.05).unwrap();
        close(p, number(&case["p"]), 1e-12);
    }
}

/// Chapman's estimator and its variance have no bias where `n1 + n2 >= N`: summed over every overlap that
/// chance can bring, with its hypergeometric probability.
#[test]
fn two_lists_give_the_true_number_on_average() {
    let (total, first, second) = (30_usize, 20_usize, 22_usize);
    let choose = |n: usize, k: usize| (0..k).fold(1.0, |c, i| c * real(n - i) / real(i + 1));
    let (mut mean, mut square, mut variance) = (0.0, 0.0, 0.0);
    for both in first + second - total..=first {
        let p = choose(first, both) * choose(total - first, second - both) / choose(total, second);
        let estimate = coverage(first, second, both).unwrap().incidents.mean;
        let (a, b, m) = (real(first + 1), real(second + 1), real(both));
        let rest = real(first - both) * real(second - both);
        mean += p * estimate;
        square += p * estimate * estimate;
        variance += p * a * b * rest / ((m + 1.0) * (m + 1.0) * (m + 2.0));
    }
    close(mean, 30.0, 1e-9);
    close(variance, square - mean * mean, 1e-6);
}
