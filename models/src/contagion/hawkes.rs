use rand::Rng;
use rand::distr::Open01;
use rand_distr::Poisson;
use thiserror::Error;

use super::history::History;
use crate::units::{Purpose, Seed, real};

/// A rate of events of which each brings others for a while (Hawkes 1971; Mohler et al. 2011).
///
/// ```text
/// lambda(t) = mu s(t) + sum_{t_i < t} theta w exp( -w (t - t_i) )
/// ```
///
/// with `s` the season of a [`History`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hawkes {
    mu: f64,
    theta: f64,
    decay: f64,
}

/// Numbers that are no such rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidHawkes {
    /// A background negative or not finite.
    #[error("the background must be finite and at least 0")]
    Mu,
    /// Events that bring one or more others each, without end.
    #[error("the events that one brings must be at least 0 and below 1")]
    Theta,
    /// A decay not above zero or not finite.
    #[error("the decay must be finite and above 0")]
    Decay,
}

impl Hawkes {
    /// A rate that is chosen rather than fitted.
    ///
    /// - `mu`: background in events a day where the season is 1.
    /// - `theta`: events that one event brings, directly.
    /// - `decay`: `w`, one over the mean wait for them in days.
    ///
    /// # Errors
    /// Numbers outside these ranges.
    pub fn new(mu: f64, theta: f64, decay: f64) -> Result<Self, InvalidHawkes> {
        if !(mu.is_finite() && mu >= 0.0) {
            return Err(InvalidHawkes::Mu);
        }
        if !(0.0..1.0).contains(&theta) {
            return Err(InvalidHawkes::Theta);
        }
        if decay.is_finite() && decay > 0.0 {
            Ok(Self { mu, theta, decay })
        } else {
            Err(InvalidHawkes::Decay)
        }
    }

    /// Background, events a day where the season is 1.
    #[must_use]
    pub const fn mu(self) -> f64 {
        self.mu
    }

    /// Events that one event brings, directly.
    #[must_use]
    pub const fn theta(self) -> f64 {
        self.theta
    }

    /// Decay `w`, a day.
    #[must_use]
    pub const fn decay(self) -> f64 {
        self.decay
    }

    /// Rate at a time, events a day, from the events before it. `None` outside the history.
    #[must_use]
    pub fn intensity(self, history: &History, time: f64) -> Option<f64> {
        let before = history.times().iter().take_while(|&&event| event < time);
        let brought = before.map(|event| (-self.decay * (time - event)).exp());
        let brought: f64 = brought.sum();
        let season = history.season(time)?;
        Some(self.mu * season + self.theta * self.decay * brought)
    }

    /// Log-likelihood of a history, in nats:
    ///
    /// ```text
    /// sum ln lambda(t_i) - mu int s - theta sum (1 - exp( -w (T - t_i) ))
    /// ```
    #[must_use]
    pub fn log_likelihood(self, history: &History) -> f64 {
        let end = history.days();
        let (mut sum, mut brought, mut last) = (0.0, 0.0, 0.0);
        for (&time, season) in history.times().iter().zip(history.seasons()) {
            brought *= f64::exp(-self.decay * (time - last));
            sum += (self.mu * season + self.theta * self.decay * brought).ln();
            sum += self.theta * f64::exp_m1(-self.decay * (end - time));
            (brought, last) = (brought + 1.0, time);
        }
        sum - self.mu * history.season_sum()
    }

    /// A history drawn from this rate, over the days of `season`; numbered, so that many can be
    /// drawn from one seed. `None` where the season is negative or not finite.
    ///
    /// By families: background events of each day are Poisson, and each event has Poisson-many
    /// children after exponential waits. Nothing precedes the first day.
    #[must_use]
    pub fn simulate(self, season: &[f64], seed: Seed, index: u64) -> Option<History> {
        let mut rng = seed.stream(Purpose::HawkesSimulation, index);
        let mut times = Vec::new();
        for (day, &season) in season.iter().enumerate() {
            if !(season.is_finite() && season >= 0.0) {
                return None;
            }
            let n = poisson(self.mu * season, &mut rng);
            times.extend((0..n).map(|_| real(day) + rng.random::<f64>()));
        }
        let mut parent = 0;
        while let Some(&time) = times.get(parent) {
            for _ in 0..poisson(self.theta, &mut rng) {
                let wait = -rng.sample::<f64, _>(Open01).ln() / self.decay;
                let child = time + wait;
                if child < real(season.len()) {
                    times.push(child);
                }
            }
            parent += 1;
        }
        times.sort_unstable_by(f64::total_cmp);
        times.dedup();
        History::new(times, season.to_vec()).ok()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a Poisson count is whole and at least 0"
)]
fn poisson(mean: f64, rng: &mut impl Rng) -> u64 {
    Poisson::new(mean).map_or(0, |law| rng.sample::<f64, _>(law) as u64)
}
