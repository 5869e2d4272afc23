use proptest::prelude::*;

use crate::indicators::combine::held_variance;
use crate::indicators::{CombineError, Combined, Evidence, Panel, Role, combine};
use crate::testing::{close, number, reference};

const VARIANCE: f64 = 1.0 / 12.0;

fn panel(caps: &[f64]) -> Panel<'_> {
    Panel {
        caps,
        prior_variance: VARIANCE,
        factors: [0.5, 2.0],
        alone_from: 0.5,
    }
}

fn seen(theme: usize, weight: f64, score: f64, usual: f64) -> Evidence {
    Evidence {
        theme,
        role: Role::Raises,
        weight,
        score: Some(score),
        usual,
        retained: 1.0,
        alone: false,
    }
}

fn sum(evidence: &[Evidence], caps: &[f64]) -> Combined {
    combine(evidence, &panel(caps)).unwrap()
}

#[test]
fn a_sum_by_hand() {
    // Theme 0: 0.8 (1 - 0.5) = 0.4 and, half forgotten, 1.2 (0.75 - 0) / 2 = 0.45.
    // Theme 1: an agreement, -1 (1 - 0) = -1, held at -0.7.
    let old = Evidence {
        retained: 0.5,
        ..seen(0, 1.2, 0.75, 0.0)
    };
    let pact = Evidence {
        role: Role::Lowers,
        ..seen(1, 1.0, 1.0, 0.0)
    };
    let found = sum(&[seen(0, 0.8, 1.0, 0.5), old, pact], &[1.5, 0.7]);
    for (push, due) in found.pushes.iter().zip([0.4, 0.45, -1.0]) {
        close(*push, due, 1e-12);
    }
    close(found.log_odds, 0.15, 1e-12);
    // Only the old one leaves something open: 1.2^2 (1 - 1/4) / 12, and the caps are far.
    let half = 1.644_853_626_951_472_2 * held_variance(0.85, 0.3, 1.5).sqrt();
    close(found.hi - found.log_odds, half, 1e-12);
    close(found.log_odds - found.lo, half, 1e-12);
    // Lowest: all halved gives 0.425 - 0.5 = -0.075, the old one halved 0.625 - 0.7 = -0.075, the first
    // 0.65 - 0.7 = -0.05. Highest: all doubled 1.5 - 0.7 = 0.8, the old one doubled 1.3 - 0.7 = 0.6.
    close(found.band_lo, -0.075, 1e-12);
    close(found.band_hi, 0.8, 1e-12);
}

#[test]
fn ten_signals_of_one_theme_cannot_outvote_one_of_another() {
    let mut evidence = vec![seen(0, 1.0, 0.0, 1.0); 10];
    evidence.push(seen(1, 1.6, 1.0, 0.0));
    let found = sum(&evidence, &[1.5, 1.6]);
    close(found.log_odds, 0.1, 1e-12);
}

#[test]
fn what_is_missing_adds_nothing_and_widens() {
    let nothing = sum(&[], &[1.5]);
    assert_eq!((nothing.log_odds, nothing.lo, nothing.hi), (0.0, 0.0, 0.0));
    let missing = Evidence {
        score: None,
        ..seen(0, 0.6, 0.0, 0.3)
    };
    let found = sum(&[missing], &[10.0]);
    assert_eq!((found.log_odds, found.pushes[0]), (0.0, 0.0));
    close(
        found.hi,
        1.644_853_626_951_472_2 * 0.6 / 12.0_f64.sqrt(),
        1e-9,
    );
    let more = sum(&[missing; 4], &[10.0]);
    close(more.hi, 2.0 * found.hi, 1e-9);
}

#[test]
fn reporting_feeds_detection_only() {
    let silent = Evidence {
        role: Role::DetectionOnly,
        ..seen(0, 5.0, 1.0, 0.0)
    };
    let unknown = Evidence {
        score: None,
        ..silent
    };
    let with = sum(&[seen(0, 0.8, 1.0, 0.2), silent, unknown], &[1.5]);
    let without = sum(&[seen(0, 0.8, 1.0, 0.2)], &[1.5]);
    assert_eq!(with.pushes[1..], [0.0, 0.0]);
    let ends = |sum: &Combined| [sum.log_odds, sum.lo, sum.hi, sum.band_lo, sum.band_hi];
    assert_eq!(
        ends(&with).map(f64::to_bits),
        ends(&without).map(f64::to_bits)
    );
}

#[test]
fn one_voice_calls_for_a_review_whatever_the_sum() {
    let voice = Evidence {
        alone: true,
        ..seen(0, 0.1, 0.5, 0.0)
    };
    let calm = Evidence {
        role: Role::Lowers,
        ..seen(1, 9.0, 1.0, 0.0)
    };
    let found = sum(&[calm, voice], &[1.5, 9.0]);
    assert!(found.log_odds < -8.0);
    assert_eq!(found.reviews, [1]);
    let faded = Evidence {
        retained: 0.9,
        ..voice
    };
    let other = Evidence {
        alone: false,
        score: Some(1.0),
        ..voice
    };
    assert!(sum(&[faded, other], &[1.5]).reviews.is_empty());
}

