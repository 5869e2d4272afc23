use proptest::prelude::*;
use serde_json::Value;

use super::super::score::Score;

use super::*;
use crate::testing::{close, number, numbers, reference};

fn cases(name: &str) -> Vec<Value> {
    reference("scan")[name].as_array().unwrap().clone()
}

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

#[test]
fn ratios_are_differences_of_log_probabilities() {
    for case in cases("poisson") {
        let (c, m, total) = (
            count(&case["cases"]),
            number(&case["expected"]),
            count(&case["total"]),
        );
        close(
            poisson_llr(c, m, total).unwrap(),
            number(&case["llr"]),
            1e-9,
        );
        match (relative_risk(c, m, total), case["relative_risk"].as_f64()) {
            (Some(got), Some(want)) => close(got, want, 1e-12),
            (got, want) => assert_eq!(got, want),
        }
    }
    for case in cases("expectation") {
        let got = expectation_llr(count(&case["cases"]), number(&case["expected"]));
        close(got.unwrap(), number(&case["llr"]), 1e-9);
    }
    for case in cases("negative_binomial") {
        let [expected, ratio] = ["expected", "ratio"].map(|name| number(&case[name]));
        let got = negative_binomial_llr(count(&case["cases"]), expected, ratio);
        close(got.unwrap(), number(&case["llr"]), 1e-9);
    }
}

/// The rows that the methods print, to the printed digits.
#[test]
fn printed_digits_are_reproduced() {
    close(poisson_llr(12, 4.0, 100).unwrap(), 5.526_346, 1e-7);
    close(relative_risk(12, 4.0, 100).unwrap(), 3.272_727, 1e-6);
    close(poisson_llr(5, 1.0, 5).unwrap(), 8.047_190, 1e-7);
    close(expectation_llr(12, 4.0).unwrap(), 5.183_347, 1e-7);
    let law = Gumbel::fit(&[2.1, 1.7, 3.4, 2.9, 2.2, 4.0, 1.9, 3.1, 2.6]).unwrap();
    close(law.scale, 0.592_661, 1e-6);
    close(law.location, 2.313_462, 1e-6);
    close(law.exceedance(3.8), 0.078_185, 1e-6);
}

#[test]
fn a_permutation_expects_what_the_margins_say() {
    let case = &reference("scan")["permutation"];
    let counts = whole_numbers(&numbers(&case["counts"]));
    // Discs of radius 0: the places themselves.
    let zones = Zones::plane_discs(&square(2)[..3], Limit::size(0.0)).unwrap();
    let scanning = Scanning {
        windows: Windows::Prospective { max_steps: 1 },
        ..ONCE
    };
    let found = scan(
        &counts,
        Model::SpaceTimePermutation,
        &zones,
        &scanning,
        Seed(1),
    )
    .unwrap();
    let best = &found.clusters[0];
    assert_eq!((best.cells.as_slice(), best.cases), ([0].as_slice(), 4));
    assert_eq!((best.first_step, best.last_step), (2, 2));
    close(best.expected, number(&case["expected"]), 1e-12);
    close(best.llr, number(&case["llr"]), 1e-9);
    close(best.expected, 2.333_333, 1e-6);
    close(best.llr, 0.642_050, 1e-6);
}

#[test]
fn a_gumbel_law_is_fitted_by_its_moments() {
    let case = &reference("scan")["gumbel"];
    let (maxima, score) = (numbers(&case["maxima"]), number(&case["score"]));
    let law = Gumbel::fit(&maxima).unwrap();
    close(law.scale, number(&case["scale"]), 1e-12);
    close(law.location, number(&case["location"]), 1e-12);
    close(law.exceedance(score), number(&case["p"]), 1e-12);
    close(
        monte_carlo_p(score, &maxima, Stop::AllDrawn),
        number(&case["monte_carlo_p"]),
        1e-15,
    );
    assert!(law.exceedance(200.0) > 0.0, "far tails must not vanish");
    assert_eq!(Gumbel::fit(&[1.0]), None);
    assert_eq!(Gumbel::fit(&[2.0; 5]), None);
}

#[test]
fn a_sequential_p_is_read_where_it_stopped() {
    let maxima = [1.0, 5.0, 2.0, 4.0, 9.0, 1.0];
    close(
        monte_carlo_p(4.0, &maxima, Stop::AllDrawn),
        4.0 / 7.0,
        1e-15,
    );
    // The second maximum of at least 4 is the fourth drawn.
    let second = Stop::Exceedances(2);
    close(monte_carlo_p(4.0, &maxima, second), 0.5, 1e-15);
    close(monte_carlo_p(9.5, &maxima, second), 1.0 / 7.0, 1e-15);
    close(recurrence_interval(0.05, 1.0), 20.0, 1e-15);
}

#[test]
fn what_cannot_be_scored_is_undefined() {
    for expected in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(poisson_llr(3, expected, 10), None);
        assert_eq!(expectation_llr(3, expected), None);
        assert_eq!(negative_binomial_llr(3, expected, 2.0), None);
    }
    assert_eq!(poisson_llr(11, 1.0, 10), None);
    assert_eq!(negative_binomial_llr(3, 1.0, 1.0), None);
    assert_eq!(relative_risk(10, 2.0, 10), None);
    assert_eq!(relative_risk(11, 2.0, 10), None);
    assert_eq!(poisson_llr(2, 2.0, 10), Some(0.0));
}

proptest! {
    #[test]
    fn a_score_that_may_not_exceed_a_level_does_not(
        cases in 1_u32..500, ratio in 0.01..1.0_f64, level in 0.0..50.0_f64, excess in 0.01..9.0_f64
    ) {
        let (cases, total) = (f64::from(cases), 500.0);
        for score in [
            Score::GivenTotal { total },
            Score::Expectation,
            Score::NegativeBinomial { excess },
        ] {
            let expected = cases * ratio;
            let (llr, may) = (score.llr(cases, expected), score.may_exceed(cases, expected, level));
            prop_assert!(may || llr <= level);
            // A score falls as the expectation grows.
            prop_assert!(score.llr(cases, expected * 1.01) <= llr + 1e-9);
        }
    }
}

#[test]
fn overdispersion_fades_into_poisson() {
    let near = negative_binomial_llr(12, 4.0, 1.0 + 1e-9).unwrap();
    close(near, expectation_llr(12, 4.0).unwrap(), 1e-6);
    assert!(negative_binomial_llr(12, 4.0, 3.0).unwrap() < near / 2.0);
}
