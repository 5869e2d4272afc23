//! Scan: the disc of cells, and the last weeks, that most exceed their own past, the search paid for.
//!
//! Surge tests neighbourhoods of one size over one window. A scan lets both grow and shrink, and asks
//! how high the highest of all these would be in worlds where nothing is going on.

mod again;
mod window;

use std::collections::BTreeMap;

use forewarn_models::scan::{Cluster, recurrence_interval};

use crate::base::error::Result;
use crate::tables::{ComparedWith, DetectorRecord, Signal};

use super::{Again, Detector, Found, Input, Night};
use window::Window;

/// What a run without a scan is recorded with, too.
const STATISTIC: &str = "expectation-based scan statistic";

/// Prospective expectation-based scan over rings of cells.
#[derive(Debug)]
pub(super) struct Scan;

impl Detector for Scan {
    fn name(&self) -> &'static str {
        "scan"
    }

    fn describe(&self) -> &'static str {
        "an area of any size with more reports, lately, than the season explains"
    }

    fn words(&self) -> &'static str {
        "scan"
    }

    fn compared_with(&self) -> ComparedWith {
        ComparedWith::Season
    }

    fn detect(&self, input: &Input<'_>) -> Result<Found> {
        if input.context.settings.scan.replicates == 0 {
            return Ok(left_out(self));
        }
        let window = Window::of(input);
        let (clusters, maxima) = window.scan(self, input)?;
        let recurrence_days = f64::from(input.context.settings.scan.recurrence_days);
        let rare: Vec<&Cluster> = clusters
            .iter()
            .filter(|cluster| recurrence_interval(cluster.p, 1.0) >= recurrence_days)
            .collect();
        let n_cells = input.expected.len();
        // The better cluster comes first; no cell is in two.
        let mut cluster_of = vec![None; n_cells];
        for (area, cluster) in (0..=u8::MAX).zip(&rare) {
            for &cell in &cluster.cells {
                cluster_of[cell as usize] = Some((area, *cluster));
            }
        }
        let smallest_p = clusters.iter().map(|cluster| cluster.p).fold(1.0, f64::min);
        let mut parameters = window.parameters(input, rare.len(), smallest_p);
        let above = again::raised_above(&maxima, input.context.settings.scan.recurrence_days);
        parameters.insert(again::RAISED_ABOVE, above.to_string());
        Ok(Found {
            rows: self.rows(input, &window, &cluster_of),
            nothing_p: smallest_p,
            record: DetectorRecord {
                name: self.name(),
                words: self.words(),
                compared_with: Some(self.compared_with()),
                statistic: STATISTIC,
                family: "the highest of all areas and windows".to_owned(),
                n_tests: n_cells,
                n_hot: 0,
                parameters,
            },
        })
    }

    fn again<'a>(&self, input: &'a Input<'a>, night: &Night<'a>) -> Result<Option<Again<'a>>> {
        Ok(again::again(input, night))
    }
}

impl Scan {
    /// A cell has what its cluster has, and nothing outside of any.
    fn rows(
        &self,
        input: &Input<'_>,
        window: &Window,
        cluster_of: &[Option<(u8, &Cluster)>],
    ) -> Vec<Signal<'static>> {
        let row = |(i, excess): (usize, f64)| {
            let (cell, found) = (input.expected.cell().value(i), cluster_of[i]);
            let cluster = found.map(|(_, cluster)| cluster);
            // A cluster's p-value is that of the highest of all: already one for the whole search.
            let p = cluster.map(|cluster| cluster.p);
            Signal {
                detector: self.name(),
                cell,
                value: cluster.map(|cluster| f64::from(cluster.cases)),
                excess,
                z: cluster.map(|cluster| window.departure(cluster)),
                p,
                p_bh: p,
                p_by: p,
                area: found.map(|(area, _)| area),
                hot: 0,
            }
        };
        let above = input.above_season().into_iter().enumerate();
        above.map(row).collect()
    }
}

/// A mission may do without: a scan of a large area costs as much as all else.
fn left_out(scan: &Scan) -> Found {
    Found {
        rows: Vec::new(),
        nothing_p: 1.0,
        record: DetectorRecord {
            name: scan.name(),
            words: scan.words(),
            compared_with: None,
            statistic: STATISTIC,
            family: "none".to_owned(),
            n_tests: 0,
            n_hot: 0,
            parameters: BTreeMap::from([("left_out", "scan.replicates = 0".to_owned())]),
        },
    }
}
