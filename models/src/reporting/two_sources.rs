use thiserror::Error;

use super::Band;
use crate::units::{real, two_sided_z};

/// Matches below which two lists say nothing together.
const FEWEST_MATCHES: usize = 5;

/// How much of what happened two lists hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// Estimated number of incidents, told or not (Chapman's), with its 90 % band.
    pub incidents: Band,
    /// Share of them that at least one of the lists tells, with its band.
    pub q: Band,
    /// The same number by Lincoln and Petersen's formula, without correction for small samples.
    pub lincoln_petersen: f64,
}

/// Why two lists say nothing together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OverlapError {
    /// More matches than one of the lists is long.
    #[error("there cannot be more matches than records of a list")]
    Matches,
    /// Too few matches.
    #[error("needs {FEWEST_MATCHES} incidents that both sources tell, has {got}")]
    TooFew {
        /// How many there are.
        got: usize,
    },
}

/// Incidents that neither of two sources tells, from how far the two overlap (capture and recapture).
///
/// ```text
/// N = (n1 + 1) (n2 + 1) / (m + 1) - 1
/// Var N = (n1 + 1) (n2 + 1) (n1 - m) (n2 - m) / ((m + 1)^2 (m + 2))
/// ```
///
/// for lists of `n1` and `n2` incidents with `m` in common. The band is lognormal in the number told by
/// neither, `f = N - (n1 + n2 - m)`, so that it never falls below what is known (Chao 1987): `f / C` to
/// `f C` with `C = exp(1.645 sqrt(ln(1 + Var N / f^2)))`.
///
/// It holds where being in one list makes an incident neither likelier nor less likely to be in the other.
/// Sources that read the same newspapers depend on each other: then `N` is too low and `q` too high. The
/// same incidents must be at risk in both: one area, one period.
///
/// # Errors
/// More matches than records; fewer than five matches.
///
/// # References
/// Chapman 1951, *University of California Publications in Statistics* 1:131-160; Seber 1970,
/// [doi:10.2307/2528936](https://doi.org/10.2307/2528936); Chao 1987,
/// [doi:10.2307/2531532](https://doi.org/10.2307/2531532).
pub fn coverage(first: usize, second: usize, both: usize) -> Result<Coverage, OverlapError> {
    if both > first.min(second) {
        return Err(OverlapError::Matches);
    }
    if both < FEWEST_MATCHES {
        return Err(OverlapError::TooFew { got: both });
    }
    let (n1, n2, m) = (real(first), real(second), real(both));
    let (a, b, c) = (n1 + 1.0, n2 + 1.0, m + 1.0);
    let incidents = a * b / c - 1.0;
    let variance = a * b * (n1 - m) * (n2 - m) / (c * c * (m + 2.0));
    let told = n1 + n2 - m;
    let untold = (incidents - told).max(0.0);
    let (lo, hi) = if untold > 0.0 {
        let spread = (variance / (untold * untold)).ln_1p().sqrt();
        let factor = (two_sided_z(0.1) * spread).exp();
        (told + untold / factor, told + untold * factor)
    } else {
        (told, told)
    };
    Ok(Coverage {
        incidents: Band {
            mean: incidents,
            lo,
            hi,
        },
        q: Band {
            mean: told / incidents.max(told),
            lo: told / hi,
            hi: told / lo,
        },
        lincoln_petersen: n1 * n2 / m,
    })
}
