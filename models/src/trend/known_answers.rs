//! What pymannkendall's own test suite expects on its own data, where these are at hand.

use serde_json::Value;

use super::*;
use crate::testing::{close, number, real_data};

/// Data and answers, or none where there are no real data.
fn answers() -> Option<(Vec<Option<f64>>, Value)> {
    let file = "reference/mk/pymannkendall_known_answers.json";
    let file = real_data(file, "pymannkendalls_known_answers_are_met")?;
    let answers: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let values = answers["arbitrary_1d_data"].as_array().unwrap();
    let values = values.iter().map(Value::as_f64).collect();
    Some((values, answers["expected_on_arbitrary_1d_or_2d"].clone()))
}

#[track_caller]
fn same(trend: Trend, want: &Value) {
    assert_eq!(trend.s.to_string(), number(&want["s"]).to_string());
    close(trend.variance / number(&want["var_s"]), 1.0, 1e-12);
    close(trend.z, number(&want["z"]), 1e-9);
    close(trend.p, number(&want["p"]), 1e-9);
}

#[test]
fn pymannkendalls_known_answers_are_met() {
    let Some((values, want)) = answers() else {
        return;
    };
    let trend = mann_kendall(&values).unwrap();
    same(trend, &want["original_test"]);
    assert_eq!(trend.s, -1959);
    close(trend.variance, 4_889_800.333, 1e-9);
    close(trend.z, -0.885_456, 5e-7);
    let seasonal = seasonal_mann_kendall(&values, 12, Seasons::Independent).unwrap();
    same(seasonal, &want["seasonal_test"]);
    let line = sen_slope(&values, 0.95).unwrap();
    close(line.slope, number(&want["sens_slope"]["slope"]), 1e-12);
    close(
        line.intercept,
        number(&want["sens_slope"]["intercept"]),
        1e-9,
    );
    // There, a year with a gap is left out whole where seasons depend on each other ..
    let whole = values
        .chunks(12)
        .filter(|year| year.iter().all(Option::is_some));
    let whole: Vec<_> = whole.flatten().copied().collect();
    let dependent = seasonal_mann_kendall(&whole, 12, Seasons::Dependent).unwrap();
    let other = &want["correlated_seasonal_test"];
    assert_eq!(dependent.s.to_string(), number(&other["s"]).to_string());
    close(dependent.variance / number(&other["var_s"]), 1.0, 1e-12);
    // .. and gaps close up before autocorrelations are taken, with the slope of before.
    let closed = (1_u32..).zip(values.iter().flatten());
    let rests: Vec<_> = closed
        .map(|(t, x)| Some(x - f64::from(t) * line.slope))
        .collect();
    for (name, lags) in [("", None), ("_lag3", Some(3))] {
        let other = &want[format!("hamed_rao_modification_test{name}")];
        let variance = trend.variance * hamed_rao::inflation(&rests, lags);
        same(Trend::of_score(trend.n, trend.s, variance).unwrap(), other);
    }
}
