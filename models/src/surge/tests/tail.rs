use proptest::prelude::*;
use rand::Rng;

use crate::grid::Neighbours;
use crate::hotspot::benjamini_hochberg;
use crate::season::expected;
use crate::surge::exceedance;
use crate::testing::{close, lattice, number, reference};
use crate::units::{Purpose, Seed};

#[test]
fn tails_agree_with_scipy() {
    for case in reference("surge")["tails"].as_array().unwrap() {
        let [count, mean, variance] = ["count", "mean", "variance"].map(|name| number(&case[name]));
        let p = exceedance(count, mean, variance).unwrap();
        close(p / number(&case["p"]), 1.0, 1e-8);
    }
}

#[test]
fn what_cannot_be_judged_is_undefined() {
    assert_eq!(exceedance(0.0, 0.0, 0.0), Some(1.0));
    assert_eq!(exceedance(0.5, 0.0, 0.0), None);
    for (count, mean, variance) in [
        (-1.0, 1.0, 1.0),
        (1.0, -1.0, 1.0),
        (1.0, 1.0, f64::NAN),
        (f64::INFINITY, 1.0, 1.0),
    ] {
        assert_eq!(exceedance(count, mean, variance), None);
    }
}

proptest! {
    #[test]
    fn more_reports_are_never_likelier(
        mean in 0.001..50.0_f64, spread in 0.0..5.0_f64, count in 0.0..80.0_f64, step in 0.0..5.0_f64
    ) {
        let variance = mean * (1.0 + spread);
        let p = exceedance(count, mean, variance).unwrap();
        let further = exceedance(count + step, mean, variance).unwrap();
        prop_assert!((0.0..=1.0).contains(&p));
        prop_assert!(further <= p + 1e-12);
    }
}

/// Worlds in which nothing changed: gamma rates, Poisson counts, five past years, one window. The
/// whole chain (expectation, neighbourhood sums, tail, false discovery control at 5 %) must raise
/// something in at most 5 % of them, up to chance.
#[test]
fn worlds_without_a_surge_stay_quiet() {
    let (worlds, most) = (200, 18); // 18 of 200 or fewer at 5 %: 99 % of the time.
    let around = lattice(14, 14);
    let raised = (0..worlds).filter(|&world| raises(world, &around)).count();
    assert!(
        raised <= most,
        "{raised} of {worlds} quiet worlds raised something"
    );
}

fn raises(world: u64, around: &Neighbours) -> bool {
    let n = around.n_cells();
    let mut rng = Seed(world).stream(Purpose::SynthIncidents, 0);
    let rate = rand_distr::Gamma::new(0.5, 2.0).unwrap();
    let rates: Vec<f64> = (0..n).map(|_| 0.3 * rng.sample(rate)).collect();
    let mut counts = |weeks: f64| -> Vec<f64> {
        let count = |&rate: &f64| poisson(rate * weeks / 8.0, &mut rng);
        rates.iter().map(count).collect()
    };
    let (past, now) = (counts(40.0), counts(8.0));
    let season = expected(&past, &vec![40.0; n], &vec![8.0; n]).unwrap();
    let [count, mean, variance] =
        [&now, &season.mean, &season.variance].map(|column| around.sums(column).unwrap());
    let p: Vec<f64> = (0..n)
        .map(|i| exceedance(count[i], mean[i], variance[i]).unwrap())
        .collect();
    benjamini_hochberg(&p).unwrap().iter().any(|&p| p <= 0.05)
}

fn poisson(mean: f64, rng: &mut impl Rng) -> f64 {
    rand_distr::Poisson::new(mean.max(1e-12)).map_or(0.0, |law| rng.sample(law))
}
