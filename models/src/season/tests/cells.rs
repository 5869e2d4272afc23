use rand::Rng;
use rand_distr::{Gamma, Poisson};

use super::super::*;
use crate::testing::close;
use crate::units::{Purpose, Seed, real};

const CELLS: usize = 200;
const YEARS: usize = 5;
/// Weeks of each phase.
const PHASES: [f64; 3] = [12.0, 20.0, 20.0];

/// Counts by year and phase; every tenth cell is busy in the first phase only, each year or in one.
fn world(seed: u64, market: impl Fn(usize) -> f64) -> Vec<Vec<f64>> {
    let mut rng = Seed(seed).stream(Purpose::SynthIncidents, 0);
    let rates: Vec<f64> = (0..CELLS)
        .map(|_| rng.sample(Gamma::new(1.0, 0.1).unwrap()))
        .collect();
    let mut counts = Vec::new();
    for year in 0..YEARS {
        for (phase, weeks) in PHASES.iter().enumerate() {
            let of_cell = |(i, rate): (usize, &f64)| {
                let more = if i % 10 == 0 && phase == 0 {
                    market(year)
                } else {
                    1.0
                };
                let law = Poisson::new((rate * weeks * more).max(1e-12)).unwrap();
                rng.sample::<f64, _>(law)
            };
            counts.push(rates.iter().enumerate().map(of_cell).collect());
        }
    }
    counts
}

fn past<'a>(counts: &'a [Vec<f64>], exposure: &'a [Vec<f64>]) -> Vec<PastPhase<'a>> {
    let phases = counts.iter().enumerate();
    phases
        .map(|(at, counts)| PastPhase {
            year: at / PHASES.len(),
            phase: at % PHASES.len(),
            counts,
            exposure: &exposure[at % PHASES.len()],
        })
        .collect()
}

fn exposure() -> Vec<Vec<f64>> {
    PHASES.iter().map(|&weeks| vec![weeks; CELLS]).collect()
}

#[test]
fn a_market_that_fills_every_year_keeps_its_season_and_a_burst_in_one_does_not() {
    let exposure = exposure();
    let yearly = world(1, |_| 10.0);
    let fit = cell_seasons(&past(&yearly, &exposure), 3, OwnSeasons::IfTheyForecast).unwrap();
    assert!(
        fit.gain.unwrap() > 20.0 && fit.departure().is_some(),
        "{:?}",
        fit.gain
    );
    let mean = |phase: usize, cell| fit.without(phase, cell, (0.0, 0.0), 12.0).unwrap().0;
    let ratio = |cells: &dyn Fn() -> std::iter::StepBy<std::ops::Range<usize>>| {
        let sum = |phase| cells().map(|i| mean(phase, i)).sum::<f64>();
        sum(0) / sum(1)
    };
    let (markets, others) = (
        ratio(&|| (0..CELLS).step_by(10)),
        ratio(&|| (1..CELLS).step_by(10)),
    );
    assert!(markets > 5.0 && others < 1.2, "{markets} {others}");

    let once = world(2, |year| if year == 1 { 12.0 } else { 1.0 });
    let fit = cell_seasons(&past(&once, &exposure), 3, OwnSeasons::IfTheyForecast).unwrap();
    assert!(
        fit.gain.unwrap() < 0.0 && fit.departure().is_none(),
        "{:?}",
        fit.gain
    );
}

#[test]
fn too_short_a_past_leaves_cells_the_season_of_their_area() {
    let (counts, exposure) = (world(1, |_| 10.0), exposure());
    let past = past(&counts, &exposure);
    let fit = cell_seasons(&past[..6], 3, OwnSeasons::IfTheyForecast).unwrap();
    assert_eq!((fit.gain, fit.departure()), (None, None));
}

#[test]
fn moments_follow_the_formula_and_what_is_left_out_is_as_if_it_had_not_been() {
    let (counts, exposure) = (world(3, |_| 5.0), exposure());
    let fit = cell_seasons(&past(&counts, &exposure), 3, OwnSeasons::Always).unwrap();
    let prior = fit.departure().unwrap();
    let sum = |cell: usize, phase: usize| -> f64 {
        (0..YEARS).map(|year| counts[3 * year + phase][cell]).sum()
    };
    let cell = (0..CELLS).find(|&i| sum(i, 1) > 2.0).unwrap();
    let (left, weeks) = (counts[1][cell], PHASES[1]);
    let level = fit.level();
    let whole = real(YEARS) * PHASES.iter().sum::<f64>();
    let all: f64 = (0..3).map(|phase| sum(cell, phase)).sum();
    for (count, exposure) in [(0.0, 0.0), (left, weeks)] {
        let theta = level
            .prior
            .posterior(all - count, level.base_rate * (whole - exposure))
            .unwrap();
        let of_phase = level.base_rate * (real(YEARS) * weeks - exposure) * theta.mean();
        let psi = prior.posterior(sum(cell, 1) - count, of_phase).unwrap();
        let mean = level.base_rate * 4.0 * theta.mean() * psi.mean();
        let doubt = |m: f64, v: f64| 1.0 + v / (m * m);
        let relative = doubt(theta.mean(), theta.variance()) * doubt(psi.mean(), psi.variance());
        let got = fit.without(1, cell, (count, exposure), 4.0).unwrap();
        close(got.0, mean, 1e-9);
        close(got.1, mean + mean * mean * (relative - 1.0), 1e-9);
    }
    assert!(fit.without(1, cell, (1e3, 0.0), 4.0).is_err());
    assert_eq!(fit.without(1, cell, (0.0, 0.0), 0.0).unwrap(), (0.0, 0.0));
}

#[test]
fn seasonal_departures_keep_the_total() {
    let (counts, exposure) = (world(4, |_| 5.0), exposure());
    let fit = cell_seasons(&past(&counts, &exposure), 3, OwnSeasons::Always).unwrap();
    let mut expected = 0.0;
    for (phase, weeks) in PHASES.iter().enumerate() {
        for cell in 0..CELLS {
            let target = real(YEARS) * weeks;
            expected += fit.without(phase, cell, (0.0, 0.0), target).unwrap().0;
        }
    }
    let total: f64 = counts.iter().flatten().sum();
    close(expected / total, 1.0, 1e-9);
}

#[test]
fn phases_of_other_cells_are_refused() {
    let (counts, exposure) = (world(5, |_| 1.0), exposure());
    let mut past = past(&counts, &exposure);
    past[1].phase = 3;
    assert_eq!(
        cell_seasons(&past, 3, OwnSeasons::Never),
        Err(CellSeasonsError::Phase)
    );
    past[1].counts = &counts[0][..5];
    assert!(matches!(
        cell_seasons(&past, 3, OwnSeasons::Never),
        Err(CellSeasonsError::Length(_))
    ));
    assert!(cell_seasons(&[], 3, OwnSeasons::Never).is_err());
}
