//! Worlds in which nothing changed, through the detectors of a night: how often does one raise
//! something? `cargo run --release -p forewarn-benches --bin null_worlds -- [WORLDS]`

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "figures are what it is for"
)]

use forewarn_benches::detectors::{Q, find, of_night};
use forewarn_benches::nights::{Country, Years};
use forewarn_models::score::wilson;
use forewarn_models::units::Seed;

fn main() {
    let worlds = std::env::args().nth(1).and_then(|n| n.parse().ok());
    let worlds: usize = worlds.unwrap_or(1_000);
    let country = Country::new();
    for (what, years) in [
        ("Poisson", Years::Alike),
        ("years differ by 30 %, cell by cell", Years::OfCells(0.3)),
        (
            "years differ by 30 %, region by region",
            Years::OfRegions(0.3),
        ),
    ] {
        let mut raised = [0_usize; 4];
        for index in 0..worlds {
            let night = country.quiet(index, years);
            let found = find(&country, &night, Seed(index as u64));
            let any = of_night(&found, &night.planted).areas > 0;
            let [gi_star, surge, scan] = found.map(|found| found.smallest() <= Q);
            for (raised, one) in raised.iter_mut().zip([gi_star, surge, scan, any]) {
                *raised += usize::from(one);
            }
        }
        println!("{worlds} worlds of {} cells, {what}:", country.grid.len());
        let names = [
            "Gi* of residuals alone",
            "surge alone",
            "scan alone",
            "a night",
        ];
        for (name, n) in names.iter().zip(raised) {
            let (low, high) = wilson(n, worlds, 0.95).expect("some worlds");
            let [share, low, high] = [ratio(n, worlds), low, high].map(|share| 100.0 * share);
            println!("  {name:<22} {n:>5}  {share:.1} % ({low:.1}-{high:.1})");
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "some thousand worlds")]
fn ratio(n: usize, of: usize) -> f64 {
    n as f64 / of as f64
}
