use proptest::prelude::*;

use super::*;
use crate::testing::{all_close, close, lattice, line, numbers, reference};
use crate::units::compact;

fn defined(z: Vec<Option<f64>>) -> Vec<f64> {
    z.into_iter().map(Option::unwrap).collect()
}

#[test]
fn every_form_agrees_with_esda() {
    for (name, case) in reference("getis_ord").as_object().unwrap() {
        let values = numbers(&case["values"]);
        let lists: Vec<Vec<u32>> = serde_json::from_value(case["neighbours"].clone()).unwrap();
        let graph = Neighbours::from_lists(&lists).unwrap();
        let seen = vec![true; values.len()];
        let star = defined(local_g_star(&values, &seen, &graph).unwrap());
        all_close(&star, &numbers(&case["local_g_star"]), 1e-9);
        let plain = defined(local_g(&values, &seen, &graph).unwrap());
        all_close(&plain, &numbers(&case["local_g"]), 1e-9);
        let global = general_g(&values, &seen, &graph).unwrap().unwrap();
        close(global, case["general_g"].as_f64().unwrap(), 1e-9);
        if name == "six_points" {
            all_close(
                &[global, plain[0], star[0]],
                &[0.557_097_79, -1.013_672_9, -1.397_276_26],
                5e-8,
            );
        }
    }
}

#[test]
fn the_line_of_ten_has_its_printed_scores() {
    let values = [0.0, 0.0, 0.0, 1.0, 5.0, 7.0, 6.0, 1.0, 0.0, 0.0];
    let z = defined(local_g_star(&values, &[true; 10], &line(10)).unwrap());
    let printed = [
        -1.1180, -1.4639, -1.2199, 0.0, 1.7078, 2.9277, 1.9518, 0.2440, -1.2199, -1.1180,
    ];
    all_close(&z, &printed, 5e-5);
}

#[test]
fn unobserved_cells_leave_every_sum() {
    let short = local_g_star(&[1.0, 5.0, 2.0, 0.5], &[true; 4], &line(4)).unwrap();
    let values = [1.0, 5.0, 2.0, 0.5, f64::NAN, 99.0];
    let long = local_g_star(&values, &[true, true, true, true, false, false], &line(6)).unwrap();
    assert_eq!(long[..4], short[..]);
    assert_eq!(long[4..], [None, None]);
}

#[test]
fn equal_values_and_whole_neighbourhoods_are_undefined() {
    assert_eq!(
        local_g_star(&[0.1; 3], &[true; 3], &line(3)),
        Ok(vec![None; 3])
    );
    assert_eq!(local_g_star(&[7.0], &[true], &line(1)), Ok(vec![None]));
    let z = local_g_star(&[1.0, 2.0, 4.0], &[true; 3], &line(3)).unwrap();
    assert_eq!(
        z.iter().map(Option::is_some).collect::<Vec<_>>(),
        [true, false, true]
    );
    let z = local_g(&[0.1, 9.0, 0.1, 0.1], &[true; 4], &line(4)).unwrap();
    assert_eq!(
        z.iter().map(Option::is_some).collect::<Vec<_>>(),
        [true, false, true, true]
    );
    assert_eq!(general_g(&[0.0, 3.0], &[true; 2], &line(2)), Ok(None));
}

#[test]
fn faulty_input_is_an_error() {
    let error = local_g_star(&[1.0, f64::INFINITY], &[true; 2], &line(2)).unwrap_err();
    assert_eq!(error, LocalGError::NotFinite { index: 1 });
    let error = local_g_star(&[1.0; 3], &[true; 2], &line(3)).unwrap_err();
    assert_eq!(error.to_string(), "2 values where 3 are needed");
}

fn relabelled(graph: &Neighbours, to: &[usize]) -> Neighbours {
    let mut lists = vec![Vec::new(); to.len()];
    for (cell, &label) in to.iter().enumerate() {
        lists[label] = graph
            .of(cell)
            .iter()
            .map(|&j| compact(to[j as usize]))
            .collect();
    }
    Neighbours::from_lists(&lists).unwrap()
}

proptest! {
    #[test]
    fn relabelling_cells_relabels_scores(
        values in prop::collection::vec(-9.0..9.0, 20),
        to in Just((0..20).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let graph = lattice(5, 4);
        let mut moved = vec![0.0; 20];
        for (&value, &label) in values.iter().zip(&to) {
            moved[label] = value;
        }
        let before = defined(local_g_star(&values, &[true; 20], &graph).unwrap());
        let after = defined(local_g_star(&moved, &[true; 20], &relabelled(&graph, &to)).unwrap());
        for (cell, &label) in to.iter().enumerate() {
            close(after[label], before[cell], 1e-9);
        }
    }

    #[test]
    fn a_constant_and_a_scale_leave_scores(
        values in prop::collection::vec(-9.0..9.0, 20),
        constant in -1e3..1e3,
        scale in 0.1..10.0,
    ) {
        let graph = lattice(5, 4);
        let moved: Vec<f64> = values.iter().map(|x| scale * x + constant).collect();
        let before = defined(local_g_star(&values, &[true; 20], &graph).unwrap());
        let after = defined(local_g_star(&moved, &[true; 20], &graph).unwrap());
        all_close(&after, &before, 1e-6);
    }
}
