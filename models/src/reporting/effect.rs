use statrs::function::beta::beta_reg;
use thiserror::Error;

use super::Band;

/// What a rise of reports after more effort amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rise {
    /// Reports did not rise.
    None,
    /// They rose, and no more than the effort leads one to expect: trust gained, not a new hot spot.
    Expected,
    /// They rose by more than effort explains.
    Beyond,
}

/// Numbers that cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EffectError {
    /// A count below zero or not finite.
    #[error("a count must be finite and at least 0")]
    Count,
    /// Nothing could be expected.
    #[error("expected counts must be finite and above 0")]
    Expected,
    /// No ratio.
    #[error("a ratio must be finite and above 0, a level within 0 and 1")]
    Ratio,
}

/// Whether a rise of reports after an intervention is what its effect on reporting leads one to expect.
///
/// `before` and `after` are (reports, reports expected by the season alone) of two spans of one place, and
/// `expected_effect` by how much reporting is expected to multiply, as of
/// [`DetectionFit::ratio`](super::DetectionFit::ratio). Given the total of both spans, the later count is
/// binomial under a ratio `r` of reporting:
///
/// ```text
/// y1 | y0 + y1 ~ Binomial(y0 + y1, r e1 / (r e1 + e0))
/// ```
///
/// A rise goes beyond the effect where as many later reports, or more, have a probability of at most `level`
/// even at the upper end of the band; the tail is that of the incomplete beta function, which carries over
/// to fractions. Returns what the rise is, and that probability.
///
/// # Errors
/// Counts, expectations, ratio or level that cannot be.
pub fn rise(
    before: (f64, f64),
    after: (f64, f64),
    expected_effect: Band,
    level: f64,
) -> Result<(Rise, f64), EffectError> {
    let ((y0, e0), (y1, e1)) = (before, after);
    if !(y0.is_finite() && y1.is_finite() && y0 >= 0.0 && y1 >= 0.0) {
        return Err(EffectError::Count);
    }
    if !(e0.is_finite() && e1.is_finite() && e0 > 0.0 && e1 > 0.0) {
        return Err(EffectError::Expected);
    }
    let ratio = expected_effect.hi;
    if !(ratio.is_finite() && ratio > 0.0 && (0.0..=1.0).contains(&level)) {
        return Err(EffectError::Ratio);
    }
    let share = ratio * e1 / (ratio * e1 + e0);
    // P(Y >= y) of a binomial: I_share(y, n - y + 1).
    let p = if y1 > 0.0 {
        beta_reg(y1, y0 + 1.0, share)
    } else {
        1.0
    };
    let rise = if y1 / e1 <= y0 / e0 {
        Rise::None
    } else if p <= level {
        Rise::Beyond
    } else {
        Rise::Expected
    };
    Ok((rise, p))
}
