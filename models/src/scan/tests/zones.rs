use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::grid::{Grid, components};
use crate::testing::{disk, line};
use crate::units::{Coordinate, compact};

fn sets(zones: &Zones) -> BTreeSet<Vec<u32>> {
    let sets: BTreeSet<_> = (0..zones.len()).map(|zone| zones.cells(zone)).collect();
    assert_eq!(sets.len(), zones.len(), "zones must be distinct");
    sets
}

/// Every disc around every place, by its definition.
fn discs(places: &[[f64; 2]], weights: &[f64], share: f64, radius: f64) -> BTreeSet<Vec<u32>> {
    let total: f64 = weights.iter().sum();
    let mut found = BTreeSet::new();
    for [x, y] in places {
        for [u, v] in places {
            let reach = (x - u).hypot(y - v);
            let inside = |&i: &u32| {
                let [s, t] = places[i as usize];
                (x - s).hypot(y - t) <= reach * (1.0 + 1e-12)
            };
            let cells: Vec<u32> = (0..compact(places.len())).filter(inside).collect();
            let weight: f64 = cells.iter().map(|&i| weights[i as usize]).sum();
            if weight <= share * total * (1.0 + 1e-12) && reach <= radius * (1.0 + 1e-12) {
                found.insert(cells);
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn discs_are_the_sets_within_a_distance(
        places in prop::collection::vec((0_u8..6, 0_u8..6), 1..14),
        share in 0.2..1.0_f64,
        radius in 0.0..6.0_f64,
    ) {
        let places: Vec<[f64; 2]> =
            places.iter().map(|&(x, y)| [f64::from(x), f64::from(y)]).collect();
        let weights: Vec<f64> = (0..places.len()).map(|i| 1.0 + real(i % 4)).collect();
        let want = discs(&places, &weights, share, radius);
        match Zones::plane_discs(&places, Limit::share(&weights, share).and_size(radius)) {
            Ok(zones) => prop_assert_eq!(sets(&zones), want),
            Err(error) => {
                prop_assert_eq!(error, ZonesError::Empty);
                prop_assert!(want.is_empty());
            }
        }
    }
}

/// Connected sets of up to so many cells, by trying every set.
fn connected(graph: &Neighbours, most: u32) -> BTreeSet<Vec<u32>> {
    let n = graph.n_cells();
    (1_u32..1 << n)
        .filter(|set| set.count_ones() <= most)
        .map(|set| (0..n).map(|cell| set >> cell & 1 == 1).collect::<Vec<_>>())
        .filter(|keep| components(graph, keep).unwrap().len() == 1)
        .map(|keep| {
            (0..)
                .zip(keep)
                .filter(|&(_, kept)| kept)
                .map(|(cell, _)| cell)
                .collect()
        })
        .collect()
}

#[test]
fn segments_are_the_connected_sets() {
    let graph = lattice(4, 3);
    for most in 1..=5 {
        let limit = Limit::size(f64::from(most));
        let zones = Zones::segments(&graph, &[1.0; 12], Segments::Connected, limit, 10_000);
        assert_eq!(sets(&zones.unwrap()), connected(&graph, most));
    }
}

#[test]
fn paths_do_not_branch() {
    // A fork of three arms, two cells each, around cell 0.
    let lists = [
        vec![1, 3, 5],
        vec![0, 2],
        vec![1],
        vec![0, 4],
        vec![3],
        vec![0, 6],
        vec![5],
    ];
    let fork = Neighbours::from_lists(&lists).unwrap();
    let limit = Limit::size(7.0);
    let paths = sets(&Zones::segments(&fork, &[1.0; 7], Segments::Paths, limit, 100).unwrap());
    // One for every pair of ends, and every single cell.
    assert_eq!(paths.len(), 21 + 7);
    assert!(paths.contains(&vec![0, 1, 2, 3, 4]));
    assert!(!paths.contains(&vec![0, 1, 3, 5]));
    let all = sets(&Zones::segments(&fork, &[1.0; 7], Segments::Connected, limit, 100).unwrap());
    assert!(all.is_superset(&paths) && all.contains(&vec![0, 1, 3, 5]));
}

#[test]
fn a_segment_is_as_long_as_its_cells() {
    let (graph, lengths) = (line(4), [1.0, 5.0, 2.0, 2.0]);
    let zones = |most| Zones::segments(&graph, &lengths, Segments::Paths, Limit::size(4.0), most);
    let want: BTreeSet<_> = [vec![0], vec![2], vec![3], vec![2, 3]].into();
    assert_eq!(sets(&zones(10).unwrap()), want);
    assert_eq!(zones(3), Err(ZonesError::TooMany { most: 3 }));
}

#[test]
fn rings_grow_by_steps_and_repeat_nothing() {
    let grid = Grid::new(disk(2)).unwrap();
    let zones = Zones::rings(&grid, 4, Limit::size(4.0)).unwrap();
    // 19 cells, 19 first rings, and of the second rings 12 are not the whole area.
    let sizes: Vec<usize> = sets(&zones).iter().map(Vec::len).collect();
    assert_eq!(sizes.iter().filter(|&&size| size == 1).count(), 19);
    assert_eq!(sizes.iter().filter(|&&size| size == 7).count(), 7);
    assert_eq!(sizes.iter().filter(|&&size| size == 19).count(), 1);
    let one = Zones::rings(&grid, 4, Limit::share(&[1.0; 19], 0.2)).unwrap();
    assert!(sets(&one).iter().all(|cells| cells.len() <= 3));
}

#[test]
fn the_antimeridian_parts_no_disc() {
    let place = |lat, lon| Coordinate::new(lat, lon).unwrap();
    let places = [place(5.0, 179.9), place(5.0, -179.9), place(5.0, 178.0)];
    let zones = Zones::discs(&places, Limit::size(50.0)).unwrap();
    let want: BTreeSet<_> = [vec![0], vec![1], vec![2], vec![0, 1]].into();
    assert_eq!(sets(&zones), want);
    let radius = crate::units::distance_km(places[0], places[1]);
    let near = |radius| Zones::discs(&places, Limit::size(radius)).unwrap().len();
    assert_eq!((near(radius * 1.001), near(radius * 0.999)), (4, 3));
    assert_eq!(near(30_000.0), 6);
}

#[test]
fn limits_are_checked() {
    let zones = |limit| Zones::plane_discs(&square(2), limit).unwrap_err();
    assert_eq!(zones(Limit::size(-1.0)), ZonesError::Size);
    assert_eq!(zones(Limit::size(f64::NAN)), ZonesError::Size);
    assert_eq!(zones(Limit::share(&[1.0; 4], 0.0)), ZonesError::Share);
    assert_eq!(zones(Limit::share(&[1.0; 4], 0.2)), ZonesError::Empty);
    assert!(matches!(
        zones(Limit::share(&[1.0; 3], 0.5)),
        ZonesError::Length(_)
    ));
    let weights = [1.0, -1.0, 1.0, 1.0];
    assert_eq!(
        zones(Limit::share(&weights, 0.5)),
        ZonesError::Weight { index: 1 }
    );
    let infinite = [[0.0, f64::INFINITY]];
    let error = Zones::plane_discs(&infinite, Limit::size(1.0)).unwrap_err();
    assert_eq!(error, ZonesError::Place { index: 0 });
    assert_eq!(
        Zones::plane_discs(&[], Limit::size(1.0)),
        Err(ZonesError::Empty)
    );
}
