//! Gi* on rates: where is more reported than elsewhere in the mission, season or not?

use crate::base::error::Result;
use crate::tables::{DetectorRecord, SignalsBuilder};

use super::{Detector, Input, gi_star};

/// Gi* on the smoothed rate of the window.
#[derive(Debug)]
pub struct GiStarClassic;

impl Detector for GiStarClassic {
    fn name(&self) -> &'static str {
        "gi_star_classic"
    }

    fn describe(&self) -> &'static str {
        "more reports than elsewhere in the same weeks, whatever the season explains"
    }

    fn detect(&self, input: &Input<'_>, rows: &mut SignalsBuilder) -> Result<DetectorRecord> {
        let rates = input.expected.relative_rate().values();
        // Gi* is the same for any origin; from the mean on, above 0 means above it.
        let values: Vec<Option<f64>> = rates.iter().map(|rate| Some(rate - 1.0)).collect();
        gi_star::detect(
            self,
            &values,
            "empirical Bayes rate over the study area's mean, less 1",
            input,
            rows,
        )
    }
}
