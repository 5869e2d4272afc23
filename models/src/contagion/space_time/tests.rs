use rand::Rng;
use rand_distr::{Exp, Poisson};

use super::super::{History, HistoryError, WhySeasonal};
use super::rounds::{Estimate, sums};
use super::*;
use crate::testing::{close, number, numbers, reference};
use crate::units::{LengthMismatch, Purpose, Seed, compact, real};

type Near = Vec<Vec<(u32, f64)>>;

fn near(xy: &[(f64, f64)], reach_km: f64) -> Near {
    let km = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).hypot(a.1 - b.1);
    let of = |&here: &(f64, f64)| {
        let all = xy.iter().map(|&there| km(here, there));
        let numbered = (0_u32..).zip(all);
        numbered.filter(|&(_, km)| km <= reach_km).collect()
    };
    xy.iter().map(of).collect()
}

fn case() -> (serde_json::Value, SpaceTimeHistory) {
    let case = reference("hawkes_space_time");
    let xy = case["xy"].as_array().unwrap().iter();
    let xy: Vec<_> = xy.map(|xy| (number(&xy[0]), number(&xy[1]))).collect();
    let places = case["places"].as_array().unwrap().iter();
    let places: Vec<u32> = places
        .map(|place| compact(usize::try_from(place.as_u64().unwrap()).unwrap()))
        .collect();
    let range = numbers(&case["sigma_km"]);
    let history = SpaceTimeHistory::new(
        History::new(numbers(&case["times"]), numbers(&case["season"])).unwrap(),
        &places,
        &numbers(&case["background"]),
        &near(&xy, number(&case["reach_km"])),
        (range[0], range[1]),
    );
    (case, history.unwrap())
}

#[test]
fn likelihood_and_gradient_are_those_of_the_double_sum() {
    let (case, history) = case();
    for point in case["points"].as_array().unwrap() {
        let at = numbers(&point["at"]);
        let rate = Hawkes::new(at[0], at[1], at[2]).unwrap();
        let rate = SpaceTimeHawkes::new(rate, at[3]).unwrap();
        close(
            rate.log_likelihood(&history),
            number(&point["log_likelihood"]),
            1e-11,
        );
        let found = sums(
            &history,
            Estimate {
                mu: at[0],
                theta: at[1],
                decay: at[2],
                sigma: at[3],
                log_likelihood: 0.0,
            },
        );
        // What the expectation step sums is the gradient: Fisher's identity.
        let gradient = [
            found.background / at[0] - history.in_time().season_sum(),
            found.brought / at[1] - found.seen,
            found.brought / at[2] - found.waited - at[1] * found.cut,
            (found.far2 - found.expected2) / at[3].powi(3),
        ];
        for (got, want) in gradient.into_iter().zip(numbers(&point["gradient"])) {
            close(got, want, 1e-9);
        }
    }
}

#[test]
fn the_optimum_and_its_interval_agree_with_scipy() {
    let (case, history) = case();
    let SpaceTimeContagion::Excited(fit) = space_time_contagion(&history) else {
        panic!("no contagion");
    };
    let want = |name: &str| number(&case["fit"][name]);
    let in_time = fit.rate.in_time();
    close(in_time.mu() / want("mu"), 1.0, 1e-5);
    close(in_time.theta() / want("theta"), 1.0, 1e-5);
    close(in_time.decay() / want("decay"), 1.0, 1e-5);
    close(fit.rate.sigma_km() / want("sigma"), 1.0, 1e-5);
    close(fit.log_likelihood, want("log_likelihood"), 1e-9);
    close(fit.likelihood_ratio, want("likelihood_ratio"), 1e-6);
    close(fit.theta_lo, want("theta_lo"), 2e-5);
    close(fit.theta_hi, want("theta_hi"), 2e-5);
    assert!(!fit.decay_at_bound && !fit.sigma_at_bound);
}

/// A position, as likely as its weight.
fn pick(weights: &[f64], rng: &mut impl Rng) -> usize {
    let mut left = rng.random::<f64>() * weights.iter().sum::<f64>();
    let found = weights.iter().position(|weight| {
        left -= weight;
        left < 0.0
    });
    found.unwrap_or(0)
}

