use super::history::History;
use crate::units::real;

/// Slowest and fastest decay, a day: contagion of one to sixty days.
pub(super) const DECAYS: (f64, f64) = (1.0 / 60.0, 1.0);

/// Events that one brings below which there is nothing: a logarithm of it is still a number, and the
/// likelihood the same.
pub(super) const LEAST_THETA: f64 = 1e-12;

/// When a fit is good enough.
#[derive(Debug, Clone, Copy)]
pub(super) struct Until {
    /// Rounds after which it is as good as it gets.
    pub(super) rounds: u32,
    /// Relative change of every parameter in one round at which it has settled.
    pub(super) change: f64,
}

/// A rate and the log-likelihood it gives, once that is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Estimate {
    pub(super) mu: f64,
    pub(super) theta: f64,
    pub(super) decay: f64,
    pub(super) log_likelihood: f64,
}

impl Estimate {
    fn logs(self) -> [f64; 3] {
        [self.mu.ln(), self.theta.ln(), self.decay.ln()]
    }

    fn of_logs(logs: [f64; 3]) -> Self {
        let [mu, theta, decay] = logs.map(f64::exp);
        Self {
            mu,
            theta,
            decay: decay.clamp(DECAYS.0, DECAYS.1),
            log_likelihood: f64::NEG_INFINITY,
        }
    }
}

/// The likeliest background and decay, and the likeliest `theta` unless it is held.
///
/// Expectation: each event is background with probability `mu s / lambda` and otherwise was brought
/// by an earlier one. Maximisation: `mu` is background over season, `theta` is brought over what
/// could be seen of it, `w` is brought over the waits and what of them the end cuts off. The sums
/// over earlier events follow from those of the event before, so a round is one pass.
///
/// Two rounds give a direction and its curvature, along which a longer step is tried and kept if it
/// loses no likelihood (Varadhan & Roland 2008,
/// [doi:10.1111/j.1467-9469.2007.00585.x](https://doi.org/10.1111/j.1467-9469.2007.00585.x)).
pub(super) fn maximised(
    history: &History,
    start: Estimate,
    held: Option<f64>,
    until: Until,
) -> Estimate {
    let seasons = history.seasons();
    let next = |now: Estimate| round(history, &seasons, now, held);
    let mut now = start;
    now.theta = held.unwrap_or(now.theta);
    for _ in 0..until.rounds.div_ceil(3) {
        let (once, _) = next(now);
        let (twice, reached) = next(once);
        let longer = Estimate::of_logs(extrapolated(now.logs(), once.logs(), twice.logs()));
        let (settled, tried) = next(longer);
        let change = largest_change(now.logs(), once.logs());
        now = if tried >= reached { settled } else { twice };
        if change < until.change {
            break;
        }
    }
    now.log_likelihood = next(now).1;
    now
}

/// Where the differences of two rounds lead, all in logarithms.
pub(super) fn extrapolated<const N: usize>(
    start: [f64; N],
    once: [f64; N],
    twice: [f64; N],
) -> [f64; N] {
    let (mut steps, mut bends) = (0.0, 0.0);
    for i in 0..N {
        let step = once[i] - start[i];
        steps += step * step;
        bends += (twice[i] - once[i] - step).powi(2);
    }
    let length = if bends > 0.0 {
        f64::sqrt(steps / bends).clamp(1.0, 64.0)
    } else {
        1.0
    };
    std::array::from_fn(|i| {
        let step = once[i] - start[i];
        let bend = twice[i] - once[i] - step;
        start[i] + 2.0 * length * step + length * length * bend
    })
}

/// Largest change of a logarithm.
pub(super) fn largest_change<const N: usize>(from: [f64; N], to: [f64; N]) -> f64 {
    let changes = from.into_iter().zip(to).map(|(a, b)| (a - b).abs());
    changes.fold(0.0, f64::max)
}

/// The next estimate, and the log-likelihood of this one.
fn round(history: &History, seasons: &[f64], now: Estimate, held: Option<f64>) -> (Estimate, f64) {
    let Estimate {
        mu, theta, decay, ..
    } = now;
    let end = history.days();
    // Of the events before: sum of e^(-w wait), and of wait e^(-w wait).
    let (mut near, mut waits, mut last) = (0.0, 0.0, 0.0);
    let (mut background, mut brought, mut waited) = (0.0, 0.0, 0.0);
    // Of all events: what could be seen of one brought event, and its derivative in w.
    let (mut seen, mut cut, mut logs) = (0.0, 0.0, 0.0);
    for (&time, &season) in history.times().iter().zip(seasons) {
        let (step, fade) = (time - last, f64::exp(-decay * (time - last)));
        waits = fade * (waits + step * near);
        near *= fade;
        let rate = mu * season + theta * decay * near;
        logs += f64::ln(rate);
        background += mu * season / rate;
        brought += theta * decay * near / rate;
        waited += theta * decay * waits / rate;
        let beyond = f64::exp(-decay * (end - time));
        seen += 1.0 - beyond;
        cut += (end - time) * beyond;
        (near, last) = (near + 1.0, time);
    }
    let season = history.season_sum();
    let log_likelihood = logs - mu * season - theta * seen;
    let theta = held.unwrap_or((brought / seen).max(LEAST_THETA));
    let next = Estimate {
        mu: background / season,
        theta,
        decay: next_decay(decay, (brought, waited + theta * cut)),
        log_likelihood: f64::NEG_INFINITY,
    };
    (next, log_likelihood)
}

/// The decay at which as much was brought after as long; as it was, where nothing was brought.
pub(super) fn next_decay(decay: f64, (brought, waited): (f64, f64)) -> f64 {
    let next = brought / waited;
    let known = brought > 0.0 && next.is_finite();
    if known { next } else { decay }.clamp(DECAYS.0, DECAYS.1)
}

/// The likeliest background when nothing is brought.
pub(super) fn seasonal(history: &History) -> Estimate {
    let mu = real(history.times().len()) / history.season_sum();
    let none = Estimate {
        mu,
        theta: 0.0,
        decay: DECAYS.1,
        log_likelihood: 0.0,
    };
    let log_likelihood = round(history, &history.seasons(), none, Some(0.0)).1;
    Estimate {
        log_likelihood,
        ..none
    }
}
