use serde_json::Value;

use super::super::*;
use crate::testing::{all_close, close, number, numbers, reference};

const ALL: f64 = f64::NEG_INFINITY;

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}

fn whole(value: &Value) -> Vec<u32> {
    list(value)
        .map(|x| u32::try_from(x.as_u64().unwrap()).unwrap())
        .collect()
}

#[test]
fn event_scores_agree_with_scikit_learn() {
    for case in list(&reference("score")["events"]) {
        let p = numbers(&case["p"]);
        let event: Vec<bool> = whole(&case["event"]).iter().map(|&o| o == 1).collect();
        let want = |name: &str| number(&case[name]);
        close(auroc(&p, &event).unwrap().unwrap(), want("auroc"), 1e-12);
        let ap = average_precision(&p, &event).unwrap().unwrap();
        close(ap, want("average_precision"), 1e-12);
        let score = brier(&p, &event).unwrap();
        close(score, want("brier"), 1e-12);
        close(log_score(&p, &event).unwrap(), want("log_score"), 1e-12);
        let z = spiegelhalter_z(&p, &event).unwrap().unwrap();
        close(z, want("spiegelhalter"), 1e-12);
        let parts = murphy(&p, &event).unwrap();
        close(
            parts.reliability - parts.resolution + parts.uncertainty,
            score,
            1e-12,
        );
    }
}

#[test]
fn printed_event_scores_are_met() {
    let p = [0.8, 0.8, 0.6, 0.5, 0.3, 0.3, 0.2, 0.1];
    let event = [true, false, true, false, false, true, false, false];
    close(auroc(&p, &event).unwrap().unwrap(), 0.733_333, 5e-7);
    let ap = average_precision(&p, &event).unwrap().unwrap();
    close(ap, 0.555_556, 5e-7);
    close(brier(&p, &event).unwrap(), 0.215, 1e-12);
    close(log_score(&p, &event).unwrap(), 0.615_713, 5e-7);
}

#[test]
fn count_laws_agree_with_scipy_and_scoringrules() {
    for case in list(&reference("score")["counts"]) {
        let mean = number(&case["mean"]);
        let law = match case["size"].as_f64() {
            Some(size) => CountLaw::negative_binomial(mean, size),
            None => CountLaw::poisson(mean),
        }
        .unwrap();
        for (i, &y) in whole(&case["observed"]).iter().enumerate() {
            let want = |name: &str| number(&case[name][i]);
            close(law.crps(y, 0), want("crps"), 1e-9);
            close(law.crps(y, 10), want("crps_from_10"), 1e-9);
            close(law.log_score(y), want("log_score"), 1e-9);
            close(law.cumulative(y), want("cumulative"), 1e-9);
        }
    }
}

#[test]
fn printed_count_scores_are_met() {
    let poisson = CountLaw::poisson(1.3).unwrap();
    let got = [0, 1, 4].map(|y| poisson.crps(y, 0));
    all_close(&got, &[0.690_864, 0.235_927, 2.117_608], 5e-7);
    let law = CountLaw::negative_binomial(0.4, 0.6).unwrap();
    let got = [0, 1, 3].map(|y| law.log_score(y));
    all_close(&got, &[0.306_495, 1.733_612, 3.932_438], 5e-7);
    let draws = [0.0, 0.0, 1.0, 2.0, 5.0];
    close(crps_ensemble(&draws, 1.0, ALL).unwrap(), 0.44, 1e-12);
    close(crps_ensemble_fair(&draws, 1.0, ALL).unwrap(), 0.20, 1e-12);
}

#[test]
fn ensembles_agree_with_scoringrules() {
    for case in list(&reference("score")["ensembles"]) {
        let (draws, y) = (numbers(&case["draws"]), number(&case["observed"]));
        let plain = crps_ensemble(&draws, y, ALL).unwrap();
        close(plain, number(&case["crps"]), 1e-12);
        let fair = crps_ensemble_fair(&draws, y, ALL).unwrap();
        close(fair, number(&case["fair"]), 1e-12);
        let above = crps_ensemble(&draws, y, 2.0).unwrap();
        close(above, number(&case["above_2"]), 1e-12);
    }
}

#[test]
fn wilson_intervals_agree_with_statsmodels() {
    for case in list(&reference("score")["wilson"]) {
        let [k, n] = ["k", "n"].map(|name| usize::try_from(case[name].as_u64().unwrap()).unwrap());
        let (lo, hi) = wilson(k, n, 0.95).unwrap();
        all_close(&[lo, hi], &numbers(&case["ends"]), 1e-9);
    }
}

#[test]
fn the_transform_of_counts_agrees_with_its_formula() {
    let case = &reference("score")["pit"];
    let (below, at) = (numbers(&case["below"]), numbers(&case["at"]));
    let want = numbers(&case["mean_at_tenths"]);
    for (tenth, &want) in (0_u32..).zip(&want) {
        close(
            pit(&below, &at, f64::from(tenth) / 10.0).unwrap(),
            want,
            1e-12,
        );
    }
    let bins = pit_histogram(&below, &at, 10).unwrap();
    close(bins.iter().sum(), 1.0, 1e-12);
    close(bins[3], want[4] - want[3], 1e-12);
}

fn challenge(draws: &[f64], y: f64) -> [f64; 3] {
    let (lo, hi) = ensemble_interval(draws, 0.9).unwrap();
    [
        crps_ensemble(draws, y, ALL).unwrap(),
        interval_score(lo, hi, y, 0.9).unwrap(),
        ignorance(draws, y, &CHALLENGE_EDGES).unwrap(),
    ]
}

#[test]
fn country_months_of_the_challenge_agree_with_properscoring() {
    let cases = reference("score");
    for case in list(&cases["country_months"]) {
        let got = challenge(&numbers(&case["draws"]), number(&case["observed"]));
        let want = ["crps", "interval", "ignorance"].map(|name| number(&case[name]));
        all_close(&got, &want, 1e-12);
    }
}

/// `fixtures/reference/score/make.py --all` writes the file that `$FOREWARN_SCORES` names.
#[test]
fn every_country_month_of_the_challenge_agrees() {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test that needs a file of another program finds it here"
    )]
    let file = std::env::var_os("FOREWARN_SCORES");
    let Some(text) = file.map(|file| std::fs::read_to_string(file).unwrap()) else {
        println!("SKIPPED every_country_month_of_the_challenge_agrees: no $FOREWARN_SCORES");
        return;
    };
    let mut largest = 0.0_f64;
    for line in text.lines() {
        let row: Vec<f64> = line.split(',').map(|x| x.parse().unwrap()).collect();
        let got = challenge(&row[4..], row[0]);
        for (got, want) in got.iter().zip(&row[1..4]) {
            largest = largest.max((got - want).abs());
        }
    }
    assert_eq!(text.lines().count(), 4584);
    println!("largest difference over 4584 country-months: {largest:e}");
    assert!(largest < 1e-9);
}
