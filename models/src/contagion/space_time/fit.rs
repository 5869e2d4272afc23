use super::super::expectation_maximisation::DECAYS;
use super::super::fit::{BEST, FEWEST, HELD, LOOK, REACH, STARTS, interval, root};
use super::super::{Hawkes, WhySeasonal};
use super::rounds::{Estimate, maximised, seasonal};
use super::{SpaceTimeHawkes, SpaceTimeHistory};

/// What a history of places says about contagion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SpaceTimeContagion {
    /// Events bring others near them.
    Excited(SpaceTimeExcitation),
    /// Season and place are all that can be claimed: use them, and say why.
    Seasonal {
        /// Background of all places in events a day where the season is 1; 0 without events.
        mu: f64,
        /// The reason.
        why: WhySeasonal,
    },
}

/// A fitted rate with contagion in space and time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpaceTimeExcitation {
    /// The rate.
    pub rate: SpaceTimeHawkes,
    /// Lower end of the 95 % profile likelihood interval of `theta`; above 0.
    pub theta_lo: f64,
    /// Upper end; 1 where it is not below.
    pub theta_hi: f64,
    /// Log-likelihood, in nats.
    pub log_likelihood: f64,
    /// Twice the gain in log-likelihood over season and place alone.
    pub likelihood_ratio: f64,
    /// Whether the decay lies at a bound: waits are then shorter or longer than these.
    pub decay_at_bound: bool,
    /// Whether the width lies at an end of its range.
    pub sigma_at_bound: bool,
}

/// A rate with contagion in space and time fitted by expectation-maximisation, where that can be
/// claimed (Mohler et al. 2011; Meyer, Elias & Höhle 2012).
///
/// Rules, interval and reasons are those of [`contagion`](super::super::contagion): at least 100
/// events, `theta < 1`, decay within 1/60 to 1 a day, and a 95 % profile likelihood interval of
/// `theta` that does not hold 0. The width is looked for within the range of the history.
///
/// Season and places must be in the history: a season, or a place that always has more, comes back as
/// contagion where it is left out. A background estimated from the same events errs to the safe side:
/// it holds some of what they brought.
///
/// Same input, same digits. A round of the fit is one pass over the events and the places near each.
///
/// # References
/// [doi:10.1198/jasa.2011.ap09546](https://doi.org/10.1198/jasa.2011.ap09546);
/// [doi:10.1111/j.1541-0420.2011.01684.x](https://doi.org/10.1111/j.1541-0420.2011.01684.x).
#[must_use]
pub fn space_time_contagion(history: &SpaceTimeHistory) -> SpaceTimeContagion {
    let got = history.at.len();
    if got == 0 {
        let why = WhySeasonal::TooFewEvents { got };
        return SpaceTimeContagion::Seasonal { mu: 0.0, why };
    }
    let none = seasonal(history);
    let instead = |why| SpaceTimeContagion::Seasonal { mu: none.mu, why };
    if got < FEWEST {
        return instead(WhySeasonal::TooFewEvents { got });
    }
    let best = likeliest(history, none);
    let gain = best.log_likelihood - none.log_likelihood;
    if 2.0 * gain <= REACH * REACH {
        return instead(WhySeasonal::NoneDetected);
    }
    let rate = Hawkes::new(best.mu, best.theta, best.decay).ok();
    let rate = rate.and_then(|rate| SpaceTimeHawkes::new(rate, best.sigma).ok());
    let Some(rate) = rate else {
        return instead(WhySeasonal::Explosive);
    };
    let mut near = best;
    let mut beyond = |theta: f64| {
        near = maximised(history, near, Some(theta), HELD);
        root(best.log_likelihood - near.log_likelihood) - REACH
    };
    let (theta_lo, theta_hi) = interval(best.theta, gain, &mut beyond);
    let within = |value: f64, (lo, hi): (f64, f64)| value > lo && value < hi;
    SpaceTimeContagion::Excited(SpaceTimeExcitation {
        rate,
        theta_lo,
        theta_hi,
        log_likelihood: best.log_likelihood,
        likelihood_ratio: 2.0 * gain,
        decay_at_bound: !within(best.decay, DECAYS),
        sigma_at_bound: !within(best.sigma, history.sigma_km),
    })
}

fn likeliest(history: &SpaceTimeHistory, none: Estimate) -> Estimate {
    let start = |decay: f64| Estimate {
        mu: none.mu / 2.0,
        theta: 0.5,
        decay,
        ..none
    };
    let looks = STARTS.map(|decay| maximised(history, start(decay), None, LOOK));
    let best = looks
        .into_iter()
        .max_by(|a, b| a.log_likelihood.total_cmp(&b.log_likelihood));
    maximised(history, best.unwrap_or(none), None, BEST)
}
