//! Nights of invented countries: reports of a window against what five past years let one expect, with
//! nothing going on, or with a place where more happens than before.

use std::collections::BTreeMap;

use forewarn_models::grid::{Grid, Neighbours};
use forewarn_models::season::{
    CellSeasons, OwnSeasons, PastPhase, PastYears, PhaseBins, SeasonGroup, YearEffect,
    cell_seasons, choose_season, year_variance,
};
use forewarn_models::units::{Purpose, Seed};
use h3o::{CellIndex, LatLng, Resolution};
use rand::Rng;
use rand_distr::{Gamma, Poisson};

/// Steps of four weeks that a year has, and those of the window: eight weeks in which it gets busier.
const STEPS: usize = 13;
const WINDOW: [usize; 2] = [6, 7];
/// Phases that a card would name: the second begins with the window's second step.
const PHASES: usize = 2;
/// Past years.
const YEARS: usize = 5;
/// Most waves tried.
const MOST_HARMONICS: usize = 3;
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
    /// The rate of each cell in a step has a factor of its own every year, with mean 1 and this standard
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
    /// Predictive variance of the whole window, by cell.
    pub of_window: Vec<f64>,
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

        let past: Vec<Vec<f64>> = (0..YEARS * STEPS)
            .map(|t| self.step(&rates, busy(t), years, &mut rng))
            .collect();
        let window: Vec<Vec<f64>> = WINDOW
            .iter()
            .map(|&t| self.step(&now, busy(t), years, &mut rng))
            .collect();
        let season = Season::learnt(self, &past);
        let (mean, variance) = season.steps();
        Night {
            counts: whole(&by_cell(&window)),
            mean,
            variance,
            of_window: season.window(),
            planted,
        }
    }

    /// Reports of a step in one year.
    fn step(&self, rates: &[f64], share: f64, years: Years, rng: &mut impl Rng) -> Vec<f64> {
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

/// A step's share of what the window sees: the year goes in a wave, three times as busy at its height as at
/// its lowest.
fn busy(step: usize) -> f64 {
    let level = |step: usize| {
        let turn = std::f64::consts::TAU * (real(step % STEPS) + 0.5) / real(STEPS);
        (-0.5 * 3.0_f64.ln() * turn.sin()).exp()
    };
    level(step) / WINDOW.iter().map(|&step| level(step)).sum::<f64>()
}

/// What the past lets one expect, as the engine's `season` learns it: waves of the year by region, levels of
/// cells, and how far counts differ from these beyond chance.
struct Season {
    region_of: Vec<usize>,
    /// How busy each step of the past and then of the year to come is, by region.
    factors: Vec<Vec<f64>>,
    of_window: CellSeasons,
    of_steps: CellSeasons,
}

impl Season {
    fn learnt(country: &Country, past: &[Vec<f64>]) -> Self {
        let mut regions: Vec<CellIndex> = Vec::new();
        let mut region_of = Vec::new();
        for cell in country.grid.cells() {
            let region = cell.parent(Resolution::Three).expect("a coarser cell");
            let at = regions.iter().position(|&known| known == region);
            region_of.push(at.unwrap_or(regions.len()));
            if at.is_none() {
                regions.push(region);
            }
        }
        let factors = factors(&region_of, regions.len(), past);
        let slots: Vec<(usize, usize)> = (0..YEARS)
            .flat_map(|year| (0..PHASES).map(move |phase| (year, phase)))
            .collect();
        let (mut counts, mut exposure) = (Vec::new(), Vec::new());
        for &(year, phase) in &slots {
            let steps = (year * STEPS..(year + 1) * STEPS).filter(|&t| phase_of(t) == phase);
            let (mut n, mut e) = (vec![0.0; region_of.len()], vec![0.0; region_of.len()]);
            for t in steps {
                for (cell, &region) in region_of.iter().enumerate() {
                    n[cell] += past[t][cell];
                    e[cell] += factors[region][t];
                }
            }
            counts.push(n);
            exposure.push(e);
        }
        let slots: Vec<PastPhase<'_>> = slots
            .iter()
            .zip(counts.iter().zip(&exposure))
            .map(|(&(year, phase), (counts, exposure))| PastPhase {
                year,
                phase,
                counts,
                exposure,
            })
            .collect();
        let cells = cell_seasons(&slots, PHASES, OwnSeasons::IfTheyForecast).expect("counts");
        let mut season = Self {
            region_of,
            factors,
            of_window: cells.clone(),
            of_steps: cells,
        };
        season.of_window = season.widened(past, WINDOW.len());
        season.of_steps = season.widened(past, 1);
        season
    }

    /// With what counts over so many steps differ by beyond chance.
    fn widened(&self, past: &[Vec<f64>], length: usize) -> CellSeasons {
        let blocks = past[past.len() % length..].chunks(length);
        let n = blocks.len();
        let cells = 0..self.region_of.len();
        let (mut counts, mut exposure) = (Vec::new(), Vec::new());
        for cell in cells {
            for block in 0..n {
                let from = past.len() % length + block * length;
                let steps = from..from + length;
                counts.push(steps.clone().map(|t| past[t][cell]).sum::<f64>());
                exposure.push(steps.map(|t| self.law(&self.of_steps, cell, t).0).sum());
            }
        }
        let rows: Vec<PastYears<'_>> = counts
            .chunks(n)
            .zip(exposure.chunks(n))
            .map(|(counts, exposure)| PastYears { counts, exposure })
            .collect();
        let variance = year_variance(&rows).expect("counts").unwrap_or(0.0);
        let n_years = real(YEARS);
        let cells = self.of_steps.clone();
        cells.with_years(YearEffect { variance, n_years })
    }

    fn law(&self, cells: &CellSeasons, cell: usize, t: usize) -> (f64, f64) {
        let target = self.factors[self.region_of[cell]][t];
        let law = cells.without(phase_of(t), cell, (0.0, 0.0), target);
        law.expect("nothing is left out")
    }

    /// Mean and variance of every step of the window, by cell.
    fn steps(&self) -> (Vec<f64>, Vec<f64>) {
        let cells = 0..self.region_of.len();
        let laws = cells.flat_map(|cell| WINDOW.map(|t| self.law(&self.of_steps, cell, ahead(t))));
        laws.unzip()
    }

    /// Variance of the whole window, by cell: what is not known of a cell holds for all of it.
    fn window(&self) -> Vec<f64> {
        let of_cell = |cell: usize| {
            let laws = WINDOW.map(|t| self.law(&self.of_window, cell, ahead(t)));
            let mean: f64 = laws.iter().map(|law| law.0).sum();
            let sd: f64 = laws.iter().map(|law| (law.1 - law.0).max(0.0).sqrt()).sum();
            mean + sd * sd
        };
        (0..self.region_of.len()).map(of_cell).collect()
    }
}

/// How busy each step is by region, those of the past 1 on average.
fn factors(region_of: &[usize], n_regions: usize, past: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut counts = vec![vec![0.0; past.len()]; n_regions];
    let mut cells = vec![0.0; n_regions];
    for (cell, &region) in region_of.iter().enumerate() {
        cells[region] += 1.0;
        for (t, step) in past.iter().enumerate() {
            counts[region][t] += step[cell];
        }
    }
    let bins: Vec<usize> = (0..past.len() + STEPS).map(|t| t % STEPS).collect();
    let phases = PhaseBins::certain(STEPS, &bins).expect("steps of a year");
    let exposure: Vec<Vec<f64>> = cells.iter().map(|&n| vec![n; past.len()]).collect();
    let groups: Vec<SeasonGroup<'_>> = counts
        .iter()
        .zip(&exposure)
        .map(|(counts, exposure)| SeasonGroup {
            counts,
            exposure,
            phases: &phases,
        })
        .collect();
    let year_of: Vec<usize> = (0..past.len()).map(|t| t / STEPS).collect();
    let fit = choose_season(&groups, &year_of, MOST_HARMONICS)
        .expect("events")
        .fit;
    let relative = |region| fit.relative(region, &phases).expect("the same bins");
    let even = |mut factors: Vec<f64>| {
        let mean = factors[..past.len()].iter().sum::<f64>() / real(past.len());
        for factor in &mut factors {
            *factor /= mean;
        }
        factors
    };
    (0..n_regions)
        .map(|region| even(relative(region)))
        .collect()
}

/// The step of the year to come.
const fn ahead(step: usize) -> usize {
    YEARS * STEPS + step
}

fn phase_of(t: usize) -> usize {
    usize::from(t % STEPS >= WINDOW[1])
}

#[expect(clippy::cast_precision_loss, reason = "a few steps")]
fn real(n: usize) -> f64 {
    n as f64
}

impl Night {
    /// Reports, mean and variance of the whole window, by cell.
    #[must_use]
    pub fn window(&self) -> [Vec<f64>; 3] {
        let sums = |column: &[f64]| -> Vec<f64> {
            let cells = column.chunks(WINDOW.len());
            cells.map(|cell| cell.iter().sum()).collect()
        };
        let counts: Vec<f64> = self.counts.iter().map(|&count| f64::from(count)).collect();
        [sums(&counts), sums(&self.mean), self.of_window.clone()]
    }

    /// Steps of the window.
    #[must_use]
    pub const fn n_steps() -> usize {
        WINDOW.len()
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
