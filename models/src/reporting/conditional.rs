//! The likelihood behind `fit_detection`: where in its own time a cell's reports fall.

use crate::season::normal_equations::NormalEquations;
use crate::units::real;

/// Steps after which a fit is given up.
const MOST_STEPS: usize = 200;

/// Where a coefficient is drawn to, and how hard: a normal prior.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pull {
    pub(super) mean: f64,
    pub(super) precision: f64,
}

/// One step of a cell: count, exposure, covariates.
struct Row<'a> {
    count: f64,
    ln_exposure: f64,
    covariates: &'a [f64],
}

/// The cells that can speak: with a report, and at least two steps that are looked at.
pub(super) struct Conditional<'a> {
    cells: Vec<Vec<Row<'a>>>,
    /// Covariates in use, by position.
    columns: Vec<usize>,
    /// Logit of q at zero covariates where it is given rather than fitted.
    fixed_level: Option<f64>,
}

/// Where the penalised likelihood is highest.
pub(super) struct Optimum {
    /// The level first unless it is fixed, then the slopes of the columns.
    pub(super) beta: Vec<f64>,
    /// Inverse of expected information and penalty, row by row.
    pub(super) inverse: Vec<f64>,
    pub(super) log_likelihood: f64,
    /// Pearson's, over its degrees of freedom.
    pub(super) dispersion: Option<f64>,
}

