//! Made-up years with a season, and what the classes make of them.

use rand::Rng;

use super::*;
use crate::hotspot::{benjamini_hochberg_of_steps, local_g_star_of_steps};
use crate::season::{expected, pearson_residual};
use crate::testing::lattice;
use crate::units::{Purpose, Seed, real, two_sided_p};

const SIDE: usize = 20;
const CELLS: usize = SIDE * SIDE;
const MONTHS: usize = 48;
const PAST_YEARS: usize = 8;

/// Whether a cell lies on the herders' way, a block of three by three.
fn on_the_way(cell: usize) -> bool {
    (4..7).contains(&(cell % SIDE)) && (4..7).contains(&(cell / SIDE))
}

/// Mean count of a month: high on the way from October to December, two elsewhere and otherwise.
fn season(cell: usize, month: usize) -> f64 {
    if on_the_way(cell) && month % 12 >= 9 {
        12.0
    } else {
        2.0
    }
}

fn drawn(means: impl Iterator<Item = f64>, stream: u64) -> Vec<f64> {
    let mut rng = Seed(11).stream(Purpose::SynthIncidents, stream);
    means
        .map(|mean| rng.sample(rand_distr::Poisson::new(mean).unwrap()))
        .collect()
}

fn classes(values: &[f64]) -> Vec<Option<EmergingClass>> {
    let side = u32::try_from(SIDE).unwrap();
    let around = lattice(side, side);
    let z = local_g_star_of_steps(values, &vec![true; values.len()], MONTHS, &around).unwrap();
    let p: Vec<_> = z.iter().map(|z| z.map(two_sided_p)).collect();
    let adjusted = benjamini_hochberg_of_steps(&p, MONTHS).unwrap();
    let params = EmergingParams {
        q: 0.05,
        alpha: 0.05,
        trend: TrendTest::MannKendall,
        compat: Compat::Esri2024,
    };
    emerging_classes(&z, &adjusted, MONTHS, params).unwrap()
}

/// Counts less what the same month of past years lets expect, in standard deviations.
fn residuals(counts: &[f64]) -> Vec<f64> {
    let cells = 0..CELLS;
    let years: Vec<_> = (0..12)
        .map(|month| {
            let sums = cells
                .clone()
                .map(|cell| real(PAST_YEARS) * season(cell, month));
            let past = drawn(sums, 1 + month as u64);
            expected(&past, &[real(PAST_YEARS); CELLS], &[1.0; CELLS]).unwrap()
        })
        .collect();
    let residual = |(i, &count): (usize, &f64)| {
        let (cell, year) = (i / MONTHS, &years[i % MONTHS % 12]);
        pearson_residual(count, year.mean[cell], year.variance[cell]).unwrap()
    };
    counts.iter().enumerate().map(residual).collect()
}

fn counts(ramp: f64) -> Vec<f64> {
    let mean = |i: usize| {
        let (cell, month) = (i / MONTHS, i % MONTHS);
        let more = if on_the_way(cell) {
            ramp * real(month + 12)
        } else {
            0.0
        };
        season(cell, month) + more
    };
    drawn((0..CELLS * MONTHS).map(mean), 0)
}

fn on_the_way_only(classes: &[Option<EmergingClass>]) -> Vec<EmergingClass> {
    let cells = classes.iter().enumerate();
    cells
        .filter(|&(cell, _)| on_the_way(cell))
        .map(|(_, class)| class.unwrap())
        .collect()
}

#[test]
fn a_season_emerges_from_rates_but_not_once_it_is_taken_away() {
    let counts = counts(0.0);
    let classic = on_the_way_only(&classes(&counts));
    let sporadic = EmergingClass::Hot(Pattern::Sporadic);
    assert_eq!(classic, [sporadic; 9]);
    let adjusted = classes(&residuals(&counts));
    assert_eq!(on_the_way_only(&adjusted), [EmergingClass::NoPattern; 9]);
    let none = Some(EmergingClass::NoPattern);
    let patterns = adjusted.iter().filter(|&&class| class != none).count();
    assert!(
        patterns <= CELLS / 50,
        "{patterns} patterns where nothing changes"
    );
}

#[test]
fn a_rise_on_top_of_the_season_intensifies_once_it_is_taken_away() {
    let counts = counts(0.6);
    let adjusted = on_the_way_only(&classes(&residuals(&counts)));
    let intensifying = EmergingClass::Hot(Pattern::Intensifying);
    assert_eq!(adjusted, [intensifying; 9]);
}
