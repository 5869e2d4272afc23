use crate::indicators::{
    against_same_season, dose, fewer_by_chance, lacking_share, log_ratio, mid_tail, near_repeat,
    nearness, ramp, reach, retained, slope,
};
use crate::testing::{close, number, numbers, reference};

fn cases(what: &str) -> Vec<serde_json::Value> {
    reference("indicators")[what].as_array().unwrap().clone()
}

#[test]
fn counts_stand_where_scipys_laws_put_them() {
    for case in cases("counts") {
        let [y, mean, variance] = ["y", "mean", "variance"].map(|key| number(&case[key]));
        close(
            mid_tail(y, mean, variance).unwrap(),
            number(&case["mid"]),
            1e-9,
        );
        close(
            fewer_by_chance(y, mean, variance).unwrap(),
            number(&case["fewer"]),
            1e-9,
        );
    }
}

#[test]
fn under_its_own_law_a_count_scores_one_half_on_average() {
    for (mean, variance) in [(0.02, 0.02), (0.4, 0.9), (3.0, 7.5)] {
        let mut average = 0.0;
        let mut left = 1.0;
        for y in 0..400 {
            let below = fewer_by_chance(f64::from(y), mean, variance).unwrap();
            let here = below - (1.0 - left);
            average += here * mid_tail(f64::from(y), mean, variance).unwrap();
            left = 1.0 - below;
        }
        close(average, 0.5, 1e-9);
    }
}

#[test]
fn a_zero_where_nothing_is_expected_says_nothing() {
    assert!((mid_tail(0.0, 1e-6, 1e-6).unwrap() - 0.5).abs() < 1e-6);
    assert!(mid_tail(0.0, 20.0, 20.0).unwrap() < 1e-6);
    assert_eq!(mid_tail(1.0, 0.0, 0.0), None);
    assert_eq!(mid_tail(-1.0, 1.0, 1.0), None);
}

#[test]
fn seasons_and_slopes_agree_with_scipy() {
    for case in cases("seasons") {
        let past = numbers(&case["past"]);
        let score = against_same_season(number(&case["value"]), &past).unwrap();
        close(score, number(&case["score"]), 1e-9);
    }
    for case in cases("slopes") {
        let fixes: Vec<(f64, f64)> = numbers(&case["t"])
            .into_iter()
            .zip(numbers(&case["x"]))
            .collect();
        close(slope(&fixes).unwrap(), number(&case["slope"]), 1e-9);
    }
}

#[test]
fn what_is_too_little_to_say_anything_is_nothing() {
    assert_eq!(against_same_season(1.0, &[1.0, 2.0]), None);
    assert_eq!(against_same_season(1.0, &[2.0, 2.0, 2.0]), None);
    assert_eq!(slope(&[(0.0, 1.0), (1.0, 2.0)]), None);
    assert_eq!(slope(&[(0.0, 1.0), (1.0, 2.0), (1.0, 3.0)]), None);
    assert_eq!(reach(&[], 4.0, 14.0), None);
    assert_eq!(near_repeat(&[], 20.0, 14.0), None);
    assert_eq!(retained(-1.0, 14.0), None);
    assert_eq!(retained(1.0, 0.0), None);
    assert_eq!(reach(&[(1.0, f64::NAN)], 4.0, 14.0), None);
    assert_eq!(ramp(1.0, 2.0, 2.0), None);
}

#[test]
fn reach_takes_the_sighting_that_reaches_most_not_the_newest_or_the_nearest() {
    // exp(-1) = 0.3679 today; 1 at 28 days is 0.25; exp(-1/2) at 7 days is 0.4289.
    let sightings = [(4.0, 0.0), (0.0, 28.0), (2.0, 7.0)];
    let best = reach(&sightings, 4.0, 14.0).unwrap();
    close(best.age_days, 7.0, 0.0);
    close(best.nearness, (-0.5_f64).exp(), 1e-15);
    close(best.score, 0.428_881_942_480_353_4, 1e-12);
}

#[test]
fn a_wake_fades_with_distance_and_time_and_adds_up_below_one() {
    close(near_repeat(&[(0.0, 14.0)], 20.0, 14.0).unwrap(), 0.5, 1e-15);
    let one = near_repeat(&[(20.0, 0.0)], 20.0, 14.0).unwrap();
    close(one, (-1.0_f64).exp(), 1e-15);
    let two = near_repeat(&[(20.0, 0.0); 2], 20.0, 14.0).unwrap();
    close(two, 1.0 - (1.0 - one).powi(2), 1e-15);
    let many = near_repeat(&[(5.0, 1.0); 100], 20.0, 14.0).unwrap();
    assert!((0.999..=1.0).contains(&many));
}

#[test]
fn doses_dates_shares_and_ratios_by_hand() {
    close(
        dose(&[(40.0, 0.0), (40.0, 60.0), (8.0, 120.0)], 60.0).unwrap(),
        62.0,
        1e-12,
    );
    assert_eq!(dose(&[], 60.0), Some(0.0));
    for (days, score) in [
        (0.0, 1.0),
        (45.0, 0.5),
        (90.0, 0.0),
        (-15.0, 0.5),
        (-31.0, 0.0),
    ] {
        close(nearness(days, 90.0, 30.0).unwrap(), score, 1e-15);
    }
    close(lacking_share(0.1, 0.4).unwrap(), 0.75, 1e-12);
    assert_eq!(lacking_share(0.5, 0.4), Some(0.0));
    assert_eq!(lacking_share(0.5, 0.0), None);
    close(log_ratio(1999.5, 499.5).unwrap(), 4.0_f64.ln(), 1e-12);
    close(log_ratio(3.0, 0.0).unwrap(), 7.0_f64.ln(), 1e-12);
    assert_eq!(ramp(2.5, 1.0, 4.0), Some(0.5));
    assert_eq!(ramp(20.0, 50.0, 0.0), Some(0.6));
    assert_eq!(
        (ramp(9.0, 1.0, 4.0), ramp(60.0, 50.0, 0.0)),
        (Some(1.0), Some(0.0))
    );
}
