use crate::surge::{Cusum, CusumError, InvalidCusum};
use crate::testing::{all_close, close, number, numbers, reference};

#[test]
fn the_course_agrees_with_surveillance() {
    for case in reference("farrington")["cusum"].as_array().unwrap() {
        let (counts, mean) = (numbers(&case["counts"]), numbers(&case["mean"]));
        let ratio = number(&case["ratio"]);
        let watch = Cusum::new(ratio, number(&case["dispersion"]), 1e6).unwrap();
        let course = watch
            .course(&counts, &mean, &vec![true; counts.len()])
            .unwrap();
        let s: Vec<f64> = course.iter().map(|step| step.unwrap().s).collect();
        all_close(&s, &numbers(&case["cusum"]), 1e-9);
    }
}

#[test]
fn a_count_at_the_reference_value_leaves_the_evidence() {
    for dispersion in [0.0, 0.25, 1e-9] {
        let watch = Cusum::new(2.0, dispersion, 100.0).unwrap();
        let k = watch.course(&[0.0], &[3.0], &[true]).unwrap()[0].unwrap().k;
        let course = watch.course(&[20.0, k], &[3.0; 2], &[true; 2]).unwrap();
        close(course[1].unwrap().s, course[0].unwrap().s, 1e-9);
    }
    // Without dispersion the textbook's: mu (r - 1) / ln r.
    let watch = Cusum::new(2.0, 1e-9, 100.0).unwrap();
    let k = watch.course(&[0.0], &[3.0], &[true]).unwrap()[0].unwrap().k;
    close(k, 3.0 / 2.0_f64.ln(), 1e-6);
}

#[test]
fn the_evidence_starts_again_after_an_alarm_and_waits_over_gaps() {
    let watch = Cusum::new(2.0, 0.0, 2.0).unwrap();
    let counts = [5.0, 2.0, f64::NAN, 4.0];
    let course = watch
        .course(&counts, &[1.0; 4], &[true, true, false, true])
        .unwrap();
    let step = 2.0_f64.ln();
    assert!(course[0].unwrap().alarm);
    close(course[1].unwrap().s, 2.0 * step - 1.0, 1e-12);
    assert_eq!(course[2], None);
    close(course[3].unwrap().s, 6.0 * step - 2.0, 1e-12);
}

#[test]
fn faulty_parameters_and_series_are_errors() {
    assert_eq!(Cusum::new(1.0, 0.0, 1.0), Err(InvalidCusum::Ratio));
    assert_eq!(Cusum::new(2.0, -0.1, 1.0), Err(InvalidCusum::Dispersion));
    assert_eq!(Cusum::new(2.0, 0.0, f64::NAN), Err(InvalidCusum::Decision));
    let watch = Cusum::new(2.0, 0.0, 1.0).unwrap();
    let wrong = |counts: &[f64], expected: &[f64]| watch.course(counts, expected, &[true; 2]);
    assert_eq!(
        wrong(&[0.0, -1.0], &[1.0; 2]),
        Err(CusumError::Count { index: 1 })
    );
    assert_eq!(
        wrong(&[0.0; 2], &[0.0; 2]),
        Err(CusumError::Expected { index: 0 })
    );
    assert!(wrong(&[0.0], &[1.0]).is_err());
}
