use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::testing::{close, number, reference};

fn seen(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

fn series(case: &Value) -> Vec<Option<f64>> {
    let values = case["values"].as_array().unwrap();
    values.iter().map(Value::as_f64).collect()
}

#[track_caller]
fn agrees(trend: Trend, want: &Value) {
    assert_eq!(trend.s.to_string(), number(&want["s"]).to_string());
    close(trend.variance / number(&want["variance"]), 1.0, 1e-9);
    if want["z"].is_number() {
        close(trend.z, number(&want["z"]), 1e-9);
        close(trend.p, number(&want["p"]), 1e-9);
    }
}

#[test]
fn every_test_agrees_with_pymannkendall() {
    let all = reference("mann_kendall");
    for case in all["pymannkendall"].as_object().unwrap().values() {
        let values = series(case);
        agrees(mann_kendall(&values).unwrap(), &case["original"]);
        let seasonal = |seasons| seasonal_mann_kendall(&values, 12, seasons).unwrap();
        agrees(seasonal(Seasons::Independent), &case["seasonal"]);
        if case["dependent"].is_object() {
            agrees(seasonal(Seasons::Dependent), &case["dependent"]);
            agrees(hamed_rao(&values, None).unwrap(), &case["hamed_rao"]);
            agrees(hamed_rao(&values, Some(3)).unwrap(), &case["hamed_rao_3"]);
        }
    }
}

#[test]
fn slopes_agree_with_pymannkendall_and_their_intervals_with_scipy() {
    let all = reference("mann_kendall");
    for case in all["pymannkendall"].as_object().unwrap().values() {
        let (values, want) = (series(case), &case["sen"]);
        for (name, confidence) in [("0.9", 0.9), ("0.95", 0.95), ("0.99", 0.99)] {
            let line = sen_slope(&values, confidence).unwrap();
            close(line.slope, number(&want["slope"]), 1e-12);
            close(line.intercept, number(&want["intercept"]), 1e-12);
            close(line.lower, number(&want[name][0]), 1e-12);
            close(line.upper, number(&want[name][1]), 1e-12);
        }
    }
}

#[test]
fn the_printed_vectors_are_met() {
    let ten = seen(&[1.0, 2.0, 2.0, 3.0, 5.0, 4.0, 6.0, 6.0, 8.0, 9.0]);
    let trend = mann_kendall(&ten).unwrap();
    assert_eq!(trend.s, 41);
    close(trend.variance, 123.0, 1e-12);
    close(trend.z, 3.606_68, 5e-6);
    close(trend.p, 3.10e-4, 5e-7);
    let [a, b, c] = [
        [3.0, 4.0, 4.0, 6.0, 7.0],
        [10.0, 9.0, 11.0, 12.0, 12.0],
        [0.0, 0.0, 1.0, 0.0, 2.0],
    ];
    let years: Vec<f64> = (0..5).flat_map(|j| [a[j], b[j], c[j]]).collect();
    let trend = seasonal_mann_kendall(&seen(&years), 3, Seasons::Independent).unwrap();
    assert_eq!(trend.s, 21);
    close(trend.variance, 44.333_3, 5e-5);
    close(trend.z, 3.003_76, 5e-6);
}

#[test]
fn a_pair_of_equal_values_is_no_rise() {
    let mut flat = vec![Some(-0.4); 24];
    flat[12] = Some(1.0);
    let trend = mann_kendall(&flat).unwrap();
    assert_eq!((trend.s, trend.z), (1, 0.0));
    assert_eq!(trend.direction(0.05), Direction::Neither);
    flat[12] = Some(-0.4);
    let trend = mann_kendall(&flat).unwrap();
    assert_eq!((trend.s, trend.variance), (0, 0.0));
    assert_eq!((trend.z, trend.p), (0.0, 1.0));
}

#[test]
fn values_that_differ_in_the_last_bit_are_equal() {
    let almost: Vec<f64> = [0.3, 0.1 + 0.2].repeat(6);
    assert!(almost[0] < almost[1]);
    assert!(mann_kendall(&seen(&almost)).unwrap().variance <= 0.0);
    let apart: Vec<f64> = [0.3, 0.3 + 2e-9].repeat(6);
    assert_eq!(mann_kendall(&seen(&apart)).unwrap().s, 21 - 15);
}

#[test]
fn what_is_not_known_leaves_every_pair() {
    let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0].map(Some);
    let mut gaps = values.to_vec();
    for at in [0, 4, 4, 12] {
        gaps.insert(at, None);
    }
    assert_eq!(mann_kendall(&gaps), mann_kendall(&values));
    // Two years of a season that is never known change nothing either.
    let year = |x: f64| [Some(x), None, Some(-x)];
    let years: Vec<_> = (0..6).flat_map(|j| year(f64::from(j))).collect();
    for seasons in [Seasons::Independent, Seasons::Dependent] {
        let trend = seasonal_mann_kendall(&years, 3, seasons).unwrap();
        assert_eq!((trend.s, trend.p), (0, 1.0));
    }
}

