use std::f64::consts::TAU;

use proptest::prelude::*;
use rand::Rng;
use rand_chacha::ChaCha20Rng;
use rand_distr::{Gamma, Poisson};
use serde_json::Value;

use super::super::*;
use crate::testing::{all_close, close, number, numbers, reference};
use crate::units::{Purpose, Seed, real};

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    list(value).map(numbers).collect()
}

fn in_bins(value: &Value) -> PhaseBins {
    let bins: Vec<usize> = list(value)
        .map(|bin| usize::try_from(bin.as_u64().unwrap()).unwrap())
        .collect();
    PhaseBins::certain(12, &bins).unwrap()
}

fn groups<'a>(
    counts: &'a [Vec<f64>],
    exposure: &'a [Vec<f64>],
    phases: &'a PhaseBins,
) -> Vec<SeasonGroup<'a>> {
    let pairs = counts.iter().zip(exposure);
    pairs
        .map(|(counts, exposure)| SeasonGroup {
            counts,
            exposure,
            phases,
        })
        .collect()
}

#[test]
fn common_seasons_and_sizes_agree_with_statsmodels() {
    for case in list(&reference("seasonal_expectation")["together"]) {
        let (counts, exposure) = (rows(&case["counts"]), rows(&case["exposure"]));
        let phases = in_bins(&case["bins"]);
        let harmonics = usize::try_from(case["harmonics"].as_u64().unwrap()).unwrap();
        let fit = log_linear_season(&groups(&counts, &exposure, &phases), harmonics).unwrap();
        let want = &case["overdispersion"];
        let got = fit.overdispersion;
        close(got.pearson.unwrap(), number(&want["pearson"]), 1e-8);
        close(got.z, number(&want["z"]), 1e-8);
        close(got.p, number(&want["p"]), 1e-8);
        close(got.size.unwrap(), number(&want["size"]), 1e-5);
        assert_eq!(fit.size.is_some(), case["size"].is_f64());
        if let Some(size) = fit.size {
            close(size, number(&case["size"]), 1e-5);
        }
        all_close(&fit.coefficients, &numbers(&case["coefficients"]), 1e-6);
        if fit.spread <= 0.0 {
            close(fit.log_likelihood, number(&case["log_likelihood"]), 1e-8);
        } else {
            assert!(fit.log_likelihood > number(&case["log_likelihood"]));
        }
    }
}

#[test]
fn a_season_whose_phase_is_in_doubt_agrees_with_scipy() {
    let case = &reference("seasonal_expectation")["doubtful"];
    let mut bins: Vec<Option<f64>> = (0..12).map(|m| Some((real(m) + 0.5) / 12.0)).collect();
    bins.push(None);
    let phases = PhaseBins::new(&bins, &rows(&case["shares"]).concat()).unwrap();
    let (counts, exposure) = (numbers(&case["counts"]), numbers(&case["exposure"]));
    let group = SeasonGroup {
        counts: &counts,
        exposure: &exposure,
        phases: &phases,
    };
    let fit = log_linear_season(&[group], 1).unwrap();
    all_close(&fit.coefficients, &numbers(&case["coefficients"]), 1e-5);
    close(fit.log_likelihood, number(&case["log_likelihood"]), 1e-8);
    assert_eq!(fit.size, None);
}

#[test]
fn areas_are_pulled_together_as_the_summed_marginal_likelihood_says() {
    let case = &reference("seasonal_expectation")["pulled"];
    let (counts, exposure) = (rows(&case["counts"]), rows(&case["exposure"]));
    let phases = in_bins(&case["bins"]);
    let fit = log_linear_season(&groups(&counts, &exposure, &phases), 1).unwrap();
    close(fit.spread, number(&case["spread"]), 0.0);
    let best = numbers(&case["log_marginal"])
        .into_iter()
        .fold(f64::NEG_INFINITY, f64::max);
    close(fit.log_likelihood - best, 0.0, 0.25);
    for (own, want) in fit.of_groups.iter().zip(list(&case["of_groups"])) {
        all_close(own, &numbers(want), 1e-5);
    }
}

