use thiserror::Error;

use crate::grid::Neighbours;
use crate::units::{LengthMismatch, real, same_length};

#[cfg(test)]
mod tests;

/// Values on which no Getis-Ord statistic can be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LocalGError {
    /// A slice without one entry per cell.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// An observed value that is not a finite number.
    #[error("the value of observed cell {index} is not finite")]
    NotFinite {
        /// Position of the cell.
        index: usize,
    },
}

/// Standardised local G* (Getis & Ord 1992; Ord & Getis 1995). Dimensionless; positive = hot.
///
/// ```text
/// z_i = ( sum_j w_ij x_j - m W_i ) / ( S sqrt( (n W_i - W_i^2) / (n - 1) ) )
/// ```
///
/// with binary weights, `j = i` included, so that `W_i` is one more than the number of observed
/// neighbours; `m` and `S` are the mean and the population standard deviation of the `n` observed
/// values.
///
/// - `values`: one number per cell. A residual or a smoothed rate, not a raw count where exposure
///   differs.
/// - `observed`: cells that are known. The others leave every sum, whatever their value, and get
///   `None`. Unknown is not zero.
/// - `neighbours`: who counts as near.
///
/// Returns one `z` per cell. `None` where it is undefined: fewer than two observed cells, all
/// observed values equal, or a neighbourhood that holds every observed cell. A cell without
/// observed neighbours is compared by its own value alone; its permutation p-value is `None`,
/// which marks it.
///
/// # Errors
/// Lengths differ, or an observed value is not finite.
///
/// # References
/// [doi:10.1111/j.1538-4632.1992.tb00261.x](https://doi.org/10.1111/j.1538-4632.1992.tb00261.x),
/// [doi:10.1111/j.1538-4632.1995.tb00912.x](https://doi.org/10.1111/j.1538-4632.1995.tb00912.x).
///
/// ```
/// use forewarn_models::{grid::Neighbours, hotspot::local_g_star};
/// // Two touching cells and one apart: x = 1, 1, 4, so m = 2, S = sqrt 2, n = 3.
/// let graph = Neighbours::from_lists(&[vec![1], vec![0], vec![]])?;
/// let z = local_g_star(&[1.0, 1.0, 4.0], &[true; 3], &graph)?;
/// // Third cell: (4 - 2) / (sqrt 2 * sqrt((3 - 1) / 2)) = sqrt 2.
/// assert!((z[2].unwrap_or(0.0) - 2.0_f64.sqrt()).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn local_g_star(
    values: &[f64],
    observed: &[bool],
    neighbours: &Neighbours,
) -> Result<Vec<Option<f64>>, LocalGError> {
    check(values, observed, neighbours)?;
    let known = known(values, observed);
    if !varies(&known) {
        return Ok(vec![None; values.len()]);
    }
    let n = real(known.len());
    let mean = known.iter().sum::<f64>() / n;
    let sd = (known.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    let z = |cell: usize| {
        let (weight, sum) = near(cell, observed, neighbours, |j| values[j] - mean);
        standardised(sum + values[cell] - mean, weight + 1.0, n, sd)
    };
    Ok((0..values.len())
        .map(|cell| observed[cell].then(|| z(cell)).flatten())
        .collect())
}

/// Standardised local G, the form without the cell itself (Ord & Getis 1995). Dimensionless.
///
/// As [`local_g_star`], with `j = i` left out of the weights and `x_i` left out of the mean, the
/// standard deviation and `n`. `None` likewise, judged on the cells that remain.
///
/// # Errors
/// As [`local_g_star`].
pub fn local_g(
    values: &[f64],
    observed: &[bool],
    neighbours: &Neighbours,
) -> Result<Vec<Option<f64>>, LocalGError> {
    check(values, observed, neighbours)?;
    let known = known(values, observed);
    let n = real(known.len()) - 1.0;
    let centre = known.iter().sum::<f64>() / (n + 1.0);
    let squares: f64 = known.iter().map(|x| (x - centre).powi(2)).sum();
    let z = |cell: usize| {
        let own = values[cell] - centre;
        let mean = -own / n;
        let sd = ((squares - own * own) / n - mean * mean).max(0.0).sqrt();
        let (weight, sum) = near(cell, observed, neighbours, |j| values[j] - centre - mean);
        standardised(sum, weight, n, sd)
    };
    let defined = |cell: usize| observed[cell] && varies_without(&known, values[cell]);
    Ok((0..values.len())
        .map(|cell| defined(cell).then(|| z(cell)).flatten())
        .collect())
}

/// Global G: the share of all cross products that falls on neighbouring pairs (Getis & Ord 1992).
///
/// ```text
/// G = sum_i sum_{j != i} w_ij x_i x_j / sum_i sum_{j != i} x_i x_j
/// ```
///
/// Dimensionless, within 0..=1 for the non-negative values it is meant for. `None` when the
/// denominator is zero.
///
/// # Errors
/// As [`local_g_star`].
pub fn general_g(
    values: &[f64],
    observed: &[bool],
    neighbours: &Neighbours,
) -> Result<Option<f64>, LocalGError> {
    check(values, observed, neighbours)?;
    let product = |cell: usize| values[cell] * near(cell, observed, neighbours, |j| values[j]).1;
    let near_pairs: f64 = (0..values.len())
        .filter(|&i| observed[i])
        .map(product)
        .sum();
    let known = known(values, observed);
    let squares: f64 = known.iter().map(|x| x * x).sum();
    let all_pairs = known.iter().sum::<f64>().powi(2) - squares;
    Ok((all_pairs.abs() > 0.0).then(|| near_pairs / all_pairs))
}

/// One value and one mask entry per cell, and every observed value a finite number.
pub(crate) fn check(
    values: &[f64],
    observed: &[bool],
    neighbours: &Neighbours,
) -> Result<(), LocalGError> {
    same_length(neighbours.n_cells(), values.len())?;
    same_length(neighbours.n_cells(), observed.len())?;
    match values
        .iter()
        .zip(observed)
        .position(|(value, &seen)| seen && !value.is_finite())
    {
        Some(index) => Err(LocalGError::NotFinite { index }),
        None => Ok(()),
    }
}

/// The observed values in ascending order.
fn known(values: &[f64], observed: &[bool]) -> Vec<f64> {
    let seen = values.iter().zip(observed).filter(|&(_, &seen)| seen);
    let mut known: Vec<f64> = seen.map(|(&value, _)| value).collect();
    known.sort_unstable_by(f64::total_cmp);
    known
}

/// Whether ascending values differ: a variance of equal values can come out above zero.
fn varies(known: &[f64]) -> bool {
    matches!(known, [first, .., last] if first < last)
}

/// Whether they differ once one of them is taken away.
fn varies_without(known: &[f64], value: f64) -> bool {
    match known {
        [first, rest @ ..] if value <= *first => varies(rest),
        [rest @ .., last] if value >= *last => varies(rest),
        _ => varies(known),
    }
}

/// Number of observed neighbours, and the sum over them.
fn near(
    cell: usize,
    observed: &[bool],
    neighbours: &Neighbours,
    term: impl Fn(usize) -> f64,
) -> (f64, f64) {
    let seen = neighbours
        .of(cell)
        .iter()
        .map(|&j| j as usize)
        .filter(|&j| observed[j]);
    seen.fold((0.0, 0.0), |(weight, sum), j| (weight + 1.0, sum + term(j)))
}

fn standardised(deviation: f64, weight: f64, n: f64, sd: f64) -> Option<f64> {
    let spread = sd * (weight * (n - weight) / (n - 1.0)).sqrt();
    (spread > 0.0).then(|| deviation / spread)
}
