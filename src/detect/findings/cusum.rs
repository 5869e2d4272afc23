//! CUSUM: has an area had more than its past for some weeks, none of them remarkable alone?

use forewarn_models::season::{HarmonicFit, harmonic_poisson};
use forewarn_models::surge::{Cusum as Watch, InvalidCusum};

use crate::base::error::Result;
use crate::tables::Finding;

use super::super::Input;
use super::harmonic::{FEWEST_REPORTS, n_reports, year_share};
use super::series::{Material, Series};
use super::told::{Told, of_mission_and_areas};
use super::{Statistic, failed};

/// Weeks that the evidence is gathered over; all before them are the past.
const WATCHED_WEEKS: usize = 26;
/// A past shorter than this knows no season.
const FEWEST_PAST_WEEKS: usize = 104;

/// Likelihood-ratio CUSUM over weeks, the season in its expectation.
#[derive(Debug)]
pub(super) struct Cusum;

impl Statistic for Cusum {
    fn name(&self) -> &'static str {
        "cusum"
    }

    fn statistic(&self) -> &'static str {
        "likelihood-ratio CUSUM"
    }

    fn find(&self, input: &Input<'_>, material: &Material) -> Result<Vec<Finding>> {
        let settings = &input.context.settings;
        let ratio = settings.findings.lasting_ratio;
        // A level of ln(n) lets chance alone alarm once in n steps at most (Lorden 1971).
        let h = (f64::from(settings.scan.recurrence_days) / 7.0).ln();
        Watch::new(ratio, 0.0, h).map_err(|e| failed(self, &e))?;
        let phase: Vec<f64> = (0..material.n_weeks)
            .map(|at| year_share(material, at))
            .collect();
        let of = |series: &Series| told(series, &phase, (ratio, h));
        let areas = material.areas.iter().map(|area| (area, of(area)));
        of_mission_and_areas(self, of(&material.mission), areas.collect())
    }
}

fn told(series: &Series, phase: &[f64], (ratio, h): (f64, f64)) -> Told {
    let (counts, n) = (&series.reports, n_reports(series));
    let (needed, got) = (FEWEST_PAST_WEEKS + WATCHED_WEEKS, counts.len());
    if got < needed {
        return Told::unanswered(n, format!("needs {needed} weeks, has {got}"));
    }
    let (past, watched) = counts.split_at(got - WATCHED_WEEKS);
    let past_phase = &phase[..past.len()];
    let past_reports: f64 = past.iter().sum();
    #[allow(clippy::cast_precision_loss, reason = "a small number")]
    let waves = usize::from(past_reports >= FEWEST_REPORTS as f64);
    let fit = match harmonic_poisson(past, past_phase, &vec![1.0; past.len()], waves) {
        Ok(fit) => fit,
        Err(reason) => return Told::unanswered(n, reason),
    };
    let expected: Vec<f64> = phase[past.len()..].iter().map(|&at| fit.rate(at)).collect();
    let dispersion = dispersion(&fit, past);
    let course = Watch::new(ratio, dispersion, h).map_err(|e: InvalidCusum| e.to_string());
    let course = course.and_then(|watch| {
        let all = vec![true; WATCHED_WEEKS];
        watch
            .course(watched, &expected, &all)
            .map_err(|e| e.to_string())
    });
    let course = match course {
        Ok(course) => course,
        Err(reason) => return Told::unanswered(n, reason),
    };
    let last = course.iter().flatten().last().map_or(0.0, |step| step.s);
    let alarms = course.iter().flatten().filter(|step| step.alarm).count();
    let (had, mean): (f64, f64) = (watched.iter().sum(), expected.iter().sum());
    Told {
        value: Some(last),
        p: None,
        n,
        words: format!(
            "{had:.1} reports in {WATCHED_WEEKS} weeks, {mean:.1} expected; evidence of a rise to \
             {ratio} times {last:.2} of {h:.2} nats, reached {alarms} times"
        ),
        parameters: vec![
            ("ratio", ratio.to_string()),
            ("decision", format!("{h:.3} nats")),
            ("dispersion", format!("{dispersion:.4}")),
            (
                "expected",
                format!(
                    "{waves} waves a year fitted to the {} weeks before",
                    past.len()
                ),
            ),
        ],
    }
}

/// Dispersion of a negative binomial law that has the variance of the past at its mean.
fn dispersion(fit: &HarmonicFit, past: &[f64]) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a few hundred weeks")]
    let mean = past.iter().sum::<f64>() / past.len() as f64;
    ((fit.dispersion - 1.0) / mean).max(0.0)
}
