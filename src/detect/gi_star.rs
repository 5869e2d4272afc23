//! What both forms of Getis-Ord Gi* share: the statistic and its permutation null.

use forewarn_models::hotspot::local_g_star;
use forewarn_models::permute::{PooledNull, Side, pooled_p_values};

use crate::base::error::Result;

use super::family::{About, Tests, failed, judge};
use super::{Detector, Found, Input};

/// Gi* of one value per cell; a missing value leaves every sum.
pub(super) fn detect(
    detector: &dyn Detector,
    (what, value): (&'static str, &[Option<f64>]),
    excess: &[f64],
    input: &Input<'_>,
) -> Result<Found> {
    let settings = &input.context.settings.detect;
    let observed: Vec<bool> = value.iter().map(Option::is_some).collect();
    let filled: Vec<f64> = value.iter().map(|value| value.unwrap_or(0.0)).collect();
    let z = local_g_star(&filled, &observed, input.neighbours).map_err(|e| failed(detector, &e))?;
    let null = PooledNull {
        draws: settings.draws,
        side: Side::Upper,
    };
    let seed = input.context.seed;
    let p = pooled_p_values(&filled, &observed, input.neighbours, null, seed)
        .map_err(|e| failed(detector, &e))?;
    let tests = Tests {
        value,
        excess,
        z: &z,
        p: &p,
    };
    judge(detector, &tests, about(what, input), input)
}

fn about(what: &'static str, input: &Input<'_>) -> About {
    let settings = &input.context.settings.detect;
    About {
        statistic: "Getis-Ord Gi*",
        parameters: vec![
            ("value", what.to_owned()),
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
                "conditional permutation, one pool of draws for all cells".to_owned(),
            ),
            ("draws", settings.draws.to_string()),
            (
                "p_floor",
                format!("{:e}", 1.0 / (f64::from(settings.draws) + 1.0)),
            ),
        ],
    }
}
