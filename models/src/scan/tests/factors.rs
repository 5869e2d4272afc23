//! Places whose rate is known up to a factor that all their steps share.

use rand::Rng;
use rand_distr::{Gamma, Poisson};

use super::super::model::prepare;
use super::*;
use crate::surge::exceedance;
use crate::testing::close;
use crate::units::Purpose;

const STEPS: usize = 4;
const CELLS: usize = 16;
const RECENT: Windows = Windows::Prospective { max_steps: 3 };

fn expectation() -> Vec<f64> {
    let bins = (0..CELLS).flat_map(|cell| (0..STEPS).map(move |step| (cell, step)));
    bins.map(|(cell, step)| (0.2 + 0.6 * real(cell % 4)) * (1.0 + real(step) / 5.0))
        .collect()
}

/// Some places are sure, some have years of their own.
fn variances() -> Vec<f64> {
    (0..CELLS).map(|cell| 0.3 * real(cell % 3)).collect()
}

/// Counts of a world in which nothing is going on, by another way than the null is drawn.
fn quiet(world: u64, expected: &[f64], variances: &[f64]) -> Vec<u32> {
    let mut rng = Seed(world).stream(Purpose::SynthIncidents, 8);
    let mut counts = Vec::new();
    for (row, &variance) in expected.chunks(STEPS).zip(variances) {
        let factor = if variance > 0.0 {
            rng.sample(Gamma::new(1.0 / variance, variance).unwrap())
        } else {
            1.0
        };
        for mean in row {
            counts.push(rng.sample(Poisson::new((mean * factor).max(1e-300)).unwrap()));
        }
    }
    whole_numbers(&counts)
}

/// Of 400 quiet worlds so many have `p <= 0.05`.
fn alarms(model: Model<'_>) -> usize {
    let zones = Zones::plane_discs(&square(4), Limit::share(&[1.0; CELLS], 0.4)).unwrap();
    let scanning = Scanning {
        windows: RECENT,
        replicates: 59,
        ..ONCE
    };
    let (expected, variances) = (expectation(), variances());
    let p = |world: u64| {
        let counts = quiet(world, &expected, &variances);
        let found = scan(&counts, model, &zones, &scanning, Seed(world)).unwrap();
        found.clusters.first().map_or(1.0, |cluster| cluster.p)
    };
    (0..400).filter(|&world| p(world) <= 0.05).count()
}

/// 9 to 31 is where 99 % of such numbers fall.
#[test]
fn quiet_worlds_alarm_at_the_nominal_rate_and_too_often_where_steps_are_taken_as_independent() {
    let (expected, variances) = (&expectation()[..], &variances()[..]);
    let shared = Model::PoissonGamma {
        expected,
        factor_variance: variances,
    };
    let found = alarms(shared);
    assert!((9..=31).contains(&found), "{found} of 400");
    // One ratio of variance to mean for every cell and step, that of single steps.
    let excess = |bin: usize| variances[bin / STEPS] * expected[bin] * expected[bin];
    let excess: f64 = (0..expected.len()).map(excess).sum();
    let apart = Model::NegativeBinomial {
        expected,
        variance_to_mean: 1.0 + excess / expected.iter().sum::<f64>(),
    };
    let found = alarms(apart);
    assert!(found > 31, "{found} of 400");
}

/// Mean, variance and covariance of what a cell counts in two steps, and the law of its sum.
#[test]
fn the_null_is_negative_binomial_by_cell_and_correlated_over_its_steps() {
    let zones = Zones::plane_discs(&square(4), Limit::size(0.0)).unwrap();
    let (expected, factor_variance) = (expectation(), variances());
    let model = Model::PoissonGamma {
        expected: &expected,
        factor_variance: &factor_variance,
    };
    let scanning = Scanning {
        windows: RECENT,
        ..ONCE
    };
    let counts = quiet(1, &expected, &factor_variance);
    let (field, null) = prepare(&counts, model, &zones, &scanning, &[]).unwrap();
    let n_slots = field.frame.n_slots;
    // A cell with the largest variance, and what its last two steps expect.
    let cell = 11;
    assert!(factor_variance[cell] > 0.5);
    let [m1, m0] = [STEPS - 2, STEPS - 1].map(|step| expected[cell * STEPS + step]);
    let whole: f64 = expected[cell * STEPS + 1..(cell + 1) * STEPS].iter().sum();
    let draws = 40_000_u32;
    let (mut sum, mut square, mut product, mut high) = (0.0, 0.0, 0.0, 0.0);
    for index in 0..u64::from(draws) {
        let mut rng = Seed(4).stream(Purpose::ScanReplicate, index);
        let mut slots = vec![0.0; n_slots];
        null.draw(&mut rng, &mut Vec::new(), |bin, size| {
            if bin / n_slots == cell {
                slots[bin % n_slots] += f64::from(size);
            }
        });
        sum += slots[0];
        square += (slots[0] - m0).powi(2);
        product += (slots[0] - m0) * (slots[1] - m1);
        high += f64::from(slots.iter().sum::<f64>() >= 12.0);
    }
    let n = f64::from(draws);
    let variance = factor_variance[cell];
    close(sum / n, m0, 0.03);
    close(square / n, m0 + variance * m0 * m0, 0.06);
    close(product / n, variance * m0 * m1, 0.06);
    let tail = exceedance(12.0, whole, whole + variance * whole * whole).unwrap();
    let error = 4.0 * (tail * (1.0 - tail) / n).sqrt();
    assert!((high / n - tail).abs() <= error, "{} not {tail}", high / n);
}

#[test]
fn without_factors_it_is_the_expectation_based_scan_and_faulty_variances_are_refused() {
    let zones = Zones::plane_discs(&square(4), Limit::share(&[1.0; CELLS], 0.4)).unwrap();
    let expected = &expectation()[..];
    let counts = quiet(2, expected, &[0.0; CELLS]);
    let scanning = Scanning {
        windows: RECENT,
        replicates: 39,
        ..ONCE
    };
    let of = |factor_variance: &[f64]| {
        let model = Model::PoissonGamma {
            expected,
            factor_variance,
        };
        scan(&counts, model, &zones, &scanning, Seed(1))
    };
    let plain = scan(
        &counts,
        Model::Expectation { expected },
        &zones,
        &scanning,
        Seed(1),
    );
    let (sure, plain) = (of(&[0.0; CELLS]).unwrap(), plain.unwrap());
    close(sure.clusters[0].llr, plain.clusters[0].llr, 1e-12);
    assert_eq!(sure.clusters[0].cells, plain.clusters[0].cells);
    let mut faulty = [0.0; CELLS];
    faulty[3] = -0.1;
    assert_eq!(of(&faulty), Err(ScanError::FactorVariance { index: 3 }));
    faulty[3] = f64::INFINITY;
    assert_eq!(of(&faulty), Err(ScanError::FactorVariance { index: 3 }));
    assert!(matches!(of(&[0.1; 3]), Err(ScanError::Length(_))));
}
