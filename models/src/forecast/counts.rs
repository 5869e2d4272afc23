use crate::score::CountLaw;
use crate::season::overdispersion;
use crate::units::real;

/// Events below which the count given an event is not asked of the data.
const EVENTS_MIN: usize = 20;
/// Incidents beyond the first for each that is expected: of a Poisson count, where few are.
const PER_EXPECTED: f64 = 0.5;
/// Counts beyond which a quantile is not sought.
const COUNT_MAX: u32 = 100_000;

/// How many incidents, where there is at least one: `1 + NegBin(c0 + m / 2, size)`, `m = -ln(1 - p)`.
///
/// With `c0 = 0` and no size about what a Poisson count has beyond its first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CountGivenEvent {
    /// `c0`: incidents beyond the first, where events are rare.
    pub base: f64,
    /// Size of the law; `None` for a Poisson law.
    pub size: Option<f64>,
}

impl CountGivenEvent {
    /// Moments for the mean, maximum likelihood for the size, from past forecasts. Where fewer
    /// than 20 events are known, the count of a Poisson law.
    pub(super) fn fit(p: &[f64], counts: &[f64]) -> Self {
        let pairs = p.iter().zip(counts).filter(|(_, count)| **count > 0.0);
        let (m, beyond): (Vec<f64>, Vec<f64>) =
            pairs.map(|(&p, &count)| (expected(p), count - 1.0)).unzip();
        let n = real(m.len());
        if m.len() < EVENTS_MIN {
            return Self {
                base: 0.0,
                size: None,
            };
        }
        let (mean_m, mean) = (m.iter().sum::<f64>() / n, beyond.iter().sum::<f64>() / n);
        let law = Self {
            base: (mean - PER_EXPECTED * mean_m).max(0.0),
            size: None,
        };
        let means: Vec<f64> = m.iter().map(|m| law.beyond(*m).max(1e-6)).collect();
        let spread = overdispersion(&beyond, &means, 1).ok();
        Self {
            size: spread.and_then(|spread| spread.size),
            ..law
        }
    }

    fn beyond(&self, m: f64) -> f64 {
        self.base + PER_EXPECTED * m
    }

    /// Mean count where an event has probability `p`.
    #[must_use]
    pub fn mean(&self, p: f64) -> f64 {
        p * (1.0 + self.beyond(expected(p)))
    }

    /// The least counts that are not exceeded with probabilities of at least `levels`, which rise.
    pub(super) fn quantiles<const N: usize>(&self, p: f64, levels: [f64; N]) -> [u32; N] {
        let mean = self.beyond(expected(p));
        let law = match self.size {
            Some(size) => CountLaw::negative_binomial(mean, size),
            None => CountLaw::poisson(mean),
        };
        let law = law.ok();
        let mut at = 0;
        levels.map(|level| {
            if level <= 1.0 - p {
                return 0;
            }
            let within = (level - (1.0 - p)) / p;
            let reached = |y: u32| law.as_ref().is_none_or(|law| law.cumulative(y) >= within);
            while at < COUNT_MAX && !reached(at) {
                at += 1;
            }
            1 + at
        })
    }
}

/// Incidents that a probability lets one expect of a Poisson count.
fn expected(p: f64) -> f64 {
    -(-p.clamp(0.0, 1.0 - 1e-9)).ln_1p()
}
