//! The steps of the detection window as a scan takes them.

use std::collections::BTreeMap;

use forewarn_models::scan::{
    Cluster, Limit, Model, ScanError, Scanning, Secondary, Stop, Windows, Zones, scan,
};

use crate::base::error::Result;

use super::super::family::failed;
use super::super::{Detector, Input};

/// Fewer reports make no cluster.
pub(super) const FEWEST_REPORTS: u32 = 3;
/// Most clusters reported.
const MOST_CLUSTERS: usize = 20;

/// The steps of the detection window, cell by cell.
pub(super) struct Window {
    pub(super) n_steps: usize,
    counts: Vec<u32>,
    pub(super) expected: Vec<f64>,
    /// What is in doubt of each cell's rate, as the variance of a factor that all its steps share.
    factor_variance: Vec<f64>,
}

impl Window {
    pub(super) fn of(input: &Input<'_>) -> Self {
        let (steps, settings) = (input.steps, &input.context.settings);
        let n_steps = usize::from(settings.window.detect_weeks / settings.trend.step_weeks);
        let last = |column: &[f64]| -> Vec<f64> {
            let cells = column.chunks(steps.n_steps);
            cells
                .flat_map(|cell| &cell[steps.n_steps - n_steps..])
                .copied()
                .collect()
        };
        let (expected, variance) = (last(&steps.expected), last(&steps.variance));
        let cells = expected.chunks(n_steps).zip(variance.chunks(n_steps));
        Self {
            n_steps,
            // A record dated loosely is spread over weeks; a scan counts whole reports.
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "counts of reports"
            )]
            counts: last(&steps.located)
                .iter()
                .map(|count| count.round() as u32)
                .collect(),
            factor_variance: cells
                .map(|(mean, variance)| shared(mean, variance))
                .collect(),
            expected,
        }
    }

    /// The clusters, and the maxima of the worlds without one.
    pub(super) fn scan(
        &self,
        detector: &dyn Detector,
        input: &Input<'_>,
    ) -> Result<(Vec<Cluster>, Vec<f64>)> {
        let settings = &input.context.settings.scan;
        let rings = u32::from(settings.rings);
        // An area that holds more than half of all is not somewhere in the mission.
        let expected = input.expected.located_expected().values();
        let limit = Limit::share(expected, 0.5).and_size(f64::from(rings));
        let zones =
            Zones::rings(&input.study_area.grid, rings, limit).map_err(|e| failed(detector, &e))?;
        let scanning = Scanning {
            windows: Windows::Prospective {
                max_steps: self.n_steps,
            },
            min_cases: FEWEST_REPORTS,
            replicates: settings.replicates,
            stop: Stop::AllDrawn,
            secondary: Secondary::NoOverlap {
                most: MOST_CLUSTERS,
            },
        };
        let model = Model::PoissonGamma {
            expected: &self.expected,
            factor_variance: &self.factor_variance,
        };
        match scan(&self.counts, model, &zones, &scanning, input.context.seed) {
            Ok(found) => Ok((found.clusters, found.maxima)),
            Err(ScanError::NoCases) => Ok((Vec::new(), Vec::new())),
            Err(reason) => Err(failed(detector, &reason)),
        }
    }

    /// The one ratio of variance to mean that the score of an area takes for all cells.
    pub(super) fn variance_to_mean(&self) -> f64 {
        let cells = self
            .expected
            .chunks(self.n_steps)
            .zip(&self.factor_variance);
        let (mut mean, mut beyond) = (0.0, 0.0);
        for (steps, variance) in cells {
            let own: f64 = steps.iter().sum();
            mean += own;
            beyond += variance * own * own;
        }
        if mean > 0.0 { 1.0 + beyond / mean } else { 1.0 }
    }

    /// Standard deviations by which a cluster exceeds what was expected of it.
    pub(super) fn departure(&self, cluster: &Cluster) -> f64 {
        let beyond_poisson = |&cell: &u32| {
            let cell = cell as usize;
            let first = cell * self.n_steps;
            let steps = first + cluster.first_step..=first + cluster.last_step;
            let mean: f64 = self.expected[steps].iter().sum();
            self.factor_variance[cell] * mean * mean
        };
        let variance = cluster.expected + cluster.cells.iter().map(beyond_poisson).sum::<f64>();
        (f64::from(cluster.cases) - cluster.expected) / variance.sqrt()
    }

    pub(super) fn parameters(
        &self,
        input: &Input<'_>,
        n_clusters: usize,
        smallest_p: f64,
    ) -> BTreeMap<&'static str, String> {
        let settings = &input.context.settings.scan;
        let step_weeks = input.context.settings.trend.step_weeks;
        [
            (
                "zones",
                format!(
                    "rings of 0..={} steps, up to half of what is expected",
                    settings.rings
                ),
            ),
            (
                "windows",
                format!("the last 1..={} steps of {step_weeks} weeks", self.n_steps),
            ),
            (
                "null",
                "Poisson, each cell with a gamma factor that its steps share".to_owned(),
            ),
            ("years", input.years()),
            ("replicates", settings.replicates.to_string()),
            (
                "raised",
                format!("p <= 1 / {}, within level", settings.recurrence_days),
            ),
            ("n_clusters", n_clusters.to_string()),
            ("smallest_p", format!("{smallest_p:e}")),
            ("side", "upper".to_owned()),
        ]
        .into_iter()
        .collect()
    }
}

/// The variance of one factor for all steps of a cell, from what each step's predictive variance has
/// beyond its mean: that of any one of them where all are of one phase, weighted by their means squared
/// where they are not.
fn shared(mean: &[f64], variance: &[f64]) -> f64 {
    let beyond: f64 = variance.iter().sum::<f64>() - mean.iter().sum::<f64>();
    let squares: f64 = mean.iter().map(|mean| mean * mean).sum();
    if squares > 0.0 {
        (beyond / squares).max(0.0)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_one_phase_share_its_variance() {
        // Means 1 and 3 with a factor of variance 0.5: variances 1 + 0.5 and 3 + 4.5.
        assert!((shared(&[1.0, 3.0], &[1.5, 7.5]) - 0.5).abs() < 1e-12);
        // The factor of the busier step weighs more.
        let mixed = shared(&[1.0, 3.0], &[1.0, 7.5]);
        assert!((mixed - 0.45).abs() < 1e-12, "{mixed}");
        assert!(shared(&[2.0], &[2.0 - 1e-15]).abs() < 1e-12);
        assert!(shared(&[0.0], &[0.0]).abs() < 1e-12);
    }
}
