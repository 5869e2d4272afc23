use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::units::real;

/// Newton steps after which a fit is given up.
const MOST_STEPS: usize = 60;

/// `E y = exp(level + slope (s - origin))`, fitted by weighted quasi-likelihood.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogLinear {
    level: f64,
    pub(super) slope: Option<f64>,
    origin: f64,
    /// Pearson's, as it came out.
    spread: f64,
    /// Sum of weight times mean, and its first two moments about the origin.
    information: [f64; 3],
    residual_df: usize,
}

/// One past count: step, count, weight.
type Past = (f64, f64, f64);

impl LogLinear {
    /// `None` where nothing was counted, where counts are not more than coefficients, or where the
    /// likelihood rises for ever.
    pub(super) fn fit(past: &[Past], trend: bool) -> Option<Self> {
        let coefficients = 1 + usize::from(trend);
        let sum = |of: &dyn Fn(&Past) -> f64| past.iter().map(of).sum::<f64>();
        let (weight, events) = (sum(&|p| p.2), sum(&|p| p.1 * p.2));
        if events <= 0.0 || past.len() <= coefficients {
            return None;
        }
        let origin = sum(&|p| p.0 * p.2) / weight;
        let mut model = Self {
            level: (events / weight).ln(),
            slope: trend.then_some(0.0),
            origin,
            spread: 0.0,
            information: [0.0; 3],
            residual_df: past.len() - coefficients,
        };
        if trend {
            model.climb(past)?;
        }
        model.information = model.information(past);
        let pearson = sum(&|&(s, y, w)| w * (y - model.at(s)).powi(2) / model.at(s));
        model.spread = pearson / real(model.residual_df);
        Some(model)
    }

    /// Newton steps from the flat rate, halved where the likelihood would fall.
    fn climb(&mut self, past: &[Past]) -> Option<()> {
        let reach = past.iter().map(|&(s, ..)| (s - self.origin).abs());
        let reach = reach.fold(0.0, f64::max);
        let mut height = self.likelihood(past);
        for _ in 0..MOST_STEPS {
            let [i0, i1, i2] = self.information(past);
            let (mut g0, mut g1) = (0.0, 0.0);
            for &(s, y, w) in past {
                let rest = w * (y - self.at(s));
                g0 += rest;
                g1 += rest * (s - self.origin);
            }
            let determinant = i0 * i2 - i1 * i1;
            if determinant <= 1e-12 * i0 * i2 {
                return None;
            }
            let mut rise = (i2 * g0 - i1 * g1) / determinant;
            let mut turn = (i0 * g1 - i1 * g0) / determinant;
            if rise.abs() + turn.abs() * reach < 1e-12 {
                return Some(());
            }
            let from = *self;
            loop {
                self.level = from.level + rise;
                self.slope = from.slope.map(|slope| slope + turn);
                let reached = self.likelihood(past);
                // The likelihood is a difference of sums about as large as the information.
                if reached >= height - 1e-12 * (height.abs() + i0) {
                    height = reached;
                    break;
                }
                (rise, turn) = (rise / 2.0, turn / 2.0);
                if rise.abs() + turn.abs() * reach < 1e-14 {
                    *self = from;
                    return Some(());
                }
            }
        }
        None
    }

    /// The expected count at a step.
    pub(super) fn at(&self, step: f64) -> f64 {
        (self.level + self.slope.unwrap_or(0.0) * (step - self.origin)).exp()
    }

    /// Variance over mean, at least 1.
    pub(super) fn dispersion(&self) -> f64 {
        self.spread.max(1.0)
    }

    /// Anscombe's residual of a count of weight 1, standardised; `None` where the count alone
    /// decides its mean.
    pub(super) fn anscombe(&self, step: f64, count: f64) -> Option<f64> {
        let mean = self.at(step);
        let free = self.dispersion() * (1.0 - mean * self.inverse_at(step));
        let residual = 1.5 * (count.powf(2.0 / 3.0) * mean.powf(-1.0 / 6.0) - mean.sqrt());
        (free > 1e-9).then(|| residual / free.sqrt())
    }

    /// Two-sided p-value of the slope, by Student's t.
    pub(super) fn slope_p(&self) -> Option<f64> {
        let [i0, i1, i2] = self.information;
        let variance = self.spread * i0 / (i0 * i2 - i1 * i1);
        let t = self.slope?.abs() / variance.sqrt();
        let law = StudentsT::new(0.0, 1.0, real(self.residual_df)).ok()?;
        Some(2.0 * law.sf(t))
    }

    /// Variance of the linear predictor at a step, for a dispersion of 1.
    fn inverse_at(&self, step: f64) -> f64 {
        let [i0, i1, i2] = self.information;
        let x = step - self.origin;
        match self.slope {
            Some(_) => (i2 - 2.0 * i1 * x + i0 * x * x) / (i0 * i2 - i1 * i1),
            None => 1.0 / i0,
        }
    }

    fn information(&self, past: &[Past]) -> [f64; 3] {
        past.iter().fold([0.0; 3], |[a, b, c], &(s, _, w)| {
            let (mean, x) = (w * self.at(s), s - self.origin);
            [a + mean, b + mean * x, c + mean * x * x]
        })
    }

    fn likelihood(&self, past: &[Past]) -> f64 {
        let term = |&(s, y, w): &Past| w * (y * self.at(s).ln() - self.at(s));
        past.iter().map(term).sum()
    }
}