/// Years of 52 weeks.
const YEAR: usize = 52;

fn weeks(n_years: usize) -> (PhaseBins, Vec<usize>) {
    let week: Vec<usize> = (0..n_years * YEAR).map(|t| t % YEAR).collect();
    let year = (0..n_years * YEAR).map(|t| t / YEAR).collect();
    (PhaseBins::certain(YEAR, &week).unwrap(), year)
}

fn count(rng: &mut ChaCha20Rng, mean: f64, size: Option<f64>) -> f64 {
    let factor = size.map_or(1.0, |r| rng.sample(Gamma::new(r, 1.0 / r).unwrap()));
    rng.sample(Poisson::new((mean * factor).max(1e-12)).unwrap())
}

fn turn(week: usize) -> f64 {
    TAU * (real(week % YEAR) + 0.5) / real(YEAR)
}

#[test]
fn a_known_season_is_recovered_and_chosen() {
    let (phases, year) = weeks(6);
    let mut rng = Seed(5).stream(Purpose::SynthIncidents, 1);
    let truth = |t: usize| (0.9 * turn(t).cos() + 0.4 * (2.0 * turn(t)).sin()).exp();
    let areas = [40.0, 10.0, 25.0];
    let exposure: Vec<Vec<f64>> = areas.iter().map(|&a| vec![a; year.len()]).collect();
    let counts: Vec<Vec<f64>> = areas
        .iter()
        .map(|a| {
            (0..year.len())
                .map(|t| count(&mut rng, 0.08 * a * truth(t), Some(3.0)))
                .collect()
        })
        .collect();
    let choice = choose_season(&groups(&counts, &exposure, &phases), &year, 3).unwrap();
    assert_eq!(choice.fit.harmonics, 2);
    assert!(choice.tried[2].gain().unwrap() > 20.0);
    close(choice.fit.size.unwrap(), 3.0, 0.35);
    all_close(&choice.fit.coefficients, &[0.9, 0.0, 0.0, 0.4], 0.12);
}

#[test]
fn without_a_season_the_year_stays_flat_even_where_incidents_come_in_bursts() {
    let (phases, year) = weeks(6);
    let exposure = vec![vec![1.0; year.len()]; 4];
    let (mut by_aic, mut chosen) = (0, 0);
    let worlds = 40;
    for world in 0..worlds {
        let mut rng = Seed(6).stream(Purpose::SynthIncidents, world);
        let counts: Vec<Vec<f64>> = (0..4)
            .map(|_| {
                // Thirteen weeks of every year, anywhere in it, are eight times as busy.
                let begins: Vec<usize> = (0..6).map(|_| rng.random_range(0..40)).collect();
                let busy =
                    |t: usize| (begins[t / YEAR]..begins[t / YEAR] + 13).contains(&(t % YEAR));
                (0..year.len())
                    .map(|t| count(&mut rng, if busy(t) { 0.8 } else { 0.1 }, None))
                    .collect()
            })
            .collect();
        let choice = choose_season(&groups(&counts, &exposure, &phases), &year, 3).unwrap();
        let aic = |k: usize| choice.tried[k].aic.unwrap_or(f64::INFINITY);
        by_aic += usize::from((1..=3).any(|k| aic(k) < aic(0)));
        chosen += usize::from(choice.fit.harmonics > 0);
    }
    assert!(
        by_aic > 30,
        "bursts look like a season to AIC: {by_aic} of {worlds}"
    );
    assert!(chosen <= 10, "and are taken for one: {chosen} of {worlds}");
}

