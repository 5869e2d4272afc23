use super::zones::ZonesError;
use crate::units::same_length;

/// How large a zone may grow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit<'a> {
    share: Option<(&'a [f64], f64)>,
    size: f64,
}

impl<'a> Limit<'a> {
    /// At most `share` of the sum of `weights`, one per cell: what is expected there, or, for a
    /// space-time permutation, what was counted there over all steps. A zone may hold exactly
    /// that share; a cell that alone exceeds it is in no zone.
    #[must_use]
    pub const fn share(weights: &'a [f64], share: f64) -> Self {
        Self {
            share: Some((weights, share)),
            size: f64::INFINITY,
        }
    }

    /// At most this size: for discs the radius in km, or in the unit of the plane; for rings the
    /// number of steps from the centre; for segments the length.
    #[must_use]
    pub const fn size(size: f64) -> Self {
        Self { share: None, size }
    }

    /// This limit and a largest size.
    #[must_use]
    pub const fn and_size(self, size: f64) -> Self {
        Self { size, ..self }
    }

    /// Checks the limit against the number of cells.
    pub(super) fn check(self, n_cells: usize) -> Result<Bound<'a>, ZonesError> {
        if self.size.is_nan() || self.size < 0.0 {
            return Err(ZonesError::Size);
        }
        let Some((weights, share)) = self.share else {
            return Ok(Bound {
                weights: &[],
                most: f64::INFINITY,
                size: self.size,
            });
        };
        same_length(n_cells, weights.len())?;
        check_weights(weights)?;
        if !(share > 0.0 && share <= 1.0) {
            return Err(ZonesError::Share);
        }
        // A zone that holds exactly the share must not fall to the order of addition.
        let most = share * weights.iter().sum::<f64>() * (1.0 + 1e-12);
        Ok(Bound {
            weights,
            most,
            size: self.size,
        })
    }
}

/// Every weight or length finite and not below zero.
pub(super) fn check_weights(weights: &[f64]) -> Result<(), ZonesError> {
    let valid = |weight: &f64| weight.is_finite() && *weight >= 0.0;
    match weights.iter().position(|weight| !valid(weight)) {
        Some(index) => Err(ZonesError::Weight { index }),
        None => Ok(()),
    }
}

/// A limit that has been checked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound<'a> {
    weights: &'a [f64],
    pub(super) most: f64,
    pub(super) size: f64,
}

impl Bound<'_> {
    pub(super) fn weight(&self, cell: u32) -> f64 {
        self.weights.get(cell as usize).copied().unwrap_or(0.0)
    }
}
