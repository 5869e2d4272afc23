use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::testing::{all_close, close, number, numbers, reference};

fn pair(case: &Value) -> (Vec<f64>, Vec<f64>) {
    (numbers(&case["counts"]), numbers(&case["expected"]))
}

#[test]
fn posteriors_agree_with_scipy() {
    for case in reference("poisson_gamma")["posteriors"].as_array().unwrap() {
        let prior = GammaPrior::new(number(&case["shape"]), number(&case["rate"])).unwrap();
        let risk = prior
            .posterior(number(&case["count"]), number(&case["expected"]))
            .unwrap();
        close(risk.mean(), number(&case["mean"]), 1e-12);
        close(risk.p_above(1.0).unwrap(), number(&case["p_above_1"]), 1e-9);
        for (p, name) in [(0.05, "quantile_05"), (0.95, "quantile_95")] {
            let want = number(&case[name]);
            close(risk.quantile(p).unwrap() / want, 1.0, 1e-9);
        }
    }
}

#[test]
fn the_printed_poisson_gamma_vector_is_met() {
    let risk = GammaPrior::new(2.0, 2.0)
        .unwrap()
        .posterior(3.0, 1.2)
        .unwrap();
    close(risk.mean(), 1.5625, 1e-12);
    close(risk.p_above(1.0).unwrap(), 0.780_613, 5e-7);
    close(risk.quantile(0.05).unwrap(), 0.615_67, 5e-6);
    close(risk.quantile(0.95).unwrap(), 2.860_47, 5e-6);
}

#[test]
fn fits_agree_with_two_other_optimisers() {
    let all = reference("poisson_gamma");
    for case in [&all["lip_cancer"], &all["fractional"]] {
        let (counts, expected) = pair(case);
        let fitted = GammaPrior::fit(&counts, &expected).unwrap();
        close(fitted.prior.shape(), number(&case["shape"]), 1e-5);
        close(fitted.prior.rate(), number(&case["rate"]), 1e-5);
        close(fitted.log_likelihood, number(&case["log_likelihood"]), 1e-9);
        assert!(fitted.log_likelihood >= number(&case["log_likelihood"]) - 1e-9);
        assert_eq!(fitted.limit, ShapeLimit::Within);
    }
}

#[test]
fn counts_that_follow_their_expectation_show_no_variation() {
    let expected = [1.0, 2.0, 3.0, 4.0, 5.0];
    let fitted = GammaPrior::fit(&expected, &expected).unwrap();
    assert_eq!(fitted.limit, ShapeLimit::Highest);
    close(fitted.prior.shape(), SHAPE_MAX, 1e-12);
    close(fitted.prior.mean(), 1.0, 1e-9);
    let moments = marshall(&expected, &expected).unwrap();
    close(moments.variance, 0.0, 1e-15);
    all_close(&moments.smoothed, &[1.0; 5], 1e-12);
}

#[test]
fn one_cell_with_everything_reaches_the_lowest_shape() {
    let mut counts = vec![0.0; 200];
    counts[17] = 50.0;
    let fitted = GammaPrior::fit(&counts, &[0.25; 200]).unwrap();
    assert_eq!(fitted.limit, ShapeLimit::Lowest);
    close(fitted.prior.shape(), SHAPE_MIN, 1e-12);
}

#[test]
fn cells_without_expectation_say_nothing_and_get_the_prior() {
    let (counts, expected) = ([3.0, 0.0, 1.0, 7.0], [1.2, 0.8, 1.5, 2.0]);
    let more = ([3.0, 0.0, 0.0, 1.0, 7.0], [1.2, 0.0, 0.8, 1.5, 2.0]);
    let fitted = GammaPrior::fit(&counts, &expected).unwrap();
    assert_eq!(GammaPrior::fit(&more.0, &more.1), Ok(fitted));
    let prior = fitted.prior;
    let risk = prior.posterior(0.0, 0.0).unwrap();
    close(risk.mean(), prior.mean(), 1e-15);
    let smoothed = marshall(&more.0, &more.1).unwrap();
    close(smoothed.smoothed[1], smoothed.mean, 1e-15);
}

