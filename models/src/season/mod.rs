//! What a cell would show if this year were like the others, and whether years are alike at all.

mod calendar;
mod cell_seasons;
mod choose;
mod crossing;
mod expected;
mod extra_spread;
mod flow;
mod harmonic;
mod log_linear;
mod log_linear_season;
pub(crate) mod normal_equations;
mod onset;
mod overdispersion;
mod phase;
mod phase_bins;
mod rayleigh;
mod residual;
mod root_counts;
mod season_test;
mod stl;
mod watson;
mod years;

#[cfg(test)]
mod tests;

pub use calendar::{Calendar, CalendarError, InvalidMonthDay, MonthDay, Phase};
pub use cell_seasons::{CellSeasons, CellSeasonsError, OwnSeasons, PastPhase, cell_seasons};
pub use choose::{ChoiceError, SeasonChoice, Tried, choose_season, forecast_years};
pub use crossing::{Crossing, CrossingError, amounts, crossing};
pub use expected::{Basis, Expectation, ExpectedError, YearEffect, expected};
pub use extra_spread::{ExtraSpread, extra_spread};
pub use flow::{Flow, FlowCount, FlowError, FlowForecast, once_in_seasons};
pub use harmonic::{HarmonicError, HarmonicFit, harmonic_poisson};
pub use log_linear_season::{SeasonFit, SeasonFitError, SeasonGroup, log_linear_season};
pub use onset::{Onset, OnsetError, OnsetEvidence, OnsetPrior};
pub use overdispersion::{Overdispersion, OverdispersionError, overdispersion};
pub use phase::{Moments, PhaseError, PhaseShares, average, phase};
pub use phase_bins::{PhaseBins, PhaseBinsError};
pub use rayleigh::{CircularError, Modes, Rayleigh, day_angle, rayleigh, rayleigh_monthly};
pub use residual::{pearson_residual, pearson_residuals};
pub use root_counts::{RootCounts, RootCountsError, edwards, walter_elwood};
pub use season_test::{SeasonEvidence, SeasonTest, season_test};
pub use stl::{Degree, Loess, Stl, StlError, StlParams, stl};
pub use watson::{WatsonU2, watson_u2};
pub use years::{PastYears, YEAR_VARIANCE_MAX, YearsError, year_variance};
