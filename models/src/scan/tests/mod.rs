use crate::grid::Neighbours;
use crate::testing::lattice;
use crate::units::{Seed, real};

use super::*;

mod brute;
mod calibration;
mod clusters;
mod factors;
mod formulas;
mod new_york;
mod zones;

/// A scan that draws nothing to speak of and reports every cluster apart.
const ONCE: Scanning = Scanning {
    windows: Windows::Spatial,
    min_cases: 1,
    replicates: 1,
    stop: Stop::AllDrawn,
    secondary: Secondary::NoOverlap { most: usize::MAX },
};

/// Counts that came as numbers.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts in files are whole and small"
)]
fn whole_numbers(values: &[f64]) -> Vec<u32> {
    values.iter().map(|&value| value as u32).collect()
}

/// Places on a square lattice.
fn square(side: u32) -> Vec<[f64; 2]> {
    (0..side * side)
        .map(|cell| [f64::from(cell % side), f64::from(cell / side)])
        .collect()
}

/// Every kind of zones on a lattice of four by four.
fn kinds_of_zones() -> Vec<Zones> {
    let weights: Vec<f64> = (0..16).map(|i| real(1 + i % 3)).collect();
    let graph: Neighbours = lattice(4, 4);
    let segments = |kind, size| {
        let limit = Limit::share(&weights, 0.6).and_size(size);
        Zones::segments(&graph, &[1.0; 16], kind, limit, 100_000).unwrap()
    };
    let cells = crate::testing::disk(2).into_iter().take(16).collect();
    let grid = crate::grid::Grid::new(cells).unwrap();
    vec![
        Zones::plane_discs(&square(4), Limit::share(&weights, 0.5)).unwrap(),
        Zones::rings(&grid, 2, Limit::size(2.0)).unwrap(),
        segments(Segments::Paths, 4.0),
        segments(Segments::Connected, 3.0),
    ]
}
