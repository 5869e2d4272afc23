//! What every detector shares: false discoveries among its tests are controlled together.

use std::collections::BTreeMap;

use forewarn_models::hotspot::{benjamini_hochberg, benjamini_yekutieli};

use crate::base::error::{Error, Result};
use crate::tables::{DetectorRecord, Signal};

use super::{Detector, Found, Input};

/// One test per cell, in the order of the cells. Undefined is missing.
pub(super) struct Tests<'a> {
    /// What the statistic was computed from.
    pub(super) value: &'a [Option<f64>],
    /// Reports of the cell itself beyond what it is compared with.
    pub(super) excess: &'a [f64],
    /// Standardised statistic.
    pub(super) z: &'a [Option<f64>],
    /// Upper-tail p-value.
    pub(super) p: &'a [Option<f64>],
}

/// What a detector says of its statistic.
pub(super) struct About {
    pub(super) statistic: &'static str,
    pub(super) parameters: Vec<(&'static str, String)>,
}

/// Adjusts the p-values, and records what was done.
pub(super) fn judge(
    detector: &dyn Detector,
    tests: &Tests<'_>,
    about: About,
    input: &Input<'_>,
) -> Result<Found> {
    let failed = |error| failed(detector, &error);
    let family: Vec<f64> = tests.p.iter().copied().flatten().collect();
    let adjusted = benjamini_hochberg(&family).map_err(failed)?;
    let smallest = |p: &[f64]| p.iter().copied().fold(1.0, f64::min);
    let (smallest_p, nothing_p) = (smallest(&family), smallest(&adjusted));
    let p_bh = scatter(tests.p, &adjusted);
    let p_by = scatter(tests.p, &benjamini_yekutieli(&family).map_err(failed)?);
    let cells = input.expected.cell().values().iter().enumerate();
    let rows = cells
        .map(|(i, &cell)| Signal {
            detector: detector.name(),
            cell,
            value: tests.value[i],
            excess: tests.excess[i],
            z: tests.z[i],
            p: tests.p[i],
            p_bh: p_bh[i],
            p_by: p_by[i],
            area: None,
            hot: 0,
        })
        .collect();
    let mut parameters = BTreeMap::from_iter(about.parameters);
    parameters.extend([
        ("side", "upper".to_owned()),
        ("smallest_p", format!("{smallest_p:e}")),
        (
            "adjustment",
            "Benjamini-Hochberg decides, Benjamini-Yekutieli is shown".to_owned(),
        ),
    ]);
    let record = DetectorRecord {
        name: detector.name(),
        words: detector.words(),
        compared_with: Some(detector.compared_with()),
        statistic: about.statistic,
        family: format!("{} cells of one detection window", family.len()),
        n_tests: family.len(),
        n_hot: 0,
        parameters,
    };
    Ok(Found {
        rows,
        nothing_p,
        record,
    })
}

/// A statistic's refusal, told as its detector's.
pub(super) fn failed(detector: &dyn Detector, reason: &dyn std::error::Error) -> Error {
    Error::Statistic {
        stage: "detect",
        reason: format!("{}: {reason}", detector.name()),
    }
}

/// Puts adjusted p-values back where their p-values came from.
fn scatter(p: &[Option<f64>], adjusted: &[f64]) -> Vec<Option<f64>> {
    let mut adjusted = adjusted.iter().copied();
    p.iter().map(|p| p.and_then(|_| adjusted.next())).collect()
}