#[test]
fn seasons_that_move_as_one_count_as_one() {
    let years: Vec<f64> = [2.0, 7.0, 1.0, 8.0, 9.0, 4.0, 11.0, 12.0, 10.0, 15.0].to_vec();
    let four: Vec<f64> = years.iter().flat_map(|&x| [x; 4]).collect();
    let one = mann_kendall(&seen(&years)).unwrap();
    let all = seasonal_mann_kendall(&seen(&four), 4, Seasons::Dependent).unwrap();
    assert_eq!(all.s, 4 * one.s);
    close(all.variance, 16.0 * one.variance, 1e-12);
    let apart = seasonal_mann_kendall(&seen(&four), 4, Seasons::Independent).unwrap();
    close(apart.variance, 4.0 * one.variance, 1e-12);
}

#[test]
fn a_season_is_no_trend() {
    let month = |t: u32| Some(f64::from((t % 12) * (t % 12)));
    let years: Vec<_> = (0..120).map(month).collect();
    let trend = seasonal_mann_kendall(&years, 12, Seasons::Independent).unwrap();
    assert_eq!((trend.s, trend.p), (0, 1.0));
}

#[test]
fn a_line_has_no_autocorrelation_left() {
    let line: Vec<_> = (0..20).map(|t| Some(0.1 * f64::from(t))).collect();
    assert_eq!(hamed_rao(&line, None), mann_kendall(&line));
    assert_eq!(
        hamed_rao(&[Some(1.0); 9], None),
        mann_kendall(&[Some(1.0); 9])
    );
}

#[test]
fn faulty_input_is_refused() {
    let short = TrendError::SeriesTooShort { needed: 8, got: 7 };
    let mut values = vec![Some(1.0); 8];
    values[2] = None;
    assert_eq!(mann_kendall(&values), Err(short));
    assert_eq!(short.to_string(), "a trend needs 8 known steps, has 7");
    assert_eq!(hamed_rao(&values, None), Err(short));
    assert_eq!(sen_slope(&values, 0.9), Err(short));
    assert_eq!(
        seasonal_mann_kendall(&values, 4, Seasons::Dependent),
        Err(short)
    );
    values[3] = Some(f64::NAN);
    assert_eq!(
        mann_kendall(&values),
        Err(TrendError::NotFinite { index: 3 })
    );
    assert_eq!(
        seasonal_mann_kendall(&[Some(1.0); 9], 0, Seasons::Independent),
        Err(TrendError::NoSteps)
    );
    assert_eq!(mann_kendall_of_all(&values, 0), Err(TrendError::NoSteps));
    for confidence in [0.0, 1.0, f64::NAN] {
        let refused = sen_slope(&[Some(1.0); 9], confidence);
        assert_eq!(refused, Err(TrendError::InvalidConfidence));
    }
    let seesaw: Vec<_> = (0..24).map(|t| Some(f64::from(t % 2))).collect();
    assert_eq!(
        hamed_rao(&seesaw, Some(1)),
        Err(TrendError::NegativeVariance)
    );
}

