use proptest::prelude::*;

use super::*;
use crate::hotspot::{local_g, local_g_star};
use crate::permute::{PermuteError, PooledNull, Side, space_time_p_values};
use crate::testing::{close, lattice, line};
use crate::units::Seed;

const COMPARATORS: [Comparator; 3] = [Comparator::Cube, Comparator::Window, Comparator::Slice];

fn params(window_steps: usize, comparator: Comparator, form: Form) -> SpaceTimeParams {
    SpaceTimeParams {
        window_steps,
        comparator,
        form,
    }
}

/// What a bin is compared with and what is around it, itself left out, as bins.
fn by_definition(
    observed: &[bool],
    n_steps: usize,
    graph: &Neighbours,
    bin: usize,
    params: SpaceTimeParams,
) -> (Vec<usize>, Vec<usize>) {
    let (cell, step) = (bin / n_steps, bin % n_steps);
    let first = (step + 1).saturating_sub(params.window_steps);
    let in_window = |other: usize| (first..=step).contains(&(other % n_steps));
    let others = || (0..observed.len()).filter(|&other| observed[other] && other != bin);
    let compared = others().filter(|&other| match params.comparator {
        Comparator::Cube => true,
        Comparator::Window => in_window(other),
        Comparator::Slice => other % n_steps == step,
    });
    let near = |other: usize| {
        other / n_steps == cell
            || graph
                .of(cell)
                .iter()
                .any(|&j| j as usize == other / n_steps)
    };
    let around = others().filter(|&other| near(other) && in_window(other));
    (compared.collect(), around.collect())
}

fn brute(values: &[f64], bin: usize, sets: (Vec<usize>, Vec<usize>), form: Form) -> Option<f64> {
    let (mut compared, mut around) = sets;
    if form == Form::Star {
        compared.push(bin);
        around.push(bin);
    }
    let n = real(compared.len());
    let mean = compared.iter().map(|&j| values[j]).sum::<f64>() / n;
    let squares = compared.iter().map(|&j| (values[j] - mean).powi(2));
    let sd = (squares.sum::<f64>() / n).sqrt();
    let weight = real(around.len());
    let sum: f64 = around.iter().map(|&j| values[j]).sum();
    let spread = sd * ((n * weight - weight * weight) / (n - 1.0)).sqrt();
    (spread > 1e-9).then(|| (sum - mean * weight) / spread)
}

proptest! {
    #[test]
    fn scores_are_those_of_the_formula_bin_by_bin(
        counts in prop::collection::vec(0_u32..5, 9 * 5),
        observed in prop::collection::vec(prop::bool::weighted(0.85), 9 * 5),
        window_steps in 1_usize..7,
    ) {
        let values: Vec<f64> = counts.iter().map(|&count| f64::from(count)).collect();
        let graph = lattice(3, 3);
        for comparator in COMPARATORS {
            for form in [Form::Star, Form::Plain] {
                let params = params(window_steps, comparator, form);
                let z = space_time_g(&values, &observed, 5, &graph, params);
                if comparator == Comparator::Slice && window_steps > 1 {
                    prop_assert_eq!(z, Err(SpaceTimeError::BeyondSlice { window_steps }));
                    continue;
                }
                for (bin, z) in z.unwrap().into_iter().enumerate() {
                    let sets = by_definition(&observed, 5, &graph, bin, params);
                    let want = brute(&values, bin, sets, form).filter(|_| observed[bin]);
                    prop_assert_eq!(z.is_some(), want.is_some(), "{} {:?} {:?}", bin, z, want);
                    if let (Some(z), Some(want)) = (z, want) {
                        close(z, want, 1e-9);
                    }
                }
            }
        }
    }

    #[test]
    fn a_slice_of_one_step_is_the_map_of_that_step(
        values in prop::collection::vec(-9.0..9.0, 12 * 4),
        observed in prop::collection::vec(prop::bool::weighted(0.9), 12 * 4),
        comparator in prop::sample::select(vec![Comparator::Window, Comparator::Slice]),
    ) {
        let graph = lattice(4, 3);
        let star = params(1, comparator, Form::Star);
        let star = space_time_g(&values, &observed, 4, &graph, star).unwrap();
        let plain = params(1, comparator, Form::Plain);
        let plain = space_time_g(&values, &observed, 4, &graph, plain).unwrap();
        for t in 0..4 {
            let step: Vec<f64> = values.iter().skip(t).step_by(4).copied().collect();
            let seen: Vec<bool> = observed.iter().skip(t).step_by(4).copied().collect();
            let maps = [
                (&star, local_g_star(&step, &seen, &graph).unwrap()),
                (&plain, local_g(&step, &seen, &graph).unwrap()),
            ];
            for (cube, map) in maps {
                for (cell, want) in map.into_iter().enumerate() {
                    let got = cube[cell * 4 + t];
                    prop_assert_eq!(got.is_some(), want.is_some());
                    close(got.unwrap_or(0.0), want.unwrap_or(0.0), 1e-9);
                }
            }
        }
    }
}

