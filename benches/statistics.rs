//! How the cost of each detector grows: cells, weeks and replicates doubled one at a time, three times.
//!
//! Prints one line per detector and dimension: CPU milliseconds, all threads, of the fastest of several
//! runs at the smallest and the largest size, and the exponent: the slope of log time over log size.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "figures are what it is for"
)]

use std::hint::black_box;

use forewarn_benches::World;
use forewarn_models::contagion::{KnoxBands, KnoxNull, KnoxRecord, knox};
use forewarn_models::grid::{Grid, outline};
use forewarn_models::hotspot::{
    Comparator, Compat, Form, SpaceTimeParams, Spot, Weighting, benjamini_hochberg, emerging_class,
    local_g_star, local_g_star_by_cell, moran_p_value, space_time_g,
};
use forewarn_models::permute::{PooledNull, Side, pooled_p_values, space_time_p_values};
use forewarn_models::risk::{Edge, GammaPrior, kernel_density};
use forewarn_models::scan::{Limit, Model, Scanning, Secondary, Stop, Windows, Zones, scan};
use forewarn_models::surge::{FarringtonParams, exceedance};
use forewarn_models::trend::mann_kendall;
use forewarn_models::units::{Coordinate, Seed, distance_km};
use rustix::time::{ClockId, clock_gettime};

/// What is doubled, one at a time.
#[derive(Clone, Copy)]
struct Size {
    cells: usize,
    weeks: usize,
    /// Or draws.
    replicates: u32,
}

/// Work of some size, made ready.
type Work = Box<dyn FnMut()>;

/// Name, work by size, the smallest size, and which of cells, weeks and replicates it grows with.
type Detector = (
    &'static str,
    fn(Size) -> Work,
    (usize, usize, u32),
    &'static [&'static str],
);

const DETECTORS: [Detector; 12] = [
    ("Gi*", gi_star, (2_600, 1, 1), &["cells"]),
    (
        "pooled null",
        pooled,
        (2_600, 1, 50_000),
        &["cells", "draws"],
    ),
    (
        "Gi* of a cube, pooled null",
        cube,
        (2_600, 26, 50_000),
        &["cells", "weeks", "draws"],
    ),
    (
        "emerging classes",
        emerging,
        (2_600, 26, 1),
        &["cells", "weeks"],
    ),
    (
        "scan, discs up to 60 km",
        scans,
        (1_000, 26, 64),
        &["cells", "weeks", "replicates"],
    ),
    (
        "Moran's I, permuted",
        moran,
        (2_600, 1, 199),
        &["cells", "replicates"],
    ),
    (
        "Knox, permuted",
        near_repeats,
        (1_000, 26, 199),
        &["cells", "weeks", "replicates"],
    ),
    (
        "kernel density, events per cell",
        density,
        (2_600, 1, 1),
        &["cells"],
    ),
    (
        "Farrington, weeks judged",
        farrington,
        (150, 13, 1),
        &["cells", "weeks"],
    ),
    (
        "surge, false discovery rate",
        surges,
        (2_600, 1, 1),
        &["cells"],
    ),
    ("Poisson-gamma fit", fit, (2_600, 1, 1), &["cells"]),
    ("outline", outlines, (10_000, 1, 1), &["cells"]),
];

fn main() {
    println!("| detector | doubled | from, to | CPU ms | exponent |");
    println!("|---|---|---|---|---|");
    for (name, work, (cells, weeks, replicates), dimensions) in DETECTORS {
        for &dimension in dimensions {
            let size = |times: u32| {
                let mut size = Size {
                    cells,
                    weeks,
                    replicates,
                };
                match dimension {
                    "cells" => size.cells *= times as usize,
                    "weeks" => size.weeks *= times as usize,
                    _ => size.replicates *= times,
                }
                size
            };
            let costs = [1, 2, 4, 8].map(|times| (f64::from(times), cost_ms(work(size(times)))));
            let (first, last) = (size(1), size(8));
            let range = match dimension {
                "cells" => format!("{}, {}", first.cells, last.cells),
                "weeks" => format!("{}, {}", first.weeks, last.weeks),
                _ => format!("{}, {}", first.replicates, last.replicates),
            };
            let (low, high, slope) = (costs[0].1, costs[3].1, slope(&costs));
            println!("| {name} | {dimension} | {range} | {low:.3}, {high:.3} | {slope:.2} |");
        }
    }
}

