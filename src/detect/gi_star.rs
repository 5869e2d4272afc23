//! What both forms of Getis-Ord Gi* share: the statistic, its permutation null, its family of tests.

use std::collections::BTreeMap;

use forewarn_models::hotspot::{benjamini_hochberg, benjamini_yekutieli, local_g_star};
use forewarn_models::permute::{PooledNull, Side, pooled_p_values};

use crate::base::error::{Error, Result};
use crate::tables::{DetectorRecord, Signal, SignalsBuilder};

use super::{Detector, Input};

/// Gi* of one value per cell; a missing value leaves every sum.
pub(super) fn detect(
    detector: &dyn Detector,
    values: &[Option<f64>],
    value: &'static str,
    input: &Input<'_>,
    rows: &mut SignalsBuilder,
) -> Result<DetectorRecord> {
    let settings = &input.context.settings.detect;
    let failed = |reason: &dyn std::error::Error| Error::Statistic {
        stage: "detect",
        reason: format!("{}: {reason}", detector.name()),
    };
    let observed: Vec<bool> = values.iter().map(Option::is_some).collect();
    let filled: Vec<f64> = values.iter().map(|value| value.unwrap_or(0.0)).collect();
    let z = local_g_star(&filled, &observed, input.neighbours).map_err(|e| failed(&e))?;
    let null = PooledNull {
        draws: settings.draws,
        side: Side::Upper,
    };
    let p = pooled_p_values(
        &filled,
        &observed,
        input.neighbours,
        null,
        input.context.seed,
    )
    .map_err(|e| failed(&e))?;

    let family: Vec<f64> = p.iter().copied().flatten().collect();
    let p_bh = scatter(&p, &benjamini_hochberg(&family).map_err(|e| failed(&e))?);
    let p_by = scatter(&p, &benjamini_yekutieli(&family).map_err(|e| failed(&e))?);
    let mut n_hot = 0;
    for (i, &cell) in input.expected.cell().values().iter().enumerate() {
        let hot = p_bh[i].is_some_and(|p| p <= settings.false_discovery_rate)
            && z[i].is_some_and(|z| z > 0.0);
        n_hot += u32::from(hot);
        rows.push(Signal {
            detector: detector.name(),
            cell,
            value: values[i],
            z: z[i],
            p: p[i],
            p_bh: p_bh[i],
            p_by: p_by[i],
            hot: u8::from(hot),
        });
    }
    let smallest_p = family.iter().copied().fold(1.0, f64::min);
    Ok(record(
        detector.name(),
        value,
        input,
        family.len(),
        n_hot,
        smallest_p,
    ))
}

/// Puts adjusted p-values back where their p-values came from.
fn scatter(p: &[Option<f64>], adjusted: &[f64]) -> Vec<Option<f64>> {
    let mut adjusted = adjusted.iter().copied();
    p.iter().map(|p| p.and_then(|_| adjusted.next())).collect()
}

fn record(
    detector: &'static str,
    value: &'static str,
    input: &Input<'_>,
    n_tests: usize,
    n_hot: u32,
    smallest_p: f64,
) -> DetectorRecord {
    let settings = &input.context.settings.detect;
    let parameters = [
        ("value", value.to_owned()),
        ("comparator", "slice".to_owned()),
        (
            "weights",
            format!(
                "binary, {} ring(s), the cell itself included",
                settings.ring
            ),
        ),
        (
            "null",
            "conditional permutation, pooled by number of neighbours".to_owned(),
        ),
        ("side", "upper".to_owned()),
        ("draws", settings.draws.to_string()),
        (
            "p_floor",
            format!("{:e}", 1.0 / (f64::from(settings.draws) + 1.0)),
        ),
        ("smallest_p", format!("{smallest_p:e}")),
        (
            "false_discovery_rate",
            settings.false_discovery_rate.to_string(),
        ),
        (
            "adjustment",
            "Benjamini-Hochberg decides, Benjamini-Yekutieli is shown".to_owned(),
        ),
    ];
    DetectorRecord {
        name: detector,
        statistic: "Getis-Ord Gi*",
        family: format!("{n_tests} cells of one detection window"),
        n_tests,
        n_hot,
        parameters: BTreeMap::from(parameters),
    }
}
