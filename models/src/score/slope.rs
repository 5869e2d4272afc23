use super::{ScoreError, check_probabilities, indicator};

/// Steps of the fit at most.
const STEPS: usize = 50;
/// A step this small ends it.
const TOLERANCE: f64 = 1e-10;
/// Probabilities of 0 and 1 have no log-odds: they count as this far from them.
const EDGE: f64 = 1e-9;

/// Calibration intercept and slope (Cox 1958,
/// [doi:10.1093/biomet/45.3-4.562](https://doi.org/10.1093/biomet/45.3-4.562)): the line
/// `logit P(event) = a + b logit p` of greatest likelihood, by Newton's method.
///
/// 0 and 1 are calibrated. A slope below 1 says forecasts too extreme, above 1 too timid. `None` where
/// all or none had an event, where all forecasts are the same, or where events are told without error.
///
/// # Errors
/// Lengths differ, nothing to score, or a probability outside 0..=1.
pub fn calibration_line(p: &[f64], event: &[bool]) -> Result<Option<(f64, f64)>, ScoreError> {
    check_probabilities(p, event)?;
    let logit = |p: &f64| {
        let p = p.clamp(EDGE, 1.0 - EDGE);
        (p / (1.0 - p)).ln()
    };
    let x: Vec<f64> = p.iter().map(logit).collect();
    let (mut a, mut b) = (0.0, 1.0);
    for _ in 0..STEPS {
        let (mut gradient, mut curve) = ([0.0; 2], [0.0; 3]);
        for (x, &event) in x.iter().zip(event) {
            let fitted = 1.0 / (1.0 + (-(a + b * x)).exp());
            let (error, weight) = (indicator(event) - fitted, fitted * (1.0 - fitted));
            gradient[0] += error;
            gradient[1] += error * x;
            curve[0] += weight;
            curve[1] += weight * x;
            curve[2] += weight * x * x;
        }
        let determinant = curve[0] * curve[2] - curve[1] * curve[1];
        // Relative to its parts: a sum of many small weights is no sign of a flat likelihood.
        if determinant.is_nan() || determinant <= 1e-12 * curve[0] * curve[2] {
            return Ok(None);
        }
        let step = [
            (curve[2] * gradient[0] - curve[1] * gradient[1]) / determinant,
            (curve[0] * gradient[1] - curve[1] * gradient[0]) / determinant,
        ];
        // A long step from far away would leave the valley.
        let length = step[0].abs().max(step[1].abs());
        let held = if length > 2.0 { 2.0 / length } else { 1.0 };
        a += held * step[0];
        b += held * step[1];
        if length < TOLERANCE {
            return Ok(Some((a, b)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `statsmodels` 0.15.0 fits the same line, see `fixtures/reference/calibration_line`.
    #[test]
    fn the_line_is_that_of_the_reference() {
        #[derive(Debug)]
        struct Case {
            p: Vec<f64>,
            event: Vec<bool>,
            line: [f64; 2],
        }
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/reference");
        let text = std::fs::read_to_string(format!("{root}/calibration_line/expected.json"));
        let cases: serde_json::Value = serde_json::from_str(&text.unwrap()).unwrap();
        let cases = cases["cases"].as_array().unwrap().iter().map(|case| {
            let list = |key: &str| case[key].as_array().unwrap().clone();
            Case {
                p: list("p").iter().map(|p| p.as_f64().unwrap()).collect(),
                event: list("event")
                    .iter()
                    .map(|e| e.as_i64() == Some(1))
                    .collect(),
                line: [0, 1].map(|k| list("line")[k].as_f64().unwrap()),
            }
        });
        for case in cases {
            let (a, b) = calibration_line(&case.p, &case.event).unwrap().unwrap();
            assert!((a - case.line[0]).abs() < 1e-6, "{a} {case:?}");
            assert!((b - case.line[1]).abs() < 1e-6, "{b} {case:?}");
        }
    }

    #[test]
    fn where_there_is_no_line_there_is_none() {
        let line = |p: &[f64], event: &[bool]| calibration_line(p, event).unwrap();
        assert_eq!(line(&[0.1, 0.2, 0.3], &[false; 3]), None);
        assert_eq!(line(&[0.2; 4], &[true, false, false, false]), None);
        assert_eq!(
            line(&[0.1, 0.2, 0.8, 0.9], &[false, false, true, true]),
            None
        );
        assert!(calibration_line(&[1.1], &[true]).is_err());
    }
}
