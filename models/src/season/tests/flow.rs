use proptest::prelude::*;
use rand::Rng;
use rand_distr::{Gamma, Poisson};

use super::super::*;
use crate::testing::{close, number, numbers, reference};
use crate::units::{Purpose, Seed};

#[test]
fn mixtures_agree_with_scipy() {
    for case in reference("onset")["mixtures"].as_array().unwrap() {
        let exposure = number(&case["exposure"]);
        let means = numbers(&case["means"]);
        let parts = numbers(&case["shares"])
            .into_iter()
            .zip(means.iter().map(|mean| mean * exposure));
        let forecast = FlowForecast::of(parts.collect(), number(&case["dispersion"]));
        for tail in case["tails"].as_array().unwrap() {
            let (count, p) = (number(&tail[0]), number(&tail[1]));
            close(forecast.at_least(count).unwrap(), p, 1e-9);
            close(forecast.at_most(count - 1.0).unwrap(), 1.0 - p, 1e-9);
        }
        close(forecast.quantile(0.025).unwrap(), number(&case["lo"]), 0.0);
        close(forecast.quantile(0.975).unwrap(), number(&case["hi"]), 0.0);
    }
}

/// Two points with forty seasons, a third with one.
#[test]
fn a_known_flow_is_found_again_and_a_young_point_follows_the_others() {
    let (course, levels, dispersion) = ([2.0, 40.0, 12.0, 0.2], [1.0, 0.5, 2.0], 0.2);
    let mut rng = Seed(7).stream(Purpose::SynthLogs, 3);
    let shares: Vec<[f64; 4]> = (0..4)
        .map(|part| std::array::from_fn(|k| f64::from(u8::from(k == part))))
        .collect();
    let mut counts = Vec::new();
    for (point, level) in levels.iter().enumerate() {
        for _ in 0..if point == 2 { 1 } else { 160 } {
            for (part, mean) in course.iter().enumerate() {
                let law = Gamma::new(1.0 / dispersion, level * mean * dispersion).unwrap();
                let rate: f64 = rng.sample(law);
                let count = rng.sample(Poisson::new(rate.max(1e-9)).unwrap());
                counts.push(FlowCount {
                    point,
                    shares: &shares[part],
                    count,
                    exposure: 1.0,
                });
            }
        }
    }
    let flow = Flow::fit(&counts, 3, 4, 4.0).unwrap();
    for (point, level) in levels.iter().enumerate().take(2) {
        for (mean, due) in flow.means(point).iter().zip(course) {
            close(mean / (level * due), 1.0, 0.15);
        }
        let upper = flow.forecast(point, &shares[1], 1.0).unwrap();
        let above = upper.at_least(upper.quantile(0.975).unwrap() + 1.0);
        assert!(above.unwrap() <= 0.025);
        let n = counts
            .iter()
            .filter(|one| one.point == point && one.shares[1] > 0.0);
        let beyond = n.filter(|one| one.count > upper.quantile(0.975).unwrap());
        // 160 looks at 2.5 %, four standard errors.
        assert!(beyond.count() <= 12);
    }
    let young = flow.means(2);
    assert!(young[1] > 2.0 * young[2] && young[2] > 5.0 * young[3]);
}

#[test]
fn an_unsure_phase_makes_a_wider_forecast() {
    let (on, off) = ([1.0, 0.0], [0.0, 1.0]);
    let count = |shares, count| FlowCount {
        point: 0,
        shares,
        count,
        exposure: 1.0,
    };
    let counts: Vec<_> = (0..20)
        .flat_map(|_| [count(&on, 30.0), count(&off, 0.0)])
        .collect();
    let flow = Flow::fit(&counts, 1, 2, 2.0).unwrap();
    let interval = |shares: &[f64]| {
        let forecast = flow.forecast(0, shares, 1.0).unwrap();
        [0.025, 0.975].map(|p| forecast.quantile(p).unwrap())
    };
    let (low, high) = (interval(&off), interval(&on));
    assert!(low[1] <= 2.0 && high[0] >= 15.0);
    let open = interval(&[0.5, 0.5]);
    assert!(open[0] <= low[1] && open[1] >= high[0] + 10.0);
    let half = flow.forecast(0, &on, 0.5).unwrap();
    close(
        half.mean() * 2.0,
        flow.forecast(0, &on, 1.0).unwrap().mean(),
        1e-12,
    );
}

