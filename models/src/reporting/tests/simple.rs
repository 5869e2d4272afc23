use super::super::*;
use crate::testing::close;

fn panel<'a>(
    n_steps: usize,
    counts: &'a [f64],
    exposure: &'a [f64],
    design: &'a [f64],
) -> Panel<'a> {
    Panel {
        n_steps,
        counts,
        exposure,
        design,
        width: design.len() / counts.len(),
    }
}

fn refusal(panel: &Panel<'_>) -> NotIdentified {
    match fit_detection(panel, Level::Fixed(-2.0), 1.0) {
        Err(DetectionError::NotIdentified(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn three_visits_hear_of_two_thirds() {
    close(heard_of(0.3, 3.0).unwrap(), 0.657, 1e-12);
    close(heard_of(0.3, 0.0).unwrap(), 0.0, 1e-15);
    assert_eq!(heard_of(1.1, 1.0), None);
    assert_eq!(heard_of(0.3, -1.0), None);
    assert_eq!(heard_of(0.3, f64::NAN), None);
    let none = Scenario {
        background: 0.0,
        per_visit: 0.3,
    };
    close(none.q(3.0).unwrap(), 0.657, 1e-12);
}

#[test]
fn effort_that_does_not_vary_within_cells_identifies_nothing() {
    // Much effort and many reports in one cell, little of both in the other: patrols may follow risk.
    let counts = [20.0, 22.0, 18.0, 2.0, 1.0, 3.0];
    let exposure = [1.0; 6];
    let design = [3.0, 3.0, 3.0, 0.0, 0.0, 0.0];
    assert_eq!(
        refusal(&panel(3, &counts, &exposure, &design)),
        NotIdentified::NoVariation
    );
    // The same effort over time tells, once it changes.
    let design = [3.0, 0.0, 3.0, 0.0, 3.0, 0.0];
    let reason = refusal(&panel(3, &counts, &exposure, &design));
    assert_eq!(reason, NotIdentified::NoEffect);
    let few = refusal(&panel(
        3,
        &[1.0, 0.0, 3.0, 0.0, 0.0, 0.0],
        &exposure,
        &design,
    ));
    assert_eq!(few, NotIdentified::TooFewReports { needed: 10, got: 4 });
}

#[test]
fn a_covariate_that_stays_constant_is_left_out_and_one_that_goes_the_wrong_way_is_zero() {
    let (mut counts, mut design) = (Vec::new(), Vec::new());
    for cell in 0..20 {
        for step in 0..10 {
            let visited = f64::from(step % 2);
            counts.push(1.0 + 3.0 * visited - f64::from(u8::from(step % 5 == 0)));
            design.extend([visited, f64::from(cell), f64::from(u8::from(step % 5 == 0))]);
        }
    }
    let exposure = vec![1.0; counts.len()];
    let fit = fit_detection(
        &panel(10, &counts, &exposure, &design),
        Level::Fixed(-3.0),
        1.0,
    )
    .unwrap();
    assert!(fit.slopes[0].unwrap() > 1.0 && fit.slope_se[0].is_some());
    assert_eq!((fit.slopes[1], fit.slope_se[1]), (None, None));
    assert_eq!((fit.slopes[2], fit.slope_se[2]), (Some(0.0), None));
    let (idle, busy) = ([0.0, 5.0, 0.0], [1.0, 5.0, 0.0]);
    let ratio = fit.ratio(&[&idle], &[&busy]).unwrap();
    close(ratio.mean, fit.q(&busy) / fit.q(&idle), 1e-12);
    assert!(1.0 < ratio.lo && ratio.lo < ratio.mean && ratio.mean < ratio.hi);
    assert!(fit.ratio(&[], &[&busy]).is_none() && fit.mean_q(&[]).is_none());
}

#[test]
fn what_cannot_be_is_refused_with_its_position() {
    let exposure = [1.0; 4];
    let bad = panel(2, &[1.0, 0.0, -1.0, 0.0], &exposure, &[0.0; 4]);
    let refused = fit_detection(&bad, Level::Fixed(0.0), 1.0);
    assert_eq!(refused, Err(DetectionError::Value { index: 2 }));
    let odd = panel(3, &[1.0; 4], &exposure, &[0.0; 4]);
    let refused = fit_detection(&odd, Level::Fixed(0.0), 1.0);
    assert!(matches!(refused, Err(DetectionError::Length(_))));
    let good = panel(2, &[1.0; 4], &exposure, &[0.0; 4]);
    let refused = fit_detection(&good, Level::Fixed(0.0), 0.0);
    assert_eq!(refused, Err(DetectionError::Prior));
}

#[test]
fn a_rise_within_the_band_is_trust_gained_and_one_beyond_it_is_not() {
    let band = Band {
        mean: 2.0,
        lo: 1.6,
        hi: 2.5,
    };
    let judged = |y0, y1| rise((y0, 10.0), (y1, 10.0), band, 0.05).unwrap().0;
    assert_eq!(judged(10.0, 9.0), Rise::None);
    assert_eq!(judged(10.0, 20.0), Rise::Expected);
    assert_eq!(judged(10.0, 70.0), Rise::Beyond);
    let unchanged = Band {
        mean: 1.0,
        lo: 1.0,
        hi: 1.0,
    };
    let without = rise((10.0, 10.0), (30.0, 10.0), unchanged, 0.05).unwrap().0;
    assert_eq!(without, Rise::Beyond, "no effort explains it");
    let refused = rise((1.0, 0.0), (1.0, 1.0), band, 0.05);
    assert_eq!(refused, Err(EffectError::Expected));
}

#[test]
fn silence_needs_an_expectation() {
    close(at_most(0.0, 5.0, 5.0).unwrap(), (-5.0_f64).exp(), 1e-12);
    close(at_most(0.9, 5.0, 5.0).unwrap(), (-5.0_f64).exp(), 1e-12);
    assert_eq!(at_most(0.0, 0.0, 0.0), Some(1.0));
    assert_eq!(at_most(-1.0, 1.0, 1.0), None);
    let vague = at_most(0.0, 5.0, 30.0).unwrap();
    assert!(
        vague > at_most(0.0, 5.0, 5.0).unwrap(),
        "doubt about the rate is no silence"
    );
}

#[test]
fn two_lists_that_hardly_overlap_say_nothing() {
    assert_eq!(coverage(10, 10, 4), Err(OverlapError::TooFew { got: 4 }));
    assert_eq!(coverage(10, 6, 7), Err(OverlapError::Matches));
    let known = coverage(346, 184, 49).unwrap();
    close(known.incidents.mean, 347.0 * 185.0 / 50.0 - 1.0, 1e-12);
    close(known.lincoln_petersen, 346.0 * 184.0 / 49.0, 1e-12);
    assert!(known.incidents.lo > 481.0 && known.incidents.hi > known.incidents.mean);
    let whole = coverage(12, 12, 12).unwrap();
    close(whole.q.mean, 1.0, 1e-12);
}