/// The share of draws that reach a sum, for one bin, from draws of its own.
fn brute_p(values: &[f64], sets: (Vec<usize>, Vec<usize>), seed: u64) -> f64 {
    use rand::seq::SliceRandom;
    let (mut pool, around) = sets;
    let own: f64 = around.iter().map(|&j| values[j]).sum();
    let mut rng = Seed(seed).stream(crate::units::Purpose::BruteForceNull, 0);
    let draws = 4_000_u32;
    let reach = |_: &u32| {
        let (drawn, _) = pool.partial_shuffle(&mut rng, around.len());
        drawn.iter().map(|&j| values[j]).sum::<f64>() >= own - 1e-9
    };
    f64::from(1 + u32::try_from((0..draws).filter(reach).count()).unwrap()) / f64::from(1 + draws)
}

#[test]
fn pooled_p_values_agree_with_draws_of_each_bin() {
    let graph = lattice(6, 6);
    let values: Vec<f64> = (0..36 * 4).map(|bin| f64::from(bin * bin % 13)).collect();
    let observed: Vec<bool> = (0..36 * 4).map(|bin| bin % 11 != 3).collect();
    let null = PooledNull {
        draws: 40_000,
        side: Side::Upper,
    };
    for (comparator, window) in [
        (COMPARATORS[0], 2),
        (COMPARATORS[1], 2),
        (COMPARATORS[2], 1),
    ] {
        let params = params(window, comparator, Form::Star);
        let p = space_time_p_values(&values, &observed, 4, &graph, params, (null, Seed(2)));
        let mut chi = Vec::new();
        for (bin, p) in p.unwrap().into_iter().enumerate().skip(1).step_by(5) {
            assert_eq!(p.is_some(), observed[bin]);
            let Some(p) = p else { continue };
            let sets = by_definition(&observed, 4, &graph, bin, params);
            let own = brute_p(&values, sets, bin as u64);
            let variance = p * (1.0 - p) * (1.0 / 4_000.0 + 1.0 / 30_000.0) + 1e-7;
            chi.push((p - own).powi(2) / variance);
        }
        // Mean of about 26 chi-squared numbers: 1, sd sqrt(2 / 26); four of them.
        let mean = chi.iter().sum::<f64>() / real(chi.len());
        assert!(
            mean < 1.0 + 4.0 * (2.0 / real(chi.len())).sqrt(),
            "{comparator:?} {mean}"
        );
    }
}

#[test]
fn a_busy_season_heats_a_cube_and_not_a_window() {
    let values: Vec<f64> = (0..20)
        .flat_map(|cell| (0..6).map(move |t| f64::from(t / 5 * 9 + cell % 3)))
        .collect();
    let hot = |comparator| {
        let params = params(1, comparator, Form::Star);
        let z = space_time_g(&values, &[true; 120], 6, &lattice(5, 4), params).unwrap();
        z.into_iter()
            .filter(|z| z.is_some_and(|z| z > 1.96))
            .count()
    };
    assert_eq!(hot(Comparator::Cube), 20);
    assert_eq!(hot(Comparator::Window), 0);
}

#[test]
fn faulty_windows_and_values_are_errors() {
    let cube = |values: &[f64], window, comparator| {
        let params = params(window, comparator, Form::Star);
        space_time_g(values, &[true; 4], 2, &line(2), params)
    };
    let none = cube(&[0.0; 4], 0, Comparator::Cube);
    assert_eq!(none, Err(SpaceTimeError::NoWindow));
    let wrong = cube(&[0.0, f64::NAN, 0.0, 0.0], 1, Comparator::Cube);
    assert_eq!(wrong, Err(LocalGError::NotFinite { index: 1 }.into()));
    let short = cube(&[0.0; 3], 1, Comparator::Cube).unwrap_err();
    assert_eq!(short.to_string(), "3 values where 4 are needed");
    assert_eq!(cube(&[2.0; 4], 2, Comparator::Cube), Ok(vec![None; 4]));
    let null = PooledNull {
        draws: 9,
        side: Side::Upper,
    };
    let params = params(2, Comparator::Slice, Form::Star);
    let p = space_time_p_values(&[0.0; 4], &[true; 4], 2, &line(2), params, (null, Seed(1)));
    let beyond = SpaceTimeError::BeyondSlice { window_steps: 2 };
    assert_eq!(p, Err(PermuteError::Cube(beyond)));
}

#[test]
fn thread_counts_change_nothing() {
    let values: Vec<f64> = (0..36 * 4).map(|bin| f64::from(bin * bin % 13)).collect();
    let null = PooledNull {
        draws: 20_000,
        side: Side::TwoSided,
    };
    for comparator in [Comparator::Cube, Comparator::Window] {
        let runs = [1, 3].map(|threads| {
            crate::threads::limited(std::num::NonZeroUsize::new(threads).unwrap(), || {
                let params = params(3, comparator, Form::Star);
                let null = (null, Seed(1));
                space_time_p_values(&values, &[true; 144], 4, &lattice(6, 6), params, null)
            })
        });
        assert_eq!(runs[0], runs[1]);
    }
}
