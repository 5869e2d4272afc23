//! How likely an incident is, cell by cell, in the next weeks, and how many.
//!
//! A [`Study`] sees a history of whole incidents and holds, for every origin, what was known on that
//! day: everything on or after an origin is invisible to its features. [`Study::fit`] fits models as
//! of some day, from origins whose weeks had passed by then; a [`Fitted`] predicts any later origin.
//!
//! ```text
//! member   logit p = b + sum w (f(x) - mean) / sd          L2 logistic on log rates, by linfa
//! ladder   logit p = b + w ln(rate + 1e-4)                 one for each baseline in the pool
//! pool     p = sum weight_k p_k                            weights by EM on past forecasts
//! said     logit p' = a + s logit p                        Platt, on past forecasts
//! count    0 with 1 - p', else 1 + NegBin(c0 - ln(1 - p') / 2, size)
//! ```
//!
//! A rate counts incidents per cell and 28 days. What the parameters were on known countries stands
//! in `models/cards/forecast.toml`.

mod columns;
mod counts;
mod features;
mod fitted;
mod history;
mod ladder;
mod logistic;
mod pool;
mod prediction;
mod space;
mod study;

#[cfg(test)]
mod tests;

pub use columns::Column;
pub use counts::CountGivenEvent;
pub use features::BASELINES;
pub use fitted::{Fitted, Member};
pub use history::{History, Origins};
pub use ladder::{Ladder, Rung};
pub use logistic::{Logistic, LogisticError, fit_logistic};
pub use prediction::{COUNT_LEVELS, Contribution, Prediction};
pub use space::Space;
pub use study::{Settings, Study};

use thiserror::Error;

use crate::units::LengthMismatch;

/// Why there is no forecast.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ForecastError {
    /// Slices that belong together differ in length.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// An incident or a neighbour at a cell that is not there.
    #[error("entry {index} names a cell that is not in the study area")]
    Cell {
        /// Its position.
        index: usize,
    },
    /// Incidents out of order.
    #[error("incident {index} is earlier than the one before it, or than the first day")]
    Order {
        /// Its position.
        index: usize,
    },
    /// An incident of after the day up to which things are known.
    #[error("incident {index} is on or after the day up to which reports are known")]
    Future {
        /// Its position.
        index: usize,
    },
    /// Origins that are none.
    #[error("steps and horizons must be at least a day, and an origin must follow the first day")]
    Origins,
    /// A column with a value that is no number.
    #[error("column {index} must have a finite value, or none, for each origin and cell")]
    Column {
        /// Its position.
        index: usize,
    },
    /// Settings out of range.
    #[error("a penalty must be finite and above 0, and there must be rows to fit on")]
    Settings,
    /// An origin that is not among those of the study.
    #[error("there is no such origin")]
    NoOrigin,
    /// The features of an origin could depend on what the model was fitted on.
    #[error("the origin lies before the day the model was fitted")]
    BeforeCut,
}
