//! The self-exciting rate over places: what an event brings, it brings near it.

mod fit;
mod history;
mod rounds;

#[cfg(test)]
mod tests;

pub use fit::{SpaceTimeContagion, SpaceTimeExcitation, space_time_contagion};
pub use history::{SpaceTimeHistory, SpaceTimeHistoryError};

use thiserror::Error;

use self::rounds::Estimate;
use super::{Hawkes, InvalidHawkes};

/// A rate of events over places, of which each brings others near it for a while (Mohler et al. 2011;
/// Meyer, Elias & Höhle 2012).
///
/// ```text
/// lambda(t, c) = mu s(t) b_c + sum_{t_i < t} theta w exp( -w (t - t_i) ) k(c | c_i)
/// k(c | c')    = exp( -d(c, c')^2 / (2 sigma^2) ) / sum_{c'' within reach of c'} exp( -d(c'', c')^2 / (2 sigma^2) )
/// ```
///
/// in events a day and place, with `s` the season and `b` the background shares of a
/// [`SpaceTimeHistory`], which sum to 1. Space is the places there are: the kernel is cut off at the
/// reach of the history and made whole over the places within it, so that nothing an event brings falls
/// outside the area, and events known to a cell only do not excite each other without bound at
/// distance 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpaceTimeHawkes {
    in_time: Hawkes,
    sigma_km: f64,
}

/// Numbers that are no such rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidSpaceTimeHawkes {
    /// No rate in time.
    #[error(transparent)]
    InTime(#[from] InvalidHawkes),
    /// A width not above zero or not finite.
    #[error("the width of the kernel must be finite and above 0")]
    Sigma,
}

impl SpaceTimeHawkes {
    /// A rate that is chosen rather than fitted: `in_time` as [`Hawkes::new`] makes it, its background
    /// that of all places together, and the width `sigma_km` of the kernel, in km.
    ///
    /// # Errors
    /// A width not above 0.
    pub fn new(in_time: Hawkes, sigma_km: f64) -> Result<Self, InvalidSpaceTimeHawkes> {
        if sigma_km.is_finite() && sigma_km > 0.0 {
            Ok(Self { in_time, sigma_km })
        } else {
            Err(InvalidSpaceTimeHawkes::Sigma)
        }
    }

    /// Background of all places together, events that one event brings, and decay.
    #[must_use]
    pub const fn in_time(self) -> Hawkes {
        self.in_time
    }

    /// Width of the kernel, in km.
    #[must_use]
    pub const fn sigma_km(self) -> f64 {
        self.sigma_km
    }

    /// Log-likelihood of a history, in nats:
    ///
    /// ```text
    /// sum ln lambda(t_i, c_i) - mu int s - theta sum (1 - exp( -w (T - t_i) ))
    /// ```
    #[must_use]
    pub fn log_likelihood(self, history: &SpaceTimeHistory) -> f64 {
        let estimate = Estimate {
            mu: self.in_time.mu(),
            theta: self.in_time.theta(),
            decay: self.in_time.decay(),
            sigma: self.sigma_km,
            log_likelihood: f64::NEG_INFINITY,
        };
        rounds::log_likelihood(history, estimate)
    }
}