#[test]
fn held_variances_agree_with_numerical_integration() {
    for case in reference("indicators")["held"].as_array().unwrap() {
        let [mean, sd, cap] = ["mean", "sd", "cap"].map(|key| number(&case[key]));
        close(
            held_variance(mean, sd, cap),
            number(&case["variance"]),
            1e-8,
        );
    }
    close(held_variance(0.4, 0.0, 1.5), 0.0, 0.0);
}

#[test]
fn what_cannot_be_is_refused_by_rule_and_position() {
    let good = seen(0, 1.0, 0.5, 0.5);
    let index = 1;
    for (bad, fault) in [
        (Evidence { theme: 1, ..good }, CombineError::Theme { index }),
        (
            Evidence {
                weight: -0.1,
                ..good
            },
            CombineError::Weight { index },
        ),
        (
            Evidence {
                weight: f64::NAN,
                ..good
            },
            CombineError::Weight { index },
        ),
        (
            Evidence {
                score: Some(1.1),
                ..good
            },
            CombineError::Share { index },
        ),
        (
            Evidence {
                usual: f64::NAN,
                ..good
            },
            CombineError::Share { index },
        ),
        (
            Evidence {
                retained: -0.5,
                ..good
            },
            CombineError::Share { index },
        ),
    ] {
        assert_eq!(combine(&[good, bad], &panel(&[1.0])), Err(fault));
    }
    for caps in [&[0.0][..], &[f64::INFINITY], &[-1.0]] {
        assert_eq!(combine(&[good], &panel(caps)), Err(CombineError::Panel));
    }
}

fn evidence() -> impl Strategy<Value = Evidence> {
    let role = prop::sample::select(vec![Role::Raises, Role::Lowers, Role::DetectionOnly]);
    let score = prop::option::of(0.0..=1.0);
    (
        0..3_usize,
        role,
        0.0..2.0,
        score,
        0.0..=1.0,
        0.0..=1.0,
        any::<bool>(),
    )
        .prop_map(
            |(theme, role, weight, score, usual, retained, alone)| Evidence {
                theme,
                role,
                weight,
                score,
                usual,
                retained,
                alone,
            },
        )
}

proptest! {
    #[test]
    fn sums_stay_within_caps_and_within_their_own_ends(
        evidence in prop::collection::vec(evidence(), 0..30),
    ) {
        let caps = [1.5, 0.4, 1.0];
        let found = sum(&evidence, &caps);
        prop_assert!(found.log_odds.abs() <= caps.iter().sum::<f64>() + 1e-9);
        prop_assert!(found.lo <= found.log_odds && found.log_odds <= found.hi);
        prop_assert!(found.band_lo <= found.log_odds && found.log_odds <= found.band_hi);
    }

    #[test]
    fn forgetting_never_narrows_and_never_adds(
        evidence in prop::collection::vec(evidence(), 1..20),
        at in 0..20_usize,
        left in 0.0..=1.0,
    ) {
        let at = at % evidence.len();
        let caps = [1e6; 3];
        let before = sum(&evidence, &caps);
        let mut faded = evidence.clone();
        faded[at].retained *= left;
        let mut gone = evidence;
        gone[at].score = None;
        let (faded, gone) = (sum(&faded, &caps), sum(&gone, &caps));
        let width = |sum: &Combined| sum.hi - sum.lo;
        prop_assert!(width(&before) <= width(&faded) + 1e-9);
        prop_assert!(width(&faded) <= width(&gone) + 1e-9);
        prop_assert!(faded.pushes[at].abs() <= before.pushes[at].abs() + 1e-12);
        prop_assert!(gone.pushes[at].abs() <= 0.0);
    }

    #[test]
    fn a_wider_doubt_is_never_less_doubt_between_caps(
        mean in -4.0..4.0, deviation in 0.0..5.0, more in 0.0..5.0,
    ) {
        let cap = 1.5;
        prop_assert!(
            held_variance(mean, deviation, cap) <= held_variance(mean, deviation + more, cap) + 1e-9
        );
        prop_assert!(held_variance(mean, deviation, cap) <= cap * cap + 1e-9);
    }

    #[test]
    fn the_order_of_evidence_moves_nothing_but_last_digits(
        evidence in prop::collection::vec(evidence(), 0..20),
    ) {
        let caps = [1.5, 0.4, 1.0];
        let mut turned = evidence.clone();
        turned.reverse();
        let (a, b) = (sum(&evidence, &caps), sum(&turned, &caps));
        prop_assert!((a.log_odds - b.log_odds).abs() < 1e-9 && (a.hi - b.hi).abs() < 1e-9);
        prop_assert_eq!(a.reviews.len(), b.reviews.len());
    }
}
