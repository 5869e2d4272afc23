//! Relative risk from small counts: each cell borrows strength from all of them.
//!
//! A count `y` with expectation `E` says little when `E` is below one. Both methods here pull
//! `y / E` towards what the whole area shows, the more the less the cell itself can say.

mod density;
mod fit;
mod local;
mod marshall;
mod poisson_gamma;
mod quantile;

#[cfg(test)]
mod tests;

pub use density::{CUT_OFF, Density, DensityError, Edge, kernel_density};
pub(crate) use fit::falling_root;
pub use fit::{FitError, Fitted, SHAPE_MAX, SHAPE_MIN, ShapeLimit};
pub use local::{LOCAL_CELLS_MIN, LocalRisk, PriorBasis, local_risk};
pub use marshall::{Marshall, marshall};
pub use poisson_gamma::{GammaPosterior, GammaPrior, InvalidPrior};

use thiserror::Error;

/// A count and an expectation that cannot belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ObservationError {
    /// Count below zero or not finite.
    #[error("a count must be finite and at least 0")]
    Count,
    /// Expectation below zero or not finite.
    #[error("an expected count must be finite and at least 0")]
    Expected,
    /// Something happened where nothing could.
    #[error("a count above 0 needs an expected count above 0")]
    CountWithoutExpected,
}

/// Counts may be fractional; an expectation of zero means that nothing was looked at.
fn check(count: f64, expected: f64) -> Result<(), ObservationError> {
    let valid = |value: f64| value.is_finite() && value >= 0.0;
    match (valid(count), valid(expected)) {
        (false, _) => Err(ObservationError::Count),
        (_, false) => Err(ObservationError::Expected),
        _ if count > 0.0 && expected <= 0.0 => Err(ObservationError::CountWithoutExpected),
        _ => Ok(()),
    }
}
