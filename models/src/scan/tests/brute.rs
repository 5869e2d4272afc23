use proptest::prelude::*;

use super::super::lane::LANES;
use super::super::model::{Field, prepare};
use super::super::null::Null;
use super::super::sweep::maxima;
use super::*;
use crate::testing::close;
use crate::units::Purpose;

const CELLS: usize = 16;
const STEPS: usize = 5;

/// A cube of counts recounted cylinder by cylinder: (llr, zone, first step, last step).
struct Recount<'a> {
    zones: &'a Zones,
    windows: Windows,
    min_cases: u32,
    llr: &'a dyn Fn(u64, f64) -> Option<f64>,
}

impl Recount<'_> {
    fn stretches(&self) -> Vec<(usize, usize)> {
        let all = (0..STEPS).flat_map(|first| (first..STEPS).map(move |last| (first, last)));
        let kept = all.filter(|&(first, last)| match self.windows {
            Windows::Spatial => (first, last) == (0, STEPS - 1),
            Windows::Prospective { max_steps } => last == STEPS - 1 && last - first < max_steps,
            Windows::Retrospective { max_steps } => last - first < max_steps,
        });
        kept.collect()
    }

    fn best(&self, counts: &[u32], expected: &[f64]) -> f64 {
        let mut best: f64 = 0.0;
        for zone in 0..self.zones.len() {
            for (first, last) in self.stretches() {
                let (mut cases, mut mean) = (0, 0.0);
                for cell in self.zones.cells(zone) {
                    for step in first..=last {
                        cases += u64::from(counts[cell as usize * STEPS + step]);
                        mean += expected[cell as usize * STEPS + step];
                    }
                }
                if cases >= u64::from(self.min_cases) {
                    best = best.max((self.llr)(cases, mean).unwrap_or(0.0));
                }
            }
        }
        best
    }
}

/// The counts of one replicate, step by step; steps outside every window get none.
fn replicate(field: &Field, null: &Null, index: u64) -> Vec<u32> {
    let mut slots = vec![0; CELLS * field.frame.n_slots];
    let mut rng = Seed(5).stream(Purpose::ScanReplicate, index);
    null.draw(&mut rng, &mut Vec::new(), |bin, size| slots[bin] += size);
    let mut counts = vec![0; CELLS * STEPS];
    for cell in 0..CELLS {
        for step in 0..STEPS {
            if let Some(slot) = field.frame.slot(step) {
                // All steps share the slot of a purely spatial scan: the first takes it.
                counts[cell * STEPS + step] +=
                    std::mem::take(&mut slots[cell * field.frame.n_slots + slot]);
            }
        }
    }
    counts
}

fn margins(counts: &[u32]) -> Vec<f64> {
    let total: f64 = counts.iter().map(|&count| f64::from(count)).sum();
    let of = |keep: &dyn Fn(usize) -> bool| -> f64 {
        let kept = (0..counts.len()).filter(|&bin| keep(bin));
        kept.map(|bin| f64::from(counts[bin])).sum()
    };
    let mean = |bin: usize| {
        of(&|other| other / STEPS == bin / STEPS) * of(&|other| other % STEPS == bin % STEPS)
            / total
    };
    (0..counts.len()).map(mean).collect()
}

/// Variance of the count of all cells over its mean, over the steps that some window holds.
fn overall_ratio(model: Model<'_>, windows: Windows) -> f64 {
    let Model::PoissonGamma {
        expected,
        factor_variance,
    } = model
    else {
        return f64::NAN;
    };
    let first = match windows {
        Windows::Prospective { max_steps } => STEPS - max_steps,
        _ => 0,
    };
    let (mut mean, mut variance) = (0.0, 0.0);
    for cell in 0..CELLS {
        let own: f64 = expected[cell * STEPS + first..(cell + 1) * STEPS]
            .iter()
            .sum();
        mean += own;
        variance += own + factor_variance[cell] * own * own;
    }
    variance / mean
}

