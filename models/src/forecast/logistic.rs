use linfa::DatasetBase;
use linfa::traits::Fit;
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2};
use thiserror::Error;

use crate::units::{real, same_length};

/// Gradient per row at which the search for the optimum ends. Columns that say nearly the same need it
/// this low: at a hundredfold, forecasts of held-out years were visibly worse.
const TOLERANCE: f64 = 1e-6;
/// Rounds of the search at most.
const ROUNDS: u64 = 400;

/// A logistic model on standardised columns, of the event and never of what is merely more frequent.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// Log-odds at the mean of every column.
    pub intercept: f64,
    /// Log-odds per unit of each column as it was given.
    pub weights: Vec<f64>,
}

/// Why no logistic model was fitted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LogisticError {
    /// Not so many values as rows and columns call for.
    #[error(transparent)]
    Length(#[from] crate::units::LengthMismatch),
    /// All rows, or none, have the event.
    #[error("there must be rows with the event and rows without")]
    OneClass,
    /// The optimum was not found.
    #[error("the search for the optimum failed")]
    Search,
}

impl Logistic {
    /// Log-odds of a row.
    #[must_use]
    pub fn log_odds(&self, row: &[f64]) -> f64 {
        let terms = row.iter().zip(&self.weights).map(|(x, w)| x * w);
        self.intercept + terms.sum::<f64>()
    }
}

/// L2-regularised logistic regression by linfa (L-BFGS).
///
/// ```text
/// min over b, w of   sum ln(1 + exp(-s (b + x w))) + alpha / 2 sum w^2      s = 1 with the event, else -1
/// ```
///
/// `x` holds `event.len()` rows one after the other. `alpha` is one over scikit-learn's `C`; the intercept
/// is not penalised. linfa calls the more frequent class positive, whichever is the event and whichever
/// comes first; the sign is read from its labels here, once.
///
/// # Errors
/// Lengths that do not fit; one class only; an optimum that is not found.
///
/// # References
/// Hastie, Tibshirani & Friedman 2009, [doi:10.1007/978-0-387-84858-7](https://doi.org/10.1007/978-0-387-84858-7).
pub fn fit_logistic(x: Vec<f64>, event: &[bool], alpha: f64) -> Result<Logistic, LogisticError> {
    let n = event.len();
    let width = x.len().checked_div(n).ok_or(LogisticError::OneClass)?;
    same_length(n * width, x.len())?;
    let events = event.iter().filter(|event| **event).count();
    if events == 0 || events == n {
        return Err(LogisticError::OneClass);
    }
    let x = Array2::from_shape_vec((n, width), x).map_err(|_shape| LogisticError::Search)?;
    let data = DatasetBase::new(x, Array1::from(event.to_vec()));
    let odds = real(events) / real(n - events);
    // What linfa calls positive is the more frequent; of a tie, what comes first.
    let event_is_positive = events > n - events || (events == n - events && event[0]);
    let sign = if event_is_positive { 1.0 } else { -1.0 };
    let mut start = Array1::zeros(width + 1);
    start[width] = sign * odds.ln();
    let fitted = LogisticRegression::default()
        .alpha(alpha)
        .max_iterations(ROUNDS)
        .gradient_tolerance(TOLERANCE * real(n))
        .initial_params(start)
        .fit(&data)
        .map_err(|_linfa| LogisticError::Search)?;
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    let model = Logistic {
        intercept: sign * fitted.intercept(),
        weights: fitted.params().iter().map(|w| sign * w).collect(),
    };
    let finite = model.intercept.is_finite() && model.weights.iter().all(|w| w.is_finite());
    finite.then_some(model).ok_or(LogisticError::Search)
}

/// Log-odds of a probability, held away from 0 and 1.
pub(super) fn logit(p: f64) -> f64 {
    let p = p.clamp(1e-9, 1.0 - 1e-9);
    (p / (1.0 - p)).ln()
}

/// Probability of log-odds.
pub(super) fn logistic(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}