#[test]
fn marshall_agrees_with_esda_and_its_printed_vector() {
    let all = reference("marshall");
    for case in [&all["six_cells"], &all["lip_cancer"]] {
        let (counts, expected) = pair(case);
        let smoothed = marshall(&counts, &expected).unwrap().smoothed;
        all_close(&smoothed, &numbers(&case["smoothed"]), 1e-9);
    }
    let (counts, expected) = pair(&all["six_cells"]);
    let moments = marshall(&counts, &expected).unwrap();
    close(moments.mean, 1.625, 1e-12);
    close(moments.variance, 0.451_231, 5e-7);
    let printed = [1.843_69, 1.329_63, 1.343_21, 2.294_49, 1.500_04, 1.353_51];
    all_close(&moments.smoothed, &printed, 5e-6);
}

#[test]
fn the_predictive_variance_adds_doubt_to_noise() {
    let risk = GammaPrior::new(2.0, 2.0)
        .unwrap()
        .posterior(2.0, 2.0)
        .unwrap();
    close(risk.predictive_mean(3.0).unwrap(), 3.0, 1e-12);
    close(
        risk.predictive_variance(3.0).unwrap(),
        3.0 + 9.0 * 0.25,
        1e-12,
    );
    assert_eq!(risk.predictive_mean(-1.0), None);
    assert_eq!(risk.predictive_variance(f64::NAN), None);
}

#[test]
fn arguments_outside_their_range_are_refused() {
    assert_eq!(GammaPrior::new(0.0, 1.0), Err(InvalidPrior::Shape));
    assert_eq!(GammaPrior::new(1.0, f64::INFINITY), Err(InvalidPrior::Rate));
    let prior = GammaPrior::new(1.0, 1.0).unwrap();
    assert_eq!(prior.posterior(-1.0, 1.0), Err(ObservationError::Count));
    assert_eq!(
        prior.posterior(1.0, f64::NAN),
        Err(ObservationError::Expected)
    );
    let risk = prior.posterior(0.0, 1.0).unwrap();
    assert_eq!((risk.quantile(0.0), risk.quantile(1.0)), (None, None));
    assert_eq!(risk.p_above(f64::NAN), None);
    assert_eq!(
        (risk.p_above(-1.0), risk.p_above(f64::INFINITY)),
        (Some(1.0), Some(0.0))
    );
    let fault = ObservationError::CountWithoutExpected;
    assert_eq!(
        GammaPrior::fit(&[0.0, 1.0], &[1.0, 0.0]),
        Err(FitError::Observation { index: 1, fault })
    );
    assert_eq!(GammaPrior::fit(&[0.0], &[0.0]), Err(FitError::NoExpected));
    assert_eq!(GammaPrior::fit(&[0.0], &[1.0]), Err(FitError::NoCount));
    assert!(matches!(marshall(&[0.0], &[]), Err(FitError::Length(_))));
}

proptest! {
    #[test]
    fn a_quantile_undoes_its_probability(shape in 0.05..500.0, rate in 0.01..50.0, p in 0.001..0.999) {
        let prior = GammaPrior::new(shape, rate).unwrap();
        let risk = prior.posterior(0.0, 0.0).unwrap();
        close(risk.p_above(risk.quantile(p).unwrap()).unwrap(), 1.0 - p, 1e-9);
    }

    #[test]
    fn smoothing_lies_between_the_cell_and_the_prior(
        pairs in prop::collection::vec((0.0..9.0, 0.1..5.0), 3..30),
    ) {
        let (counts, expected): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
        let fitted = GammaPrior::fit(&counts, &expected).unwrap();
        let mut total = 0.0;
        for &(y, e) in &pairs {
            let mean = fitted.prior.posterior(y, e).unwrap().mean();
            let (low, high) = (fitted.prior.mean().min(y / e), fitted.prior.mean().max(y / e));
            prop_assert!((low - 1e-9..=high + 1e-9).contains(&mean));
            total += e * mean;
        }
        // The score in the rate is zero: expected and counted totals agree after smoothing.
        close(total, counts.iter().sum(), 1e-8);
    }
}
