use std::f64::consts::TAU;

use proptest::prelude::*;

use super::super::*;
use crate::testing::{close, number, numbers, reference};
use crate::units::{Seed, real};

fn flat(days: usize) -> Vec<f64> {
    vec![1.0; days]
}

fn yearly(days: usize, depth: f64) -> Vec<f64> {
    let day = |d: usize| 1.0 + depth * (TAU * real(d) / 365.25).cos();
    (0..days).map(day).collect()
}

fn excited(history: &History) -> Excitation {
    match contagion(history) {
        Contagion::Excited(excitation) => excitation,
        Contagion::Seasonal { why, .. } => panic!("{why:?}"),
    }
}

#[test]
fn the_printed_rate_is_met() {
    let history = History::new(vec![1.0, 4.0, 5.5], flat(10)).unwrap();
    let rate = Hawkes::new(0.05, 0.4, 0.1).unwrap();
    close(rate.intensity(&history, 6.0).unwrap(), 0.145_060, 5e-7);
    close(rate.log_likelihood(&history), -8.796_739, 5e-8);
    close(rate.intensity(&history, 1.0).unwrap(), 0.05, 1e-15);
    assert_eq!(rate.intensity(&history, 10.0), None);
}

#[test]
fn fits_agree_with_scipy() {
    for case in reference("contagion")["fits"].as_array().unwrap() {
        let history = History::new(numbers(&case["times"]), numbers(&case["season"])).unwrap();
        let fit = excited(&history);
        let want = |name: &str| number(&case[name]);
        close(fit.rate.mu() / want("mu"), 1.0, 1e-5);
        close(fit.rate.theta() / want("theta"), 1.0, 1e-5);
        close(fit.rate.decay() / want("decay"), 1.0, 1e-5);
        close(fit.log_likelihood, want("log_likelihood"), 1e-9);
        close(fit.log_likelihood, fit.rate.log_likelihood(&history), 1e-12);
        close(fit.likelihood_ratio, want("likelihood_ratio"), 1e-6);
        close(fit.theta_lo, want("theta_lo"), 1e-5);
        close(fit.theta_hi, want("theta_hi"), 1e-5);
        assert!(!fit.decay_at_bound);
    }
}

/// Intervals at 95 % must hold what was put in, and estimates must not lean.
#[test]
fn known_rates_are_recovered() {
    let (truth, season) = (Hawkes::new(0.4, 0.4, 0.2).unwrap(), yearly(1100, 0.7));
    let (mut held, mut thetas, mut decays) = (0, 0.0, 0.0);
    let worlds = 40;
    for world in 0..worlds {
        let history = truth.simulate(&season, Seed(10), world).unwrap();
        let fit = excited(&history);
        held += usize::from((fit.theta_lo..=fit.theta_hi).contains(&truth.theta()));
        thetas += fit.rate.theta() / 40.0;
        decays += fit.rate.decay() / 40.0;
    }
    assert!(held >= 34, "{held} of {worlds} intervals");
    close(thetas, truth.theta(), 0.04);
    close(decays, truth.decay(), 0.05);
}

/// Dates are known to the day, and times within it are invented.
#[test]
fn rates_are_recovered_from_whole_days() {
    let (truth, season) = (Hawkes::new(0.4, 0.4, 0.15).unwrap(), yearly(1100, 0.7));
    let held = |world: u64| {
        let history = truth.simulate(&season, Seed(13), world).unwrap();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a time is at least 0 and below 1100"
        )]
        let days: Vec<u32> = history.times().iter().map(|&time| time as u32).collect();
        let fit = excited(&History::new(times_of_days(&days), season.clone()).unwrap());
        (fit.theta_lo..=fit.theta_hi).contains(&truth.theta())
    };
    let held = (0..40).filter(|&world| held(world)).count();
    assert!(held >= 34, "{held} of 40 intervals");
}

#[test]
fn a_season_left_out_comes_back_as_contagion() {
    let (calm, season) = (Hawkes::new(0.5, 0.0, 0.1).unwrap(), yearly(1100, 0.9));
    let (mut carried, mut missed) = (0, 0);
    for world in 0..20 {
        let history = calm.simulate(&season, Seed(11), world).unwrap();
        let claims = |history| matches!(contagion(&history), Contagion::Excited(_));
        missed += usize::from(claims(
            History::new(history.times().to_vec(), flat(1100)).unwrap(),
        ));
        carried += usize::from(claims(history));
    }
    assert!(carried <= 4, "{carried} of 20 with the season");
    assert!(missed >= 18, "{missed} of 20 without");
}

