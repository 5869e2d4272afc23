//! How good a forecast was: of places, of events, of counts.
//!
//! Scores are lower for better forecasts unless their name is a rate, an index or an area. What is
//! undefined, as every measure of a period without events, is `None`; what is infinite is a
//! finding and stays infinite.

mod best;
mod bootstrap;
mod brier;
mod calibration;
mod count;
mod discrimination;
mod ensemble;
mod interval;
mod pit;
mod place;
mod ranked;
mod slope;

#[cfg(test)]
mod tests;

pub use best::{best_hits, greedy_hits};
pub use bootstrap::{BootstrapError, bootstrap_interval};
pub use brier::{Murphy, brier, log_score, murphy, skill};
pub use calibration::{ReliabilityBin, reliability, spiegelhalter_z, wilson};
pub use count::{CountLaw, InvalidLaw};
pub use discrimination::{auroc, average_precision};
pub use ensemble::{
    CHALLENGE_EDGES, EnsembleError, crps_ensemble, crps_ensemble_fair, ensemble_interval, ignorance,
};
pub use interval::{IntervalError, coverage, interval_score};
pub use pit::{PitError, pit, pit_histogram};
pub use place::{Flagged, PlaceError, flagged, flagged_within, recapture_rate, relative_recapture};
pub use ranked::Ranked;
pub use slope::calibration_line;

use thiserror::Error;

use crate::units::{LengthMismatch, same_length};

/// Forecasts of events that cannot be scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ScoreError {
    /// Not one outcome per forecast.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// A score that is not a number or infinite.
    #[error("score {index} must be finite")]
    NotFinite {
        /// Its position.
        index: usize,
    },
    /// A probability outside 0..=1.
    #[error("probability {index} must be 0..=1")]
    Probability {
        /// Its position.
        index: usize,
    },
    /// No forecast at all.
    #[error("there is no forecast to score")]
    Empty,
}

/// As many probabilities as outcomes, at least one, all within 0..=1.
fn check_probabilities(p: &[f64], event: &[bool]) -> Result<(), ScoreError> {
    same_length(p.len(), event.len())?;
    if p.is_empty() {
        return Err(ScoreError::Empty);
    }
    match p.iter().position(|p| !(0.0..=1.0).contains(p)) {
        Some(index) => Err(ScoreError::Probability { index }),
        None => Ok(()),
    }
}

const fn indicator(event: bool) -> f64 {
    if event { 1.0 } else { 0.0 }
}
