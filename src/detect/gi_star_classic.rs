//! Gi* on rates: where is more reported than elsewhere in the mission, season or not?

use crate::base::error::Result;
use crate::tables::ComparedWith;

use super::{Again, Detector, Found, Input, Night, again, gi_star};

/// Gi* on the smoothed rate of the window.
#[derive(Debug)]
pub(super) struct GiStarClassic;

impl Detector for GiStarClassic {
    fn name(&self) -> &'static str {
        "gi_star_classic"
    }

    fn describe(&self) -> &'static str {
        "more reports than elsewhere in the same weeks, whatever the season explains"
    }

    fn words(&self) -> &'static str {
        "Gi* of rates"
    }

    fn compared_with(&self) -> ComparedWith {
        ComparedWith::Elsewhere
    }

    fn detect(&self, input: &Input<'_>) -> Result<Found> {
        let rates = input.expected.relative_rate().values();
        let values: Vec<Option<f64>> = rates.iter().copied().map(Some).collect();
        let value = (
            "empirical Bayes rate, 1 = mean of the study area",
            values.as_slice(),
        );
        gi_star::detect(self, value, &above_mean(input), input)
    }

    fn again<'a>(&self, input: &'a Input<'a>, night: &Night<'a>) -> Result<Option<Again<'a>>> {
        let expected = input.expected;
        let (then, rates) = (
            expected.located().values(),
            expected.relative_rate().values(),
        );
        let per_report = expected.rate_per_report().values();
        let value = |(i, n): (usize, &f64)| Some(rates[i] + (n - then[i]) * per_report[i]);
        let values = move |located: &[f64]| Ok(located.iter().enumerate().map(value).collect());
        Ok(Some(again::gi_star(input, night, values)))
    }
}

/// Reports of each cell beyond those of the study area's mean rate.
fn above_mean(input: &Input<'_>) -> Vec<f64> {
    let (reports, areas) = (input.expected.observed(), input.expected.area_km2());
    let mean = reports.values().iter().sum::<f64>() / areas.values().iter().sum::<f64>();
    let cells = reports.values().iter().zip(areas.values());
    cells.map(|(n, area_km2)| n - mean * area_km2).collect()
}
