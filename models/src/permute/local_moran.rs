use std::cmp::Ordering;

use super::{PermuteError, PooledNull, Side, checked, pool};
use crate::grid::Neighbours;
use crate::units::Seed;

/// Conditional permutation p-values of [`local_moran`](crate::hotspot::local_moran), from the same
/// pool of draws as [`pooled_p_values`](super::pooled_p_values).
///
/// With `x_i` held, local I is `z_i` times the neighbours' sum but for constants: a high I is a
/// high sum around a cell above the mean, and a low sum around one below. [`Side::Upper`] counts I
/// at least as high (clusters), [`Side::Lower`] at most as high (outliers), [`Side::TwoSided`] is
/// twice the smaller. Weights do not matter, as long as those of one cell are equal.
///
/// Parameters, ties and undefined cells as there; `None` as well for a cell at the mean itself,
/// whose I is 0 whatever is drawn.
///
/// # Errors
/// As [`pooled_p_values`](super::pooled_p_values).
///
/// # References
/// Anselin 1995,
/// [doi:10.1111/j.1538-4632.1995.tb00338.x](https://doi.org/10.1111/j.1538-4632.1995.tb00338.x).
pub fn local_moran_p_values(
    values: &[f64],
    observed: &[bool],
    neighbours: &Neighbours,
    params: PooledNull,
    seed: Seed,
) -> Result<Vec<Option<f64>>, PermuteError> {
    let field = checked(values, observed, neighbours, params)?;
    let high = pool::upper(&field, params.draws, seed);
    let low = pool::upper(&field.negated(), params.draws, seed);
    let tails = high.into_iter().zip(low).zip(field.against_mean());
    let p = tails.map(|((high, low), place)| {
        let (alike, unlike) = match place {
            Ordering::Greater => (high?, low?),
            Ordering::Less => (low?, high?),
            Ordering::Equal => return None,
        };
        Some(match params.side {
            Side::Upper => alike,
            Side::Lower => unlike,
            Side::TwoSided => (2.0 * alike.min(unlike)).min(1.0),
        })
    });
    Ok(field.spread(&p.collect::<Vec<_>>(), values.len()))
}
