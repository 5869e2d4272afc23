//! Invented worlds of any size, the same for the same size, to measure statistics on.

pub mod chart;
pub mod detectors;
pub mod nights;

use forewarn_models::grid::{Grid, Neighbours};
use forewarn_models::units::{Purpose, Seed};
use h3o::{LatLng, Resolution};
use rand::Rng;
use rand_distr::{Gamma, Poisson};

/// Cells with counts, one of them in a hundred ten times as busy.
#[derive(Debug)]
pub struct World {
    /// The cells.
    pub grid: Grid,
    /// One ring.
    pub neighbours: Neighbours,
    /// Reports per cell.
    pub counts: Vec<f64>,
    /// What was expected.
    pub expected: Vec<f64>,
}

impl World {
    /// A disk of resolution-5 cells around a place in Central Africa, `rings` wide.
    ///
    /// # Panics
    /// Never: a disk has cells, and the laws drawn from exist.
    #[must_use]
    pub fn new(rings: u32) -> Self {
        let middle = LatLng::new(7.29, 18.28).expect("a place on Earth");
        let grid = Grid::new(middle.to_cell(Resolution::Five).grid_disk(rings)).expect("cells");
        let mut rng = Seed(1).stream(Purpose::SynthIncidents, u64::from(rings));
        let rate = Gamma::new(0.5, 0.6).expect("a gamma law");
        let expected: Vec<f64> = grid.area_km2().iter().map(|km2| km2 / 850.0).collect();
        let counts = expected
            .iter()
            .map(|expected| {
                let busy = if rng.random_range(0..100) == 0 {
                    10.0
                } else {
                    1.0
                };
                let mean: f64 = expected * busy * rng.sample(rate);
                Poisson::new(mean.max(1e-9)).map_or(0.0, |law| rng.sample(law))
            })
            .collect();
        Self {
            neighbours: Neighbours::ring(&grid, 1),
            grid,
            counts,
            expected,
        }
    }
}
