//! Farrington's method: does the last week of an area exceed the same season of its past years?

use forewarn_models::surge::{Farrington as Watch, FarringtonError, FarringtonParams};

use crate::base::error::Result;
use crate::tables::Finding;

use super::super::Input;
use super::harmonic::n_reports;
use super::series::{Material, Series};
use super::told::{Told, of_mission_and_areas};
use super::{Statistic, failed};

/// Years looked at where the history has them (Noufaily et al. 2013).
const MOST_YEARS: u16 = 5;

/// Reports of so many last weeks below which a rise is not worth acting on (Farrington et al. 1996).
const FEW: (f64, usize) = (5.0, 4);

/// Farrington flexible over weeks.
#[derive(Debug)]
pub(super) struct Farrington;

impl Statistic for Farrington {
    fn name(&self) -> &'static str {
        "farrington"
    }

    fn statistic(&self) -> &'static str {
        "Farrington flexible"
    }

    fn find(&self, input: &Input<'_>, material: &Material) -> Result<Vec<Finding>> {
        let settings = &input.context.settings;
        let params = FarringtonParams {
            period: 52,
            years_back: usize::from(settings.window.history_years.min(MOST_YEARS)),
            half_window: 3,
            season_levels: 10,
            steps_left_out: 26,
            reweight_above: Some(2.58),
            trend_p: Some(0.05),
            alpha: settings.findings.alarm_level,
        };
        let watch = params.check().map_err(|e| failed(self, &e))?;
        let of = |series: &Series| {
            let mut told = told(watch, series, material, settings.window.detect_weeks);
            told.parameters.extend(parameters(&params));
            told
        };
        let areas = material.areas.iter().map(|area| (area, of(area)));
        of_mission_and_areas(self, of(&material.mission), areas.collect())
    }
}

fn told(watch: Watch, series: &Series, material: &Material, window_weeks: u16) -> Told {
    let (counts, n) = (&series.reports, n_reports(series));
    let observed = vec![true; counts.len()];
    let last = counts.len() - 1;
    let found = match watch.judge(counts, &observed, last) {
        Ok(found) => found,
        Err(FarringtonError::SeriesTooShort { needed, got }) => {
            let reason = format!("needs {needed} weeks before the one judged, has {got}");
            return Told::unanswered(n, reason);
        }
        Err(reason) => return Told::unanswered(n, reason),
    };
    let window = last + 1 - usize::from(window_weeks).min(last + 1)..=last;
    let above = |week: &usize| {
        let found = watch.judge(counts, &observed, *week);
        found.is_ok_and(|found| counts[*week] > found.threshold)
    };
    let n_above = window.clone().filter(above).count();
    let lately: f64 = counts[counts.len().saturating_sub(FEW.1)..].iter().sum();
    let few = if lately < FEW.0 {
        format!(
            "; too few to act on, fewer than {} in {} weeks",
            FEW.0, FEW.1
        )
    } else {
        String::new()
    };
    Told {
        value: found.score,
        p: Some(found.p),
        n,
        words: format!(
            "week from {}: {:.1} reports, {:.2} expected, unusual above {}; {n_above} of the last \
             {} weeks were{few}",
            material.week(last).first_day(),
            counts[last],
            found.mean,
            found.threshold,
            window.count()
        ),
        parameters: vec![
            ("dispersion", format!("{:.3}", found.dispersion)),
            (
                "trend",
                found.slope.map_or("none believed".to_owned(), |slope| {
                    format!("{:+.2} % a week", 100.0 * slope.exp_m1())
                }),
            ),
            ("past_weeks", found.past.to_string()),
        ],
    }
}

fn parameters(params: &FarringtonParams) -> [(&'static str, String); 5] {
    [
        ("years_back", params.years_back.to_string()),
        ("half_window", format!("{} weeks", params.half_window)),
        ("season_levels", params.season_levels.to_string()),
        (
            "left_out",
            format!("the {} weeks before the one judged", params.steps_left_out),
        ),
        ("alarm_level", params.alpha.to_string()),
    ]
}
