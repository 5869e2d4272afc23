use proptest::prelude::*;
use serde_json::Value;

use super::super::*;
use crate::testing::{all_close, close, number, numbers, reference};

#[expect(
    clippy::cast_possible_truncation,
    reason = "days of the reference are small"
)]
fn day(value: &Value) -> i32 {
    value.as_i64().unwrap() as i32
}

fn prior(mean_day: f64, sd_days: f64, any_day_share: f64) -> OnsetPrior {
    OnsetPrior {
        mean_day,
        sd_days,
        any_day_share,
    }
}

fn evidence(value: &Value) -> OnsetEvidence {
    let at = |i: usize| number(&value[i]);
    match value[0].as_str().unwrap() {
        "seen" => seen(at(1), at(2), at(3)),
        _ => not_yet(at(1), at(2)),
    }
}

fn seen(after_day: f64, by_day: f64, sd_days: f64) -> OnsetEvidence {
    OnsetEvidence::Seen {
        after_day,
        by_day,
        sd_days,
    }
}

fn not_yet(day: f64, sd_days: f64) -> OnsetEvidence {
    OnsetEvidence::NotYet { day, sd_days }
}

#[test]
fn onsets_and_phases_agree_with_scipy() {
    let all = reference("onset");
    let window = day(&all["window"][0])..=day(&all["window"][1]);
    for case in all["onsets"].as_array().unwrap() {
        let [mean, sd, share] = ["mean", "sd", "share"].map(|name| number(&case[name]));
        let given = case["evidence"].as_array().unwrap();
        let given: Vec<OnsetEvidence> = given.iter().map(evidence).collect();
        let onset = Onset::posterior(prior(mean, sd, share), &given, window.clone()).unwrap();
        close(onset.mean_day(), number(&case["mean_day"]), 1e-9);
        close(onset.sd_days(), number(&case["sd_days"]), 1e-9);
        let got = [onset.quantile(0.05), onset.quantile(0.95)];
        assert_eq!(got, ["q05", "q95"].map(|name| day(&case[name])));
        for want in case["phases"].as_array().unwrap() {
            let (at, length) = (number(&want["day"]), number(&want["length"]));
            let within = numbers(&want["within"]);
            let shares = phase(at, &onset, length, within.len()).unwrap();
            all_close(&shares.within, &within, 1e-9);
            close(shares.before, number(&want["before"]), 1e-9);
            close(shares.after, number(&want["after"]), 1e-9);
            close(shares.before, 1.0 - onset.begun_by(at), 1e-9);
            let level = |phase: Option<f64>| {
                let mean = phase.map_or(0.5, |x| 3.0 + 2.0 * (std::f64::consts::TAU * x).cos());
                Moments {
                    mean,
                    variance: 2.0 * mean,
                }
            };
            let got = average(at, &onset, length, level).unwrap();
            close(got.mean, number(&want["mean"]), 1e-9);
            close(got.variance, number(&want["variance"]), 1e-9);
        }
    }
}

#[test]
fn a_season_eighty_days_late_is_waited_for_and_then_found() {
    let usual = prior(0.0, 20.0, 0.05);
    let at = |evidence| Onset::posterior(usual, &[evidence], -115..=249).unwrap();
    // Not come by day 70, three and a half deviations late: any later day, not the day after.
    let waiting = at(not_yet(70.0, 4.0));
    assert!(waiting.begun_by(66.0) < 0.05);
    assert!(waiting.sd_days() > usual.sd_days, "{}", waiting.sd_days());
    let found = at(seen(77.0, 84.0, 4.0));
    assert!(
        (found.mean_day() - 80.0).abs() < 3.0,
        "{}",
        found.mean_day()
    );
    assert!(found.sd_days() < 6.0);
}

#[test]
fn before_the_onset_is_seen_an_expectation_is_wider_than_in_either_phase() {
    let level = |phase: Option<f64>| {
        let mean = if phase.is_some() { 30.0 } else { 1.0 };
        Moments {
            mean,
            variance: mean,
        }
    };
    let of = |evidence: &[OnsetEvidence]| {
        let onset = Onset::posterior(prior(0.0, 20.0, 0.05), evidence, -115..=249).unwrap();
        average(10.0, &onset, 120.0, level).unwrap()
    };
    let (open, begun) = (of(&[]), of(&[seen(-5.0, -5.0, 2.0)]));
    assert!(open.variance > 4.0 * begun.variance);
    assert!(open.mean > 1.0 && open.mean < begun.mean);
}

#[test]
fn no_onset_is_made_of_nothing() {
    let usual = prior(0.0, 20.0, 0.0);
    #[expect(clippy::reversed_empty_ranges, reason = "an empty window is the case")]
    let nothing = Onset::posterior(usual, &[], 1..=0);
    assert_eq!(nothing, Err(OnsetError::Window));
    for broken in [
        prior(f64::NAN, 20.0, 0.0),
        prior(0.0, 0.0, 0.0),
        prior(0.0, 20.0, 1.0),
    ] {
        let refused = Onset::posterior(broken, &[], 0..=9);
        assert_eq!(refused, Err(OnsetError::Prior));
    }
    for broken in [
        seen(5.0, 4.0, 3.0),
        seen(4.0, 5.0, 0.0),
        not_yet(f64::NAN, 3.0),
    ] {
        let refused = Onset::posterior(usual, &[not_yet(0.0, 1.0), broken], 0..=9);
        assert_eq!(refused, Err(OnsetError::Evidence { index: 1 }));
    }
    let apart = [seen(-100.0, -100.0, 1.0), seen(100.0, 100.0, 1.0)];
    let refused = Onset::posterior(usual, &apart, -115..=249);
    assert_eq!(refused, Err(OnsetError::Contradiction));
    let onset = Onset::posterior(usual, &[], -50..=50).unwrap();
    assert_eq!(
        phase(f64::INFINITY, &onset, 9.0, 1).unwrap_err(),
        PhaseError::Day
    );
    assert_eq!(phase(0.0, &onset, 0.0, 1).unwrap_err(), PhaseError::Length);
    assert_eq!(phase(0.0, &onset, 9.0, 0).unwrap_err(), PhaseError::NoPart);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn shares_sum_to_one_and_a_moved_calendar_changes_nothing(
        mean in -40.0..40.0_f64, sd in 3.0..40.0_f64, begun in -60.0..120.0_f64, moved in -3..3_i32,
        at in -100.0..240.0_f64, length in 20.0..200.0_f64, n_parts in 1..9_usize,
    ) {
        let by = f64::from(moved * 365);
        let given = [not_yet(begun, 5.0)];
        let onset = Onset::posterior(prior(mean, sd, 0.05), &given, -115..=249).unwrap();
        let given = [not_yet(begun + by, 5.0)];
        let window = -115 + moved * 365..=249 + moved * 365;
        let later = Onset::posterior(prior(mean + by, sd, 0.05), &given, window).unwrap();
        let shares = phase(at, &onset, length, n_parts).unwrap();
        close(shares.on() + shares.off(), 1.0, 1e-9);
        let again = phase(at + by, &later, length, n_parts).unwrap();
        close(shares.before, again.before, 1e-9);
        close(later.mean_day() - by, onset.mean_day(), 1e-8);
        prop_assert!(onset.mean_day() >= mean - 0.5 * sd - 5.0);
    }
}
