use std::str::FromStr;

use h3o::CellIndex;
use proptest::prelude::*;

use super::*;
use crate::testing::{all_close, close, disk, number, numbers, reference};
use crate::units::distance_km;

fn place(lat_deg: f64, lon_deg: f64) -> Coordinate {
    Coordinate::new(lat_deg, lon_deg).unwrap()
}

fn around(k: u32) -> Grid {
    Grid::new(disk(k)).unwrap()
}

fn mass(grid: &Grid, density: &Density) -> f64 {
    let cells = density.per_km2.iter().zip(grid.area_km2());
    cells.map(|(density, area)| density * area).sum()
}

#[test]
fn a_kernel_without_edges_agrees_with_scikit_learn() {
    let case = reference("kernel_density");
    let cells: Vec<String> = serde_json::from_value(case["cells"].clone()).unwrap();
    let cells = cells.iter().map(|cell| CellIndex::from_str(cell).unwrap());
    let grid = Grid::new(cells.collect()).unwrap();
    let events: Vec<Coordinate> = case["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| place(number(&pair[0]), number(&pair[1])))
        .collect();
    let width = number(&case["bandwidth_km"]);
    let found = kernel_density(&grid, &events, &[1.0; 40], width, Edge::Lost).unwrap();
    let within = 1.0 - (-CUT_OFF * CUT_OFF / 2.0).exp();
    let uncut: Vec<f64> = found.per_km2.iter().map(|x| x * within * 1e4).collect();
    let theirs = numbers(&case["per_km2"]);
    all_close(
        &uncut,
        &theirs.iter().map(|x| x * 1e4).collect::<Vec<_>>(),
        1e-9,
    );
    assert_eq!(found.left_out, 0);
}

/// By every pair of event and cell.
fn by_pairs(grid: &Grid, events: &[Coordinate], weights: &[f64], h: f64, edge: Edge) -> Vec<f64> {
    let height = |event: Coordinate, cell: CellIndex| {
        let (lat, lon) = centre(cell);
        let d = distance_km(event, place(lat, lon));
        if d <= CUT_OFF * h {
            (-d * d / (2.0 * h * h)).exp()
        } else {
            0.0
        }
    };
    let mut density = vec![0.0; grid.len()];
    for (&event, weight) in events.iter().zip(weights) {
        let heights: Vec<f64> = grid
            .cells()
            .iter()
            .map(|&cell| height(event, cell))
            .collect();
        let inside = grid.position(cell_of(event, grid.cells()[0].resolution()));
        let mass = match edge {
            Edge::Lost => std::f64::consts::TAU * h * h * (1.0 - (-8.0_f64).exp()),
            Edge::Kept if inside.is_none() => f64::INFINITY,
            Edge::Kept => heights
                .iter()
                .zip(grid.area_km2())
                .map(|(k, a)| k * a)
                .sum(),
        };
        density
            .iter_mut()
            .zip(heights)
            .for_each(|(sum, k)| *sum += weight * k / mass);
    }
    density
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn rows_find_every_pair_within_reach(
        at in prop::collection::vec((4.5..10.0_f64, 15.5..21.0_f64, 0.0..3.0_f64), 1..40),
        width in 9.0..120.0_f64,
    ) {
        let grid = around(9);
        let events: Vec<Coordinate> = at.iter().map(|&(lat, lon, _)| place(lat, lon)).collect();
        let weights: Vec<f64> = at.iter().map(|&(_, _, weight)| weight).collect();
        for edge in [Edge::Kept, Edge::Lost] {
            let found = kernel_density(&grid, &events, &weights, width, edge).unwrap();
            let scale: f64 = 1e4;
            let want = by_pairs(&grid, &events, &weights, width, edge);
            for (got, want) in found.per_km2.iter().zip(want) {
                // A pair right at the cut may fall on either side.
                close(scale * got, scale * want, 1e-9);
            }
        }
    }

    #[test]
    fn events_within_keep_their_weight_at_any_bandwidth(
        at in prop::collection::vec((6.5..8.0_f64, 17.5..19.0_f64, 0.0..3.0_f64), 1..40),
        width in prop::sample::select(vec![0.01, 1.0, 8.0, 50.0, 900.0]),
    ) {
        let grid = around(4);
        let events: Vec<Coordinate> = at.iter().map(|&(lat, lon, _)| place(lat, lon)).collect();
        let weights: Vec<f64> = at.iter().map(|&(_, _, weight)| weight).collect();
        let found = kernel_density(&grid, &events, &weights, width, Edge::Kept).unwrap();
        let inside = |event: Coordinate| {
            grid.position(cell_of(event, grid.cells()[0].resolution())).is_some()
        };
        let pairs = || events.iter().zip(&weights).filter(|&(&event, _)| inside(event));
        let kept: f64 = pairs().map(|(_, weight)| weight).sum();
        close(mass(&grid, &found), kept, 1e-12);
        prop_assert_eq!(found.left_out, events.len() - pairs().count());
    }
}

#[test]
fn a_lost_edge_loses_nothing_far_from_it() {
    let grid = around(18);
    let middle = [place(7.29, 18.28)];
    let found = kernel_density(&grid, &middle, &[2.0], 40.0, Edge::Lost).unwrap();
    // The sphere, cells as points, and the cut.
    close(mass(&grid, &found), 2.0, 1e-3);
    let outside = [place(7.29, 18.28 + 2.6)];
    let found = kernel_density(&grid, &outside, &[2.0], 40.0, Edge::Lost).unwrap();
    assert!((0.4..1.7).contains(&mass(&grid, &found)));
    let kept = kernel_density(&grid, &[place(-30.0, 0.0)], &[2.0], 40.0, Edge::Kept).unwrap();
    assert_eq!((mass(&grid, &kept).to_bits(), kept.left_out), (0, 1));
}

#[test]
fn the_date_line_and_a_pole_are_places_like_others() {
    for (lat, lon) in [
        (0.3, 179.99),
        (-17.0, -179.9),
        (89.7, 10.0),
        (-89.9, -120.0),
    ] {
        let here = cell_of(place(lat, lon), h3o::Resolution::Four);
        let grid = Grid::new(here.grid_disk(6)).unwrap();
        let events = [
            place(lat, lon),
            place(lat - lat.signum(), 180.0 - lon.abs() / 60.0),
        ];
        let found = kernel_density(&grid, &events, &[1.0, 2.0], 60.0, Edge::Lost).unwrap();
        let want = by_pairs(&grid, &events, &[1.0, 2.0], 60.0, Edge::Lost);
        for (got, want) in found.per_km2.iter().zip(want) {
            close(1e4 * got, 1e4 * want, 1e-9);
        }
    }
}

#[test]
fn faulty_events_and_kernels_are_errors() {
    let grid = around(1);
    let at = [place(7.0, 18.0)];
    let density = |weights: &[f64], width| kernel_density(&grid, &at, weights, width, Edge::Kept);
    assert_eq!(
        density(&[-1.0], 5.0),
        Err(DensityError::Weight { index: 0 })
    );
    assert_eq!(density(&[1.0], 0.0), Err(DensityError::Bandwidth));
    assert_eq!(density(&[1.0], f64::NAN), Err(DensityError::Bandwidth));
    assert!(density(&[], 5.0).is_err());
    let none = kernel_density(&grid, &[], &[], 5.0, Edge::Lost).unwrap();
    assert!(none.per_km2.iter().all(|&x| x.to_bits() == 0));
}

#[test]
fn thread_counts_change_nothing() {
    let grid = around(9);
    let at = |i: u32| {
        place(
            6.0 + f64::from(i % 97) / 40.0,
            17.0 + f64::from(i % 89) / 35.0,
        )
    };
    let events: Vec<Coordinate> = (0..500).map(at).collect();
    let runs = [1, 3].map(|threads| {
        crate::threads::limited(std::num::NonZeroUsize::new(threads).unwrap(), || {
            kernel_density(&grid, &events, &vec![1.0; 500], 30.0, Edge::Kept).unwrap()
        })
    });
    assert_eq!(runs[0], runs[1]);
}
