use thiserror::Error;

use crate::units::{LengthMismatch, real, same_length};

/// Where in the season each period lies: shares over bins of the phase.
///
/// A week of a fixed calendar lies in one bin; a week of a season whose onset is not yet seen lies
/// in several, by how likely each is. Bins are given by their phase in turns (share of the year, or
/// of a season that moves), or `None` for the time outside the season, which has a level of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseBins {
    bins: Vec<Option<f64>>,
    /// Where the parts of each period begin, and where the last one's end.
    starts: Vec<usize>,
    /// Bin and share.
    parts: Vec<(usize, f64)>,
}

/// Shares that are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PhaseBinsError {
    /// Not one share per period and bin.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// No bin, or one whose phase is not finite.
    #[error("there must be bins, and their phases finite")]
    Bin,
    /// A share negative or not finite, or shares that do not sum to 1 within 1e-9.
    #[error("the shares of period {period} must be at least 0 and sum to 1")]
    Share {
        /// Its position.
        period: usize,
    },
}

impl PhaseBins {
    /// Periods with `shares` over `bins`, period by period.
    ///
    /// # Errors
    /// No bin; a phase not finite; shares that are none.
    pub fn new(bins: &[Option<f64>], shares: &[f64]) -> Result<Self, PhaseBinsError> {
        if bins.is_empty() || bins.iter().flatten().any(|phase| !phase.is_finite()) {
            return Err(PhaseBinsError::Bin);
        }
        let periods = shares.len() / bins.len();
        same_length(periods * bins.len(), shares.len())?;
        let (mut starts, mut parts) = (vec![0], Vec::new());
        for (period, row) in shares.chunks_exact(bins.len()).enumerate() {
            let valid = row.iter().all(|share| share.is_finite() && *share >= 0.0);
            if !valid || (row.iter().sum::<f64>() - 1.0).abs() > 1e-9 {
                return Err(PhaseBinsError::Share { period });
            }
            let some = row.iter().copied().enumerate();
            parts.extend(some.filter(|&(_, share)| share > 0.0));
            starts.push(parts.len());
        }
        Ok(Self {
            bins: bins.to_vec(),
            starts,
            parts,
        })
    }

    /// Periods that lie in one of `n_bins` even bins of the year each.
    ///
    /// # Errors
    /// No bin; a period in a bin that is none.
    pub fn certain(n_bins: usize, bin_of: &[usize]) -> Result<Self, PhaseBinsError> {
        if n_bins == 0 {
            return Err(PhaseBinsError::Bin);
        }
        if let Some(period) = bin_of.iter().position(|&bin| bin >= n_bins) {
            return Err(PhaseBinsError::Share { period });
        }
        Ok(Self {
            bins: (0..n_bins)
                .map(|bin| Some((real(bin) + 0.5) / real(n_bins)))
                .collect(),
            starts: (0..=bin_of.len()).collect(),
            parts: bin_of.iter().map(|&bin| (bin, 1.0)).collect(),
        })
    }

    /// Phase of each bin.
    #[must_use]
    pub fn bins(&self) -> &[Option<f64>] {
        &self.bins
    }

    /// Number of periods.
    #[must_use]
    pub fn n_periods(&self) -> usize {
        self.starts.len() - 1
    }

    /// Bins that a period may lie in, with their shares.
    pub(super) fn of(&self, period: usize) -> &[(usize, f64)] {
        &self.parts[self.starts[period]..self.starts[period + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_kept_where_they_are_any() {
        let bins = [Some(0.25), Some(0.75), None];
        let shares = [0.5, 0.5, 0.0, 0.0, 0.0, 1.0];
        let phases = PhaseBins::new(&bins, &shares).unwrap();
        assert_eq!(phases.n_periods(), 2);
        assert_eq!(phases.of(0), [(0, 0.5), (1, 0.5)]);
        assert_eq!(phases.of(1), [(2, 1.0)]);
        let even = PhaseBins::certain(2, &[1, 0]).unwrap();
        let same = PhaseBins::new(&bins[..2], &[0.0, 1.0, 1.0, 0.0]).unwrap();
        assert_eq!(even, same);
    }

    #[test]
    fn what_is_no_share_is_refused() {
        let bins = [Some(0.25), Some(0.75)];
        let refused = |shares: &[f64]| PhaseBins::new(&bins, shares).unwrap_err();
        assert_eq!(refused(&[0.5, 0.4]), PhaseBinsError::Share { period: 0 });
        assert_eq!(
            refused(&[1.0, 0.0, 1.5, -0.5]),
            PhaseBinsError::Share { period: 1 }
        );
        assert!(matches!(
            refused(&[1.0, 0.0, 1.0]),
            PhaseBinsError::Length(_)
        ));
        assert_eq!(PhaseBins::new(&[], &[]), Err(PhaseBinsError::Bin));
        assert_eq!(
            PhaseBins::certain(2, &[2]),
            Err(PhaseBinsError::Share { period: 0 })
        );
    }
}
