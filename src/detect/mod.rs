//! Stage: which cells have more than they should, and how sure that is. One file per detector.

mod again;
mod alarms;
mod emerging;
mod family;
mod findings;
mod gi_star;
mod gi_star_classic;
mod gi_star_seasonal;
mod scan;
mod surge;

use std::time::Instant;

use forewarn_models::grid::Neighbours;
use forewarn_models::season::pearson_residuals;

use crate::base::Context;
use crate::base::error::{Error, Result};
use crate::tables::{
    Boundaries, CellSteps, ComparedWith, Detections, DetectorRecord, Effort, Expected, PhaseWeeks,
    Placed, PlacementRecord, Signal, SignalsBuilder, StudyArea,
};

pub use again::{Again, Night};

/// A way of telling hot cells, named for its statistic and for what it is compared with.
pub trait Detector: Sync {
    /// Its registered name, also the prefix of its columns.
    fn name(&self) -> &'static str;

    /// What it answers, in one sentence.
    fn describe(&self) -> &'static str;

    /// What it is called in a reason.
    fn words(&self) -> &'static str;

    /// What it compares a place with.
    fn compared_with(&self) -> ComparedWith;

    /// Tests every cell, and tells what was really done.
    ///
    /// # Errors
    /// Where the statistic refuses its input.
    fn detect(&self, input: &Input<'_>) -> Result<Found>;

    /// How it would judge the same window had its records been placed otherwise, by what the night
    /// called hot and no null of its own; without an answer, as the night did.
    ///
    /// # Errors
    /// As [`Self::detect`].
    fn again<'a>(&self, _input: &'a Input<'a>, _night: &Night<'a>) -> Result<Option<Again<'a>>> {
        Ok(None)
    }
}

/// What one detector found. Which cells are hot is decided with the other detectors, in `alarms`.
#[allow(missing_debug_implementations, reason = "a row must not be printable")]
pub struct Found {
    /// One row per cell, none of them hot yet; no rows where it was left out.
    rows: Vec<Signal<'static>>,
    /// p-value that there is nothing to find anywhere.
    nothing_p: f64,
    /// What was done.
    record: DetectorRecord,
}

/// Every detector. Adding one is a file here and a line there.
pub const DETECTORS: &[&dyn Detector] = &[
    &gi_star_classic::GiStarClassic,
    &gi_star_seasonal::GiStarSeasonal,
    &surge::Surge,
    &scan::Scan,
];

/// Detectors that share one level of false alarms, see `alarms`.
const FAMILY: f64 = 3.0;

/// What every detector is given.
#[derive(Debug)]
pub struct Input<'a> {
    /// Settings, seed, dates.
    pub context: &'a Context,
    /// The cells.
    pub study_area: &'a StudyArea,
    /// Observed and expected counts.
    pub expected: &'a Expected,
    /// Every cell over equal steps.
    pub steps: &'a CellSteps,
    /// The neighbourhood of each cell.
    pub neighbours: &'a Neighbours,
    /// Where and when incidents are known to be.
    pub placed: &'a Placed,
    /// Phase of every week.
    pub phases: &'a PhaseWeeks,
    /// Administrative areas.
    pub boundaries: &'a Boundaries,
    /// Patrols, sessions and visits.
    pub effort: &'a Effort,
}

impl Input<'_> {
    /// The smallest p-value of a permutation null must be smaller than what Benjamini-Hochberg asks of
    /// a single cell, in a detector that alone of its family has something to say.
    fn too_few_draws(&self) -> Option<String> {
        let settings = &self.context.settings.detect;
        #[allow(clippy::cast_precision_loss, reason = "a mission has some 10^4 cells")]
        let needed = self.expected.len() as f64 * FAMILY / settings.false_discovery_rate;
        (f64::from(settings.draws) < needed).then(|| {
            format!(
                "detect.draws = {} cannot call a single cell hot; {needed:.0} or more can",
                settings.draws
            )
        })
    }

    /// How far the rate of a cell differs from year to year beyond chance, as the past shows.
    fn years(&self) -> String {
        self.steps.year_variance.map_or_else(
            || "taken as alike: too little is known of them".to_owned(),
            |variance| {
                format!(
                    "differ by {:.0} % (standard deviation)",
                    100.0 * variance.sqrt()
                )
            },
        )
    }

    /// Departures of each cell's reports from its seasonal expectation.
    fn residuals(&self) -> Result<Vec<Option<f64>>> {
        self.residuals_of(self.expected.located().values())
    }

    /// The same of other reports of the window.
    fn residuals_of(&self, located: &[f64]) -> Result<Vec<Option<f64>>> {
        pearson_residuals(
            located,
            self.expected.located_expected().values(),
            self.expected.located_variance().values(),
        )
        .map_err(Error::statistic("detect"))
    }

    /// Reports of each cell beyond those that the season leads one to expect.
    fn above_season(&self) -> Vec<f64> {
        let reports = self.expected.observed().values().iter();
        let expected = self.expected.expected().values().iter();
        reports.zip(expected).map(|(n, mean)| n - mean).collect()
    }
}

/// Runs every detector, tells the course of every cell, and what is found of the mission and its areas.
///
/// # Errors
/// The first detector's that fails.
pub fn run(input: &Input<'_>) -> Result<Detections> {
    let mut rows = SignalsBuilder::default();
    let mut found = Vec::new();
    for detector in DETECTORS {
        let began = Instant::now();
        found.push(detector.detect(input)?);
        let took_s = began.elapsed().as_secs_f64();
        tracing::debug!(detector = detector.name(), took_s);
    }
    let rate = input.context.settings.detect.false_discovery_rate;
    let mut records = alarms::decide(found, rate, &mut rows)?;
    let signals = rows.finish();
    let hot_again = again::hot_rows(input, &signals, &records)?;
    let (classes, courses) = emerging::classes(input)?;
    records.extend(courses);
    Ok(Detections {
        signals,
        classes,
        findings: findings::run(input)?,
        records,
        hot_again,
        placements: PlacementRecord::new(
            input.context.settings.placing.draws,
            &input.placed.window,
        ),
        notes: input.too_few_draws().into_iter().collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detectors_have_names_of_their_own_and_say_what_they_answer() {
        let names: std::collections::BTreeSet<_> = DETECTORS.iter().map(|d| d.name()).collect();
        assert_eq!(names.len(), DETECTORS.len());
        assert!(
            DETECTORS
                .iter()
                .all(|detector| detector.describe().len() > 20)
        );
    }
}