#[test]
fn classes_that_are_busy_at_opposite_times_are_forecast_better_apart() {
    let (phases, year) = weeks(6);
    let mut rng = Seed(7).stream(Purpose::SynthIncidents, 1);
    let mut class = |sign: f64| -> Vec<f64> {
        let mean = |t: usize| 0.5 * (sign * 1.2 * turn(t).cos()).exp();
        (0..year.len())
            .map(|t| count(&mut rng, mean(t), None))
            .collect()
    };
    let (one, other) = (class(1.0), class(-1.0));
    let pooled: Vec<f64> = one.iter().zip(&other).map(|(a, b)| a + b).collect();
    let exposure = vec![1.0; year.len()];
    let gain = |counts: &[f64]| {
        let group = SeasonGroup {
            counts,
            exposure: &exposure,
            phases: &phases,
        };
        let choice = choose_season(&[group], &year, 1).unwrap();
        choice.tried[1].gain().unwrap()
    };
    let apart = gain(&one) + gain(&other);
    assert!(apart > 50.0 && gain(&pooled) < apart / 10.0, "{apart}");
}

fn group<'a>(counts: &'a [f64], exposure: &'a [f64], phases: &'a PhaseBins) -> SeasonGroup<'a> {
    SeasonGroup {
        counts,
        exposure,
        phases,
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let phases = PhaseBins::certain(4, &[0, 1, 2, 3]).unwrap();
    let fit = |counts: &[f64], exposure: &[f64], k| {
        log_linear_season(&[group(counts, exposure, &phases)], k)
    };
    let count = SeasonFitError::Count {
        group: 0,
        period: 1,
    };
    assert_eq!(fit(&[1.0, -1.0], &[1.0; 2], 0), Err(count));
    assert_eq!(fit(&[1.0, 1.0], &[1.0, 0.0], 0), Err(count));
    assert_eq!(fit(&[0.0; 4], &[1.0; 4], 0), Err(SeasonFitError::NoEvent));
    assert_eq!(log_linear_season(&[], 0), Err(SeasonFitError::NoEvent));
    assert!(matches!(
        fit(&[1.0], &[1.0; 2], 0),
        Err(SeasonFitError::Length(_))
    ));
    assert!(matches!(
        fit(&[1.0; 5], &[1.0; 5], 0),
        Err(SeasonFitError::Length(_))
    ));
    assert_eq!(
        fit(&[9.0, 0.0, 0.0, 0.0], &[1.0; 4], 1),
        Err(SeasonFitError::Confined)
    );
    assert_eq!(
        fit(&[9.0, 1.0], &[1.0; 2], 1),
        Err(SeasonFitError::Undetermined)
    );
    let other = PhaseBins::certain(3, &[0, 1, 2, 0]).unwrap();
    let apart = [
        group(&[1.0; 4], &[1.0; 4], &phases),
        SeasonGroup {
            phases: &other,
            ..group(&[1.0; 4], &[1.0; 4], &phases)
        },
    ];
    assert_eq!(log_linear_season(&apart, 0), Err(SeasonFitError::Bins));
    let choose = choose_season(&apart[..1], &[1, 1, 0, 0], 1);
    assert_eq!(choose.unwrap_err(), ChoiceError::Order);
    assert!(apart[0].phases.n_periods() == 4 && overdispersion(&[1.0], &[0.0], 0).is_err());
}

proptest! {
    #[test]
    fn totals_are_kept_and_larger_areas_change_nothing(
        counts in prop::collection::vec(0_u8..6, 104..=104),
        scale in 0.01_f64..100.0,
    ) {
        let (phases, _) = weeks(2);
        let counts: Vec<f64> = counts.into_iter().map(f64::from).collect();
        let fit = |exposure: f64| {
            let exposure = vec![exposure; counts.len()];
            let group = SeasonGroup { counts: &counts, exposure: &exposure, phases: &phases };
            log_linear_season(&[group], 1)
        };
        let Ok(one) = fit(1.0) else { return Ok(()) };
        let scaled = fit(scale).unwrap();
        all_close(&scaled.coefficients, &one.coefficients, 1e-6);
        close(scaled.log_likelihood, one.log_likelihood, 1e-8);
        // A cell that follows this season is expected to see as many again as it saw.
        let factors = one.relative(0, &phases).unwrap();
        let past = PastPhase {
            year: 0,
            phase: 0,
            counts: &[counts.iter().sum()],
            exposure: &[factors.iter().sum()],
        };
        let cells = cell_seasons(&[past], 1, OwnSeasons::Never).unwrap();
        let target = factors.iter().sum();
        let again = cells.without(0, 0, (0.0, 0.0), target).unwrap();
        close(again.0, counts.iter().sum(), 1e-6);
    }
}