/// CPU milliseconds of the fastest of several runs.
#[expect(clippy::cast_precision_loss, reason = "nanoseconds of seconds")]
fn cost_ms(mut work: Work) -> f64 {
    let now = || {
        let time = clock_gettime(ClockId::ProcessCPUTime);
        time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
    };
    let start = now();
    let mut fastest = f64::INFINITY;
    let mut runs = 0;
    while runs < 3 || (runs < 1_000 && now() - start < 300.0) {
        let before = now();
        work();
        fastest = fastest.min(now() - before);
        runs += 1;
    }
    fastest
}

/// Slope of the least squares line through the logarithms.
fn slope(costs: &[(f64, f64)]) -> f64 {
    let logs = || costs.iter().map(|&(size, cost)| (size.ln(), cost.ln()));
    let n = logs().map(|_| 1.0).sum::<f64>();
    let (x, y) = logs().fold((0.0, 0.0), |sum, log| {
        (sum.0 + log.0 / n, sum.1 + log.1 / n)
    });
    let products = logs().map(|log| (log.0 - x) * (log.1 - y));
    products.sum::<f64>() / logs().map(|log| (log.0 - x).powi(2)).sum::<f64>()
}

fn null(draws: u32) -> PooledNull {
    let side = Side::Upper;
    PooledNull { draws, side }
}

fn gi_star(size: Size) -> Work {
    let world = World::of(size.cells);
    let seen = vec![true; world.grid.len()];
    Box::new(move || {
        black_box(local_g_star(&world.counts, &seen, &world.neighbours)).expect("counts");
    })
}

fn pooled(size: Size) -> Work {
    let world = World::of(size.cells);
    let seen = vec![true; world.grid.len()];
    let null = null(size.replicates);
    Box::new(move || {
        let p = pooled_p_values(&world.counts, &seen, &world.neighbours, null, Seed(1));
        black_box(p).expect("counts");
    })
}

fn cube(size: Size) -> Work {
    let (world, weeks) = (World::of(size.cells), size.weeks);
    let values = world.weeks(weeks);
    let seen = vec![true; values.len()];
    let params = SpaceTimeParams {
        window_steps: 3,
        comparator: Comparator::Cube,
        form: Form::Star,
    };
    let null = (null(size.replicates), Seed(1));
    Box::new(move || {
        let near = &world.neighbours;
        black_box(space_time_g(&values, &seen, weeks, near, params)).expect("counts");
        black_box(space_time_p_values(
            &values, &seen, weeks, near, params, null,
        ))
        .expect("counts");
    })
}

fn emerging(size: Size) -> Work {
    let (world, weeks) = (World::of(size.cells), size.weeks);
    let values = world.weeks(weeks);
    let seen = vec![true; values.len()];
    let hot = |&z: &Option<f64>| z.map(|z| if z > 1.96 { Spot::Hot } else { Spot::Plain });
    let class = move |z: &[Option<f64>]| {
        let trend = mann_kendall(z).ok().map(|trend| trend.direction(0.05));
        let spots: Vec<Option<Spot>> = z.iter().map(hot).collect();
        emerging_class(&spots, || trend, Compat::Esri2024)
    };
    Box::new(move || {
        let found = local_g_star_by_cell(&values, &seen, weeks, &world.neighbours, class);
        black_box(found).expect("counts");
    })
}