#[test]
fn a_short_series_among_many_is_an_error_of_its_own() {
    let mut values: Vec<_> = (0..30).map(|t| Some(f64::from(t))).collect();
    values[12] = None;
    values[13] = None;
    values[14] = None;
    let all = mann_kendall_of_all(&values, 10).unwrap();
    assert_eq!(all[0], mann_kendall(&values[..10]));
    assert_eq!(
        all[1],
        Err(TrendError::SeriesTooShort { needed: 8, got: 7 })
    );
    assert_eq!(all[2], all[0]);
}

/// Whole numbers in steps that single precision merges at the height of `base`.
fn close_together(base: f64) -> impl Strategy<Value = Vec<Option<f64>>> {
    let step = (0_u32..12).prop_map(move |k| base + 1e-8 * f64::from(k));
    prop::collection::vec(prop::option::weighted(0.9, step), 10..60)
        .prop_filter("long enough", |values| values.iter().flatten().count() >= 8)
}

proptest! {
    #[test]
    fn fast_scores_are_those_of_all_pairs(values in close_together(500.0)) {
        let known: Vec<f64> = values.iter().flatten().copied().collect();
        let (mut s, mut groups) = (0, std::collections::BTreeMap::new());
        for (i, &x) in known.iter().enumerate() {
            *groups.entry((x * 1e8).round().to_string()).or_insert(0_i64) += 1;
            for &y in &known[i + 1..] {
                s += i64::from(y - x > 5e-9) - i64::from(x - y > 5e-9);
            }
        }
        let ties: i64 = groups.values().map(|t| t * (t - 1) * (2 * t + 5)).sum();
        let n = i64::try_from(known.len()).unwrap();
        let trend = mann_kendall(&values).unwrap();
        prop_assert_eq!(trend.s, s);
        let variance = (n * (n - 1) * (2 * n + 5) - ties).to_string().parse::<f64>().unwrap();
        close(trend.variance, variance / 18.0, 1e-12);
    }

    #[test]
    fn order_is_all_that_counts(values in close_together(0.0), constant in -1e3..1e3_f64) {
        let trend = mann_kendall(&values).unwrap();
        let moved: Vec<_> = values.iter().map(|x| x.map(|x| x + constant)).collect();
        prop_assert_eq!(mann_kendall(&moved).unwrap(), trend);
        let bent: Vec<_> = values.iter().map(|x| x.map(|x| (1e8 * x).exp())).collect();
        prop_assert_eq!(mann_kendall(&bent).unwrap(), trend);
    }

    #[test]
    fn a_series_read_backwards_falls_where_it_rose(values in close_together(1.0)) {
        let trend = mann_kendall(&values).unwrap();
        let mut back = values;
        back.reverse();
        let turned = mann_kendall(&back).unwrap();
        prop_assert_eq!(turned.s, -trend.s);
        close(turned.z, -trend.z, 1e-15);
        close(turned.p, trend.p, 1e-15);
    }

    #[test]
    fn exchanging_equal_values_changes_nothing(
        values in close_together(1.0), i in 0_usize..60, j in 0_usize..60,
    ) {
        let (i, j) = (i % values.len(), j % values.len());
        let mut made_equal = values;
        made_equal[i] = made_equal[j];
        prop_assume!(made_equal.iter().flatten().count() >= 8);
        let mut exchanged = made_equal.clone();
        exchanged[i] = made_equal[j].map(|x| x + 1e-13);
        exchanged[j] = made_equal[i].map(|x| x - 1e-13);
        prop_assert_eq!(mann_kendall(&exchanged), mann_kendall(&made_equal));
    }

    #[test]
    fn the_slope_of_a_moved_series_is_moved(
        values in prop::collection::vec(-9.0..9.0_f64, 8..30), drift in -2.0..2.0_f64,
    ) {
        let line = sen_slope(&seen(&values), 0.95).unwrap();
        prop_assert!(line.lower <= line.slope && line.slope <= line.upper);
        let steps = (0..30_u32).zip(&values);
        let moved: Vec<_> = steps.map(|(t, x)| Some(x + drift * f64::from(t))).collect();
        let tilted = sen_slope(&moved, 0.95).unwrap();
        close(tilted.slope, line.slope + drift, 1e-9);
    }
}