impl<'a> Conditional<'a> {
    /// Cells are equally long runs of `counts`, `exposure` and `design`, the last `width` times as long.
    pub(super) fn new(
        n_steps: usize,
        (counts, exposure, design): (&'a [f64], &'a [f64], &'a [f64]),
        width: usize,
        fixed_level: Option<f64>,
    ) -> Self {
        let mut cells = Vec::new();
        for first in (0..counts.len()).step_by(n_steps) {
            let looked_at = (first..first + n_steps).filter(|&at| exposure[at] > 0.0);
            let rows: Vec<Row<'_>> = looked_at
                .map(|at| Row {
                    count: counts[at],
                    ln_exposure: exposure[at].ln(),
                    covariates: &design[at * width..(at + 1) * width],
                })
                .collect();
            if rows.len() > 1 && rows.iter().any(|row| row.count > 0.0) {
                cells.push(rows);
            }
        }
        Self {
            cells,
            columns: Vec::new(),
            fixed_level,
        }
    }

    /// Reports of the cells that can speak.
    pub(super) fn n_events(&self) -> f64 {
        self.cells.iter().flatten().map(|row| row.count).sum()
    }

    pub(super) fn n_cells(&self) -> usize {
        self.cells.len()
    }

    /// Whether a covariate varies within any cell.
    pub(super) fn varies(&self, column: usize) -> bool {
        let range = |cell: &Vec<Row<'_>>| {
            let values = cell.iter().map(|row| row.covariates[column]);
            let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
                (low.min(x), high.max(x))
            });
            high - low
        };
        self.cells.iter().any(|cell| range(cell) > 1e-9)
    }

    pub(super) fn with_columns(&mut self, columns: Vec<usize>) {
        self.columns = columns;
    }

    /// Climbs from the pulls' own means by Newton steps, or scoring steps where the likelihood is not
    /// concave, halving those that would fall. `None` where it does not settle.
    pub(super) fn climb(&self, pulls: &[Pull]) -> Option<Optimum> {
        let mut beta: Vec<f64> = pulls.iter().map(|pull| pull.mean).collect();
        let mut height = self.height(&beta, pulls);
        for _ in 0..MOST_STEPS {
            let expected = self.equations(&beta, pulls, false);
            let observed = self.equations(&beta, pulls, true).solve();
            let mut step = observed.map_or_else(|| expected.clone().solve(), Some)?;
            let size = step.iter().map(|s| s.abs()).fold(0.0, f64::max);
            if size < 1e-10 {
                return Some(Optimum {
                    inverse: expected.inverse()?,
                    log_likelihood: self.log_likelihood(&beta),
                    dispersion: self.dispersion(&beta),
                    beta,
                });
            }
            let (next, reached) = loop {
                let next: Vec<f64> = beta.iter().zip(&step).map(|(b, s)| b + s).collect();
                let reached = self.height(&next, pulls);
                let tiny = step.iter().all(|s| s.abs() < 1e-13);
                if reached >= height - 1e-12 * height.abs() || tiny {
                    break (next, reached);
                }
                for s in &mut step {
                    *s /= 2.0;
                }
            };
            (beta, height) = (next, reached);
        }
        None
    }

    /// Logit of q of a row.
    fn eta(&self, beta: &[f64], covariates: &[f64]) -> f64 {
        let free = usize::from(self.fixed_level.is_none());
        let level = self.fixed_level.unwrap_or_else(|| beta[0]);
        let slopes = self.columns.iter().zip(&beta[free..]);
        slopes.fold(level, |eta, (&column, slope)| {
            eta + slope * covariates[column]
        })
    }

    /// Covariates in use, the level's 1 first unless it is fixed.
    fn row(&self, row: &Row<'_>) -> Vec<f64> {
        let level = self.fixed_level.is_none().then_some(1.0);
        let rest = self.columns.iter().map(|&k| row.covariates[k]);
        level.into_iter().chain(rest).collect()
    }

    /// Of every step of a cell the share of its reports that is expected there, and q.
    fn shares(&self, beta: &[f64], cell: &[Row<'_>]) -> Vec<(f64, f64)> {
        let ln_terms = cell.iter().map(|row| {
            let ln_q = -(-self.eta(beta, row.covariates)).exp().ln_1p();
            (row.ln_exposure + ln_q, ln_q.exp())
        });
        let ln_terms: Vec<(f64, f64)> = ln_terms.collect();
        let top = ln_terms
            .iter()
            .map(|t| t.0)
            .fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = ln_terms.iter().map(|t| (t.0 - top).exp()).sum();
        let share = |&(ln, q): &(f64, f64)| ((ln - top).exp() / sum, q);
        ln_terms.iter().map(share).collect()
    }

    fn log_likelihood(&self, beta: &[f64]) -> f64 {
        let of_cell = |cell: &Vec<Row<'_>>| -> f64 {
            let shares = self.shares(beta, cell);
            let rows = cell.iter().zip(shares).filter(|(row, _)| row.count > 0.0);
            rows.map(|(row, (share, _))| row.count * share.ln()).sum()
        };
        self.cells.iter().map(of_cell).sum()
    }

    fn height(&self, beta: &[f64], pulls: &[Pull]) -> f64 {
        let pulled = beta.iter().zip(pulls);
        let penalty = pulled.map(|(b, pull)| pull.precision * (b - pull.mean).powi(2) / 2.0);
        self.log_likelihood(beta) - penalty.sum::<f64>()
    }

    /// Score and information, expected or observed: d ln q / d beta = (1 - q) x, taken from its mean over
    /// the cell; the observed one adds the residuals' part of the bend, - q (1 - q) x x'.
    fn equations(&self, beta: &[f64], pulls: &[Pull], observed: bool) -> NormalEquations {
        let mut equations = NormalEquations::new(beta.len());
        for cell in &self.cells {
            let total: f64 = cell.iter().map(|row| row.count).sum();
            let shares = self.shares(beta, cell);
            let mut slopes: Vec<Vec<f64>> = Vec::with_capacity(cell.len());
            for (row, &(_, q)) in cell.iter().zip(&shares) {
                slopes.push(self.row(row).iter().map(|x| (1.0 - q) * x).collect());
            }
            let mean: Vec<f64> = (0..beta.len())
                .map(|k| slopes.iter().zip(&shares).map(|(s, w)| w.0 * s[k]).sum())
                .collect();
            for ((row, slope), &(share, _)) in cell.iter().zip(&mut slopes).zip(&shares) {
                for (s, m) in slope.iter_mut().zip(&mean) {
                    *s -= m;
                }
                let expected = total * share;
                equations.add(slope, expected, row.count - expected);
            }
            if observed {
                for (row, &(share, q)) in cell.iter().zip(&shares) {
                    let bend = (row.count - total * share) * q * (1.0 - q);
                    equations.add(&self.row(row), bend, 0.0);
                }
            }
        }
        for (k, pull) in pulls.iter().enumerate() {
            let mut unit = vec![0.0; beta.len()];
            unit[k] = 1.0;
            let back = pull.precision * (pull.mean - beta[k]);
            equations.add(&unit, pull.precision, back);
        }
        equations
    }

    fn dispersion(&self, beta: &[f64]) -> Option<f64> {
        let (mut pearson, mut rows) = (0.0, 0);
        for cell in &self.cells {
            let total: f64 = cell.iter().map(|row| row.count).sum();
            for (row, (share, _)) in cell.iter().zip(self.shares(beta, cell)) {
                let expected = total * share;
                if expected > 0.0 {
                    pearson += (row.count - expected).powi(2) / expected;
                    rows += 1;
                }
            }
        }
        let df = rows - self.cells.len().min(rows);
        let df = df.checked_sub(beta.len()).filter(|&df| df > 0)?;
        Some(pearson / real(df))
    }
}