/// Means of counts drawn for them, and the same counts with a rate that varies by a gamma law.
fn forecasts(size: Option<f64>) -> (Vec<f64>, Vec<f64>) {
    let mut rng = Seed(8).stream(Purpose::SynthIncidents, 3);
    let means: Vec<f64> = (0..4000)
        .map(|i| 0.05 + 0.002 * f64::from(i % 1000))
        .collect();
    let counts = means.iter().map(|&m| count(&mut rng, m, size)).collect();
    (counts, means)
}

#[test]
fn spread_beyond_the_forecasts_is_found_where_there_is_some_and_only_there() {
    let (counts, means) = forecasts(Some(2.0));
    let alone = extra_spread(&counts, &means, &means, 0.0).unwrap();
    let size = overdispersion(&counts, &means, 0).unwrap().size.unwrap();
    close(alone.per_squared_mean, 1.0 / size, 1e-6);
    assert!(alone.p < 1e-9);
    // Half of it said beforehand, the other half is found; all of it said, none is.
    let said =
        |share: f64| -> Vec<f64> { means.iter().map(|m| m + share * m * m / size).collect() };
    let half = extra_spread(&counts, &means, &said(0.5), 0.0).unwrap();
    close(half.per_squared_mean, 0.5 / size, 1e-5);
    close(
        half.likelihood_ratio + 2.0 * ln_gain(&counts, &means, &said(0.5)),
        alone.likelihood_ratio,
        1e-6,
    );
    assert!(extra_spread(&counts, &means, &said(1.0), 0.0).unwrap().p > 0.4);
    let (counts, means) = forecasts(None);
    assert!(extra_spread(&counts, &means, &means, 0.0).unwrap().p > 0.01);
    let none = extra_spread(&[1.0, 0.0], &[0.0, 1.0], &[0.0, 1.0], 0.0);
    assert_eq!(none, Err(OverdispersionError::Pair { index: 0 }));
    assert_eq!(
        extra_spread(&[0.0], &[0.0], &[0.0], 0.0),
        Err(OverdispersionError::Empty)
    );
}

#[test]
fn a_past_outbreak_does_not_widen_the_law_that_the_next_is_held_against() {
    // Spread that is no matter of outbreaks is found with the highest counts left out, but less of it.
    let (counts, means) = forecasts(Some(2.0));
    let trimmed = extra_spread(&counts, &means, &means, 0.005).unwrap();
    let all = extra_spread(&counts, &means, &means, 0.0).unwrap();
    assert!(trimmed.p < 1e-3 && trimmed.per_squared_mean < all.per_squared_mean);
    // Independent counts, one in a hundred of them an outbreak.
    let (mut counts, means) = forecasts(None);
    for (count, mean) in counts.iter_mut().zip(&means).step_by(100) {
        *count += 6.0 + (10.0 * mean).floor();
    }
    let all = extra_spread(&counts, &means, &means, 0.0).unwrap();
    assert!(all.p < 1e-9 && all.per_squared_mean > 0.1, "{all:?}");
    let trimmed = extra_spread(&counts, &means, &means, 0.005).unwrap();
    assert!(trimmed.p > 0.01, "{trimmed:?}");
}

/// Nats by which laws with these variances are likelier than Poisson's.
fn ln_gain(counts: &[f64], means: &[f64], variances: &[f64]) -> f64 {
    let law = |y, m, size| overdispersion::ln_probability(y, m, size);
    let one =
        |((&y, &m), &v): ((&f64, &f64), &f64)| law(y, m, Some(m * m / (v - m))) - law(y, m, None);
    counts.iter().zip(means).zip(variances).map(one).sum()
}