fn scans(size: Size) -> Work {
    let (world, weeks) = (World::of(size.cells), size.weeks);
    let cases = world.cases(weeks);
    let zones = Zones::discs(&world.places, Limit::size(60.0)).expect("places");
    let scanning = Scanning {
        windows: Windows::Prospective { max_steps: 13 },
        min_cases: 2,
        replicates: size.replicates,
        stop: Stop::AllDrawn,
        secondary: Secondary::NoOverlap { most: 5 },
    };
    Box::new(move || {
        let model = Model::SpaceTimePermutation;
        black_box(scan(&cases, model, &zones, &scanning, Seed(1))).expect("counts");
    })
}

fn moran(size: Size) -> Work {
    let world = World::of(size.cells);
    let seen = vec![true; world.grid.len()];
    let permuted = (size.replicates, Side::Upper);
    Box::new(move || {
        let (counts, near) = (&world.counts, &world.neighbours);
        let p = moran_p_value(counts, &seen, near, Weighting::Binary, permuted, Seed(1));
        black_box(p).expect("counts");
    })
}

/// Events of the cells of an area at one rate, so that those near each have one number.
fn near_repeats(size: Size) -> Work {
    let world = World::of(size.cells);
    let events = world.events(size.weeks);
    let record = |&(_, day): &(Coordinate, i32)| KnoxRecord {
        day,
        block: 0,
        time_precision_days: 1.0,
        place_precision_km: 0.1,
    };
    let records: Vec<KnoxRecord> = events.iter().map(record).collect();
    let bands = KnoxBands::new(Some(0.1), &[20.0, 50.0], &[14, 28]).expect("bands");
    let null = KnoxNull {
        permutations: size.replicates,
        once_a_day: false,
    };
    Box::new(move || {
        let apart = |a: usize, b: usize| distance_km(events[a].0, events[b].0);
        black_box(knox(&records, apart, &bands, null, Seed(1))).expect("events");
    })
}

fn density(size: Size) -> Work {
    let world = World::of(size.cells);
    let (places, counts) = (world.places, world.counts);
    let grid: Grid = world.grid;
    Box::new(move || {
        black_box(kernel_density(&grid, &places, &counts, 30.0, Edge::Kept)).expect("events");
    })
}

/// Each of the last weeks of every cell against the same weeks of five years before.
fn farrington(size: Size) -> Work {
    const PAST: usize = 52 * 6;
    let world = World::of(size.cells);
    let (weeks, n) = (PAST + size.weeks, size.weeks);
    let counts = world.weeks(weeks);
    let seen = vec![true; weeks];
    let params = FarringtonParams {
        period: 52,
        years_back: 5,
        half_window: 3,
        season_levels: 1,
        steps_left_out: 26,
        reweight_above: Some(2.58),
        trend_p: Some(0.05),
        alpha: 0.005,
    };
    let watch = params.check().expect("parameters");
    Box::new(move || {
        for series in counts.chunks(weeks) {
            for step in weeks - n..weeks {
                // A past without events has no rate.
                let _ = black_box(watch.judge(series, &seen, step));
            }
        }
    })
}

fn surges(size: Size) -> Work {
    let world = World::of(size.cells);
    Box::new(move || {
        let counts = world.neighbours.sums(&world.counts).expect("cells");
        let expected = world.neighbours.sums(&world.expected).expect("cells");
        let pairs = counts.iter().zip(&expected);
        let tails = pairs.filter_map(|(&y, &mean)| exceedance(y, mean, 1.5 * mean));
        black_box(benjamini_hochberg(&tails.collect::<Vec<_>>())).expect("p-values");
    })
}

fn fit(size: Size) -> Work {
    let world = World::of(size.cells);
    Box::new(move || {
        black_box(GammaPrior::fit(&world.counts, &world.expected)).expect("counts");
    })
}

/// All cells but those without a report.
fn outlines(size: Size) -> Work {
    let world = World::of(size.cells);
    let cells = world.grid.cells().iter().zip(&world.counts);
    let busy = cells.filter(|&(_, &count)| count > 0.0);
    let busy: Vec<h3o::CellIndex> = busy.map(|(&cell, _)| cell).collect();
    Box::new(move || {
        black_box(outline(&busy)).expect("distinct cells");
    })
}
