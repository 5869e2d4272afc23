use std::f64::consts::{PI, TAU};

use super::rayleigh::CircularError;
use crate::units::real;

/// Events below which the law of [`watson_u2`] is not good.
const FEWEST: usize = 8;

/// Result of [`watson_u2`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WatsonU2 {
    /// The statistic `U^2`.
    pub statistic: f64,
    /// Probability of one at least as large when no time of the year is preferred.
    pub p: f64,
}

/// Watson's test that events prefer any times of the year, one or several (Watson 1961).
///
/// With the sorted shares of a turn `u_1 <= .. <= u_n`:
///
/// ```text
/// U^2 = sum ( u_i - mean u - (2 i - 1) / (2 n) + 1/2 )^2 + 1 / (12 n)
/// U*  = (U^2 - 0.1 / n + 0.1 / n^2) (1 + 0.8 / n)
/// p   = 2 sum_{k >= 1} (-1)^(k - 1) exp(-2 pi^2 k^2 U*)
/// ```
///
/// `angles` in radians, from where the circle is cut does not matter. Days of the year are fine
/// enough; months are not.
///
/// # Errors
/// Fewer than 8 events, or an angle not finite.
///
/// # References
/// [doi:10.1093/biomet/48.1-2.109](https://doi.org/10.1093/biomet/48.1-2.109); modification by
/// Stephens 1970, [doi:10.1111/j.2517-6161.1970.tb00821.x](https://doi.org/10.1111/j.2517-6161.1970.tb00821.x).
pub fn watson_u2(angles: &[f64]) -> Result<WatsonU2, CircularError> {
    if let Some(index) = angles.iter().position(|angle| !angle.is_finite()) {
        return Err(CircularError::Angle { index });
    }
    let (needed, got) = (FEWEST, angles.len());
    if got < needed {
        return Err(CircularError::TooFew { needed, got });
    }
    let mut turns: Vec<f64> = angles.iter().map(|a| a.rem_euclid(TAU) / TAU).collect();
    turns.sort_unstable_by(f64::total_cmp);
    let n = real(got);
    let mean = turns.iter().sum::<f64>() / n;
    let square = |(i, u): (usize, f64)| (u - mean - (real(i) + 0.5) / n + 0.5).powi(2);
    let statistic = turns.into_iter().enumerate().map(square).sum::<f64>() + 1.0 / (12.0 * n);
    let modified = (statistic - 0.1 / n + 0.1 / (n * n)) * (1.0 + 0.8 / n);
    Ok(WatsonU2 {
        statistic,
        p: p_value(modified),
    })
}

/// The series alternates and falls; near 0, where it falls slowly, the probability is 1 to all
/// digits.
fn p_value(u2: f64) -> f64 {
    if u2 < 0.01 {
        return 1.0;
    }
    let term = |k: f64| (-2.0 * PI * PI * k * k * u2).exp();
    let pairs = (0_u32..20).map(|j| {
        let k = 2.0 * f64::from(j) + 1.0;
        term(k) - term(k + 1.0)
    });
    (2.0 * pairs.sum::<f64>()).min(1.0)
}
