//! One task of the comparison with other people's programs: `tasks DIR NAME`, driven by `peers.py`.
//!
//! Reads the arrays that the peer harness prepared in `DIR`, does the task as the peer of the same name
//! does, and prints one line of JSON: CPU seconds of the computation alone (reading left out, as the
//! peers leave out their imports and what they read), and figures that must equal the peer's.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::panic,
    reason = "figures are what it is for"
)]

use std::path::{Path, PathBuf};
use std::{env, fs};

use forewarn_models::grid::{Grid, Neighbours, outline};
use forewarn_models::hotspot::{
    Comparator, Compat, Form, SpaceTimeParams, Spot, emerging_class, local_g_star,
    local_g_star_by_cell, local_g_star_of_steps, space_time_g,
};
use forewarn_models::permute::{
    PooledNull, Side, brute_force_p_values, pooled_p_values, space_time_p_values,
};
use forewarn_models::risk::{Edge, kernel_density};
use forewarn_models::scan::{Limit, Model, Scanning, Secondary, Stop, Windows, Zones, scan};
use forewarn_models::trend::mann_kendall;
use forewarn_models::units::{Coordinate, Seed};
use h3o::CellIndex;
use rustix::time::{ClockId, clock_gettime};

/// Name and value of what a task found.
type Figures = Vec<(&'static str, f64)>;

fn main() {
    let given: Vec<String> = env::args().skip(1).collect();
    let [folder, name] = given.as_slice() else {
        panic!("usage: tasks DIR NAME")
    };
    let data = Data(PathBuf::from(folder));
    let figures = match name.as_str() {
        "gi_star" => gi_star(&data, 999, pooled_p_values),
        "gi_star_million" => gi_star(&data, 1_000_000, pooled_p_values),
        "gi_star_own_draws" => gi_star(&data, 999, brute_force_p_values),
        "weeks" => weeks(&data),
        "cube" => cube(&data),
        "emerging" => emerging(&data),
        "density_gauss" | "density_compact" => density(&data, 50.0),
        // Cut off where the peer's kernel ends.
        "density_compact_same_reach" => density(&data, 12.5),
        "dissolve" => dissolve(&data),
        "scan_permutation" => scans(&data, true),
        "scan_poisson" => scans(&data, false),
        _ => panic!("no task {name}"),
    };
    let figures: Vec<String> = figures
        .iter()
        .map(|(name, value)| format!("\"{name}\": {value}"))
        .collect();
    println!("{{{}}}", figures.join(", "));
}

/// The arrays of the peer harness.
struct Data(PathBuf);

impl Data {
    /// The numbers of a file of eight-byte numbers.
    fn words(&self, name: &str) -> Vec<[u8; 8]> {
        let path: &Path = self.0.as_ref();
        let bytes = fs::read(path.join(name)).expect("a prepared array");
        let header = usize::from(u16::from_le_bytes([bytes[8], bytes[9]])) + 10;
        let words = bytes[header..].chunks_exact(8);
        words
            .map(|word| word.try_into().expect("eight bytes"))
            .collect()
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of some thousands")]
    fn counts(&self, name: &str) -> Vec<f64> {
        let words = self.words(name).into_iter();
        words.map(|word| i64::from_le_bytes(word) as f64).collect()
    }

    fn numbers(&self, name: &str) -> Vec<f64> {
        self.words(name)
            .into_iter()
            .map(f64::from_le_bytes)
            .collect()
    }

    fn cells(&self, name: &str) -> Vec<CellIndex> {
        let words = self.words(name).into_iter();
        words
            .map(|word| CellIndex::try_from(u64::from_le_bytes(word)).expect("a cell"))
            .collect()
    }

    /// Cell by cell, what the file holds step by step; the last `n_steps` of it.
    fn by_cell(&self, name: &str, n_cells: usize, n_steps: usize) -> Vec<f64> {
        let counts = self.counts(name);
        let last = &counts[counts.len() - n_cells * n_steps..];
        (0..n_cells)
            .flat_map(|cell| last.iter().skip(cell).step_by(n_cells).copied())
            .collect()
    }
}

/// CPU seconds since the process began, all threads.
#[expect(clippy::cast_precision_loss, reason = "nanoseconds of minutes")]
fn cpu_s() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

type PValues = fn(
    &[f64],
    &[bool],
    &Neighbours,
    PooledNull,
    Seed,
) -> Result<Vec<Option<f64>>, forewarn_models::permute::PermuteError>;

fn upper(draws: u32) -> PooledNull {
    let side = Side::Upper;
    PooledNull { draws, side }
}

/// One map of all counts with a permutation p-value for each cell.
fn gi_star(data: &Data, draws: u32, p_values: PValues) -> Figures {
    let (cells, months) = (
        data.cells("cells_r5.npy"),
        data.counts("counts_res5_month.npy"),
    );
    let n = cells.len();
    let sum = |cell: usize| months.iter().skip(cell).step_by(n).sum();
    let values: Vec<f64> = (0..n).map(sum).collect();
    let seen = vec![true; n];
    let start = cpu_s();
    let grid = Grid::new(cells).expect("cells");
    let near = Neighbours::ring(&grid, 1);
    let z = local_g_star(&values, &seen, &near).expect("counts");
    let p = p_values(&values, &seen, &near, upper(draws), Seed(1)).expect("counts");
    let end = cpu_s();
    vec![
        ("cpu_s", end - start),
        ("z_sum", z.iter().flatten().sum()),
        ("z_max", z.iter().flatten().copied().fold(0.0, f64::max)),
        ("p_sum", p.iter().flatten().sum()),
    ]
}

/// 52 weekly maps, each with 999 draws.
fn weeks(data: &Data) -> Figures {
    const STEPS: usize = 52;
    let cells = data.cells("cells_r5.npy");
    let values = data.by_cell("counts_res5_week.npy", cells.len(), STEPS);
    let seen = vec![true; values.len()];
    let start = cpu_s();
    let near = Neighbours::ring(&Grid::new(cells).expect("cells"), 1);
    let z = local_g_star_of_steps(&values, &seen, STEPS, &near).expect("counts");
    let params = SpaceTimeParams {
        window_steps: 1,
        comparator: Comparator::Slice,
        form: Form::Star,
    };
    let null = (upper(999), Seed(1));
    let p = space_time_p_values(&values, &seen, STEPS, &near, params, null).expect("counts");
    let end = cpu_s();
    vec![
        ("cpu_s", end - start),
        ("z_sum", z.iter().flatten().sum()),
        ("p_sum", p.iter().flatten().sum()),
    ]
}

/// Four weeks as one graph over cells and weeks, 99 draws.
fn cube(data: &Data) -> Figures {
    const STEPS: usize = 4;
    let cells = data.cells("cells_r5.npy");
    let values = data.by_cell("counts_res5_week.npy", cells.len(), STEPS);
    let seen = vec![true; values.len()];
    let start = cpu_s();
    let near = Neighbours::ring(&Grid::new(cells).expect("cells"), 1);
    let params = SpaceTimeParams {
        window_steps: 2,
        comparator: Comparator::Cube,
        form: Form::Star,
    };
    let z = space_time_g(&values, &seen, STEPS, &near, params).expect("counts");
    let null = (upper(99), Seed(1));
    let p = space_time_p_values(&values, &seen, STEPS, &near, params, null).expect("counts");
    let end = cpu_s();
    vec![
        ("cpu_s", end - start),
        ("z_sum", z.iter().flatten().sum()),
        ("p_sum", p.iter().flatten().sum()),
    ]
}

/// 120 monthly maps, the trend of every cell, and its class.
fn emerging(data: &Data) -> Figures {
    const STEPS: usize = 120;
    let cells = data.cells("cells_r5.npy");
    let values = data.by_cell("counts_res5_month.npy", cells.len(), STEPS);
    let seen = vec![true; values.len()];
    let start = cpu_s();
    let near = Neighbours::ring(&Grid::new(cells).expect("cells"), 1);
    let spot = |&z: &Option<f64>| {
        z.map(|z| match z {
            z if z > 1.96 => Spot::Hot,
            z if z < -1.96 => Spot::Cold,
            _ => Spot::Plain,
        })
    };
    let course = |z: &[Option<f64>]| {
        let trend = mann_kendall(z).ok();
        let spots: Vec<Option<Spot>> = z.iter().map(spot).collect();
        let direction = || trend.map(|trend| trend.direction(0.05));
        let class = emerging_class(&spots, direction, Compat::Esri2024);
        (z.iter().flatten().sum::<f64>(), trend, class)
    };
    let courses = local_g_star_by_cell(&values, &seen, STEPS, &near, course).expect("counts");
    let end = cpu_s();
    let trends = || courses.iter().filter_map(|&(_, trend, _)| trend);
    let rising = trends().filter(|trend| trend.p < 0.05).count();
    #[expect(clippy::cast_precision_loss, reason = "a few millions")]
    let (s_sum, rising) = (
        trends().map(|trend| trend.s).sum::<i64>() as f64,
        rising as f64,
    );
    vec![
        ("cpu_s", end - start),
        ("z_sum", courses.iter().map(|&(sum, _, _)| sum).sum()),
        ("s_sum", s_sum),
        ("p_lt_.05", rising),
    ]
}

/// Density of 100,000 events at the centres of the cells.
fn density(data: &Data, width_km: f64) -> Figures {
    const EVENTS: usize = 100_000;
    let cells = data.cells("cells_r5.npy");
    let places = data.numbers("events.npy");
    let (lat, lon) = places.split_at(places.len() / 2);
    let place = |(&lat, &lon)| Coordinate::new(lat, lon).expect("a place");
    let events: Vec<Coordinate> = lat.iter().zip(lon).take(EVENTS).map(place).collect();
    let weights = vec![1.0; events.len()];
    let start = cpu_s();
    let grid = Grid::new(cells).expect("cells");
    let found = kernel_density(&grid, &events, &weights, width_km, Edge::Lost).expect("events");
    let end = cpu_s();
    // The peers' unit: per event and steradian, not cut off.
    let within = 1.0 - (-8.0_f64).exp();
    let unit = within * forewarn_models::units::EARTH_RADIUS_KM.powi(2) / 1e5;
    let per = || found.per_km2.iter().map(|density| density * unit);
    vec![
        ("cpu_s", end - start),
        ("sum", per().sum()),
        ("max", per().fold(0.0, f64::max)),
    ]
}

/// Prospective space-time scan of 2,000 places and 104 weeks, up to a tenth of all and 26 weeks, 999
/// replicates.
fn scans(data: &Data, permutation: bool) -> Figures {
    const STEPS: usize = 104;
    let base = data.counts("scan_base.npy");
    let counts = data.by_cell("scan_counts.npy", base.len(), STEPS);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts"
    )]
    let cases: Vec<u32> = counts.iter().map(|&count| count as u32).collect();
    let places = data.numbers("scan_latlon.npy");
    let (lat, lon) = places.split_at(places.len() / 2);
    // The peer's file holds six decimals.
    let six = |degrees: f64| (degrees * 1e6).round() / 1e6;
    let place = |(&lat, &lon)| Coordinate::new(six(lat), six(lon)).expect("a place");
    let places: Vec<Coordinate> = lat.iter().zip(lon).map(place).collect();
    let rows: Vec<f64> = counts.chunks(STEPS).map(|cell| cell.iter().sum()).collect();
    let per_step = rows.iter().sum::<f64>() / base.iter().sum::<f64>() / 104.0;
    let expected: Vec<f64> = base
        .iter()
        .flat_map(|people| std::iter::repeat_n(people * per_step, STEPS))
        .collect();
    let scanning = Scanning {
        windows: Windows::Prospective { max_steps: 26 },
        min_cases: 2,
        replicates: 999,
        stop: Stop::AllDrawn,
        secondary: Secondary::NoOverlap { most: 5 },
    };
    let (model, share) = if permutation {
        (Model::SpaceTimePermutation, Limit::share(&rows, 0.1))
    } else {
        let expected = &expected;
        (Model::Poisson { expected }, Limit::share(&base, 0.1))
    };
    let start = cpu_s();
    let zones = Zones::discs(&places, share).expect("places");
    let found = scan(&cases, model, &zones, &scanning, Seed(1)).expect("counts");
    let end = cpu_s();
    let first = found.clusters.first().expect("a cluster");
    let within = f64::from(first.cases);
    vec![
        ("cpu_s", end - start),
        ("llr", first.llr),
        ("cases_in", within),
    ]
}

/// Outlines of five classes of small cells.
fn dissolve(data: &Data) -> Figures {
    let cells = data.cells("zones_cells.npy");
    let classes = data.counts("zones_class.npy");
    let start = cpu_s();
    let mut parts = 0;
    let mut corners = 0;
    for class in 0..5 {
        let own = cells.iter().zip(&classes);
        let own = own.filter(|&(_, &of)| of.total_cmp(&f64::from(class)).is_eq());
        let own: Vec<CellIndex> = own.map(|(&cell, _)| cell).collect();
        let found = outline(&own).expect("distinct cells");
        parts += found.len();
        let rings = found
            .iter()
            .flat_map(|part| part.holes.iter().chain([&part.exterior]));
        // The peer counts the first corner again at the end.
        corners += rings.map(|ring| ring.len() + 1).sum::<usize>();
    }
    let end = cpu_s();
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    let figures = [parts as f64, corners as f64];
    vec![
        ("cpu_s", end - start),
        ("parts", figures[0]),
        ("vertices", figures[1]),
    ]
}
