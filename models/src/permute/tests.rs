use proptest::prelude::*;
use rand::Rng;
use rand_distr::{Distribution, Exp1};

use super::*;
use crate::testing::{close, lattice, line};
use crate::units::{Purpose, real};

const UPPER: PooledNull = PooledNull {
    draws: 999,
    side: Side::Upper,
};

/// Skewed values with a hot corner.
fn scene(columns: u32, rows: u32, heat: f64) -> Vec<f64> {
    let mut rng = Seed(42).stream(Purpose::PosteriorDraw, 0);
    (0..columns * rows)
        .map(|cell| {
            let hot = cell % columns < 4 && cell / columns < 4;
            let noise: f64 = Exp1.sample(&mut rng);
            noise + if hot { heat } else { 0.0 }
        })
        .collect()
}

fn defined(p: Vec<Option<f64>>) -> Vec<f64> {
    p.into_iter().map(Option::unwrap).collect()
}

/// Exact p-value by listing every set of two other cells.
fn exact_for_two_neighbours(values: &[f64], cell: usize, sum: f64) -> f64 {
    let others: Vec<f64> = (0..values.len())
        .filter(|&i| i != cell)
        .map(|i| values[i])
        .collect();
    let pairs: Vec<f64> = (0..others.len())
        .flat_map(|i| (0..i).map(move |j| (i, j)))
        .map(|(i, j)| others[i] + others[j])
        .collect();
    real(pairs.iter().filter(|&&pair| pair >= sum - 1e-9).count()) / real(pairs.len())
}

#[test]
fn a_pool_agrees_with_every_possible_draw() {
    let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
    let params = PooledNull {
        draws: 200_000,
        side: Side::Upper,
    };
    let p = pooled_p_values(&values, &[true; 8], &line(8), params, Seed(1)).unwrap();
    for cell in 1..7 {
        let exact = exact_for_two_neighbours(&values, cell, values[cell - 1] + values[cell + 1]);
        // Three quarters of the draws are without the cell; four standard errors.
        let error = (exact * (1.0 - exact) / 150_000.0).sqrt();
        close(p[cell].unwrap(), exact, 4.0 * error + 1e-5);
    }
}

#[test]
fn a_pool_agrees_with_brute_force_on_1000_cells() {
    let (values, graph) = (scene(40, 25, 1.0), lattice(40, 25));
    let pooled = PooledNull {
        draws: 1_000_000,
        side: Side::Upper,
    };
    let brute = PooledNull {
        draws: 2_000,
        side: Side::Upper,
    };
    let a = defined(pooled_p_values(&values, &[true; 1000], &graph, pooled, Seed(1)).unwrap());
    let b = defined(brute_force_p_values(&values, &[true; 1000], &graph, brute, Seed(2)).unwrap());
    let standardised = |(&a, &b): (&f64, &f64)| {
        (a - b) / (a * (1.0 - a) * (1.0 / 1_000_000.0 + 1.0 / 2_000.0)).sqrt()
    };
    // A normal approximation needs counts: leave out the cells at either end.
    let middle = a
        .iter()
        .zip(&b)
        .filter(|(a, _)| (0.005..0.995).contains(*a));
    let differences: Vec<f64> = middle.map(standardised).collect();
    let n = real(differences.len());
    let mean = differences.iter().sum::<f64>() / n;
    let sd = (differences.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    assert!(n > 900.0);
    // Cells share the pool, which holds a five-hundredth of the variance: three standard errors
    // of a mean with at most that correlation, and of a standard deviation.
    assert!(
        mean.abs() < 3.0 * (1.0 / n + 0.002_f64).sqrt(),
        "mean {mean}"
    );
    assert!((sd - 1.0).abs() < 3.0 / (2.0 * n).sqrt(), "sd {sd}");
}

/// At 18,906 cells 999 draws put no p-value below 0.001, which Benjamini-Hochberg at 5 % accepts from
/// 379 cells at that floor on only; a hot corner has a hundred.
#[test]
fn a_pool_finds_what_999_draws_cannot() {
    let (columns, rows) = (138, 137);
    let graph = lattice(columns, rows);
    let mut rng = Seed(3).stream(Purpose::PosteriorDraw, 0);
    let values: Vec<f64> = (0..columns * rows)
        .map(|cell| {
            let hot = cell % columns < 10 && cell / columns < 10;
            let noise: f64 = Exp1.sample(&mut rng);
            noise + if hot { 6.0 } else { 0.0 }
        })
        .collect();
    let observed = vec![true; values.len()];
    let found = |p: Vec<Option<f64>>| {
        let adjusted = crate::hotspot::benjamini_hochberg(&defined(p)).unwrap();
        adjusted.iter().filter(|&&p| p <= 0.05).count()
    };
    let pooled = PooledNull {
        draws: 1_000_000,
        side: Side::Upper,
    };
    let pooled = found(pooled_p_values(&values, &observed, &graph, pooled, Seed(1)).unwrap());
    let few = found(brute_force_p_values(&values, &observed, &graph, UPPER, Seed(1)).unwrap());
    assert_eq!(few, 0);
    assert!((60..140).contains(&pooled), "{pooled} cells");
}

#[test]
fn thread_counts_change_nothing() {
    let (values, graph) = (scene(20, 20, 1.0), lattice(20, 20));
    let params = PooledNull {
        draws: 30_000,
        side: Side::TwoSided,
    };
    let runs = [1, 2, 5].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| pooled_p_values(&values, &[true; 400], &graph, params, Seed(9)).unwrap())
    });
    assert_eq!(runs[0], runs[1]);
    assert_eq!(runs[0], runs[2]);
}

