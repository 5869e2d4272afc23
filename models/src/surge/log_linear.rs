use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::units::real;

/// Newton steps after which a fit is given up.
const MOST_STEPS: usize = 60;

/// One past count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Past {
    pub(super) step: f64,
    pub(super) count: f64,
    pub(super) weight: f64,
    /// Part of the year it lies in.
    pub(super) part: usize,
}

/// `E y = exp(level of the part + slope (s - origin))`, fitted by weighted quasi-likelihood.
#[derive(Debug, Clone)]
pub(super) struct LogLinear {
    /// Of each part; minus infinity where one has no events.
    levels: Vec<f64>,
    pub(super) slope: Option<f64>,
    origin: f64,
    /// Pearson's, as it came out.
    spread: f64,
    /// Of each part the sum of weight times mean, and its first two moments about the origin.
    information: Vec<[f64; 3]>,
    residual_df: usize,
}

impl LogLinear {
    /// `None` where nothing was counted, where counts are not more than coefficients, or where the
    /// likelihood rises for ever.
    pub(super) fn fit(past: &[Past], trend: bool) -> Option<Self> {
        let n_parts = past.iter().map(|p| p.part + 1).max()?;
        let known = |part: &usize| past.iter().any(|p| p.part == *part);
        let coefficients = (0..n_parts).filter(known).count() + usize::from(trend);
        let sum = |of: &dyn Fn(&Past) -> f64| past.iter().map(of).sum::<f64>();
        let (weight, events) = (sum(&|p| p.weight), sum(&|p| p.count * p.weight));
        if events <= 0.0 || past.len() <= coefficients {
            return None;
        }
        let mut model = Self {
            levels: vec![f64::NEG_INFINITY; n_parts],
            slope: trend.then_some(0.0),
            origin: sum(&|p| p.step * p.weight) / weight,
            spread: 0.0,
            information: Vec::new(),
            residual_df: past.len() - coefficients,
        };
        model.set_levels(past);
        if trend {
            model.climb(past)?;
        }
        model.information = model.information(past);
        let pearson = sum(&|p| {
            let mean = model.at(p.step, p.part);
            // A part without events has mean 0, and meets it.
            if mean > 0.0 {
                p.weight * (p.count - mean).powi(2) / mean
            } else {
                0.0
            }
        });
        model.spread = pearson / real(model.residual_df);
        Some(model)
    }

    /// The likeliest level of each part at the slope there is: its events over what the slope makes of
    /// its steps.
    fn set_levels(&mut self, past: &[Past]) {
        let mut sums = vec![(0.0, 0.0); self.levels.len()];
        for p in past {
            let (events, steps) = &mut sums[p.part];
            *events += p.weight * p.count;
            *steps += p.weight * self.growth(p.step).exp();
        }
        for (level, (events, steps)) in self.levels.iter_mut().zip(sums) {
            *level = if events > 0.0 {
                f64::ln(events / steps)
            } else {
                f64::NEG_INFINITY
            };
        }
    }

    /// Newton steps in the slope, the levels always the likeliest, halved where the likelihood would
    /// fall.
    fn climb(&mut self, past: &[Past]) -> Option<()> {
        let reach = past.iter().map(|p| (p.step - self.origin).abs());
        let reach = reach.fold(0.0, f64::max);
        let mut height = self.likelihood(past);
        for _ in 0..MOST_STEPS {
            let information = self.information(past);
            let pull =
                |p: &Past| p.weight * (p.count - self.at(p.step, p.part)) * (p.step - self.origin);
            let gradient: f64 = past.iter().map(pull).sum();
            let (curvature, total): (f64, f64) = (
                about_means(&information),
                information.iter().map(|i| i[2]).sum(),
            );
            if curvature <= 1e-12 * total {
                return None;
            }
            let mut turn = gradient / curvature;
            if turn.abs() * reach < 1e-12 {
                return Some(());
            }
            let from = self.clone();
            // The likelihood is a difference of sums about as large as the information.
            let blur = 1e-12 * (height.abs() + information.iter().map(|i| i[0]).sum::<f64>());
            loop {
                self.slope = from.slope.map(|slope| slope + turn);
                self.set_levels(past);
                let reached = self.likelihood(past);
                if reached >= height - blur {
                    height = reached;
                    break;
                }
                turn /= 2.0;
                if turn.abs() * reach < 1e-14 {
                    *self = from;
                    return Some(());
                }
            }
        }
        None
    }

    fn growth(&self, step: f64) -> f64 {
        self.slope.unwrap_or(0.0) * (step - self.origin)
    }

    /// The expected count at a step of a part of the year.
    pub(super) fn at(&self, step: f64, part: usize) -> f64 {
        (self.levels[part] + self.growth(step)).exp()
    }

    /// Variance over mean, at least 1.
    pub(super) fn dispersion(&self) -> f64 {
        self.spread.max(1.0)
    }

    /// Anscombe's residual of a count of weight 1, standardised; `None` where the count alone
    /// decides its mean, or its part has no events.
    pub(super) fn anscombe(&self, past: &Past) -> Option<f64> {
        let mean = self.at(past.step, past.part);
        if mean <= 0.0 {
            return None;
        }
        let free = self.dispersion() * (1.0 - mean * self.inverse_at(past));
        let residual = 1.5 * (past.count.powf(2.0 / 3.0) * mean.powf(-1.0 / 6.0) - mean.sqrt());
        (free > 1e-9).then(|| residual / free.sqrt())
    }

    /// Two-sided p-value of the slope, by Student's t.
    pub(super) fn slope_p(&self) -> Option<f64> {
        let variance = self.spread / about_means(&self.information);
        let t = self.slope?.abs() / variance.sqrt();
        let law = StudentsT::new(0.0, 1.0, real(self.residual_df)).ok()?;
        Some(2.0 * law.sf(t))
    }

    /// Variance of the linear predictor at a step, for a dispersion of 1.
    fn inverse_at(&self, past: &Past) -> f64 {
        let [i0, i1, _] = self.information[past.part];
        let aside = past.step - self.origin - i1 / i0;
        let by_slope = self
            .slope
            .map_or(0.0, |_| aside * aside / about_means(&self.information));
        1.0 / i0 + by_slope
    }

    fn information(&self, past: &[Past]) -> Vec<[f64; 3]> {
        let mut sums = vec![[0.0; 3]; self.levels.len()];
        for p in past {
            let (mean, x) = (p.weight * self.at(p.step, p.part), p.step - self.origin);
            let [a, b, c] = sums[p.part];
            sums[p.part] = [a + mean, b + mean * x, c + mean * x * x];
        }
        sums
    }

    fn likelihood(&self, past: &[Past]) -> f64 {
        let term = |p: &Past| {
            let mean = self.at(p.step, p.part);
            let logs = if p.count > 0.0 {
                p.count * mean.ln()
            } else {
                0.0
            };
            p.weight * (logs - mean)
        };
        past.iter().map(term).sum()
    }
}

/// What the parts know of the slope, their levels being free: second moments about their means.
fn about_means(information: &[[f64; 3]]) -> f64 {
    let of = |&[i0, i1, i2]: &[f64; 3]| if i0 > 0.0 { i2 - i1 * i1 / i0 } else { 0.0 };
    information.iter().map(of).sum()
}
