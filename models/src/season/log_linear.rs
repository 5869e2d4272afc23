//! Newton steps for log-linear seasons of several groups at once.

use std::f64::consts::TAU;

use super::log_linear_season::{SeasonFitError, SeasonGroup};
use super::normal_equations::NormalEquations;
use super::overdispersion::{ln_constant, ln_kernel};
use super::phase_bins::PhaseBins;
use crate::units::real;

/// Steps after which a fit is given up.
const MOST_STEPS: usize = 100;
/// Range of the logarithm of the season beyond which events are confined to a phase.
const WIDEST: f64 = 30.0;

/// The waves at every bin, row by row; outside the season a level of its own.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Basis {
    rows: Vec<f64>,
    pub(super) width: usize,
}

impl Basis {
    pub(super) fn new(bins: &[Option<f64>], harmonics: usize) -> Self {
        let level = usize::from(harmonics > 0 && bins.contains(&None));
        let width = 2 * harmonics + level;
        let mut rows = Vec::with_capacity(bins.len() * width);
        for bin in bins {
            for k in 1..=harmonics {
                let (sin, cos) = bin.map_or((0.0, 0.0), |phase| (TAU * real(k) * phase).sin_cos());
                rows.extend([cos, sin]);
            }
            if level > 0 {
                rows.push(f64::from(u8::from(bin.is_none())));
            }
        }
        Self { rows, width }
    }

    fn row(&self, bin: usize) -> &[f64] {
        &self.rows[bin * self.width..(bin + 1) * self.width]
    }

    /// Factor of the season at every bin.
    pub(super) fn factors(&self, n_bins: usize, coefficients: &[f64]) -> Vec<f64> {
        let log = |bin| self.row(bin).iter().zip(coefficients);
        (0..n_bins)
            .map(|bin| log(bin).map(|(x, b)| x * b).sum::<f64>().exp())
            .collect()
    }
}

/// Factor of the season in a period: the mean over the bins it may lie in.
pub(super) fn factor(factors: &[f64], phases: &PhaseBins, period: usize) -> f64 {
    let parts = phases.of(period).iter();
    parts.map(|&(bin, share)| share * factors[bin]).sum()
}

/// A pull of coefficients towards others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pull<'a> {
    pub(super) centre: &'a [f64],
    /// One over the variance about the centre.
    pub(super) precision: f64,
}

/// Levels and common coefficients of groups, where the likelihood is highest.
#[derive(Debug, Clone)]
pub(super) struct Summit {
    pub(super) levels: Vec<f64>,
    pub(super) coefficients: Vec<f64>,
    pub(super) log_likelihood: f64,
    /// Logarithm of the determinant of the information on the coefficients, levels let free.
    pub(super) ln_information: f64,
}

/// Groups with events, to be fitted together.
pub(super) struct Climb<'a> {
    pub(super) groups: &'a [SeasonGroup<'a>],
    pub(super) basis: &'a Basis,
    pub(super) size: Option<f64>,
    pub(super) pull: Option<Pull<'a>>,
}

/// Count, mean, and how the logarithm of the mean moves with the coefficients.
struct Observation<'a> {
    count: f64,
    mean: f64,
    slope: &'a [f64],
}

