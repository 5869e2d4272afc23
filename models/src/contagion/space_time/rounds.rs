use super::super::expectation_maximisation::{
    DECAYS, LEAST_THETA, Until, extrapolated, largest_change, next_decay,
};
use super::SpaceTimeHistory;
use crate::units::real;

/// Decay times days after which weights are counted from a later day, so that none overflows.
const REBASE_AT: f64 = 200.0;

/// A rate and the log-likelihood it gives, once that is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Estimate {
    pub(super) mu: f64,
    pub(super) theta: f64,
    pub(super) decay: f64,
    pub(super) sigma: f64,
    pub(super) log_likelihood: f64,
}

impl Estimate {
    fn logs(self) -> [f64; 4] {
        [self.mu, self.theta, self.decay, self.sigma].map(f64::ln)
    }

    fn of_logs(logs: [f64; 4], history: &SpaceTimeHistory) -> Self {
        let [mu, theta, decay, sigma] = logs.map(f64::exp);
        Self {
            mu,
            theta,
            decay: decay.clamp(DECAYS.0, DECAYS.1),
            sigma: sigma.clamp(history.sigma_km.0, history.sigma_km.1),
            log_likelihood: f64::NEG_INFINITY,
        }
    }
}

/// Of each place with events, what its kernel sums to, and mean and variance of the squared distance
/// under it.
struct Kernel {
    total: Vec<f64>,
    mean: Vec<f64>,
    variance: Vec<f64>,
}

impl Kernel {
    fn new(history: &SpaceTimeHistory, steep: f64) -> Self {
        let (mut total, mut mean, mut variance) = (Vec::new(), Vec::new(), Vec::new());
        for around in &history.around {
            let (mut s0, mut s1, mut s2) = (0.0, 0.0, 0.0);
            for &far2 in around {
                let weight = f64::exp(-steep * far2);
                s0 += weight;
                s1 += weight * far2;
                s2 += weight * far2 * far2;
            }
            total.push(s0);
            mean.push(s1 / s0);
            variance.push((s2 / s0 - (s1 / s0).powi(2)).max(0.0));
        }
        Self {
            total,
            mean,
            variance,
        }
    }
}

/// What the expectation step finds, summed over all events.
#[derive(Debug)]
pub(super) struct Sums {
    pub(super) log_likelihood: f64,
    /// Events of the background, and brought ones.
    pub(super) background: f64,
    pub(super) brought: f64,
    /// Days and squared km between the brought and what brought them.
    pub(super) waited: f64,
    pub(super) far2: f64,
    /// The squared km that the kernel expects of as many, and their variance.
    pub(super) expected2: f64,
    variance2: f64,
    /// Of all events: what could be seen of one brought event, and its derivative in the decay.
    pub(super) seen: f64,
    pub(super) cut: f64,
}

/// Earlier events by place: the sum of `e^(w (t_i - base))`, and of `t_i - base` times that.
struct Earlier {
    base: f64,
    weight: Vec<f64>,
    moment: Vec<f64>,
}

impl Earlier {
    fn rebase(&mut self, time: f64, decay: f64) {
        let later = time - self.base;
        if decay * later <= REBASE_AT {
            return;
        }
        let fade = f64::exp(-decay * later);
        for (weight, moment) in self.weight.iter_mut().zip(&mut self.moment) {
            *moment = fade * (*moment - later * *weight);
            *weight *= fade;
        }
        self.base = time;
    }
}

