use super::expectation_maximisation::{DECAYS, Estimate, Until, maximised, seasonal};
use super::hawkes::Hawkes;
use super::history::History;

/// Events below which no contagion is claimed.
pub(super) const FEWEST: usize = 100;
/// Normal quantile at 97.5 %: how far the signed root of twice the fall of the log-likelihood may go
/// within an interval at 95 %.
pub(super) const REACH: f64 = 1.959_963_984_540_054;
/// A look from each start; the best estimate; the best for a held `theta`.
pub(super) const LOOK: Until = Until {
    rounds: 60,
    change: 1e-6,
};
pub(super) const BEST: Until = Until {
    rounds: 20_000,
    change: 1e-10,
};
pub(super) const HELD: Until = Until {
    rounds: 5_000,
    change: 1e-8,
};
/// Decays from which the search starts, a day.
pub(super) const STARTS: [f64; 3] = [1.0 / 30.0, 1.0 / 7.0, 0.5];

/// What a history says about contagion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Contagion {
    /// Events bring others.
    Excited(Excitation),
    /// The season is all that can be claimed: use it, and say why.
    Seasonal {
        /// Background in events a day where the season is 1; the number of events over the summed
        /// season, 0 without events.
        mu: f64,
        /// The reason.
        why: WhySeasonal,
    },
}

/// A fitted rate with contagion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Excitation {
    /// The rate.
    pub rate: Hawkes,
    /// Lower end of the 95 % profile likelihood interval of `theta`; above 0.
    pub theta_lo: f64,
    /// Upper end; 1 where it is not below.
    pub theta_hi: f64,
    /// Log-likelihood, in nats.
    pub log_likelihood: f64,
    /// Twice the gain in log-likelihood over the season alone.
    pub likelihood_ratio: f64,
    /// Whether the decay lies at a bound: waits are then shorter or longer than these.
    pub decay_at_bound: bool,
}

/// Why no contagion is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhySeasonal {
    /// Fewer than 100 events.
    TooFewEvents {
        /// How many there are.
        got: usize,
    },
    /// The 95 % interval of `theta` holds 0.
    NoneDetected,
    /// `theta` comes out at 1 or more: a background that grows, not contagion.
    Explosive,
}

/// A rate with contagion fitted to a history by expectation-maximisation, where that can be claimed
/// (Mohler et al. 2011; Veen & Schoenberg 2008).
///
/// `theta < 1`, decay within 1/60 to 1 a day, at least 100 events, and a 95 % profile likelihood
/// interval of `theta` (the values at which the log-likelihood, the rest being the best for it,
/// falls by less than 1.92) that does not hold 0. Otherwise [`Contagion::Seasonal`] gives the
/// season alone and the reason.
///
/// The season must be in the history: a season that is left out comes back as contagion. Dates must
/// be exact to a day. Events that share a cause not in the season look like contagion too; what is
/// fitted says how long to expect more, not who causes it.
///
/// Same input, same digits. A round of the fit is one pass over the events.
///
/// # References
/// [doi:10.1198/jasa.2011.ap09546](https://doi.org/10.1198/jasa.2011.ap09546);
/// [doi:10.1198/016214508000000148](https://doi.org/10.1198/016214508000000148).
#[must_use]
pub fn contagion(history: &History) -> Contagion {
    let got = history.times().len();
    if got == 0 {
        let why = WhySeasonal::TooFewEvents { got };
        return Contagion::Seasonal { mu: 0.0, why };
    }
    let none = seasonal(history);
    let instead = |why| Contagion::Seasonal { mu: none.mu, why };
    if got < FEWEST {
        return instead(WhySeasonal::TooFewEvents { got });
    }
    let best = likeliest(history, none);
    let gain = best.log_likelihood - none.log_likelihood;
    if 2.0 * gain <= REACH * REACH {
        return instead(WhySeasonal::NoneDetected);
    }
    let Ok(rate) = Hawkes::new(best.mu, best.theta, best.decay) else {
        return instead(WhySeasonal::Explosive);
    };
    let mut near = best;
    let mut beyond = |theta: f64| {
        near = maximised(history, near, Some(theta), HELD);
        root(best.log_likelihood - near.log_likelihood) - REACH
    };
    let (theta_lo, theta_hi) = interval(best.theta, gain, &mut beyond);
    Contagion::Excited(Excitation {
        rate,
        theta_lo,
        theta_hi,
        log_likelihood: best.log_likelihood,
        likelihood_ratio: 2.0 * gain,
        decay_at_bound: best.decay <= DECAYS.0 || best.decay >= DECAYS.1,
    })
}

fn likeliest(history: &History, none: Estimate) -> Estimate {
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

/// Both ends of the profile interval of `theta`, given how far the signed root of twice the fall of the
/// log-likelihood goes beyond [`REACH`] at a value, and the gain over none.
pub(super) fn interval(best: f64, gain: f64, beyond: &mut impl FnMut(f64) -> f64) -> (f64, f64) {
    let at_one = beyond(1.0);
    let lo = edge(best, (0.0, root(gain) - REACH), beyond);
    let hi = if at_one <= 0.0 {
        1.0
    } else {
        edge(best, (1.0, at_one), beyond)
    };
    (lo, hi)
}

pub(super) fn root(fall: f64) -> f64 {
    (2.0 * fall).max(0.0).sqrt()
}

/// Where `beyond` is 0 between the best value, at which it is -[`REACH`], and one at which it is
/// above 0. False position, an end that stays twice weighed half (Illinois); the signed root is
/// nearly a line, so a few steps do.
fn edge(best: f64, outside: (f64, f64), beyond: &mut impl FnMut(f64) -> f64) -> f64 {
    let (mut inside, mut outside) = ((best, -REACH), outside);
    let (mut theta, mut was_outside) = (best, None);
    for _ in 0..60 {
        let next = inside.0 - inside.1 * (outside.0 - inside.0) / (outside.1 - inside.1);
        let settled = (next - theta).abs() < 1e-8;
        theta = next;
        if settled {
            break;
        }
        let height = beyond(theta);
        let is_outside = height > 0.0;
        let again = if was_outside == Some(is_outside) {
            0.5
        } else {
            1.0
        };
        if is_outside {
            outside = (theta, height);
            inside.1 *= again;
        } else {
            inside = (theta, height);
            outside.1 *= again;
        }
        was_outside = Some(is_outside);
    }
    theta
}