#[test]
fn a_fallback_says_why() {
    let few = History::new(vec![1.0, 2.0], flat(10)).unwrap();
    let why = WhySeasonal::TooFewEvents { got: 2 };
    assert_eq!(contagion(&few), Contagion::Seasonal { mu: 0.2, why });
    let none = History::new(Vec::new(), flat(10)).unwrap();
    let why = WhySeasonal::TooFewEvents { got: 0 };
    assert_eq!(contagion(&none), Contagion::Seasonal { mu: 0.0, why });
    let even: Vec<f64> = (0..120).map(|i| f64::from(i) * 2.0 + 0.5).collect();
    let even = History::new(even, flat(240)).unwrap();
    let why = WhySeasonal::NoneDetected;
    assert_eq!(contagion(&even), Contagion::Seasonal { mu: 0.5, why });
    // So far apart that what one could bring is no number any more.
    let far: Vec<f64> = (0..110).map(|i| f64::from(i) * 900.0 + 0.5).collect();
    let far = History::new(far, flat(110 * 900)).unwrap();
    let mu = 110.0 / 99_000.0;
    let found = contagion(&far);
    assert!(
        matches!(found, Contagion::Seasonal { mu: got, why: WhySeasonal::NoneDetected } if (got - mu).abs() < 1e-12),
        "{found:?}"
    );
    let growing: Vec<f64> = (1..400).map(|i| 200.0 * f64::from(i).ln() / 6.0).collect();
    let growing = History::new(growing, flat(200)).unwrap();
    let why = WhySeasonal::Explosive;
    let mu = 399.0 / 200.0;
    assert_eq!(contagion(&growing), Contagion::Seasonal { mu, why });
}

#[test]
fn events_of_one_day_are_spread_over_it() {
    assert_eq!(times_of_days(&[7, 2, 7]), [2.5, 7.25, 7.75]);
    assert_eq!(times_of_days(&[]), Vec::<f64>::new());
}

#[test]
fn faulty_histories_and_rates_are_refused() {
    let of = |times: &[f64], season: &[f64]| History::new(times.to_vec(), season.to_vec());
    assert_eq!(
        of(&[1.0, 1.0], &[1.0; 3]),
        Err(HistoryError::Order { index: 1 })
    );
    assert_eq!(
        of(&[3.0], &[1.0; 3]),
        Err(HistoryError::Outside { index: 0 })
    );
    assert_eq!(
        of(&[f64::NAN], &[1.0; 3]),
        Err(HistoryError::Outside { index: 0 })
    );
    assert_eq!(of(&[], &[1.0, -1.0]), Err(HistoryError::Season { day: 1 }));
    assert_eq!(
        of(&[1.5], &[1.0, 0.0]),
        Err(HistoryError::Unexpected { index: 0 })
    );
    assert_eq!(Hawkes::new(-1.0, 0.5, 0.1), Err(InvalidHawkes::Mu));
    assert_eq!(Hawkes::new(1.0, 1.0, 0.1), Err(InvalidHawkes::Theta));
    assert_eq!(Hawkes::new(1.0, 0.5, 0.0), Err(InvalidHawkes::Decay));
    let rate = Hawkes::new(1.0, 0.5, 0.1).unwrap();
    assert_eq!(rate.simulate(&[f64::NAN], Seed(1), 0), None);
}

#[test]
fn families_have_their_mean_size() {
    // Each background event brings 1 / (1 - theta) events in all.
    let rate = Hawkes::new(0.5, 0.6, 0.5).unwrap();
    let events: usize = (0..40)
        .map(|world| {
            rate.simulate(&flat(1000), Seed(12), world)
                .unwrap()
                .times()
                .len()
        })
        .sum();
    // Standard deviation of a total: sqrt(20000) / 0.4^1.5 = 559.
    close(real(events) / 50_000.0, 1.0, 0.04);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_one_pass_likelihood_is_the_double_sum(
        gaps in prop::collection::vec(0.01..3.0_f64, 1..30),
        mu in 0.01..2.0_f64, theta in 0.0..0.99_f64, decay in 0.02..1.0_f64,
    ) {
        let times: Vec<f64> = gaps
            .iter()
            .scan(0.0, |time, gap| {
                *time += gap;
                Some(*time)
            })
            .collect();
        let history = History::new(times.clone(), yearly(90, 0.5)).unwrap();
        let rate = Hawkes::new(mu, theta, decay).unwrap();
        let logs: f64 = times
            .iter()
            .map(|&time| rate.intensity(&history, time).unwrap().ln())
            .sum();
        let background: f64 = yearly(90, 0.5).iter().map(|season| mu * season).sum();
        let brought: f64 = times.iter().map(|t| theta * (1.0 - (-decay * (90.0 - t)).exp())).sum();
        close(rate.log_likelihood(&history), logs - background - brought, 1e-9);
    }
}
