//! Conditional permutation p-values of local G and G*, fine enough to survive a correction for
//! twenty thousand cells.
//!
//! The value of the cell stays; its `c` observed neighbours get values drawn without replacement
//! from the other observed cells (Anselin 1995). With `x_i` held, G and G* rise with the sum over
//! the neighbours and with nothing else, so sums are compared, and one p-value serves both. Local
//! Moran's I rises with it where the cell lies above the mean and falls where it lies below, so the
//! same sums serve it.
//!
//! # Why a pool
//! The smallest p-value of `R` draws is `1 / (R + 1)`. At 18,918 cells Benjamini-Hochberg needs
//! 378 cells at that floor when `R` is 999, so each cell needs 10^5 to 10^6 draws. All cells with
//! the same `c` have the same null, except that a cell may not be drawn as its own neighbour.
//! One pool of draws therefore serves them all: the first `c` cells of a draw are a draw of `c`, and
//! a draw whose first `c` hold cell `i` is left out for cell `i`: what remains is exactly that
//! cell's null.
//!
//! # Ties
//! Sums are compared as integers (see the quantum in [`pooled_p_values`]), so neither the order of
//! addition nor the thread count can break a tie.

mod brute;
mod field;
mod local_moran;
mod pool;
mod space_time;

#[cfg(test)]
mod tests;

pub use local_moran::local_moran_p_values;
pub use space_time::space_time_p_values;

use thiserror::Error;

use self::field::Field;
use crate::grid::Neighbours;
use crate::hotspot::{LocalGError, SpaceTimeError, check};
use crate::units::Seed;

/// Which sums count against the null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// At least the observed sum: hot cells.
    Upper,
    /// At most the observed sum: cold cells.
    Lower,
    /// Twice the smaller of the two, at most 1.
    TwoSided,
}

/// How a permutation null is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PooledNull {
    /// Draws, at least 1; 10^5 to 10^6 on a mission grid.
    pub draws: u32,
    /// Which tail.
    pub side: Side,
}

/// Why no p-value was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PermuteError {
    /// A null without draws.
    #[error("a permutation null needs at least one draw")]
    NoDraws,
    /// Values that have no local G either.
    #[error(transparent)]
    Values(#[from] LocalGError),
    /// A cube that has no local G either.
    #[error(transparent)]
    Cube(#[from] SpaceTimeError),
}

/// Conditional permutation p-values of all cells from one pool of draws.
///
/// ```text
/// p_i = (1 + #{draws without i whose sum >= s_i}) / (1 + #{draws without i})
/// ```
///
/// with `s_i` the sum over the observed neighbours of `i`. Ties count against the cell. Values
/// are rounded to multiples of a quantum, the power of two that puts the largest magnitude
/// between 2^39 and 2^40 quanta, so that integers and fractions such as 1/4 stay exact. Sums
/// within `c` quanta are ties: rounding can do no more.
///
/// - `values`, `observed`, `neighbours`: as for [`local_g_star`](crate::hotspot::local_g_star).
/// - `params`: number of draws and side.
/// - `seed`: with the rest, fixes every digit. Blocks of 8,192 draws take one stream each.
///
/// Returns one p-value in (0, 1] per cell. `None` for cells not observed, without observed
/// neighbours, or with fewer than `c + 1` other observed cells, where every draw is the same.
/// Time is that of drawing, and grows with the logarithm of the number of cells only.
///
/// # Errors
/// No draws, lengths that differ, an observed value that is not finite.
///
/// # References
/// Anselin 1995,
/// [doi:10.1111/j.1538-4632.1995.tb00338.x](https://doi.org/10.1111/j.1538-4632.1995.tb00338.x);
/// Phipson & Smyth 2010 for the added one,
/// [doi:10.2202/1544-6115.1585](https://doi.org/10.2202/1544-6115.1585).
pub fn pooled_p_values(
    values: &[f64],
    observed: &[bool],
    neighbours: &Neighbours,
    params: PooledNull,
    seed: Seed,
) -> Result<Vec<Option<f64>>, PermuteError> {
    p_values(values, observed, neighbours, params, |field| {
        pool::upper(field, params.draws, seed)
    })
}

/// The same p-values with draws of each cell's own, one stream per cell: slow, and the yardstick
/// of [`pooled_p_values`].
///
/// # Errors
/// As [`pooled_p_values`].
pub fn brute_force_p_values(
    values: &[f64],
    observed: &[bool],
    neighbours: &Neighbours,
    params: PooledNull,
    seed: Seed,
) -> Result<Vec<Option<f64>>, PermuteError> {
    p_values(values, observed, neighbours, params, |field| {
        brute::upper(field, params.draws, seed)
    })
}

fn p_values(
    values: &[f64],
    observed: &[bool],
    neighbours: &Neighbours,
    params: PooledNull,
    upper: impl Fn(&Field) -> Vec<Option<f64>>,
) -> Result<Vec<Option<f64>>, PermuteError> {
    let field = checked(values, observed, neighbours, params)?;
    let p = field.tail(params.side, upper);
    Ok(field.spread(&p, values.len()))
}

/// The observed cells of a map, where there are draws to compare them with.
fn checked(
    values: &[f64],
    observed: &[bool],
    neighbours: &Neighbours,
    params: PooledNull,
) -> Result<Field, PermuteError> {
    if params.draws == 0 {
        return Err(PermuteError::NoDraws);
    }
    check(values, observed, neighbours)?;
    Ok(Field::new(values, observed, neighbours))
}