/// Seven by seven places, 12 km apart, with more on one side than on the other.
struct World {
    near: Near,
    background: Vec<f64>,
    season: Vec<f64>,
}

impl World {
    fn new() -> Self {
        let side = |i: u32| f64::from(i) * 12.0;
        let xy: Vec<_> = (0..49).map(|i| (side(i % 7), side(i / 7))).collect();
        Self {
            near: near(&xy, 40.0),
            background: (0..49).map(|i| 1.0 + f64::from(i % 7)).collect(),
            season: (0..700)
                .map(|d| 1.0 + 0.6 * (real(d) / 58.13).cos())
                .collect(),
        }
    }

    /// Families of events, as times and places.
    fn events(&self, rate: SpaceTimeHawkes, index: u64) -> Vec<(f64, u32)> {
        let in_time = rate.in_time();
        let mut rng = Seed(40).stream(Purpose::HawkesSimulation, index);
        let mut events = Vec::new();
        for (day, season) in self.season.iter().enumerate() {
            let n: f64 = rng.sample(Poisson::new(in_time.mu() * season).unwrap());
            for _ in 0..round(n) {
                let time = real(day) + rng.random::<f64>();
                events.push((time, compact(pick(&self.background, &mut rng))));
            }
        }
        let wait = Exp::new(in_time.decay()).unwrap();
        let brings = Poisson::new(in_time.theta()).ok();
        let mut parent = 0;
        while let (Some(&(time, place)), Some(brings)) = (events.get(parent), brings) {
            let list = &self.near[place as usize];
            let kernel = list
                .iter()
                .map(|(_, km)| f64::exp(-km * km / (2.0 * rate.sigma_km().powi(2))));
            let kernel: Vec<f64> = kernel.collect();
            let n: f64 = rng.sample(brings);
            for _ in 0..round(n) {
                let time = time + rng.sample(wait);
                if time < real(self.season.len()) {
                    events.push((time, list[pick(&kernel, &mut rng)].0));
                }
            }
            parent += 1;
        }
        events.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        events
    }

    fn history(&self, events: &[(f64, u32)], background: &[f64]) -> SpaceTimeHistory {
        let (times, places): (Vec<f64>, Vec<u32>) = events.iter().copied().unzip();
        let in_time = History::new(times, self.season.clone()).unwrap();
        SpaceTimeHistory::new(in_time, &places, background, &self.near, (3.0, 40.0)).unwrap()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a Poisson count is whole and at least 0"
)]
fn round(n: f64) -> u32 {
    n as u32
}

fn rate(theta: f64) -> SpaceTimeHawkes {
    SpaceTimeHawkes::new(Hawkes::new(0.5, theta, 0.15).unwrap(), 10.0).unwrap()
}

#[test]
fn known_rates_are_recovered() {
    let (world, truth) = (World::new(), rate(0.4));
    let (worlds, mut held) = (12, 0);
    let (mut theta, mut decay, mut sigma) = (0.0, 0.0, 0.0);
    for index in 0..worlds {
        let history = world.history(&world.events(truth, index), &world.background);
        let SpaceTimeContagion::Excited(fit) = space_time_contagion(&history) else {
            panic!("no contagion in world {index}");
        };
        held += usize::from((fit.theta_lo..=fit.theta_hi).contains(&0.4));
        theta += fit.rate.in_time().theta() / 12.0;
        decay += fit.rate.in_time().decay() / 12.0;
        sigma += fit.rate.sigma_km() / 12.0;
    }
    // 95 % of 12, and four standard errors of the means (single estimates: 0.04, 0.03, 1).
    assert!(held >= 9, "{held} of {worlds} intervals");
    close(theta, 0.4, 0.05);
    close(decay, 0.15, 0.04);
    close(sigma, 10.0, 0.12);
}

#[test]
fn places_left_out_come_back_as_contagion() {
    let (world, calm) = (World::new(), rate(0.0));
    let flat = vec![1.0; 49];
    let crowded = World {
        background: (0..49)
            .map(|i| if i % 7 == 0 { 20.0 } else { 1.0 })
            .collect(),
        ..World::new()
    };
    let claims = |history| {
        matches!(
            space_time_contagion(&history),
            SpaceTimeContagion::Excited(_)
        )
    };
    let claimed = (0..12)
        .filter(|&index| claims(world.history(&world.events(calm, index), &world.background)));
    let claimed = claimed.count();
    assert!(claimed <= 3, "{claimed} of 12 with the places");
    let missed =
        (0..6).filter(|&index| claims(crowded.history(&crowded.events(calm, index), &flat)));
    assert_eq!(missed.count(), 6, "without");
}

