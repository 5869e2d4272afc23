use super::history::History;
use super::space::{KERNELS_KM, REACHES, RINGS, Space, single};
use crate::units::real;

/// Days of a period: rates count incidents per cell in so many days.
pub(super) const PERIOD_DAYS: f64 = 28.0;
/// Scales of time, in periods: a rate forgets `1 - 1/e` in so many.
const SCALES: [f64; 4] = [2.0, 6.0, 13.0, 39.0];
/// Mean length of a year, in days.
const YEAR_DAYS: f64 = 365.25;
/// Days before and after the weeks forecast that count as the same time of the year.
const PHASE_DAYS: f64 = 42.0;
/// Periods after which it no longer matters how long ago the last incident was.
const LONG_AGO: f64 = 60.0;
/// Added to a rate before its logarithm is taken.
pub(super) const FLOOR: f64 = 1e-4;

/// Rates of the past that any forecast must beat, in the order of [`Prediction::baselines`](super::Prediction).
pub const BASELINES: [&str; 5] = [
    "all_time_rate",
    "weighted_past",
    "same_period_last_year",
    "same_phase",
    "kernel_density",
];

/// Names of the features and the group each is told under, in the order of [`features`].
pub(super) fn names() -> Vec<(String, &'static str)> {
    let mut names = Vec::new();
    let reach = |r: usize| match r {
        0 => String::new(),
        _ if r <= RINGS => format!("_ring{r}"),
        _ => format!("_kernel{}", KERNELS_KM[r - 1 - RINGS]),
    };
    let group = |own: &'static str, r: usize| match r {
        0 => own,
        _ if r < REACHES - 1 => "nearby",
        _ => "region",
    };
    for (scale, own) in
        SCALES
            .iter()
            .zip(["here_lately", "here_lately", "here_before", "here_before"])
    {
        for r in 0..REACHES {
            names.push((format!("past{scale}{}", reach(r)), group(own, r)));
        }
    }
    for r in rated() {
        names.push((format!("all_time{}", reach(r)), group("here_before", r)));
    }
    for r in rated() {
        names.push((format!("phase{}", reach(r)), "time_of_year"));
    }
    names.push(("total".to_owned(), "region"));
    names.push(("since".to_owned(), "here_lately"));
    names
}

/// The cell itself and the kernels.
fn rated() -> impl Iterator<Item = usize> {
    (0..REACHES).filter(|&r| r == 0 || r > RINGS)
}

/// What is known at one origin.
#[derive(Debug)]
pub(super) struct At {
    /// By cell, then feature: logarithms of rates and of the time since the last incident.
    pub(super) rows: Vec<f32>,
    /// By baseline, then cell: rates.
    pub(super) baselines: Vec<Vec<f64>>,
}

/// Features and baselines of every cell at an origin, from incidents before it.
///
/// ```text
/// past q      sum over earlier incidents of exp(-(origin - day) / (28 q)) / q      q = 2, 6, 13, 39
/// all time    incidents / days since the first day x 28
/// phase       incidents within 42 days of the same time of past years / days there x 28
/// total       incidents of the whole area in the last three periods
/// since       periods since the last incident, at most 60
/// ```
///
/// each rate at the cell, in its rings and through the kernels; logarithms of rates + 1e-4.
pub(super) fn features(space: &Space, history: &History<'_>, origin: i32, horizon: i32) -> At {
    let n_cells = space.n_cells();
    let past = Past::of(history, origin, horizon, n_cells);
    let n = SCALES.len() * REACHES + 2 * rated().count() + 2;
    let mut rows = vec![0.0; n_cells * n];
    let mut column = 0;
    let mut put = |values: &[f64]| {
        for (row, value) in rows.chunks_exact_mut(n).zip(values) {
            row[column] = single((value + FLOOR).ln());
        }
        column += 1;
    };
    let mut density = Vec::new();
    for (scale, map) in past.decayed.iter().enumerate() {
        for r in 0..REACHES {
            let felt = space.felt(map, r);
            put(&felt);
            if SCALES[scale] > 12.0 && SCALES[scale] < 14.0 && r == RINGS + 1 {
                density = felt;
            }
        }
    }
    for map in [&past.all_time, &past.phase] {
        for r in rated() {
            put(&space.felt(map, r));
        }
    }
    put(&vec![past.total; n_cells]);
    put(&past.since);
    let [_, _, weighted, _] = past.decayed;
    At {
        rows,
        baselines: vec![past.all_time, weighted, past.last_year, past.phase, density],
    }
}

/// Maps of the past, by cell.
struct Past {
    decayed: [Vec<f64>; SCALES.len()],
    all_time: Vec<f64>,
    phase: Vec<f64>,
    last_year: Vec<f64>,
    since: Vec<f64>,
    total: f64,
}

impl Past {
    fn of(history: &History<'_>, origin: i32, horizon: i32, n_cells: usize) -> Self {
        let zeros = || vec![0.0; n_cells];
        let mut past = Self {
            decayed: std::array::from_fn(|_| zeros()),
            all_time: zeros(),
            phase: zeros(),
            last_year: zeros(),
            since: vec![LONG_AGO; n_cells],
            total: 0.0,
        };
        let days = f64::from(origin - history.first_day);
        let same_phase = |day: i32| in_phase(day, origin, horizon);
        let seen = (history.first_day..origin).filter(|&day| same_phase(day));
        let phase_days = real(seen.count()).max(1.0);
        let span = f64::from(horizon);
        for event in (0..history.before(origin)).filter(|&event| history.is_seen(event, origin)) {
            let (cell, day) = (history.cell[event] as usize, history.day[event]);
            let age = f64::from(origin - day);
            for (map, scale) in past.decayed.iter_mut().zip(SCALES) {
                map[cell] += (-age / (scale * PERIOD_DAYS)).exp() / scale;
            }
            past.all_time[cell] += PERIOD_DAYS / days;
            if same_phase(day) {
                past.phase[cell] += PERIOD_DAYS / phase_days;
            }
            // Whole weeks, so that days of the week agree.
            if age <= 364.0 && age > 364.0 - span {
                past.last_year[cell] += PERIOD_DAYS / span;
            }
            if age <= 3.0 * PERIOD_DAYS {
                past.total += 1.0;
            }
            past.since[cell] = (age / PERIOD_DAYS).min(LONG_AGO);
        }
        past
    }
}

/// Whether a day lies at the time of the year of the weeks forecast, give or take six weeks.
fn in_phase(day: i32, origin: i32, horizon: i32) -> bool {
    let half = f64::from(horizon) / 2.0;
    let ago = f64::from(origin - day) + half;
    let off = (ago / YEAR_DAYS).round() * YEAR_DAYS - ago;
    off.abs() <= PHASE_DAYS + half
}
