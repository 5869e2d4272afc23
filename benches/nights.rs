//! Nights of invented countries: reports of a window against what five past years let one expect, with
//! nothing going on, or with a place where more happens than before.

use std::collections::BTreeMap;

use forewarn_models::grid::{Grid, Neighbours};
use forewarn_models::season::{Expectation, PastYears, YearEffect, expected, year_variance};
use forewarn_models::units::{Purpose, Seed};
use h3o::{CellIndex, LatLng, Resolution};
use rand::Rng;
use rand_distr::{Gamma, Poisson};

/// Half of the eight weeks of the window lie in each phase; the second is twice as busy.
const PHASES: [f64; 2] = [1.0, 2.0];
/// Past years.
const YEARS: usize = 5;
/// Weeks of a phase in a window, and so a step of it.
const STEP_WEEKS: f64 = 4.0;
/// Reports that an average cell expects of the window.
const MEAN: f64 = 0.3;
/// Shape of the gamma law of cells' rates.
const SHAPE: f64 = 0.5;
/// Rings of cells around the middle, and of those in which something may be planted.
const RINGS: u32 = 12;
const INNER: u32 = 9;

/// Where more happens than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One cell.
    Cell,
    /// A cell and the six around it.
    Ring,
    /// Five cells in a row.
    Row,
}

/// How years differ where nothing changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Years {
    /// Not at all: counts are Poisson.
    Alike,
    /// The rate of each cell in a phase has a factor of its own every year, with mean 1 and this standard
    /// deviation.
    OfCells(f64),
    /// The same, one factor for all 49 cells of a region.
    OfRegions(f64),
}

/// A country of equal cells.
#[derive(Debug)]
pub struct Country {
    /// The cells.
    pub grid: Grid,
    /// One ring.
    pub around: Neighbours,
    middle: CellIndex,
}

/// What is known on one night.
#[derive(Debug)]
pub struct Night {
    /// Reports, by cell and step of the window.
    pub counts: Vec<u32>,
    /// What was expected of each.
    pub mean: Vec<f64>,
    /// Predictive variance of each.
    pub variance: Vec<f64>,
    /// Whether more happens in a cell than before.
    pub planted: Vec<bool>,
}

impl Default for Country {
    fn default() -> Self {
        Self::new()
    }
}

impl Country {
    /// A disk of 469 cells of resolution 5 in Central Africa.
    ///
    /// # Panics
    /// Never: the place is on Earth.
    #[must_use]
    pub fn new() -> Self {
        let middle = LatLng::new(7.29, 18.28).expect("a place on Earth");
        let middle = middle.to_cell(Resolution::Five);
        let grid = Grid::new(middle.grid_disk(RINGS)).expect("a disk has cells");
        let around = Neighbours::ring(&grid, 1);
        Self {
            grid,
            around,
            middle,
        }
    }

    /// A night in which nothing changed.
    #[must_use]
    pub fn quiet(&self, index: usize, years: Years) -> Night {
        self.night(index, years, None)
    }

    /// A night on which `rate` times as much happens as before, around a place drawn in proportion to
    /// what happens there anyway.
    #[must_use]
    pub fn planted(&self, index: usize, years: Years, shape: Shape, rate: f64) -> Night {
        self.night(index, years, Some((shape, rate)))
    }

    fn night(&self, index: usize, years: Years, plant: Option<(Shape, f64)>) -> Night {
        let mut rng = Seed(index as u64).stream(Purpose::SynthIncidents, 7);
        let rate = Gamma::new(SHAPE, MEAN / SHAPE).expect("a gamma law");
        let rates: Vec<f64> = self.grid.cells().iter().map(|_| rng.sample(rate)).collect();
        let cells = plant.map_or_else(Vec::new, |(shape, _)| self.place(shape, &rates, &mut rng));
        let mut planted = vec![false; rates.len()];
        for cell in cells {
            planted[cell] = true;
        }
        let times = plant.map_or(1.0, |(_, rate)| rate);
        let now: Vec<f64> = rates
            .iter()
            .zip(&planted)
            .map(|(rate, planted)| if *planted { rate * times } else { *rate })
            .collect();

        let (mut past, mut window) = (Vec::new(), Vec::new());
        for phase in PHASES {
            let share = phase / PHASES.iter().sum::<f64>();
            let of_years: Vec<Vec<f64>> = (0..YEARS)
                .map(|_| self.year(&rates, share, years, &mut rng))
                .collect();
            past.push(by_cell(&of_years));
            window.push(self.year(&now, share, years, &mut rng));
        }
        let seasons = self.expectations(&past);
        let by_step = |of: &dyn Fn(usize) -> Vec<f64>| {
            by_cell(&(0..PHASES.len()).map(of).collect::<Vec<_>>())
        };
        Night {
            counts: whole(&by_step(&|phase| window[phase].clone())),
            mean: by_step(&|phase| seasons[phase].mean.clone()),
            variance: by_step(&|phase| seasons[phase].variance.clone()),
            planted,
        }
    }

