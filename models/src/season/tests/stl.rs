use proptest::prelude::*;
use serde_json::Value;

use super::super::*;
use crate::testing::{all_close, close, numbers, real_data, reference};

fn whole(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn loess(span: usize, degree: usize, jump: usize) -> Loess {
    let degree = [Degree::Constant, Degree::Line][degree];
    Loess { span, degree, jump }
}

#[test]
fn decompositions_agree_with_statsmodels() {
    for case in reference("stl").as_array().unwrap() {
        let part = |i: usize| {
            let [span, degree, jump] =
                ["spans", "degrees", "jumps"].map(|name| whole(&case[name][i]));
            loess(span, degree, jump)
        };
        let params = StlParams {
            period: whole(&case["period"]),
            seasonal: part(0),
            trend: part(1),
            low_pass: part(2),
            inner_loops: whole(&case["inner"]),
            outer_loops: whole(&case["outer"]),
        };
        let parts = stl(&numbers(&case["series"]), params).unwrap();
        all_close(&parts.seasonal, &numbers(&case["seasonal_part"]), 1e-9);
        all_close(&parts.trend, &numbers(&case["trend_part"]), 1e-9);
        all_close(&parts.weights, &numbers(&case["weights"]), 1e-9);
    }
}

/// The scenarios of the authors' own program, as its users keep them.
#[test]
fn seven_scenarios_agree_with_the_fortran_program() {
    let name = "seven_scenarios_agree_with_the_fortran_program";
    let Some(folder) = real_data("reference/stl", name) else {
        return;
    };
    let file = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let series = file("stl_co2.csv");
    let series: Vec<f64> = series
        .lines()
        .map(|line| line.trim().parse().unwrap())
        .collect();
    let results = file("statsmodels_stl_test_results.csv");
    let (mut compared, mut largest) = (0, 0.0_f64);
    for (scenario, inner, outer, trend_jump, low_pass_jump) in [
        ("baseline", 1, 2, 2, 2),
        ("short", 1, 2, 2, 2),
        ("nljump-1", 1, 2, 2, 1),
        ("ntjump-1", 1, 2, 1, 2),
        ("nljump-1-ntjump-1", 1, 2, 1, 1),
        ("stlez", 2, 0, 2, 2),
        ("stlez-robust", 1, 2, 2, 2),
    ] {
        let rows = results.lines().skip(1).filter_map(|line| {
            let cells: Vec<&str> = line.split(',').map(str::trim).collect();
            (cells[0] == scenario).then(|| [2, 3, 4].map(|i| cells[i].parse::<f64>().unwrap()))
        });
        let rows: Vec<[f64; 3]> = rows.collect();
        let params = StlParams {
            period: 12,
            seasonal: loess(35, 1, 4),
            trend: loess(19, 1, trend_jump),
            low_pass: loess(13, 1, low_pass_jump),
            inner_loops: inner,
            outer_loops: outer,
        };
        let parts = stl(&series[..rows.len()], params).unwrap();
        for (i, want) in rows.iter().enumerate() {
            let got = [parts.seasonal[i], parts.trend[i], parts.weights[i]];
            for (got, want) in got.iter().zip(want) {
                largest = largest.max((got - want).abs());
            }
        }
        compared += rows.len();
    }
    assert_eq!(compared, 7 * 348 - 1);
    println!("largest difference over 7 scenarios: {largest:e}");
    assert!(largest < 1e-9);
}

#[test]
fn the_usual_parameters_are_those_of_the_paper() {
    let usual = StlParams::usual(12, 35, false);
    assert_eq!((usual.trend.span, usual.low_pass.span), (19, 13));
    let jumps = [usual.seasonal, usual.trend, usual.low_pass].map(|loess| loess.jump);
    assert_eq!(jumps, [4, 2, 2]);
    assert_eq!((usual.inner_loops, usual.outer_loops), (2, 0));
    let robust = StlParams::usual(52, 7, true);
    assert_eq!((robust.trend.span, robust.low_pass.span), (101, 53));
    assert_eq!((robust.inner_loops, robust.outer_loops), (1, 15));
}

#[test]
fn an_outlier_does_not_bend_a_robust_season() {
    // A season of height 6 and noise of height 1.
    let value = |t: u32| f64::from((t % 12).abs_diff(6)) + f64::from(t * t * 7 % 31) / 31.0;
    let mut series: Vec<f64> = (0..120).map(value).collect();
    let calm = stl(&series, StlParams::usual(12, 7, true)).unwrap();
    series[62] += 50.0;
    let robust = stl(&series, StlParams::usual(12, 7, true)).unwrap();
    let plain = stl(&series, StlParams::usual(12, 7, false)).unwrap();
    close(robust.weights[62], 0.0, 1e-12);
    let moved = |parts: &Stl| {
        let changes = parts.seasonal.iter().zip(&calm.seasonal);
        changes.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    };
    assert!(moved(&robust) < 0.5, "{}", moved(&robust));
    assert!(moved(&plain) > 10.0, "{}", moved(&plain));
}

#[test]
fn faulty_series_and_parameters_are_refused() {
    let usual = StlParams::usual(4, 7, false);
    let short = StlError::TooShort { needed: 8, got: 7 };
    assert_eq!(stl(&[1.0; 7], usual), Err(short));
    let gap = StlError::NotFinite { index: 1 };
    assert_eq!(
        stl(&[1.0, f64::NAN, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], usual),
        Err(gap)
    );
    let mut faulty = usual;
    faulty.seasonal.span = 8;
    assert_eq!(stl(&[1.0; 8], faulty), Err(StlError::Span));
    assert_eq!(
        stl(&[1.0; 8], StlParams::usual(1, 7, false)),
        Err(StlError::Period)
    );
    assert_eq!(
        stl(&[1.0; 8], StlParams::usual(4, 0, false)),
        Err(StlError::Span)
    );
    faulty = usual;
    faulty.trend.jump = 0;
    assert_eq!(stl(&[1.0; 8], faulty), Err(StlError::Jump));
    faulty = usual;
    faulty.inner_loops = 0;
    assert_eq!(stl(&[1.0; 8], faulty), Err(StlError::Loops));
    let even = stl(&[1.0; 8], usual).unwrap();
    assert_eq!(even.remainder.len(), 8);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_parts_add_up_and_a_shift_moves_the_trend_alone(
        counts in prop::collection::vec(0_u8..20, 16..80),
        period in 2_usize..9, span in 1_usize..6, robust in any::<bool>(),
    ) {
        let params = StlParams::usual(period, 2 * span + 1, robust);
        let series: Vec<f64> = counts.iter().map(|&count| f64::from(count)).collect();
        let parts = stl(&series, params).unwrap();
        for (t, &value) in series.iter().enumerate() {
            close(parts.seasonal[t] + parts.trend[t] + parts.remainder[t], value, 1e-9);
            prop_assert!((0.0..=1.0).contains(&parts.weights[t]));
        }
        if !robust {
            let moved: Vec<f64> = series.iter().map(|x| x + 100.0).collect();
            let other = stl(&moved, params).unwrap();
            all_close(&other.seasonal, &parts.seasonal, 1e-9);
        }
        let share = parts.seasonal_strength().unwrap_or(0.5);
        prop_assert!((0.0..=1.0).contains(&share));
    }
}
