//! Scan: the disc of cells, and the last weeks, that most exceed their own past, the search paid for.
//!
//! Surge tests neighbourhoods of one size over one window. A scan lets both grow and shrink, and asks
//! how high the highest of all these would be in worlds where nothing is going on.

mod again;

use std::collections::BTreeMap;

use forewarn_models::scan::{
    Cluster, Limit, Model, ScanError, Scanning, Secondary, Stop, Windows, Zones,
    recurrence_interval, scan,
};

use crate::base::error::Result;
use crate::tables::{ComparedWith, DetectorRecord, Signal, SignalsBuilder};

use super::family::failed;
use super::{Again, Detector, Input, Night};

/// Fewer reports make no cluster.
const FEWEST_REPORTS: u32 = 3;
/// Most clusters reported.
const MOST_CLUSTERS: usize = 20;

/// Prospective expectation-based scan over rings of cells.
#[derive(Debug)]
pub(super) struct Scan;

impl Detector for Scan {
    fn name(&self) -> &'static str {
        "scan"
    }

    fn describe(&self) -> &'static str {
        "an area of any size with more reports, lately, than the same phase of past years explains"
    }

    fn words(&self) -> &'static str {
        "scan"
    }

    fn compared_with(&self) -> ComparedWith {
        ComparedWith::Season
    }

    fn detect(&self, input: &Input<'_>, rows: &mut SignalsBuilder) -> Result<DetectorRecord> {
        if input.context.settings.scan.replicates == 0 {
            return Ok(left_out(self.name()));
        }
        let window = Window::of(input);
        let (found, maxima) = window.scan(self, input)?;
        let step_days = 1.0;
        let recurrence_days = f64::from(input.context.settings.scan.recurrence_days);
        let raised: Vec<&Cluster> = found
            .iter()
            .filter(|cluster| recurrence_interval(cluster.p, step_days) >= recurrence_days)
            .collect();
        let n_cells = input.expected.len();
        let mut cluster_of = vec![None; n_cells];
        for cluster in raised.iter().rev() {
            for &cell in &cluster.cells {
                cluster_of[cell as usize] = Some(*cluster);
            }
        }
        let excess = input.above_season();
        let cells = input.expected.cell().values().iter();
        for ((&cell, cluster), excess) in cells.zip(&cluster_of).zip(excess) {
            // A cluster's p-value is that of the highest of all: already one for the whole family.
            let p = cluster.map(|cluster| cluster.p);
            rows.push(Signal {
                detector: self.name(),
                cell,
                value: cluster.map(|cluster| f64::from(cluster.cases)),
                excess,
                z: cluster.map(|cluster| window.departure(cluster)),
                p,
                p_bh: p,
                p_by: p,
                hot: u8::from(cluster.is_some()),
            });
        }
        let n_hot = cluster_of.iter().flatten().count();
        let smallest_p = found.iter().map(|cluster| cluster.p).fold(1.0, f64::min);
        Ok(DetectorRecord {
            name: self.name(),
            words: self.words(),
            compared_with: Some(self.compared_with()),
            statistic: "expectation-based scan statistic",
            family: "the highest of all areas and windows".to_owned(),
            n_tests: n_cells,
            n_hot: u32::try_from(n_hot).unwrap_or(u32::MAX),
            parameters: {
                let mut parameters = window.parameters(input, raised.len(), smallest_p);
                let above =
                    again::raised_above(&maxima, input.context.settings.scan.recurrence_days);
                parameters.insert(again::RAISED_ABOVE, above.to_string());
                parameters
            },
        })
    }

    fn again<'a>(&self, input: &'a Input<'a>, night: &Night<'a>) -> Result<Option<Again<'a>>> {
        Ok(again::again(input, night))
    }
}

/// A mission may do without: a scan of a large area costs as much as all else.
fn left_out(name: &'static str) -> DetectorRecord {
    DetectorRecord {
        name,
        words: "scan",
        compared_with: None,
        statistic: "expectation-based scan statistic",
        family: "none".to_owned(),
        n_tests: 0,
        n_hot: 0,
        parameters: BTreeMap::from([("left_out", "scan.replicates = 0".to_owned())]),
    }
}

/// The steps of the detection window, cell by cell.
struct Window {
    n_steps: usize,
    counts: Vec<u32>,
    expected: Vec<f64>,
    /// Predictive variance over mean, all cells and steps together.
    variance_to_mean: f64,
}

impl Window {
    fn of(input: &Input<'_>) -> Self {
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
        let total = |column: &[f64]| column.iter().sum::<f64>();
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
            variance_to_mean: total(&variance) / total(&expected),
            expected,
        }
    }

    /// The clusters, and the maxima of the worlds without one.
    fn scan(&self, detector: &dyn Detector, input: &Input<'_>) -> Result<(Vec<Cluster>, Vec<f64>)> {
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
        match scan(
            &self.counts,
            self.model(),
            &zones,
            &scanning,
            input.context.seed,
        ) {
            Ok(found) => Ok((found.clusters, found.maxima)),
            Err(ScanError::NoCases) => Ok((Vec::new(), Vec::new())),
            Err(reason) => Err(failed(detector, &reason)),
        }
    }

    fn is_overdispersed(&self) -> bool {
        self.variance_to_mean > 1.0 + 1e-6
    }

    /// Poisson where the past leaves nothing in doubt.
    fn model(&self) -> Model<'_> {
        let expected = &self.expected;
        if self.is_overdispersed() {
            Model::NegativeBinomial {
                expected,
                variance_to_mean: self.variance_to_mean,
            }
        } else {
            Model::Expectation { expected }
        }
    }

    /// Standard deviations by which a cluster exceeds what was expected of it.
    fn departure(&self, cluster: &Cluster) -> f64 {
        let spread = (cluster.expected * self.variance_to_mean).sqrt();
        (f64::from(cluster.cases) - cluster.expected) / spread
    }

    fn parameters(
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
                format!(
                    "negative binomial, variance {:.3} times the mean",
                    self.variance_to_mean
                ),
            ),
            ("replicates", settings.replicates.to_string()),
            ("raised", format!("p <= 1 / {}", settings.recurrence_days)),
            ("n_clusters", n_clusters.to_string()),
            ("smallest_p", format!("{smallest_p:e}")),
            ("side", "upper".to_owned()),
        ]
        .into_iter()
        .collect()
    }
}
