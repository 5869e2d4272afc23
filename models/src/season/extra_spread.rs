use statrs::function::gamma::gamma_ur;

use super::overdispersion::{OverdispersionError, ln_probability};
use crate::surge::exceedance;
use crate::units::same_length;

/// Bounds of the extra spread: below the first a law is as good as without, above the second a count
/// says nothing.
const BOUNDS: (f64, f64) = (1e-4, 1e2);
/// Points on which the likelihood is tried first.
const TRIALS: u8 = 25;

/// Spread of counts beyond what their predictive laws allow for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExtraSpread {
    /// Variance beyond the law's own per squared mean, dimensionless: one over the size of a
    /// negative binomial law where the law's own is Poisson's. 0 where none is likelier than any.
    pub per_squared_mean: f64,
    /// Twice the gain in log-likelihood, in nats.
    pub likelihood_ratio: f64,
    /// Probability of a gain at least as large without extra spread: half of chi-squared's tail with
    /// one degree of freedom, since the spread cannot be below 0.
    pub p: f64,
}

/// How much more counts spread about forecasts than the forecasts said.
///
/// Forecasts have means `m` and variances `v >= m`: Poisson noise, and doubt about the rate. With
/// extra spread `a` the law of a count is negative binomial with mean `m` and variance
/// `v + a m^2`, `a` by maximum likelihood. Pairs with mean 0 say nothing and are left out; counts
/// may be fractions.
///
/// - `outbreak`: a count that its own law, without extra spread, holds less likely to be reached than
///   this is an outbreak and left out: the next is to be compared with the times between. What is
///   left spreads less than all would, and what is found is the spread of ordinary times. 0 leaves
///   none out. Surveillance weighs past outbreaks down for the same reason (Noufaily et al. 2013).
///
/// # Errors
/// Lengths differ; a number negative or not finite; a count above 0 where nothing was expected; no
/// pair.
///
/// # References
/// Lawless 1987, [doi:10.2307/3314912](https://doi.org/10.2307/3314912), for the likelihood ratio
/// at the bound; Noufaily et al. 2013, [doi:10.1002/sim.5595](https://doi.org/10.1002/sim.5595).
pub fn extra_spread(
    counts: &[f64],
    means: &[f64],
    variances: &[f64],
    outbreak: f64,
) -> Result<ExtraSpread, OverdispersionError> {
    same_length(counts.len(), means.len())?;
    same_length(counts.len(), variances.len())?;
    let mut laws = Vec::new();
    for (index, ((&y, &m), &v)) in counts.iter().zip(means).zip(variances).enumerate() {
        let valid = |value: f64| value.is_finite() && value >= 0.0;
        if !(valid(y) && valid(m) && valid(v)) || (m <= 0.0 && y > 0.0) {
            return Err(OverdispersionError::Pair { index });
        }
        if m > 0.0 {
            let is_outbreak = exceedance(y, m, v).is_some_and(|p| p < outbreak);
            if !is_outbreak {
                laws.push((y, m, (v - m).max(0.0) / (m * m)));
            }
        }
    }
    if laws.is_empty() {
        return Err(OverdispersionError::Empty);
    }
    let height = |extra: f64| -> f64 {
        let term = |&(y, m, own): &(f64, f64, f64)| {
            let relative = own + extra;
            let size = (relative > 1e-9).then(|| relative.recip());
            ln_probability(y, m, size)
        };
        laws.iter().map(term).sum()
    };
    let none = height(0.0);
    let (extra, most) = highest(|ln_extra| height(ln_extra.exp()));
    let gain = (2.0 * (most - none)).max(0.0);
    Ok(ExtraSpread {
        per_squared_mean: if gain > 0.0 { extra } else { 0.0 },
        likelihood_ratio: gain,
        p: if gain > 0.0 {
            gamma_ur(0.5, gain / 2.0) / 2.0
        } else {
            1.0
        },
    })
}

/// Where a function of the logarithm is highest: the best of even trials, then the golden section
/// about it.
fn highest(height: impl Fn(f64) -> f64) -> (f64, f64) {
    let (low, high) = (BOUNDS.0.ln(), BOUNDS.1.ln());
    let step = (high - low) / f64::from(TRIALS - 1);
    let trials = (0..TRIALS).map(|k| low + step * f64::from(k));
    let best = trials
        .map(|x| (x, height(x)))
        .fold((low, f64::NEG_INFINITY), |best, trial| {
            if trial.1 > best.1 { trial } else { best }
        });
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut a, mut b) = ((best.0 - step).max(low), (best.0 + step).min(high));
    let (mut x, mut y) = (b - golden * (b - a), a + golden * (b - a));
    let (mut at_x, mut at_y) = (height(x), height(y));
    while b - a > 1e-7 {
        if at_x > at_y {
            (b, y, at_y) = (y, x, at_x);
            x = b - golden * (b - a);
            at_x = height(x);
        } else {
            (a, x, at_x) = (x, y, at_y);
            y = a + golden * (b - a);
            at_y = height(y);
        }
    }
    let last = f64::midpoint(a, b);
    let at_last = height(last);
    if at_last > best.1 {
        (last.exp(), at_last)
    } else {
        (best.0.exp(), best.1)
    }
}