    /// Reports of a phase in one year.
    fn year(&self, rates: &[f64], share: f64, years: Years, rng: &mut impl Rng) -> Vec<f64> {
        let (sd, resolution) = match years {
            Years::Alike => (0.0, Resolution::Five),
            Years::OfCells(sd) => (sd, Resolution::Five),
            Years::OfRegions(sd) => (sd, Resolution::Three),
        };
        let law = Gamma::new(1.0 / (sd * sd), sd * sd).ok();
        let mut factors = BTreeMap::new();
        let cells = self.grid.cells().iter().zip(rates);
        let mut counts = Vec::with_capacity(rates.len());
        for (cell, rate) in cells {
            let factor = factors
                .entry(cell.parent(resolution))
                .or_insert_with(|| law.map_or(1.0, |law| rng.sample(law)));
            let mean = rate * share * *factor;
            counts.push(Poisson::new(mean.max(1e-12)).map_or(0.0, |law| rng.sample(law)));
        }
        counts
    }

    /// As the engine's season makes them: by phase, with what all of the past shows of years.
    fn expectations(&self, past: &[Vec<f64>]) -> Vec<Expectation> {
        let exposure = |weeks: f64| -> Vec<f64> {
            let areas = self.grid.area_km2().iter();
            areas.map(|km2| km2 * weeks).collect()
        };
        let of_years: Vec<PastYears<'_>> = past
            .iter()
            .map(|counts| PastYears {
                counts,
                exposure: &[STEP_WEEKS; YEARS],
            })
            .collect();
        let variance = year_variance(&of_years).expect("counts").unwrap_or(0.0);
        #[expect(clippy::cast_precision_loss, reason = "a few years")]
        let n_years = YEARS as f64;
        let season = |counts: &Vec<f64>| {
            let sums: Vec<f64> = counts.chunks(YEARS).map(|row| row.iter().sum()).collect();
            expected(
                &sums,
                &exposure(STEP_WEEKS * n_years),
                &exposure(STEP_WEEKS),
            )
            .expect("counts")
            .with_years(YearEffect { variance, n_years })
        };
        past.iter().map(season).collect()
    }

    /// Cells of a shape around a place drawn in proportion to its rate.
    fn place(&self, shape: Shape, rates: &[f64], rng: &mut impl Rng) -> Vec<usize> {
        let position = |cell: CellIndex| self.grid.position(cell).expect("inner cells are inside");
        let inner: Vec<CellIndex> = self.middle.grid_disk(INNER);
        let weights: Vec<f64> = inner.iter().map(|&cell| rates[position(cell)]).collect();
        let mut left = rng.random::<f64>() * weights.iter().sum::<f64>();
        let drawn = weights.iter().position(|weight| {
            left -= weight;
            left < 0.0
        });
        let centre = inner[drawn.unwrap_or(0)];
        let cells: Vec<CellIndex> = match shape {
            Shape::Cell => vec![centre],
            Shape::Ring => centre.grid_disk(1),
            Shape::Row => {
                let here = centre.to_local_ij(self.middle).expect("near the middle");
                let step = |d: i32| {
                    let mut there = here;
                    there.coord.i += d;
                    CellIndex::try_from(there).expect("near the middle")
                };
                (-2..=2).map(step).collect()
            }
        };
        cells.into_iter().map(position).collect()
    }
}

impl Night {
    /// Reports, mean and variance of the whole window, by cell.
    #[must_use]
    pub fn window(&self) -> [Vec<f64>; 3] {
        let sums = |column: &[f64]| -> Vec<f64> {
            let cells = column.chunks(PHASES.len());
            cells.map(|cell| cell.iter().sum()).collect()
        };
        let counts: Vec<f64> = self.counts.iter().map(|&count| f64::from(count)).collect();
        [&counts, &self.mean, &self.variance].map(|column| sums(column))
    }

    /// Steps of the window.
    #[must_use]
    pub const fn n_steps() -> usize {
        PHASES.len()
    }
}

/// Columns of cells as rows of each cell.
fn by_cell(columns: &[Vec<f64>]) -> Vec<f64> {
    let n_cells = columns.first().map_or(0, Vec::len);
    let row = |cell: usize| columns.iter().map(move |column| column[cell]);
    (0..n_cells).flat_map(row).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole counts"
)]
fn whole(counts: &[f64]) -> Vec<u32> {
    counts.iter().map(|&count| count as u32).collect()
}
