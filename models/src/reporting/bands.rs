use super::DetectionFit;
use crate::units::{real, two_sided_z};

/// Two-sided level of bands.
const BAND_P: f64 = 0.1;

/// A probability, or a ratio of two, with its 90 % band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Central value.
    pub mean: f64,
    /// 5 % end.
    pub lo: f64,
    /// 95 % end.
    pub hi: f64,
}

impl DetectionFit {
    /// Probability that an incident is reported at these covariates.
    #[must_use]
    pub fn q(&self, covariates: &[f64]) -> f64 {
        let slope = |&k: &usize| self.slopes[k].unwrap_or(0.0) * covariates[k];
        let eta = self.level + self.columns.iter().map(slope).sum::<f64>();
        1.0 / (1.0 + (-eta).exp())
    }

    /// Mean of q over several steps, with its band by the delta method on the logit scale. `None` where
    /// there is no step.
    #[must_use]
    pub fn mean_q(&self, steps: &[&[f64]]) -> Option<Band> {
        let (mean, slope) = self.mean_and_slope(steps)?;
        let spread = mean * (1.0 - mean);
        let half = if spread > 0.0 {
            self.sd(&slope) / spread * two_sided_z(BAND_P)
        } else {
            0.0
        };
        let logit = (mean / (1.0 - mean)).ln();
        let q = |eta: f64| 1.0 / (1.0 + (-eta).exp());
        Some(Band {
            mean,
            lo: q(logit - half),
            hi: q(logit + half),
        })
    }

    /// By how much reports are expected to multiply from one set of steps to another with nothing
    /// changed but effort: the ratio of mean q, with its band by the delta method on its logarithm.
    /// `None` where there is no step on either side.
    #[must_use]
    pub fn ratio(&self, before: &[&[f64]], after: &[&[f64]]) -> Option<Band> {
        let (q0, slope0) = self.mean_and_slope(before)?;
        let (q1, slope1) = self.mean_and_slope(after)?;
        let slope: Vec<f64> = slope1
            .iter()
            .zip(&slope0)
            .map(|(s1, s0)| s1 / q1 - s0 / q0)
            .collect();
        let width = (self.sd(&slope) * two_sided_z(BAND_P)).exp();
        let mean = q1 / q0;
        Some(Band {
            mean,
            lo: mean / width,
            hi: mean * width,
        })
    }

    /// Mean of q and its derivative in level and slopes.
    fn mean_and_slope(&self, steps: &[&[f64]]) -> Option<(f64, Vec<f64>)> {
        let n = real(steps.len());
        let (mut mean, mut slope) = (0.0, vec![0.0; self.columns.len() + 1]);
        for step in steps {
            let q = self.q(step);
            let bend = q * (1.0 - q) / n;
            mean += q / n;
            slope[0] += bend;
            for (sum, &k) in slope[1..].iter_mut().zip(&self.columns) {
                *sum += bend * step[k];
            }
        }
        (!steps.is_empty()).then_some((mean, slope))
    }

    fn sd(&self, slope: &[f64]) -> f64 {
        let rows = self.covariance.chunks_exact(slope.len()).zip(slope);
        let variance: f64 = rows
            .map(|(row, s)| s * row.iter().zip(slope).map(|(v, t)| v * t).sum::<f64>())
            .sum();
        variance.max(0.0).sqrt()
    }
}
