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
        let values: Vec<Option<f64>> = rates.iter().copied().map(Some).collect();
        gi_star::detect(
            self,
            &values,
            "empirical Bayes rate, 1 = mean of the study area",
            input,
            rows,
        )
    }
}
