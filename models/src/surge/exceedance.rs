use statrs::function::beta::beta_reg;
use statrs::function::gamma::gamma_lr;

/// Excess of the variance over the mean, relative to the mean, below which a count is Poisson: the
/// two laws then agree to more digits than their functions are good for.
const NEARLY_POISSON: f64 = 1e-9;

/// How likely a count at least as high is, if the place is what its past leads one to expect.
///
/// The predictive law of a count with mean `m` and variance `v > m` is negative binomial (a Poisson
/// count whose rate is known up to a gamma distribution):
///
/// ```text
/// r = m^2 / (v - m)     q = 1 - m / v     P(Y >= y) = I_q(y, r)
/// ```
///
/// with `I` the regularised incomplete beta function; with `v <= m` it is Poisson, `P(y, m)` of the
/// regularised gamma function. Both are exact at whole `y` and carry over to fractions, as when a
/// record is spread over several cells, falling all the way. Dimensionless, within 0..=1.
///
/// The two moments decide: where a window spans two phases of a season, or a neighbourhood several
/// cells, means and variances are added, and the law is the negative binomial with those moments.
///
/// Edge cases: `y = 0` gives 1. `None` where a number is not finite or negative, or where something
/// was counted though nothing could be expected.
///
/// # References
/// Noufaily et al. 2013 for the negative binomial in surveillance,
/// [doi:10.1002/sim.5595](https://doi.org/10.1002/sim.5595).
///
/// ```
/// use forewarn_models::surge::exceedance;
/// // Poisson(1): P(Y >= 1) = 1 - 1/e.
/// assert!((exceedance(1.0, 1.0, 1.0).unwrap() - 0.632_120_558_8).abs() < 1e-9);
/// // Geometric on 0, 1, ..: mean 1, variance 2, P(Y >= 3) = 1/8.
/// assert!((exceedance(3.0, 1.0, 2.0).unwrap() - 0.125).abs() < 1e-12);
/// ```
#[must_use]
pub fn exceedance(count: f64, mean: f64, variance: f64) -> Option<f64> {
    let valid = |value: f64| value.is_finite() && value >= 0.0;
    if !(valid(count) && valid(mean) && valid(variance)) {
        return None;
    }
    if count <= 0.0 {
        return Some(1.0);
    }
    if mean <= 0.0 {
        return None;
    }
    let excess = variance - mean;
    Some(if excess > NEARLY_POISSON * mean {
        beta_reg(count, mean * mean / excess, excess / variance)
    } else {
        gamma_lr(count, mean)
    })
}
