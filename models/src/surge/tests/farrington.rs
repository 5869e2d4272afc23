use rand::Rng;
use rand_distr::{Gamma, Poisson};
use serde_json::Value;

use crate::surge::{Farrington, FarringtonError, FarringtonParams, InvalidFarrington};
use crate::testing::{close, number, numbers, reference};
use crate::units::{Purpose, Seed, real};

const USUAL: FarringtonParams = FarringtonParams {
    period: 52,
    years_back: 5,
    half_window: 3,
    season_levels: 1,
    steps_left_out: 26,
    reweight_above: Some(2.58),
    trend_p: Some(0.05),
    alpha: 0.01,
};

fn whole(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn watch(case: &Value) -> Farrington {
    let trend_p = number(&case["trend_p"]);
    FarringtonParams {
        period: 52,
        years_back: whole(&case["years_back"]),
        half_window: whole(&case["half_window"]),
        season_levels: whole(&case["season_levels"]),
        steps_left_out: whole(&case["steps_left_out"]),
        reweight_above: case["reweight"].as_bool().unwrap().then_some(2.58),
        trend_p: (trend_p > 0.0).then_some(trend_p),
        alpha: number(&case["alpha"]),
    }
    .check()
    .unwrap()
}

#[test]
fn expectation_threshold_and_trend_agree_with_surveillance() {
    let (mut trends, mut spread) = (0, 0);
    let reference = reference("farrington");
    let forms = ["flexible", "levels"].map(|form| reference[form].as_array().unwrap());
    assert!(
        forms[1]
            .iter()
            .any(|case| whole(&case["season_levels"]) == 10)
    );
    for case in forms.into_iter().flatten() {
        let counts = numbers(&case["counts"]);
        for (i, step) in case["steps"].as_array().unwrap().iter().enumerate() {
            let seen = vec![true; counts.len()];
            let excess = watch(case).judge(&counts, &seen, whole(step)).unwrap();
            close(excess.mean, number(&case["mean"][i]), 1e-8);
            // R leaves the weights of its last step but one in the dispersion.
            close(excess.dispersion, number(&case["dispersion"][i]), 1e-6);
            close(excess.threshold, number(&case["upper"][i]), 1e-12);
            close(excess.p, number(&case["p"][i]), 1e-6);
            assert_eq!(excess.slope.is_some(), case["slope"][i].is_f64());
            if let Some(slope) = excess.slope {
                close(slope, number(&case["slope"][i]), 1e-8);
                trends += 1;
            }
            spread += usize::from(excess.dispersion > 1.0);
        }
    }
    assert!(trends >= 15 && spread >= 30, "{trends} {spread}");
}

#[test]
fn a_past_outbreak_hides_less_when_it_weighs_less() {
    let mut counts = vec![2.0; 52 * 5 + 10];
    for (i, count) in counts.iter_mut().enumerate() {
        *count += f64::from(u8::from(i % 3 == 0));
    }
    counts[52 * 3 + 6] = 60.0;
    let seen = vec![true; counts.len()];
    let judge = |reweight_above| {
        let params = FarringtonParams {
            reweight_above,
            ..USUAL
        };
        params
            .check()
            .unwrap()
            .judge(&counts, &seen, 52 * 5 + 5)
            .unwrap()
    };
    let (plain, reweighted) = (judge(None), judge(Some(2.58)));
    assert!(reweighted.threshold < plain.threshold / 1.5);
    assert!(reweighted.mean < plain.mean && plain.past == 35);
}

#[test]
fn quiet_series_alarm_at_about_the_rate_asked_for() {
    let watch = FarringtonParams {
        trend_p: None,
        reweight_above: None,
        ..USUAL
    };
    let watch = watch.check().unwrap();
    let mut alarms = 0;
    for world in 0..3_000 {
        let mut rng = Seed(world).stream(Purpose::SynthIncidents, 9);
        let rate = Gamma::new(4.0, 1.0).unwrap();
        let counts: Vec<f64> = (0..52 * 5 + 10)
            .map(|_| {
                let rate: f64 = rng.sample(rate);
                rng.sample(Poisson::new(rate.max(1e-9)).unwrap())
            })
            .collect();
        let excess = watch.judge(&counts, &vec![true; counts.len()], 52 * 5 + 5);
        let excess = excess.unwrap();
        let above = counts[52 * 5 + 5] > excess.threshold;
        assert_eq!(above, excess.score.unwrap() > 1.0);
        assert!(!above || excess.p <= 0.01);
        alarms += usize::from(above);
    }
    // The mean of 35 counts is an estimate, which plugging in does not allow for.
    let share = real(alarms) / 3_000.0;
    assert!((0.004..0.02).contains(&share), "{share}");
}

#[test]
fn what_cannot_be_judged_is_an_error() {
    let watch = USUAL.check().unwrap();
    let counts = vec![1.0; 300];
    let seen = vec![true; 300];
    let short = watch.judge(&counts, &seen, 200).unwrap_err();
    assert_eq!(
        short.to_string(),
        "needs 263 steps before the one judged, has 200"
    );
    let beyond = watch.judge(&counts, &seen, 300);
    assert_eq!(beyond, Err(FarringtonError::NotObserved { step: 300 }));
    let quiet = watch.judge(&vec![0.0; 300], &seen, 290);
    let none = FarringtonError::NoRate {
        known: 35,
        events: 0,
    };
    assert_eq!(quiet, Err(none));
    let mut wrong = counts.clone();
    wrong[7] = -1.0;
    let wrong = watch.judge(&wrong, &seen, 290);
    assert_eq!(wrong, Err(FarringtonError::Count { index: 7 }));
    assert!(watch.judge(&counts, &seen[1..], 290).is_err());
}

#[test]
fn a_part_without_events_expects_none_and_takes_nothing_from_the_others() {
    let watch = FarringtonParams {
        season_levels: 10,
        trend_p: Some(1.0),
        ..USUAL
    };
    let watch = watch.check().unwrap();
    // Events in the windows only, so that every other part is empty.
    let in_window = |i: usize| (i + 52 * 6 - 290) % 52 <= 3 || (i + 52 * 6 - 290) % 52 >= 49;
    let count = |i| f64::from(u8::from(in_window(i))) * real(1 + i % 3);
    let counts: Vec<f64> = (0..300).map(count).collect();
    let seen = vec![true; 300];
    let excess = watch.judge(&counts, &seen, 290).unwrap();
    let alone = FarringtonParams {
        trend_p: Some(1.0),
        ..USUAL
    };
    let alone = alone.check().unwrap().judge(&counts, &seen, 290).unwrap();
    close(excess.mean, alone.mean, 1e-9);
    assert!(excess.past > 6 * alone.past && excess.dispersion.is_finite());
    // And none in the windows: no rate, however much there is elsewhere.
    let elsewhere: Vec<f64> = (0..300)
        .map(|i| 3.0 - 3.0 * f64::from(u8::from(in_window(i))))
        .collect();
    let none = watch.judge(&elsewhere, &seen, 290);
    assert!(matches!(
        none,
        Err(FarringtonError::NoRate { events: 200.., .. })
    ));
}

#[test]
fn unknown_steps_are_left_out() {
    let watch = USUAL.check().unwrap();
    let mut counts: Vec<f64> = (0..300).map(|i| f64::from(i * i % 5)).collect();
    let mut seen = vec![true; 300];
    seen[290 - 52] = false;
    counts[290 - 52] = f64::NAN;
    let excess = watch.judge(&counts, &seen, 290).unwrap();
    assert_eq!(excess.past, 34);
    assert!(excess.mean.is_finite());
}

#[test]
fn parameters_out_of_range_name_themselves() {
    let faults = [
        (
            FarringtonParams {
                years_back: 0,
                ..USUAL
            },
            InvalidFarrington::YearsBack,
        ),
        (
            FarringtonParams { period: 6, ..USUAL },
            InvalidFarrington::Period,
        ),
        (
            FarringtonParams {
                season_levels: 47,
                ..USUAL
            },
            InvalidFarrington::SeasonLevels,
        ),
        (
            FarringtonParams {
                reweight_above: Some(0.0),
                ..USUAL
            },
            InvalidFarrington::ReweightAbove,
        ),
        (
            FarringtonParams {
                trend_p: Some(1.5),
                ..USUAL
            },
            InvalidFarrington::TrendP,
        ),
        (
            FarringtonParams {
                alpha: 1.0,
                ..USUAL
            },
            InvalidFarrington::Alpha,
        ),
    ];
    for (params, fault) in faults {
        assert_eq!(params.check(), Err(fault));
    }
}
