//! The detectors of a night, on an invented one, as the engine's `detect` runs them.

use forewarn_models::hotspot::{benjamini_hochberg, level_of_selected};
use forewarn_models::permute::{PooledNull, Side, pooled_p_values};
use forewarn_models::scan::{Limit, Model, Scanning, Secondary, Stop, Windows, Zones, scan};
use forewarn_models::season::pearson_residuals;
use forewarn_models::surge::exceedance;
use forewarn_models::units::Seed;

use crate::nights::{Country, Night};

/// False alarms that are put up with, in each detector alone and in a night.
pub const Q: f64 = 0.05;
/// A scan by itself raises what chance finds once in so many nights.
const RECURRENCE_NIGHTS: f64 = 365.0;

/// What one detector says: the areas it looked at, and how unlikely each is.
#[derive(Debug)]
pub struct Found {
    /// Adjusted p-value and cells of each area.
    areas: Vec<(f64, Vec<usize>)>,
    /// Raised only up to this p, whatever the night's level.
    lid: f64,
}

/// How many areas a detector raised, and how many of these hold a planted cell.
#[derive(Debug, Clone, Copy, Default)]
pub struct Raised {
    /// All.
    pub areas: usize,
    /// Those that hold a planted cell.
    pub right: usize,
}

impl Found {
    /// That nothing is true in any of its areas.
    #[must_use]
    pub fn smallest(&self) -> f64 {
        self.areas.iter().map(|(p, _)| *p).fold(1.0, f64::min)
    }

    /// What it raises at a level.
    #[must_use]
    pub fn raised(&self, level: f64, planted: &[bool]) -> Raised {
        let raised = self.areas.iter().filter(|(p, _)| *p <= level);
        raised.fold(Raised::default(), |sum, (_, cells)| Raised {
            areas: sum.areas + 1,
            right: sum.right + usize::from(cells.iter().any(|&cell| planted[cell])),
        })
    }
}

/// What the detectors of a night find: Gi* of residuals, surge, scan.
#[must_use]
pub fn find(country: &Country, night: &Night, seed: Seed) -> [Found; 3] {
    [
        gi_star(country, night, seed),
        surge(country, night),
        scanned(country, night, seed),
    ]
}

/// What a night raises: its detectors are one family of alarms.
///
/// # Panics
/// Never: p-values are such.
#[must_use]
pub fn of_night(found: &[Found], planted: &[bool]) -> Raised {
    let smallest: Vec<f64> = found.iter().map(Found::smallest).collect();
    let level = level_of_selected(&smallest, Q).expect("p-values");
    let raised = found.iter().filter_map(|found| {
        let level = level?.min(found.lid);
        Some(found.raised(level, planted))
    });
    raised.fold(Raised::default(), |sum, more| Raised {
        areas: sum.areas + more.areas,
        right: sum.right + more.right,
    })
}

fn gi_star(country: &Country, night: &Night, seed: Seed) -> Found {
    let [counts, mean, variance] = night.window();
    let residuals = pearson_residuals(&counts, &mean, &variance).expect("lengths");
    let residuals: Vec<f64> = residuals.into_iter().flatten().collect();
    let null = PooledNull {
        draws: 40_000,
        side: Side::Upper,
    };
    let observed = vec![true; residuals.len()];
    let p = pooled_p_values(&residuals, &observed, &country.around, null, seed);
    let p: Vec<f64> = p.expect("values").into_iter().flatten().collect();
    neighbourhoods(country, &p)
}

fn surge(country: &Country, night: &Night) -> Found {
    let sums = night.window();
    let [counts, mean, variance] =
        sums.map(|column| country.around.sums(&column).expect("one value per cell"));
    let cells = 0..counts.len();
    let tails: Vec<f64> = cells
        .filter_map(|i| exceedance(counts[i], mean[i], variance[i]))
        .collect();
    neighbourhoods(country, &tails)
}

fn neighbourhoods(country: &Country, p: &[f64]) -> Found {
    let adjusted = benjamini_hochberg(p).expect("p-values").into_iter();
    let cells = |cell: usize| {
        let near = country.around.of(cell).iter().map(|&i| i as usize);
        near.chain([cell]).collect()
    };
    Found {
        areas: adjusted
            .enumerate()
            .map(|(cell, p)| (p, cells(cell)))
            .collect(),
        lid: 1.0,
    }
}

fn scanned(country: &Country, night: &Night, seed: Seed) -> Found {
    let [_, mean, _] = night.window();
    let limit = Limit::share(&mean, 0.5).and_size(2.0);
    let zones = Zones::rings(&country.grid, 2, limit).expect("rings");
    let steps = night.mean.chunks(Night::n_steps());
    let factor_variance: Vec<f64> = steps
        .zip(night.variance.chunks(Night::n_steps()))
        .map(|(mean, variance)| {
            let beyond: f64 = variance.iter().sum::<f64>() - mean.iter().sum::<f64>();
            beyond / mean.iter().map(|mean| mean * mean).sum::<f64>()
        })
        .collect();
    let model = Model::PoissonGamma {
        expected: &night.mean,
        factor_variance: &factor_variance,
    };
    let scanning = Scanning {
        windows: Windows::Prospective {
            max_steps: Night::n_steps(),
        },
        min_cases: 3,
        replicates: 999,
        stop: Stop::AllDrawn,
        secondary: Secondary::NoOverlap { most: 20 },
    };
    let found = scan(&night.counts, model, &zones, &scanning, seed).expect("cases");
    let cells = |cells: Vec<u32>| cells.into_iter().map(|cell| cell as usize).collect();
    let clusters = found.clusters.into_iter();
    Found {
        areas: clusters
            .map(|cluster| (cluster.p, cells(cluster.cells)))
            .collect(),
        lid: 1.0 / RECURRENCE_NIGHTS,
    }
}
