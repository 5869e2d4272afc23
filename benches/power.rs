//! Worlds in which something is planted, through the detectors of a night: how often is it found?
//! `cargo run --release -p forewarn-benches --bin power -- [WORLDS] [SVG]` prints tables and draws
//! `docs/power.svg`.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "figures are what it is for"
)]

use forewarn_benches::chart::{Chart, Panel};
use forewarn_benches::detectors::{Q, Raised, find, of_night};
use forewarn_benches::nights::{Country, Shape, Years};
use forewarn_models::units::Seed;

/// How many times as much happens as before.
const EFFECTS: [f64; 6] = [1.5, 2.0, 3.0, 4.0, 5.0, 6.0];
const SHAPES: [(Shape, &str); 3] = [
    (Shape::Cell, "one cell"),
    (Shape::Ring, "a cell and its six neighbours"),
    (Shape::Row, "five cells in a row"),
];
const YEARS: [(Years, &str); 2] = [
    (Years::Alike, "years alike"),
    (Years::OfCells(0.3), "years differ by 30 %"),
];
const NAMES: [&str; 4] = [
    "Gi* of residuals alone",
    "surge alone",
    "scan alone",
    "a night, all three",
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let worlds = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(300);
    let path = arguments.next();
    let path = path.as_deref().unwrap_or("docs/power.svg");
    let country = Country::new();
    let mut rows = Vec::new();
    for (years, of_years) in YEARS {
        let mut panels = Vec::new();
        for (shape, of_shape) in SHAPES {
            let titles = [of_shape, of_years];
            panels.push(panel(&country, (years, shape), titles, worlds));
        }
        rows.push(panels);
    }
    let chart = Chart {
        title: "Share of planted hot spots that each detector finds, over how much more happens",
        names: NAMES,
        effects: &EFFECTS,
        effect: "times as much as before",
        share: "% found",
        rows,
    };
    std::fs::write(path, chart.svg()).expect("a file that can be written");
}

/// Shares found of one kind of plant, printed as they come.
fn panel(
    country: &Country,
    (years, shape): (Years, Shape),
    titles: [&'static str; 2],
    worlds: usize,
) -> Panel {
    println!("\n{}, {worlds} worlds each\n", titles.join(", "));
    println!("| times | {} | false among raised |", NAMES.join(" | "));
    println!("|---|---|---|---|---|---|");
    let mut lines = [const { Vec::new() }; 4];
    for effect in EFFECTS {
        let mut found = [0_usize; 4];
        let mut wrong = 0.0;
        for index in 0..worlds {
            let night = country.planted(index, years, shape, effect);
            let of_detectors = find(country, &night, Seed(index as u64));
            let night_raised = of_night(&of_detectors, &night.planted);
            let alone = of_detectors.map(|one| one.raised(Q, &night.planted).right > 0);
            let any = alone.into_iter().chain([night_raised.right > 0]);
            for (sum, found) in found.iter_mut().zip(any) {
                *sum += usize::from(found);
            }
            wrong += false_share(night_raised);
        }
        let shares = found.map(|n| ratio(n, worlds));
        let percent = shares.map(|share| format!("{:.0} %", 100.0 * share));
        let wrong = 100.0 * wrong / ratio(worlds, 1);
        println!("| {effect} | {} | {wrong:.1} % |", percent.join(" | "));
        for (line, share) in lines.iter_mut().zip(shares) {
            line.push(share);
        }
    }
    Panel { titles, lines }
}

/// Areas raised by a night that hold nothing planted; 0 where none is raised.
fn false_share(raised: Raised) -> f64 {
    if raised.areas == 0 {
        0.0
    } else {
        ratio(raised.areas - raised.right, raised.areas)
    }
}

#[expect(clippy::cast_precision_loss, reason = "some thousand worlds")]
fn ratio(n: usize, of: usize) -> f64 {
    n as f64 / of as f64
}
