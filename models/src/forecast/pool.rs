use super::logistic::{fit_logistic, logistic, logit};
use crate::units::real;

/// Rounds of EM.
const ROUNDS: usize = 100;
/// Change of a weight below which they are found.
const SETTLED: f64 = 1e-6;
/// Events that what is thought beforehand of the weights and of the calibration is worth.
const PRIOR_EVENTS: f64 = 20.0;

/// How members are pooled and what is then said: a linear opinion pool and Platt's line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pool {
    /// One weight per member, together 1.
    pub(super) weights: Vec<f64>,
    /// Intercept and slope on log-odds; 0 and 1 say what the pool says.
    pub(super) line: (f64, f64),
}

impl Pool {
    /// Before anything is known of how members forecast: three quarters for the first.
    pub(super) fn prior(n_members: usize) -> Self {
        let rest = n_members.saturating_sub(1);
        let weight = |k: usize| match (k, rest) {
            (_, 0) => 1.0,
            (0, _) => 0.75,
            _ => 0.25 / real(rest),
        };
        Self {
            weights: (0..n_members).map(weight).collect(),
            line: (0.0, 1.0),
        }
    }

    /// The weights that past forecasts are likeliest under (EM, with the prior worth 20 events), then
    /// the line that calibrates their pool, pulled toward none by as much.
    ///
    /// `members[k][i]` is what member `k` said of case `i`.
    pub(super) fn fit(members: &[Vec<f64>], event: &[bool]) -> Self {
        let mut pool = Self::prior(members.len());
        let events = real(event.iter().filter(|event| **event).count());
        if events < 1.0 {
            return pool;
        }
        let prior = pool.weights.clone();
        for _ in 0..ROUNDS {
            let mut shares = vec![0.0; members.len()];
            for (i, &event) in event.iter().enumerate() {
                let said = |k: usize| {
                    let p = members[k][i];
                    pool.weights[k] * if event { p } else { 1.0 - p }
                };
                let whole: f64 = (0..members.len()).map(said).sum();
                if whole > 0.0 {
                    for (k, share) in shares.iter_mut().enumerate() {
                        // What the case says beyond the weight itself. Summed so, a round moves as far
                        // as the events call for; over all cases EM would take thousands.
                        *share += said(k) / whole - pool.weights[k];
                    }
                }
            }
            let pulled = |(k, share): (usize, &f64)| {
                let own = pool.weights[k] * events + share;
                (own + PRIOR_EVENTS * prior[k]).max(0.0)
            };
            let raw: Vec<f64> = shares.iter().enumerate().map(pulled).collect();
            let whole: f64 = raw.iter().sum();
            let weights: Vec<f64> = raw.into_iter().map(|share| share / whole).collect();
            let moved = weights
                .iter()
                .zip(&pool.weights)
                .map(|(a, b)| (a - b).abs());
            let settled = moved.fold(0.0, f64::max) < SETTLED;
            pool.weights = weights;
            if settled {
                break;
            }
        }
        pool.line = pool.calibrated(members, event, events);
        pool
    }

    fn calibrated(&self, members: &[Vec<f64>], event: &[bool], events: f64) -> (f64, f64) {
        let z: Vec<f64> = (0..event.len())
            .map(|i| logit(self.mix(members.iter().map(|member| member[i]))))
            .collect();
        match fit_logistic(z, event, 1e-3) {
            Ok(line) if line.weights[0] > 0.0 => {
                let trust = events / (events + PRIOR_EVENTS);
                (
                    trust * line.intercept,
                    1.0 + trust * (line.weights[0] - 1.0),
                )
            }
            _ => (0.0, 1.0),
        }
    }

    fn mix(&self, said: impl Iterator<Item = f64>) -> f64 {
        said.zip(&self.weights).map(|(p, weight)| p * weight).sum()
    }

    /// What is said of one case.
    pub(super) fn say(&self, said: impl Iterator<Item = f64>) -> f64 {
        logistic(self.line.0 + self.line.1 * logit(self.mix(said)))
    }
}
