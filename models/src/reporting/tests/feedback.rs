//! A patrol that learns from what it finds (Ensign et al. 2018), for a thousand nights.

use rand::Rng;

use super::super::*;
use crate::units::{Purpose, Seed};

const NIGHTS: u32 = 1000;
/// Share of nights on which the patrol goes anywhere at random.
const EXPLORATION: f64 = 0.15;
const CAP: f64 = 20.0;
/// Probability that a visit finds something, the same everywhere: the truths are equal.
const TRUTH: f64 = 0.8;

/// Shares of two places in what was learned. Every night one place is visited, with the probability that
/// what is known so far gives it, and what is found there is learned.
fn learned(index: u64, exploration: f64, weighted: bool) -> [f64; 2] {
    let mut rng = Seed(3).stream(Purpose::FeedbackSimulation, index);
    let (mut places, mut visited): (Vec<usize>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut sums = [1.0, 1.0];
    for _ in 0..NIGHTS {
        let share = sums[0] / (sums[0] + sums[1]);
        let first = (1.0 - exploration) * share + exploration / 2.0;
        let place = usize::from(!rng.random_bool(first));
        if rng.random_bool(TRUTH) {
            let pi = if place == 0 { first } else { 1.0 - first };
            places.push(place);
            visited.push(pi);
            sums[place] += if weighted { (1.0 / pi).min(CAP) } else { 1.0 };
        }
    }
    // What enters learning, as the engine weighs it: all discoveries at once.
    let weights = if weighted {
        discovery_weights(&visited, CAP).unwrap()
    } else {
        vec![1.0; places.len()]
    };
    let of = |place: usize| -> f64 {
        let known = places.iter().zip(&weights).filter(|(at, _)| **at == place);
        known.map(|(_, weight)| weight).sum()
    };
    let (first, second) = (of(0), of(1));
    [first / (first + second), second / (first + second)]
}

#[test]
fn equal_truths_stay_equal_with_weights_and_drift_without() {
    let worlds = 0..200;
    let off = |weighted, exploration| -> Vec<f64> {
        let shares = worlds.clone().map(|i| learned(i, exploration, weighted)[0]);
        shares.map(|share| (share - 0.5).abs()).collect()
    };
    let within = |off: &[f64]| off.iter().filter(|&&off| off <= 0.05).count();
    let weighted = off(true, EXPLORATION);
    assert!(within(&weighted) >= 196, "{} of 200", within(&weighted));
    let drifting = off(false, EXPLORATION);
    assert!(within(&drifting) <= 120, "{} of 200", within(&drifting));
    // Without exploration it is Polya's urn from one ball each: any share is equally likely in the end, with
    // a mean distance from a half of 1/4.
    let urn = off(false, 0.0);
    let mean = urn.iter().sum::<f64>() / 200.0;
    assert!((mean - 0.25).abs() < 0.04, "{mean}");
    assert!(within(&urn) <= 40, "{} of 200", within(&urn));
}

#[test]
fn weights_are_inverse_probabilities_up_to_the_cap_with_a_mean_of_one() {
    let weights = discovery_weights(&[0.5, 0.25, 0.01], 10.0).unwrap();
    let raw = [2.0, 4.0, 10.0];
    for (weight, raw) in weights.iter().zip(raw) {
        assert!((weight - raw * 3.0 / 16.0).abs() < 1e-12);
    }
    assert_eq!(discovery_weights(&[], 5.0), Ok(vec![]));
    let refused = discovery_weights(&[0.5, 0.0], 5.0);
    assert_eq!(refused, Err(FeedbackError::Probability { index: 1 }));
    assert_eq!(discovery_weights(&[0.5], 0.9), Err(FeedbackError::Cap));
}
