use std::num::NonZeroUsize;

use proptest::prelude::*;

use super::*;
use crate::hotspot::local_g_star;
use crate::testing::{lattice, line};
use crate::threads::limited;

/// One step of a cube.
fn step<T: Copy>(cube: &[T], n_steps: usize, t: usize) -> Vec<T> {
    cube.iter().skip(t).step_by(n_steps).copied().collect()
}

#[track_caller]
fn same_as_maps(values: &[f64], observed: &[bool], n_steps: usize, graph: &Neighbours) {
    let z = local_g_star_of_steps(values, observed, n_steps, graph).unwrap();
    let rows = local_g_star_by_cell(values, observed, n_steps, graph, <[_]>::to_vec).unwrap();
    assert_eq!(rows.concat(), z);
    for t in 0..n_steps {
        let (values, z) = (step(values, n_steps, t), step(&z, n_steps, t));
        let map = local_g_star(&values, &step(observed, n_steps, t), graph).unwrap();
        let highest = map
            .iter()
            .flatten()
            .fold(0.0_f64, |high, z| high.max(z.abs()));
        for (got, want) in z.iter().zip(map) {
            assert_eq!(got.is_some(), want.is_some());
            if let (Some(got), Some(want)) = (got, want) {
                assert!(
                    (got - want).abs() <= 1e-12 * highest.max(1.0),
                    "{got} {want}"
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn each_step_is_its_own_map(
        cells in prop::collection::vec((-9.0..9.0_f64, prop::bool::weighted(0.8)), 20 * 7),
        height in prop::sample::select(vec![0.0, 1e3]),
    ) {
        let values: Vec<f64> = cells.iter().map(|(x, _)| x + height).collect();
        let mut observed: Vec<bool> = cells.iter().map(|&(_, seen)| seen).collect();
        same_as_maps(&values, &observed, 7, &lattice(5, 4));
        observed[..10 * 7].fill(true);
        same_as_maps(&values, &observed, 7, &lattice(5, 4));
        same_as_maps(&values, &[true; 20 * 7], 7, &lattice(5, 4));
    }
}

#[test]
fn a_step_without_contrast_is_undefined_and_spoils_no_other() {
    let values = [0.1, 1.0, 0.1, 2.0, 0.1, 4.0, 0.1, 0.0];
    let z = local_g_star_of_steps(&values, &[true; 8], 2, &line(4)).unwrap();
    assert_eq!(step(&z, 2, 0), [None; 4]);
    assert!(step(&z, 2, 1).iter().all(Option::is_some));
    same_as_maps(&values, &[true; 8], 2, &line(4));
}

#[test]
fn what_is_not_observed_may_be_anything() {
    let values = [1.0, f64::NAN, 2.0, 5.0, 4.0, 1.0, 0.0, 2.0];
    let mut observed = [true; 8];
    observed[1] = false;
    let z = local_g_star_of_steps(&values, &observed, 2, &line(4)).unwrap();
    assert_eq!(z[1], None);
    same_as_maps(&values, &observed, 2, &line(4));
    let nothing = local_g_star_of_steps(&values, &[false; 8], 2, &line(4));
    assert_eq!(nothing, Ok(vec![None; 8]));
}

#[test]
fn the_number_of_threads_moves_no_digit() {
    let values: Vec<f64> = (0..400_u32 * 9)
        .map(|i| f64::from(i * i % 1013).sqrt())
        .collect();
    let z = |threads| {
        limited(NonZeroUsize::new(threads).unwrap(), || {
            local_g_star_of_steps(&values, &vec![true; values.len()], 9, &lattice(20, 20)).unwrap()
        })
    };
    assert_eq!(z(1), z(3));
}

#[test]
fn faulty_cubes_are_refused() {
    let error = local_g_star_of_steps(&[1.0; 7], &[true; 7], 2, &line(4)).unwrap_err();
    assert_eq!(error.to_string(), "7 values where 8 are needed");
    let mut values = [1.0; 8];
    values[5] = f64::INFINITY;
    let error = local_g_star_of_steps(&values, &[true; 8], 2, &line(4));
    assert_eq!(error, Err(LocalGError::NotFinite { index: 5 }));
    assert_eq!(local_g_star_of_steps(&[], &[], 0, &line(4)), Ok(Vec::new()));
    let lengths = local_g_star_by_cell(&[], &[], 0, &line(4), <[_]>::len);
    assert_eq!(lengths, Ok(vec![0; 4]));
}