/// Observed best and replicate maxima of one cube under one model, against recounting.
fn agrees(counts: &[u32], model: Model<'_>, zones: &Zones, windows: Windows, n: u64) {
    let scanning = Scanning {
        windows,
        min_cases: 2,
        replicates: 1,
        ..ONCE
    };
    let total: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    let scaled = |expected: &[f64]| -> Vec<f64> {
        let sum: f64 = expected.iter().sum();
        expected.iter().map(|e| e * whole(total) / sum).collect()
    };
    let given_total = |cases, mean| poisson_llr(cases, mean, total);
    let overdispersed = |cases, mean| negative_binomial_llr(cases, mean, 2.5);
    let of_factors = |cases, mean| {
        let ratio = overall_ratio(model, windows);
        negative_binomial_llr(cases, mean, ratio)
    };
    let (expected, llr): (Vec<f64>, &dyn Fn(u64, f64) -> Option<f64>) = match model {
        Model::Poisson { expected } => (scaled(expected), &given_total),
        Model::Expectation { expected } => (expected.to_vec(), &expectation_llr),
        Model::NegativeBinomial { expected, .. } => (expected.to_vec(), &overdispersed),
        Model::PoissonGamma { expected, .. } => (expected.to_vec(), &of_factors),
        Model::SpaceTimePermutation => (margins(counts), &given_total),
    };
    let recount = Recount {
        zones,
        windows,
        min_cases: 2,
        llr,
    };
    let found = scan(counts, model, zones, &scanning, Seed(5)).unwrap();
    let best = found.clusters.first().map_or(0.0, |cluster| cluster.llr);
    close(best, recount.best(counts, &expected), 1e-9);

    let (field, null) = prepare(counts, model, zones, &scanning, &[]).unwrap();
    for (index, got) in (0..n).zip(maxima(&field, &null, zones, Seed(5), 0..n)) {
        close(
            got,
            recount.best(&replicate(&field, &null, index), &expected),
            1e-9,
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn adding_up_equals_recounting(
        counts in prop::collection::vec(0_u32..4, CELLS * STEPS),
        means in prop::collection::vec(0.1..3.0_f64, CELLS * STEPS),
        max_steps in 1..STEPS,
        factor_variance in prop::collection::vec(0.0..2.0_f64, CELLS),
        which in 0..5_usize,
    ) {
        prop_assume!(counts.iter().sum::<u32>() > 0);
        let expected: &[f64] = &means;
        let models = [
            Model::Poisson { expected },
            Model::Expectation { expected },
            Model::NegativeBinomial { expected, variance_to_mean: 2.5 },
            Model::SpaceTimePermutation,
            Model::PoissonGamma { expected, factor_variance: &factor_variance },
        ];
        for windows in [
            Windows::Spatial,
            Windows::Prospective { max_steps },
            Windows::Retrospective { max_steps },
        ] {
            if (windows, which) != (Windows::Spatial, 3) {
                for zones in kinds_of_zones() {
                    agrees(&counts, models[which], &zones, windows, LANES as u64 + 3);
                }
            }
        }
    }
}

#[test]
fn expectations_may_span_any_range() {
    let zones = &kinds_of_zones()[0];
    let expected: Vec<f64> = (0..16 * 5_i32)
        .map(|bin| 3.0 * 10.0_f64.powi(-(bin * 7 % 40)))
        .collect();
    let expected = expected.as_slice();
    let counts: Vec<u32> = (0..16 * 5).map(|bin| u32::from(bin % 7 == 0)).collect();
    let overdispersed = Model::NegativeBinomial {
        expected,
        variance_to_mean: 2.5,
    };
    for model in [
        Model::Poisson { expected },
        Model::Expectation { expected },
        overdispersed,
    ] {
        for windows in [
            Windows::Prospective { max_steps: 3 },
            Windows::Retrospective { max_steps: 3 },
        ] {
            agrees(&counts, model, zones, windows, 40);
        }
    }
}

/// Sums beyond 16 bits: the wide lanes take over.
#[test]
fn large_counts_are_counted_too() {
    let zones = &kinds_of_zones()[0];
    let counts: Vec<u32> = (0..CELLS * STEPS)
        .map(|bin| 1_500 + u32::try_from(bin).unwrap() * 37 % 200)
        .collect();
    let expected = vec![1_600.0; CELLS * STEPS];
    let model = Model::Poisson {
        expected: &expected,
    };
    for windows in [Windows::Spatial, Windows::Retrospective { max_steps: 3 }] {
        agrees(&counts, model, zones, windows, 2);
    }
    let recent = Windows::Prospective { max_steps: 4 };
    agrees(&counts, Model::SpaceTimePermutation, zones, recent, 2);
}
