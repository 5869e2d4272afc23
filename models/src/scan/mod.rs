//! Where, and since when, more is counted than expected: the scan statistic.
//!
//! A cylinder is a zone of cells over a window of time. [`scan`] scores every cylinder of a set
//! of [`Zones`] and [`Windows`], takes the highest, and asks how high the highest would be in
//! worlds where nothing is going on, so that having looked everywhere is paid for.
//!
//! # Cost
//! A zone is its predecessor and one cell more, a window its predecessor and one step more, and
//! 32 replicates go side by side. A cylinder costs a few additions and a comparison per
//! replicate; its score is computed only where it may be the highest.

mod alias;
mod clusters;
mod discs;
mod inference;
mod lane;
mod limit;
mod model;
mod null;
mod observed;
mod score;
mod segments;
mod shared;
mod sweep;
mod threshold;
mod window;
mod zones;

#[cfg(test)]
mod tests;

pub use clusters::{Cluster, Scan, Scanning, Secondary, scan};
pub use inference::{Gumbel, Stop, monte_carlo_p, recurrence_interval};
pub use limit::Limit;
pub use model::{Model, ScanError};
pub use score::{expectation_llr, negative_binomial_llr, poisson_llr, relative_risk};
pub use segments::Segments;
pub use window::Windows;
pub use zones::{Zones, ZonesError};

/// A number of cases as a real number.
#[expect(clippy::cast_precision_loss, reason = "cases stay below 2^53")]
const fn whole(cases: u64) -> f64 {
    cases as f64
}