#[test]
fn a_fallback_says_why() {
    let world = World::new();
    let few = world.history(&[(1.0, 3), (2.0, 4)], &world.background);
    let mu = 2.0 / world.season.iter().sum::<f64>();
    let why = WhySeasonal::TooFewEvents { got: 2 };
    let SpaceTimeContagion::Seasonal { mu: got, why: said } = space_time_contagion(&few) else {
        panic!("two events bring none");
    };
    close(got, mu, 1e-12);
    assert_eq!(said, why);
    let none = world.history(&[], &world.background);
    let why = WhySeasonal::TooFewEvents { got: 0 };
    assert_eq!(
        space_time_contagion(&none),
        SpaceTimeContagion::Seasonal { mu: 0.0, why }
    );
}

/// Events on a lattice of days that no place shares twice: the likeliest is that they bring none, and a
/// fit goes there without end.
#[test]
fn a_fit_that_goes_to_none_says_none() {
    let world = World::new();
    let season = vec![1.0; 20_000];
    let (times, places): (Vec<f64>, Vec<u32>) = (0..196_u32)
        .map(|i| (f64::from(i) * 100.0 + 0.5, i * 24 % 49))
        .unzip();
    let in_time = History::new(times, season).unwrap();
    let flat = vec![1.0; 49];
    let history = SpaceTimeHistory::new(in_time, &places, &flat, &world.near, (3.0, 40.0));
    let SpaceTimeContagion::Seasonal { mu, why } = space_time_contagion(&history.unwrap()) else {
        panic!("nothing follows anything within its reach");
    };
    assert_eq!(why, WhySeasonal::NoneDetected);
    close(mu, 196.0 / 20_000.0, 1e-12);
}

#[test]
fn faulty_histories_and_rates_are_refused() {
    let near: Near = vec![vec![(0, 0.0), (1, 5.0)], vec![(1, 0.0), (0, 5.0)]];
    let of = |places: &[u32], background: &[f64], near: &Near, sigma| {
        let in_time = History::new(vec![1.0, 2.0], vec![1.0; 5]).unwrap();
        SpaceTimeHistory::new(in_time, places, background, near, sigma).map(|_| ())
    };
    let range = (1.0, 9.0);
    assert_eq!(of(&[0, 0], &[1.0, 0.0], &near, range), Ok(()));
    let (needed, got) = (2, 1);
    assert_eq!(
        of(&[0], &[1.0, 1.0], &near, range),
        Err(LengthMismatch { needed, got }.into())
    );
    assert_eq!(
        of(&[0, 2], &[1.0, 1.0], &near, range),
        Err(SpaceTimeHistoryError::Place { index: 1 })
    );
    let without = Err(SpaceTimeHistoryError::Background { place: 1 });
    assert_eq!(of(&[0, 1], &[1.0, 0.0], &near, range), without);
    assert_eq!(of(&[0, 0], &[1.0, f64::NAN], &near, range), without);
    for list in [
        vec![(1, 5.0)],
        vec![(0, 0.0), (1, 0.0)],
        vec![(0, 0.0), (2, 3.0)],
    ] {
        assert_eq!(
            of(&[0, 0], &[1.0, 1.0], &vec![list, Vec::new()], range),
            Err(SpaceTimeHistoryError::Near { place: 0 })
        );
    }
    for range in [(0.0, 1.0), (2.0, 2.0), (1.0, f64::INFINITY)] {
        assert_eq!(
            of(&[0, 1], &[1.0, 1.0], &near, range),
            Err(SpaceTimeHistoryError::Sigma)
        );
    }
    let in_time = Hawkes::new(1.0, 0.5, 0.1).unwrap();
    assert_eq!(
        SpaceTimeHawkes::new(in_time, 0.0),
        Err(InvalidSpaceTimeHawkes::Sigma)
    );
    assert!(matches!(
        History::new(vec![9.0], vec![1.0]),
        Err(HistoryError::Outside { .. })
    ));
}
