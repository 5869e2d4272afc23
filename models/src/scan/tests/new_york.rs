//! The New York leukaemia case of `SaTScan`, its data and its shipped output.

use std::path::{Path, PathBuf};

use super::*;
use crate::testing::{close, real_data};
use crate::units::Coordinate;

/// The folder of the case; says by name which test goes without it.
fn folder(test: &str) -> Option<PathBuf> {
    real_data("reference/scan_ny", test)
}

/// One column of a file with one row per tract.
fn column(folder: &Path, file: &str, column: usize) -> Vec<f64> {
    let text =
        std::fs::read_to_string(folder.join(format!("smerc_satscan_ny_{file}.txt"))).unwrap();
    let field = |line: &str| {
        line.split_whitespace()
            .nth(column)
            .unwrap()
            .parse()
            .unwrap()
    };
    text.lines().map(field).collect()
}

fn clusters(folder: &Path, zones: impl Fn(&[[f64; 2]], &[f64]) -> Zones) -> Vec<Cluster> {
    let counts = whole_numbers(&column(folder, "cases", 1));
    let population = column(folder, "pop", 2);
    let (north, east) = (column(folder, "coords", 1), column(folder, "coords", 2));
    let places: Vec<[f64; 2]> = north.into_iter().zip(east).map(|(n, e)| [n, e]).collect();
    assert_eq!((counts.len(), counts.iter().sum::<u32>()), (281, 552));
    let scanning = Scanning {
        min_cases: 2,
        replicates: 999,
        secondary: Secondary::NoOverlap { most: 3 },
        ..ONCE
    };
    let model = Model::Poisson {
        expected: &population,
    };
    let found = scan(
        &counts,
        model,
        &zones(&places, &population),
        &scanning,
        Seed(2009),
    );
    found.unwrap().clusters
}

/// Cases, expected and LLR to the digits shipped; p within three standard errors of two runs of
/// 999 replicates, or, where the output gives the Gumbel p of a far tail, within a factor of four.
#[track_caller]
fn is(got: &Cluster, tracts: usize, cases: u32, expected: f64, llr: f64, p: f64) {
    assert_eq!((got.cells.len(), got.cases), (tracts, cases));
    assert!((got.expected - expected).abs() <= 0.005, "{}", got.expected);
    close(got.llr, llr, 5e-7 / llr);
    if p < 0.001 {
        let factor = got.gumbel_p.unwrap() / p;
        assert!(
            (0.25..4.0).contains(&factor),
            "{:?}, must be {p}",
            got.gumbel_p
        );
        assert!(got.p <= 0.003, "{}", got.p);
    } else {
        let error = 3.0 * (2.0 * p * (1.0 - p) / 999.0).sqrt();
        assert!(
            (got.p - p).abs() <= error,
            "{}, must be {p} within {error}",
            got.p
        );
    }
}

#[test]
fn great_circle_discs_of_half_the_population() {
    let Some(folder) = folder("great_circle_discs_of_half_the_population") else {
        return;
    };
    let found = clusters(&folder, |places, population| {
        let place = |&[lat, lon]: &[f64; 2]| Coordinate::new(lat, lon).unwrap();
        let places: Vec<Coordinate> = places.iter().map(place).collect();
        Zones::discs(&places, Limit::share(population, 0.5)).unwrap()
    });
    is(&found[0], 31, 106, 62.13, 14.780_276, 0.000_087);
    is(&found[1], 9, 42, 21.24, 8.287_056, 0.033);
    is(&found[2], 16, 44, 23.83, 7.199_672, 0.105);
    close(found[0].relative_risk.unwrap(), 1.87, 3e-3);
}

#[test]
fn plane_discs_of_half_the_population() {
    let Some(folder) = folder("plane_discs_of_half_the_population") else {
        return;
    };
    let found = clusters(&folder, |places, population| {
        Zones::plane_discs(places, Limit::share(population, 0.5)).unwrap()
    });
    is(&found[0], 28, 100, 58.28, 14.083_511, 0.000_15);
    is(&found[1], 8, 38, 17.79, 9.019_716, 0.016);
    is(&found[2], 33, 64, 40.85, 6.114_140, 0.248);
}

#[test]
fn plane_discs_of_a_tenth_of_the_population() {
    let Some(folder) = folder("plane_discs_of_a_tenth_of_the_population") else {
        return;
    };
    let found = clusters(&folder, |places, population| {
        Zones::plane_discs(places, Limit::share(population, 0.1)).unwrap()
    });
    is(&found[0], 26, 85, 49.71, 11.577_255, 0.001);
    is(&found[1], 8, 38, 17.79, 9.019_716, 0.013);
    is(&found[2], 33, 64, 40.85, 6.114_140, 0.216);
}