/// Expectation: each event is background with probability `mu s b / lambda` and otherwise was brought
/// by an earlier one. One pass over the events and the places near each.
pub(super) fn sums(history: &SpaceTimeHistory, now: Estimate) -> Sums {
    let Estimate {
        mu,
        theta,
        decay,
        sigma,
        ..
    } = now;
    let steep = 1.0 / (2.0 * sigma * sigma);
    let kernel = Kernel::new(history, steep);
    let linked = |(other, far2): &(u32, f64)| {
        let k = f64::exp(-steep * far2) / kernel.total[*other as usize];
        (*other as usize, *far2, k)
    };
    let links: Vec<Vec<(usize, f64, f64)>> = history
        .links
        .iter()
        .map(|list| list.iter().map(linked).collect())
        .collect();
    let (times, seasons) = (history.in_time.times(), history.in_time.seasons());
    let end = history.in_time.days();
    let n = history.share.len();
    let mut earlier = Earlier {
        base: 0.0,
        weight: vec![0.0; n],
        moment: vec![0.0; n],
    };
    let mut by_source = vec![0.0; n];
    let mut sums = Sums::none();
    for ((&time, season), &at) in times.iter().zip(seasons).zip(&history.at) {
        earlier.rebase(time, decay);
        let since = time - earlier.base;
        let fade = theta * decay * f64::exp(-decay * since);
        let links = &links[at as usize];
        let near: f64 = links.iter().map(|&(c, _, k)| k * earlier.weight[c]).sum();
        let background = mu * season * history.share[at as usize];
        let rate = background + fade * near;
        sums.log_likelihood += rate.ln();
        sums.background += background / rate;
        for &(c, far2, k) in links {
            let part = fade * k / rate;
            let brought = part * earlier.weight[c];
            by_source[c] += brought;
            sums.far2 += brought * far2;
            sums.waited += part * (since * earlier.weight[c] - earlier.moment[c]);
        }
        let own = f64::exp(decay * since);
        earlier.weight[at as usize] += own;
        earlier.moment[at as usize] += since * own;
        let beyond = f64::exp(-decay * (end - time));
        sums.seen += 1.0 - beyond;
        sums.cut += (end - time) * beyond;
    }
    for (c, brought) in by_source.into_iter().enumerate() {
        sums.brought += brought;
        sums.expected2 += brought * kernel.mean[c];
        sums.variance2 += brought * kernel.variance[c];
    }
    sums.log_likelihood -= mu * history.in_time.season_sum() + theta * sums.seen;
    sums
}

impl Sums {
    const fn none() -> Self {
        Self {
            log_likelihood: 0.0,
            background: 0.0,
            brought: 0.0,
            waited: 0.0,
            far2: 0.0,
            expected2: 0.0,
            variance2: 0.0,
            seen: 0.0,
            cut: 0.0,
        }
    }

    /// The width at which the kernel expects the distances found: one Newton step in `1 / (2 sigma^2)`,
    /// in which the likelihood of the distances is concave, and no more than half or double the width. As
    /// it was, where nothing was brought.
    fn next_sigma(&self, sigma: f64) -> f64 {
        let steep = 1.0 / (2.0 * sigma * sigma);
        let step = (self.expected2 - self.far2) / self.variance2;
        if !step.is_finite() {
            return sigma;
        }
        let next = (steep + step).clamp(steep / 4.0, steep * 4.0);
        (1.0 / (2.0 * next)).sqrt()
    }
}

/// The next estimate, and the log-likelihood of this one.
fn round(history: &SpaceTimeHistory, now: Estimate, held: Option<f64>) -> (Estimate, f64) {
    let sums = sums(history, now);
    let theta = held.unwrap_or((sums.brought / sums.seen).max(LEAST_THETA));
    let waited = sums.waited + theta * sums.cut;
    let (narrowest, widest) = history.sigma_km;
    let next = Estimate {
        mu: sums.background / history.in_time.season_sum(),
        theta,
        decay: next_decay(now.decay, (sums.brought, waited)),
        sigma: sums.next_sigma(now.sigma).clamp(narrowest, widest),
        log_likelihood: f64::NEG_INFINITY,
    };
    (next, sums.log_likelihood)
}

/// The likeliest background, decay and width, and the likeliest `theta` unless it is held; as in time
/// alone.
pub(super) fn maximised(
    history: &SpaceTimeHistory,
    start: Estimate,
    held: Option<f64>,
    until: Until,
) -> Estimate {
    let next = |now: Estimate| round(history, now, held);
    let mut now = start;
    now.theta = held.unwrap_or(now.theta);
    for _ in 0..until.rounds.div_ceil(3) {
        let (once, _) = next(now);
        let (twice, reached) = next(once);
        let longer = extrapolated(now.logs(), once.logs(), twice.logs());
        let (settled, tried) = next(Estimate::of_logs(longer, history));
        let change = largest_change(now.logs(), once.logs());
        now = if tried >= reached { settled } else { twice };
        if change < until.change {
            break;
        }
    }
    now.log_likelihood = log_likelihood(history, now);
    now
}

pub(super) fn log_likelihood(history: &SpaceTimeHistory, estimate: Estimate) -> f64 {
    sums(history, estimate).log_likelihood
}

/// The likeliest background when nothing is brought.
pub(super) fn seasonal(history: &SpaceTimeHistory) -> Estimate {
    let (narrowest, widest) = history.sigma_km;
    let mut none = Estimate {
        mu: real(history.at.len()) / history.in_time.season_sum(),
        theta: 0.0,
        decay: DECAYS.1,
        sigma: f64::sqrt(narrowest * widest),
        log_likelihood: 0.0,
    };
    none.log_likelihood = log_likelihood(history, none);
    none
}
