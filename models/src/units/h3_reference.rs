//! Every line of the reference implementation's test files: cells of points, and outlines of cells.

use std::path::Path;

use h3o::{CellIndex, LatLng};

use super::{Coordinate, cell_of};
use crate::testing::real_data;

/// Nine decimals are printed, some files have six.
const DEGREES: f64 = 1e-6;

fn lines(folder: &Path, ending: &str) -> Vec<(String, Vec<String>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, text.lines().map(str::to_owned).collect())
    };
    files.iter().map(read).collect()
}

/// Longitudes are printed from 0 to 360.
fn place(lat: &str, lon: &str) -> (f64, f64) {
    let lon: f64 = lon.parse().unwrap();
    (
        lat.parse().unwrap(),
        if lon > 180.0 { lon - 360.0 } else { lon },
    )
}

fn apart(a: f64, b: f64) -> f64 {
    let apart = (a - b).abs();
    apart.min((apart - 360.0).abs())
}

#[test]
fn points_get_the_cells_of_the_reference_implementation() {
    let test = "points_get_the_cells_of_the_reference_implementation";
    let Some(folder) = real_data("reference/h3", test) else {
        return;
    };
    let mut n_points = 0;
    for ending in ["centers.txt", "ic.txt"] {
        for (file, lines) in lines(&folder, ending) {
            for line in lines {
                let words: Vec<&str> = line.split_whitespace().collect();
                let cell: CellIndex = words[0].parse().unwrap();
                let (lat_deg, lon_deg) = place(words[1], words[2]);
                let point = Coordinate::new(lat_deg, lon_deg).unwrap();
                assert_eq!(cell_of(point, cell.resolution()), cell, "{file}: {line}");
                n_points += 1;
            }
        }
    }
    assert!(n_points > 20_000, "{n_points} points");
}

#[test]
fn cells_have_the_outlines_of_the_reference_implementation() {
    let test = "cells_have_the_outlines_of_the_reference_implementation";
    let Some(folder) = real_data("reference/h3", test) else {
        return;
    };
    let mut n_cells = 0;
    for (file, lines) in lines(&folder, "cells.txt") {
        let mut rest = lines.iter();
        while let Some(id) = rest.next() {
            let cell: CellIndex = id.trim().parse().unwrap();
            n_cells += 1;
            let corners = rest
                .clone()
                .skip(1)
                .take_while(|line| line.trim() != "}")
                .filter_map(|line| line.trim().split_once(' '));
            if rest.clone().next().is_none_or(|line| line.trim() != "{") {
                continue;
            }
            let corners: Vec<(f64, f64)> =
                corners.map(|(lat, lon)| place(lat, lon.trim())).collect();
            rest.nth(corners.len() + 1);
            let outline = cell.boundary();
            assert_eq!(outline.len(), corners.len(), "{file}: {id}");
            let same = |(got, &(lat, lon)): (&LatLng, &(f64, f64))| {
                apart(got.lat(), lat) < DEGREES && apart(got.lng(), lon) < DEGREES
            };
            assert!(outline.iter().zip(&corners).all(same), "{file}: {id}");
        }
    }
    assert!(n_cells > 20_000, "{n_cells} cells");
}
