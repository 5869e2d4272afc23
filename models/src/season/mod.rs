//! What a cell would show if this year were like the others, and whether years are alike at all.

mod calendar;
mod crossing;
mod expected;
mod flow;
mod harmonic;
pub(crate) mod normal_equations;
mod onset;
mod phase;
mod rayleigh;
mod residual;
mod root_counts;
mod season_test;
mod stl;
mod watson;

#[cfg(test)]
mod tests;

pub use calendar::{Calendar, CalendarError, InvalidMonthDay, MonthDay, Phase};
pub use crossing::{Crossing, CrossingError, amounts, crossing};
pub use expected::{Basis, Expectation, ExpectedError, expected};
pub use flow::{Flow, FlowCount, FlowError, FlowForecast, once_in_seasons};
pub use harmonic::{HarmonicError, HarmonicFit, harmonic_poisson};
pub use onset::{Onset, OnsetError, OnsetEvidence, OnsetPrior};
pub use phase::{Moments, PhaseError, PhaseShares, average, phase};
pub use rayleigh::{CircularError, Modes, Rayleigh, day_angle, rayleigh, rayleigh_monthly};
pub use residual::{pearson_residual, pearson_residuals};
pub use root_counts::{RootCounts, RootCountsError, edwards, walter_elwood};
pub use season_test::{SeasonEvidence, SeasonTest, season_test};
pub use stl::{Degree, Loess, Stl, StlError, StlParams, stl};
pub use watson::{WatsonU2, watson_u2};
