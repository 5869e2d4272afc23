use proptest::prelude::*;

use super::*;
use crate::grid::components;
use crate::testing::{lattice, line};

#[test]
fn ties_go_to_the_lower_position() {
    let zones = grow(
        &line(5),
        &[true; 5],
        &[0.0, -0.0, 0.0, -0.0, 0.0],
        &[1.0; 5],
        2.0,
    )
    .unwrap();
    assert_eq!(zones, [vec![0, 1], vec![2, 3], vec![4]]);
}

#[test]
fn gain_counts_per_area() {
    let zones = grow(
        &line(3),
        &[true; 3],
        &[6.0, 1.0, 4.0],
        &[6.0, 1.0, 1.0],
        2.0,
    )
    .unwrap();
    assert_eq!(zones, [vec![1, 2], vec![0]]);
}

#[test]
fn a_smaller_cell_is_taken_where_the_best_does_not_fit() {
    let zones = grow(
        &line(3),
        &[true; 3],
        &[8.0, 5.0, 1.0],
        &[2.0, 1.0, 1.0],
        2.0,
    )
    .unwrap();
    assert_eq!(zones, [vec![1, 2], vec![0]]);
}

#[test]
fn faulty_input_is_refused() {
    let grown = |gain, area, budget| grow(&line(2), &[true; 2], &[1.0, gain], &[1.0, area], budget);
    assert_eq!(grown(f64::NAN, 1.0, 1.0), Err(GrowError::Gain { index: 1 }));
    assert_eq!(grown(1.0, 0.0, 1.0), Err(GrowError::Area { index: 1 }));
    assert_eq!(grown(1.0, 1.0, f64::NAN), Err(GrowError::MaxArea));
    assert!(matches!(
        grow(&line(2), &[true], &[], &[], 1.0),
        Err(GrowError::Length(_))
    ));
    assert_eq!(
        grow(&line(2), &[false; 2], &[1.0; 2], &[1.0; 2], 1.0),
        Ok(Vec::new())
    );
}

proptest! {
    #[test]
    fn zones_part_the_seeds_stay_whole_and_keep_the_budget(
        seeds in prop::collection::vec(prop::bool::weighted(0.7), 48),
        gain in prop::collection::vec(-2_i8..6, 48),
        area in prop::collection::vec(0.5..2.0, 48),
        budget in 0.4..9.0,
    ) {
        let graph = lattice(8, 6);
        let gain: Vec<f64> = gain.into_iter().map(f64::from).collect();
        let zones = grow(&graph, &seeds, &gain, &area, budget).unwrap();
        let mut covered: Vec<u32> = zones.concat();
        covered.sort_unstable();
        let wanted: Vec<u32> = (0..48).filter(|&cell| seeds[cell as usize]).collect();
        prop_assert_eq!(covered, wanted);
        for zone in zones {
            let mut keep = vec![false; 48];
            for &cell in &zone {
                keep[cell as usize] = true;
            }
            let size: f64 = zone.iter().map(|&cell| area[cell as usize]).sum();
            prop_assert_eq!(components(&graph, &keep).unwrap(), vec![zone.clone()]);
            prop_assert!(zone.len() == 1 || size <= budget + 1e-9);
        }
    }
}

#[test]
fn what_lies_along_a_way_is_an_axis_and_what_spreads_around_it_is_an_area() {
    // Three rows of five; the way is the middle row.
    let land = lattice(5, 3);
    let way = vec![5, 6, 7, 8, 9];
    let grown = |off_the_way: f64| {
        let gain: Vec<f64> = (0..15)
            .map(|cell| {
                if (5..10).contains(&cell) {
                    4.0
                } else {
                    off_the_way
                }
            })
            .collect();
        grow_along(
            &land,
            &[true; 15],
            &gain,
            &[1.0; 15],
            9.0,
            std::slice::from_ref(&way),
        )
        .unwrap()
    };
    let axis = &grown(1.0)[0];
    assert_eq!((axis.cells.clone(), axis.way), (way.clone(), Some(0)));
    // More off the way than on it.
    let area = &grown(5.0)[0];
    assert_eq!((area.cells.len(), area.way), (9, None));
}

#[test]
fn a_way_ends_where_it_leads_through_a_cell_that_is_no_seed() {
    let seeds = [true, true, false, true, true];
    let way = vec![0, 1, 2, 3, 4];
    let zones = grow_along(&line(5), &seeds, &[1.0; 5], &[1.0; 5], 5.0, &[way]).unwrap();
    let cells: Vec<_> = zones.iter().map(|zone| zone.cells.as_slice()).collect();
    assert_eq!(cells, [&[0, 1], &[3, 4]]);
    assert!(zones.iter().all(|zone| zone.way == Some(0)));
}

#[test]
fn a_budget_keeps_the_densest_part_of_a_way_and_one_cell_is_no_axis() {
    let gain = [1.0, 3.0, 5.0, 4.0, 1.0];
    let way = [vec![0, 1, 2, 3, 4], vec![1, 2, 3]];
    let zones = grow_along(&line(5), &[true; 5], &gain, &[1.0; 5], 3.0, &way).unwrap();
    assert_eq!(
        (zones[0].cells.as_slice(), zones[0].way),
        (&[1, 2, 3][..], Some(1))
    );
    assert_eq!((zones[1].cells.as_slice(), zones[1].way), (&[0][..], None));
}

#[test]
fn a_way_that_jumps_is_refused() {
    for way in [vec![0, 2], vec![4, 5]] {
        let grown = grow_along(
            &line(5),
            &[true; 5],
            &[1.0; 5],
            &[1.0; 5],
            3.0,
            &[vec![0, 1], way],
        );
        assert_eq!(grown, Err(GrowError::Way { index: 1 }));
    }
}
