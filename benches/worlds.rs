//! Invented worlds of any size, the same for the same size, to measure statistics on.

pub mod chart;
pub mod detectors;
pub mod nights;

use forewarn_models::grid::{Grid, Neighbours};
use forewarn_models::units::{Coordinate, Purpose, Seed};
use h3o::{CellIndex, LatLng, Resolution};
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
    /// Their centres.
    pub places: Vec<Coordinate>,
}

impl World {
    /// The disk that comes nearest to so many cells.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "some thousands"
    )]
    pub fn of(n_cells: usize) -> Self {
        // A disk k wide has 3 k (k + 1) + 1 cells.
        Self::new(((n_cells as f64 / 3.0).sqrt() - 0.5).round() as u32)
    }

    /// Reports of each cell and week, cell by cell: of each week as many as of the whole world.
    ///
    /// # Panics
    /// Never: the law drawn from exists.
    #[must_use]
    pub fn weeks(&self, n_weeks: usize) -> Vec<f64> {
        self.cases(n_weeks).into_iter().map(f64::from).collect()
    }

    /// The same as whole numbers.
    ///
    /// # Panics
    /// Never: the law drawn from exists.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "some reports"
    )]
    pub fn cases(&self, n_weeks: usize) -> Vec<u32> {
        let mut rng = Seed(2).stream(Purpose::SynthIncidents, self.grid.len() as u64);
        let rates = self.counts.iter().zip(&self.expected);
        let rates: Vec<f64> = rates
            .map(|(count, mean)| 0.1 * count + 0.2 * mean)
            .collect();
        let mut cases = Vec::with_capacity(rates.len() * n_weeks);
        for rate in rates {
            let law = Poisson::new(rate).expect("a rate above 0");
            cases.extend((0..n_weeks).map(|_| rng.sample(law) as u32));
        }
        cases
    }

    /// Where and on which day each of these reports was.
    #[must_use]
    pub fn events(&self, n_weeks: usize) -> Vec<(Coordinate, i32)> {
        let mut events = Vec::new();
        for (cell, weeks) in self.cases(n_weeks).chunks(n_weeks).enumerate() {
            for (day, &count) in (0..).step_by(7).zip(weeks) {
                events.extend((0..count).map(|_| (self.places[cell], day)));
            }
        }
        events
    }

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
            places: grid.cells().iter().map(|&cell| centre(cell)).collect(),
            grid,
            counts,
            expected,
        }
    }
}

fn centre(cell: CellIndex) -> Coordinate {
    let centre = LatLng::from(cell);
    Coordinate::new(centre.lat(), centre.lng()).expect("a place on Earth")
}