impl Climb<'_> {
    /// Fisher scoring from `coefficients`, a step halved while it loses likelihood.
    pub(super) fn from(&self, coefficients: &[f64]) -> Result<Summit, SeasonFitError> {
        let factors = self.basis.factors(self.n_bins(), coefficients);
        let mut at = Summit {
            levels: self.groups.iter().map(|g| level(g, &factors)).collect(),
            coefficients: coefficients.to_vec(),
            log_likelihood: 0.0,
            ln_information: 0.0,
        };
        at.log_likelihood = self.height(&at);
        for _ in 0..MOST_STEPS {
            let (levels, waves, ln_information) = self.step(&at)?;
            at.ln_information = ln_information;
            let size = levels.iter().chain(&waves).map(|s| s.abs());
            let size = size.fold(0.0, f64::max);
            let Some(next) = self.uphill(&at, &levels, &waves) else {
                return Ok(self.whole(at));
            };
            at = Summit {
                ln_information,
                ..next
            };
            if self.range(&at.coefficients) > WIDEST {
                return Err(SeasonFitError::Confined);
            }
            if size < 1e-9 {
                return Ok(self.whole(at));
            }
        }
        Err(SeasonFitError::Confined)
    }

    fn n_bins(&self) -> usize {
        self.groups.first().map_or(0, |g| g.phases.bins().len())
    }

    /// The first of the step, half of it, a quarter ... that does not lose; none where all do.
    fn uphill(&self, at: &Summit, levels: &[f64], waves: &[f64]) -> Option<Summit> {
        let moved = |from: &[f64], step: &[f64], share: f64| -> Vec<f64> {
            from.iter().zip(step).map(|(b, s)| b + share * s).collect()
        };
        let mut share = 1.0;
        while share > 1e-12 {
            let mut next = Summit {
                levels: moved(&at.levels, levels, share),
                coefficients: moved(&at.coefficients, waves, share),
                ..at.clone()
            };
            next.log_likelihood = self.height(&next);
            if next.log_likelihood >= at.log_likelihood - 1e-12 * at.log_likelihood.abs() {
                return Some(next);
            }
            share /= 2.0;
        }
        None
    }

    /// Steps of the levels and of the coefficients, and the information on the latter. Levels are
    /// eliminated: each group's slopes are taken about their weighted mean.
    fn step(&self, at: &Summit) -> Result<(Vec<f64>, Vec<f64>, f64), SeasonFitError> {
        let width = self.basis.width;
        let mut equations = NormalEquations::new(width);
        let mut of_groups = Vec::with_capacity(self.groups.len());
        for (group, &level) in self.groups.iter().zip(&at.levels) {
            let (mut weight, mut surplus) = (0.0, 0.0);
            let mut centre = vec![0.0; width];
            self.each(group, level, &at.coefficients, |o| {
                let (w, rest) = self.weight(o);
                weight += w;
                surplus += rest;
                for (sum, x) in centre.iter_mut().zip(o.slope) {
                    *sum += w * x;
                }
            });
            for sum in &mut centre {
                *sum /= weight;
            }
            let mut row = vec![0.0; width];
            self.each(group, level, &at.coefficients, |o| {
                let (w, rest) = self.weight(o);
                for ((to, x), c) in row.iter_mut().zip(o.slope).zip(&centre) {
                    *to = x - c;
                }
                equations.add(&row, w, rest);
            });
            of_groups.push((weight, surplus, centre));
        }
        if let Some(pull) = self.pull {
            let mut row = vec![0.0; width];
            for (j, centre) in pull.centre.iter().enumerate() {
                row[j] = 1.0;
                let back = pull.precision * (centre - at.coefficients[j]);
                equations.add(&row, pull.precision, back);
                row[j] = 0.0;
            }
        }
        let (waves, ln_information) = equations
            .solve_and_measure()
            .ok_or(SeasonFitError::Undetermined)?;
        let level = |(weight, surplus, centre): &(f64, f64, Vec<f64>)| {
            let waves: f64 = centre.iter().zip(&waves).map(|(c, s)| c * s).sum();
            surplus / weight - waves
        };
        let levels = of_groups.iter().map(level).collect();
        Ok((levels, waves, ln_information))
    }

    /// Every period of a group that was looked at.
    fn each(
        &self,
        group: &SeasonGroup<'_>,
        level: f64,
        coefficients: &[f64],
        mut take: impl FnMut(&Observation<'_>),
    ) {
        let factors = self.basis.factors(group.phases.bins().len(), coefficients);
        let rate = level.exp();
        let mut slope = vec![0.0; self.basis.width];
        for (period, (&count, &exposure)) in group.counts.iter().zip(group.exposure).enumerate() {
            if exposure <= 0.0 {
                continue;
            }
            let mut factor = 0.0;
            slope.fill(0.0);
            for &(bin, share) in group.phases.of(period) {
                let part = share * factors[bin];
                factor += part;
                for (sum, x) in slope.iter_mut().zip(self.basis.row(bin)) {
                    *sum += part * x;
                }
            }
            for sum in &mut slope {
                *sum /= factor;
            }
            take(&Observation {
                count,
                mean: rate * exposure * factor,
                slope: &slope,
            });
        }
    }

    /// Information of an observation on the logarithm of its mean, and the slope of its likelihood.
    fn weight(&self, o: &Observation<'_>) -> (f64, f64) {
        let share = self.size.map_or(1.0, |r| r / (r + o.mean));
        (o.mean * share, (o.count - o.mean) * share)
    }

    /// Log-likelihood but for its constant part, with the pull where there is one.
    fn height(&self, at: &Summit) -> f64 {
        let mut sum = 0.0;
        for (group, &level) in self.groups.iter().zip(&at.levels) {
            self.each(group, level, &at.coefficients, |o| {
                sum += ln_kernel(o.count, o.mean, self.size);
            });
        }
        sum - self.pulled(&at.coefficients)
    }

    fn pulled(&self, coefficients: &[f64]) -> f64 {
        self.pull.map_or(0.0, |pull| {
            let apart = coefficients.iter().zip(pull.centre);
            apart.map(|(b, c)| (b - c).powi(2)).sum::<f64>() * pull.precision / 2.0
        })
    }

    /// With the log-likelihood whole, and without the pull.
    fn whole(&self, mut at: Summit) -> Summit {
        let counts = self.groups.iter().flat_map(|group| group.counts);
        let constant: f64 = counts.map(|&count| ln_constant(count, self.size)).sum();
        at.log_likelihood += self.pulled(&at.coefficients) + constant;
        at
    }

    fn range(&self, coefficients: &[f64]) -> f64 {
        let factors = self.basis.factors(self.n_bins(), coefficients);
        let (low, high) = factors
            .iter()
            .fold((f64::INFINITY, 0.0_f64), |(l, h), &f| (l.min(f), h.max(f)));
        (high / low).ln()
    }

    /// Adds counts and fitted means of all groups.
    pub(super) fn fitted(&self, at: &Summit, counts: &mut Vec<f64>, means: &mut Vec<f64>) {
        for (group, &level) in self.groups.iter().zip(&at.levels) {
            self.each(group, level, &at.coefficients, |o| {
                counts.push(o.count);
                means.push(o.mean);
            });
        }
    }
}

/// The level at which a group's total fits.
fn level(group: &SeasonGroup<'_>, factors: &[f64]) -> f64 {
    let observed = group.counts.iter().zip(group.exposure).enumerate();
    let (mut events, mut expected) = (0.0, 0.0);
    for (period, (count, exposure)) in observed {
        events += count;
        expected += exposure * factor(factors, group.phases, period);
    }
    (events / expected).ln()
}