#[test]
fn what_cannot_be_fitted_says_why() {
    let (shares, short) = ([1.0, 0.0], [1.0]);
    let good = FlowCount {
        point: 0,
        shares: &shares,
        count: 1.0,
        exposure: 1.0,
    };
    let broken = [
        FlowCount { point: 1, ..good },
        FlowCount {
            shares: &short,
            ..good
        },
        FlowCount {
            count: -1.0,
            ..good
        },
        FlowCount {
            exposure: 0.0,
            ..good
        },
    ];
    for one in broken {
        let refused = Flow::fit(&[good, one], 1, 2, 1.0);
        assert_eq!(refused, Err(FlowError::Count { index: 1 }));
    }
    assert_eq!(Flow::fit(&[good], 1, 0, 1.0), Err(FlowError::Shape));
    assert_eq!(Flow::fit(&[good], 1, 2, 0.0), Err(FlowError::Shape));
    let flow = Flow::fit(&[good], 1, 2, 1.0).unwrap();
    assert_eq!(flow.forecast(1, &shares, 1.0), None);
    assert_eq!(flow.forecast(0, &short, 1.0), None);
    let forecast = flow.forecast(0, &shares, 1.0).unwrap();
    assert_eq!(forecast.quantile(1.0), None);
    assert_eq!(once_in_seasons(0.0, 20), None);
    assert_eq!(once_in_seasons(0.5, 0), None);
    assert_eq!(once_in_seasons(1.0, 3), Some(1.0));
    assert_eq!(amounts(&[None, None]), None);
    assert_eq!(crossing(&[], 0.0), Err(CrossingError::Threshold));
    assert_eq!(crossing(&[], 1.0), Ok(Crossing::Unknown));
    let bounds = Err(CrossingError::Bounds { index: 1 });
    assert_eq!(crossing(&[(0.0, 1.0), (2.0, 1.0)], 1.0), bounds);
}

#[test]
fn a_gap_is_unknown_and_not_zero() {
    let passed = |counts: &[Option<f64>]| crossing(&amounts(counts).unwrap(), 10.0).unwrap();
    let seen = |after, by| Crossing::Seen { after, by };
    let some = |counts: [f64; 5]| counts.map(Some);
    assert_eq!(passed(&some([0.0, 4.0, 5.0, 6.0, 9.0])), seen(Some(2), 3));
    assert_eq!(
        passed(&some([0.0, 0.0, 1.0, 1.0, 2.0])),
        Crossing::NotYet { at: 4 }
    );
    // Eight may have passed unseen: it may have begun then, and surely has later.
    let gap = [Some(0.0), Some(4.0), None, Some(8.0), Some(3.0)];
    assert_eq!(passed(&gap), seen(Some(1), 3));
    let still = [Some(0.0), Some(4.0), None, None, Some(5.0)];
    assert_eq!(passed(&still), Crossing::NotYet { at: 2 });
    assert_eq!(passed(&[None, Some(20.0)]), seen(None, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whatever had passed in the gaps, within their bounds, the true day lies where it is said to.
    #[test]
    fn any_fill_of_the_gaps_passes_within_the_bounds(
        counts in prop::collection::vec((prop::option::of(0..9_u8), 0.0..=1.0_f64), 1..12), threshold in 1..40_u8,
    ) {
        let (given, fill): (Vec<_>, Vec<_>) = counts.into_iter().unzip();
        let given: Vec<Option<f64>> = given.into_iter().map(|count| count.map(f64::from)).collect();
        let Some(bounds) = amounts(&given) else { return Ok(()); };
        let threshold = f64::from(threshold);
        let mut sum = 0.0;
        let truth = bounds.iter().zip(fill).position(|(&(least, most), share)| {
            sum += least + share * (most - least);
            sum >= threshold
        });
        match crossing(&bounds, threshold).unwrap() {
            Crossing::Seen { after, by } => {
                let truth = truth.unwrap();
                prop_assert!(truth <= by && after.is_none_or(|after| truth > after));
            }
            Crossing::NotYet { at } => prop_assert!(truth.is_none_or(|truth| truth > at)),
            Crossing::Unknown => {}
        }
    }
}
