//! Gi* on residuals: where is more reported than the season leads one to expect?

use crate::base::error::Result;
use crate::tables::ComparedWith;

use super::{Again, Detector, Found, Input, Night, again, gi_star};

/// Gi* on the window's departure from its seasonal expectation.
#[derive(Debug)]
pub(super) struct GiStarSeasonal;

impl Detector for GiStarSeasonal {
    fn name(&self) -> &'static str {
        "gi_star_seasonal"
    }

    fn describe(&self) -> &'static str {
        "more reports than the season leads one to expect here"
    }

    fn words(&self) -> &'static str {
        "Gi* of residuals"
    }

    fn compared_with(&self) -> ComparedWith {
        ComparedWith::Season
    }

    fn detect(&self, input: &Input<'_>) -> Result<Found> {
        let residuals = input.residuals()?;
        let value = (
            "Pearson residual of the seasonal expectation",
            residuals.as_slice(),
        );
        let mut found = gi_star::detect(self, value, &input.above_season(), input)?;
        found.record.parameters.insert("years", input.years());
        Ok(found)
    }

    fn again<'a>(&self, input: &'a Input<'a>, night: &Night<'a>) -> Result<Option<Again<'a>>> {
        let values = |located: &[f64]| input.residuals_of(located);
        Ok(Some(again::gi_star(input, night, values)))
    }
}
