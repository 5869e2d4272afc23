//! Worlds in which nothing changed, through the detectors of a night: how often does one raise
//! something? `cargo run --release -p forewarn-benches --bin null_worlds -- [WORLDS]`
//!
//! A lattice of 484 cells; rates by a gamma law with shape 0.5, mean 0.3 reports in eight weeks; two
//! phases of the year, the second twice as busy; five past years; Poisson counts, or counts whose rate
//! also varies from year to year by a factor with standard deviation 0.3.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "figures are what it is for"
)]

use forewarn_models::grid::{Grid, Neighbours};
use forewarn_models::hotspot::benjamini_hochberg;
use forewarn_models::permute::{PooledNull, Side, pooled_p_values};
use forewarn_models::scan::{Limit, Model, Scanning, Secondary, Stop, Windows, Zones, scan};
use forewarn_models::score::wilson;
use forewarn_models::season::{expected, pearson_residuals};
use forewarn_models::surge::exceedance;
use forewarn_models::units::{Purpose, Seed};
use h3o::{LatLng, Resolution};
use rand::Rng;
use rand_distr::{Gamma, Poisson};

/// Half of the eight weeks of the window lie in each phase.
const PHASES: [f64; 2] = [1.0, 2.0];
const YEARS: usize = 5;

struct World {
    grid: Grid,
    around: Neighbours,
}

/// Reports of the window, what was expected of it, and how far that is known.
struct Night {
    counts: Vec<f64>,
    mean: Vec<f64>,
    variance: Vec<f64>,
}

fn main() {
    let worlds = std::env::args().nth(1).and_then(|n| n.parse().ok());
    let worlds: usize = worlds.unwrap_or(1_000);
    let middle = LatLng::new(7.29, 18.28).expect("a place on Earth");
    let cells: Vec<_> = middle.to_cell(Resolution::Five).grid_disk(12);
    let grid = Grid::new(cells).expect("a disk has cells");
    let around = Neighbours::ring(&grid, 1);
    let world = World { grid, around };
    for (what, spread) in [("Poisson", 0.0), ("years that differ", 0.3)] {
        let mut raised = [0_usize; 4];
        for index in 0..worlds {
            let found = world.raises(index, spread);
            for (raised, found) in raised.iter_mut().zip(found) {
                *raised += usize::from(found);
            }
        }
        println!("{worlds} worlds of {} cells, {what}:", world.grid.len());
        for (name, n) in ["Gi* of residuals", "surge", "scan at 5 %", "a night"]
            .iter()
            .zip(raised)
        {
            let (low, high) = wilson(n, worlds, 0.95).expect("some worlds");
            let [share, low, high] = [ratio(n, worlds), low, high].map(|share| 100.0 * share);
            println!("  {name:<17} {n:>5}  {share:.2} % ({low:.2}-{high:.2})");
        }
    }
}

impl World {
    /// Whether Gi*, surge, the scan at 5 %, and a night raise something in one world. A night raises
    /// what a daily scan would find by chance once a year.
    fn raises(&self, index: usize, spread: f64) -> [bool; 4] {
        let night = self.night(index, spread);
        let seed = Seed(index as u64);
        let (gi_star, surge) = (self.gi_star(&night, seed), self.surge(&night));
        let p = self.scan(&night, seed);
        let any = gi_star || surge || p <= 1.0 / 365.0;
        [gi_star, surge, p <= 0.05, any]
    }

    fn night(&self, index: usize, spread: f64) -> Night {
        let n = self.grid.len();
        let mut rng = Seed(index as u64).stream(Purpose::SynthIncidents, 7);
        let rate = Gamma::new(0.5, 2.0).expect("a gamma law");
        let rates: Vec<f64> = (0..n).map(|_| 0.3 * rng.sample(rate)).collect();
        let shape = if spread > 0.0 {
            1.0 / (spread * spread)
        } else {
            1.0
        };
        let yearly = Gamma::new(shape, 1.0 / shape).expect("a gamma law");
        let year = |phase: f64, rng: &mut _| -> Vec<f64> {
            let count = |&rate: &f64| {
                let factor = if spread > 0.0 {
                    Rng::sample(rng, yearly)
                } else {
                    1.0
                };
                poisson(rate * phase / 3.0 * factor, rng)
            };
            rates.iter().map(count).collect()
        };
        let mut night = Night {
            counts: vec![0.0; n],
            mean: vec![0.0; n],
            variance: vec![0.0; n],
        };
        for phase in PHASES {
            let mut past = vec![0.0; n];
            for _ in 0..YEARS {
                let one = year(phase, &mut rng);
                add(&mut past, &one);
            }
            let now = year(phase, &mut rng);
            let areas = self.grid.area_km2();
            let exposure = |weeks: f64| -> Vec<f64> { areas.iter().map(|a| a * weeks).collect() };
            let season = expected(&past, &exposure(20.0), &exposure(4.0)).expect("counts");
            add(&mut night.counts, &now);
            add(&mut night.mean, &season.mean);
            add(&mut night.variance, &season.variance);
        }
        night
    }

    fn gi_star(&self, night: &Night, seed: Seed) -> bool {
        let residuals = pearson_residuals(&night.counts, &night.mean, &night.variance);
        let residuals: Vec<f64> = residuals.expect("lengths").into_iter().flatten().collect();
        let null = PooledNull {
            draws: 20_000,
            side: Side::Upper,
        };
        let observed = vec![true; residuals.len()];
        let p = pooled_p_values(&residuals, &observed, &self.around, null, seed);
        raised(&p.expect("values").into_iter().flatten().collect::<Vec<_>>())
    }

    fn surge(&self, night: &Night) -> bool {
        let sums = |column: &[f64]| self.around.sums(column).expect("one value per cell");
        let (count, mean) = (sums(&night.counts), sums(&night.mean));
        let variance = sums(&night.variance);
        let cells = 0..count.len();
        let tails = cells.filter_map(|i| exceedance(count[i], mean[i], variance[i]));
        raised(&tails.collect::<Vec<_>>())
    }

    /// p-value of the best cluster.
    fn scan(&self, night: &Night, seed: Seed) -> f64 {
        let limit = Limit::share(&night.mean, 0.5).and_size(2.0);
        let zones = Zones::rings(&self.grid, 2, limit).expect("rings");
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole counts"
        )]
        let counts: Vec<u32> = night.counts.iter().map(|&count| count as u32).collect();
        let total = |column: &[f64]| column.iter().sum::<f64>();
        let model = Model::NegativeBinomial {
            expected: &night.mean,
            variance_to_mean: total(&night.variance) / total(&night.mean),
        };
        let scanning = Scanning {
            windows: Windows::Prospective { max_steps: 1 },
            min_cases: 3,
            replicates: 999,
            stop: Stop::AllDrawn,
            secondary: Secondary::NoOverlap { most: 1 },
        };
        let found = scan(&counts, model, &zones, &scanning, seed).expect("cases");
        found.clusters.first().map_or(1.0, |best| best.p)
    }
}

fn add(sums: &mut [f64], more: &[f64]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}

fn raised(p: &[f64]) -> bool {
    let adjusted = benjamini_hochberg(p).expect("p-values");
    adjusted.iter().any(|&p| p <= 0.05)
}

fn poisson(mean: f64, rng: &mut impl Rng) -> f64 {
    Poisson::new(mean.max(1e-12)).map_or(0.0, |law| rng.sample(law))
}

#[expect(clippy::cast_precision_loss, reason = "some thousand worlds")]
fn ratio(n: usize, of: usize) -> f64 {
    n as f64 / of as f64
}
