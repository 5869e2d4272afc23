//! Local Moran's I: how many cells lie among their like, and how many stand out from what is around
//! them. It tells of the map as a whole and raises no cell: Gi* does that.

use forewarn_models::hotspot::{Quadrant, Weighting, benjamini_hochberg, local_moran};
use forewarn_models::permute::{PooledNull, Side, local_moran_p_values};

use crate::base::error::Result;
use crate::tables::Finding;

use super::super::Input;
use super::series::Material;
use super::told::Told;
use super::{Statistic, failed};

/// Local I of departures from the season.
#[derive(Debug)]
pub(super) struct LocalMoran;

impl Statistic for LocalMoran {
    fn name(&self) -> &'static str {
        "local_moran"
    }

    fn statistic(&self) -> &'static str {
        "local Moran's I"
    }

    fn find(&self, input: &Input<'_>, _material: &Material) -> Result<Vec<Finding>> {
        let values = input.residuals()?;
        let observed: Vec<bool> = values.iter().map(Option::is_some).collect();
        let filled: Vec<f64> = values.iter().map(|value| value.unwrap_or(0.0)).collect();
        let settings = &input.context.settings.detect;
        let weighting = Weighting::RowStandardised;
        let found = local_moran(&filled, &observed, input.neighbours, weighting)
            .map_err(|e| failed(self, &e))?;
        let null = PooledNull {
            draws: settings.draws,
            side: Side::TwoSided,
        };
        let seed = input.context.seed;
        let p = local_moran_p_values(&filled, &observed, input.neighbours, null, seed)
            .map_err(|e| failed(self, &e))?;
        let (tested, family): (Vec<Quadrant>, Vec<f64>) = found
            .iter()
            .zip(&p)
            .filter_map(|(found, p)| Some(((*found)?.quadrant, (*p)?)))
            .unzip();
        let adjusted = benjamini_hochberg(&family).map_err(|e| failed(self, &e))?;
        let rate = settings.false_discovery_rate;
        let n_of = |quadrant: Quadrant| {
            let cells = tested.iter().zip(&adjusted);
            cells
                .filter(|&(&of, &p)| of == quadrant && p <= rate)
                .count()
        };
        let [high, low, out_high, out_low] = [
            Quadrant::HighHigh,
            Quadrant::LowLow,
            Quadrant::HighLow,
            Quadrant::LowHigh,
        ]
        .map(n_of);
        let told = Told {
            n: tested.len(),
            words: format!(
                "{high} cells high among high, {low} low among low, {out_high} high among low, \
                 {out_low} low among high"
            ),
            parameters: vec![
                (
                    "value",
                    "Pearson residual of the seasonal expectation".to_owned(),
                ),
                (
                    "weights",
                    format!("row-standardised, {} ring(s)", settings.ring),
                ),
                (
                    "null",
                    format!(
                        "conditional permutation, one pool of {} draws, two-sided",
                        settings.draws
                    ),
                ),
                (
                    "adjustment",
                    format!("Benjamini-Hochberg over {} cells at {rate}", tested.len()),
                ),
            ],
            ..Told::default()
        };
        Ok(vec![told.of_mission(self)])
    }
}
