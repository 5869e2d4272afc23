//! Harmonic regression: do reports have a season beyond that of the effort to hear of them?

use forewarn_models::season::{SeasonTest, season_test};

use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::Finding;

use super::super::Input;
use super::Statistic;
use super::rayleigh::{day_of_year, time_of_year};
use super::series::{Material, Series};
use super::told::{Told, of_mission_and_areas};

/// Waves tested: two, since herds pass twice a year. Said beforehand, so that the p-value is none of a
/// choice.
const WAVES: usize = 2;

/// Reports below which a wave is not fitted: with a few, it fits them and nothing else.
pub(super) const FEWEST_REPORTS: usize = 30;

/// Likelihood ratio of two waves a year against none.
#[derive(Debug)]
pub(super) struct Harmonic;

impl Statistic for Harmonic {
    fn name(&self) -> &'static str {
        "harmonic"
    }

    fn statistic(&self) -> &'static str {
        "likelihood ratio of a harmonic Poisson regression"
    }

    fn find(&self, _input: &Input<'_>, material: &Material) -> Result<Vec<Finding>> {
        let phase: Vec<f64> = (0..material.n_weeks)
            .map(|at| year_share(material, at))
            .collect();
        let of = |series: &Series| told(series, &phase);
        let areas = material.areas.iter().map(|area| (area, of(area)));
        of_mission_and_areas(self, of(&material.mission), areas.collect())
    }
}

/// Share of the year of a week's Thursday.
pub(super) fn year_share(material: &Material, at: usize) -> f64 {
    let thursday = Day(material.week(at).first_day().0 + 3);
    (f64::from(day_of_year(thursday)) - 0.5) / 365.25
}

fn told(series: &Series, phase: &[f64]) -> Told {
    let (offset, effort) = offset(series);
    let n = n_reports(series);
    if n < FEWEST_REPORTS {
        return Told::unanswered(n, format!("needs {FEWEST_REPORTS} reports, has {n}"));
    }
    let test = match season_test(&series.reports, phase, &offset, WAVES) {
        Ok(test) => test,
        Err(reason) => return Told::unanswered(n, reason),
    };
    let two = &test.waves[WAVES - 1];
    Told {
        value: Some(two.likelihood_ratio),
        p: Some(two.p_dispersed),
        n,
        words: words(&test),
        parameters: vec![
            ("waves", format!("{WAVES} against none")),
            ("offset", effort),
            (
                "dispersion",
                format!("{:.3}, allowed for by F", two.fit.dispersion),
            ),
            ("weeks", phase.len().to_string()),
            ("best_by_aic", format!("{} waves", test.best)),
        ],
    }
}

fn words(test: &SeasonTest) -> String {
    let Some(best) = test.best.checked_sub(1) else {
        return "no season describes the weeks best".to_owned();
    };
    let fit = &test.waves[best].fit;
    let weeks = (0..52_u32).map(|week| (f64::from(week) + 0.5) / 52.0);
    let top = weeks
        .clone()
        .max_by(|a, b| fit.rate(*a).total_cmp(&fit.rate(*b)));
    let low = weeks.min_by(|a, b| fit.rate(*a).total_cmp(&fit.rate(*b)));
    let (Some(top), Some(low)) = (top, low) else {
        return String::new();
    };
    format!(
        "{:.1} times as much around {} as around {}",
        fit.rate(top) / fit.rate(low),
        time_of_year(top),
        time_of_year(low)
    )
}

/// The effort of each week, where every week with reports has some; else one for all, and why.
fn offset(series: &Series) -> (Vec<f64>, String) {
    let weeks = || series.reports.iter().zip(&series.effort_hours);
    let unheard = weeks().filter(|&(&n, &hours)| n > 0.0 && hours <= 0.0);
    let unheard = unheard.count();
    let any = series.effort_hours.iter().any(|&hours| hours > 0.0);
    match (any, unheard) {
        (true, 0) => (
            series.effort_hours.clone(),
            "hours of presence; weeks without any are left out".to_owned(),
        ),
        (true, _) => (
            vec![1.0; series.reports.len()],
            format!("none: {unheard} weeks with reports have no hours of presence"),
        ),
        (false, _) => (
            vec![1.0; series.reports.len()],
            "none: no presence is logged".to_owned(),
        ),
    }
}

/// Reports of a series, to the nearest whole one.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of reports"
)]
pub(super) fn n_reports(series: &Series) -> usize {
    series.reports.iter().sum::<f64>().round() as usize
}