#[test]
fn exchangeable_values_are_rejected_at_the_nominal_rate() {
    let graph = lattice(8, 8);
    let params = PooledNull {
        draws: 399,
        side: Side::Upper,
    };
    let mut rng = Seed(3).stream(Purpose::PosteriorDraw, 1);
    let trials = 600;
    let mut rejected = 0;
    for trial in 0..trials {
        let values: Vec<f64> = (0..64).map(|_| rng.random::<f64>().powi(3)).collect();
        let p = pooled_p_values(&values, &[true; 64], &graph, params, Seed(trial)).unwrap();
        // One cell per trial: cells of one map are not independent.
        rejected += usize::from(p[27].unwrap() <= 0.05);
    }
    let n = 600.0_f64;
    assert!(
        (real(rejected) / n - 0.05).abs() < 4.0 * (0.05 * 0.95 / n).sqrt(),
        "{rejected}"
    );
}

#[test]
fn the_floor_is_one_over_the_draws_that_count() {
    let mut values = vec![0.0; 400];
    values[..3].fill(1.0);
    let p = pooled_p_values(&values, &[true; 400], &lattice(20, 20), UPPER, Seed(4)).unwrap();
    // The middle one of three hot cells on the edge: 1/1000 at best, more where draws held it.
    assert!((0.001..0.0015).contains(&p[1].unwrap()));
    assert!(p[399].unwrap() > 0.99);
}

#[test]
fn cells_without_a_null_have_no_p_value() {
    let observed = [true, false, true, true, true, false];
    let p = pooled_p_values(&[1.0; 6], &observed, &line(6), UPPER, Seed(1)).unwrap();
    assert_eq!(
        p.iter().map(Option::is_some).collect::<Vec<_>>(),
        [false, false, true, true, true, false]
    );
    let p = pooled_p_values(&[1.0, 2.0, 3.0], &[true; 3], &line(3), UPPER, Seed(1)).unwrap();
    assert_eq!(
        p.iter().map(Option::is_some).collect::<Vec<_>>(),
        [true, false, true]
    );
    let none = PooledNull {
        draws: 0,
        side: Side::Lower,
    };
    let error = pooled_p_values(&[1.0], &[true], &line(1), none, Seed(1)).unwrap_err();
    assert_eq!(error, PermuteError::NoDraws);
}

/// 3 x 0.1 is not 0.3 in floating point, and neither is 0.1 + 0.2; all are ties here.
#[test]
fn sums_that_differ_by_rounding_are_ties() {
    let mut values = vec![0.1; 12];
    values[5] = 0.2;
    values[6] = 0.0;
    let third: Vec<f64> = values.iter().map(|x| x / 3.0).collect();
    let graph = lattice(4, 3);
    let p = |values: &[f64]| pooled_p_values(values, &[true; 12], &graph, UPPER, Seed(1)).unwrap();
    let tenfold: Vec<f64> = values.iter().map(|x| (x * 10.0).round()).collect();
    assert_eq!(p(&values), p(&tenfold));
    assert_eq!(p(&third), p(&tenfold));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn p_values_are_probabilities_and_the_tails_overlap_by_their_ties(
        counts in prop::collection::vec(0_u32..4, 20),
        observed in prop::collection::vec(prop::bool::weighted(0.8), 20),
        seed in any::<u64>(),
    ) {
        let values: Vec<f64> = counts.iter().map(|&count| f64::from(count)).collect();
        let graph = lattice(5, 4);
        let p = |side| {
            let params = PooledNull { draws: 99, side };
            pooled_p_values(&values, &observed, &graph, params, Seed(seed)).unwrap()
        };
        let (upper, lower, both) = (p(Side::Upper), p(Side::Lower), p(Side::TwoSided));
        for cell in 0..20 {
            let (Some(high), Some(low), Some(two)) = (upper[cell], lower[cell], both[cell]) else {
                prop_assert_eq!((upper[cell], lower[cell], both[cell]), (None, None, None));
                continue;
            };
            prop_assert!(observed[cell]);
            prop_assert!(high > 0.0 && high <= 1.0 && low > 0.0 && low <= 1.0);
            prop_assert!(high + low > 1.0);
            close(two, (2.0 * high.min(low)).min(1.0), 1e-15);
        }
    }
}
