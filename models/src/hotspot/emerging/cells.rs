use rayon::prelude::*;
use thiserror::Error;

use super::{Compat, EmergingClass, Spot, emerging_class};
use crate::trend::{FEWEST_STEPS, Trend, TrendError, hamed_rao, mann_kendall};
use crate::units::{LengthMismatch, same_length};

/// Which test tells a rise of the scores from none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrendTest {
    /// [`mann_kendall`], for scores of each step alone.
    MannKendall,
    /// [`hamed_rao`], for scores of windows that overlap.
    HamedRao {
        /// As there.
        lags: Option<usize>,
    },
}

/// How cells are classified.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EmergingParams {
    /// Adjusted p-value up to which a step is a spot, within 0..=1.
    pub q: f64,
    /// Level of the trend test, within 0..=1.
    pub alpha: f64,
    /// Trend test.
    pub trend: TrendTest,
    /// Wording.
    pub compat: Compat,
}

/// Scores that cannot be classified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EmergingError {
    /// Scores and p-values differ in number, or are no whole number of cells.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// A level outside 0..=1.
    #[error("a level must lie within 0..=1")]
    InvalidLevel,
    /// A score or a p-value that is not a finite number.
    #[error("score or p-value {index} is not finite")]
    NotFinite {
        /// Position in the cube.
        index: usize,
    },
}

/// [`emerging_class`] of each cell of a cube, from the scores of its steps.
///
/// The number of cell `i` at step `t` stands at `i * n_steps + t`, as in
/// [`local_g_star_of_steps`](crate::hotspot::local_g_star_of_steps). Scores of rates give the classic
/// classes; scores of what is left of the counts once the season is taken away give classes in
/// which a season is no pattern.
///
/// - `z`: scores; their sign tells hot from cold, their course is the trend.
/// - `adjusted_p`: p-values adjusted within each step. A step of a cell is known where both are.
/// - `params`: levels, test and wording.
///
/// `None` for cells with fewer than [`FEWEST_STEPS`] known steps, and where [`emerging_class`] is.
/// The final step must be complete in time and past the delay of reports, or classes flip from
/// night to night; a final step that is not known leaves its cell without a class.
///
/// # Errors
/// Lengths differ or are no multiple of `n_steps`, a level outside 0..=1, a number that is not
/// finite.
pub fn emerging_classes(
    z: &[Option<f64>],
    adjusted_p: &[Option<f64>],
    n_steps: usize,
    params: EmergingParams,
) -> Result<Vec<Option<EmergingClass>>, EmergingError> {
    same_length(z.len(), adjusted_p.len())?;
    same_length(z.len().next_multiple_of(n_steps.max(1)), z.len())?;
    if !((0.0..=1.0).contains(&params.q) && (0.0..=1.0).contains(&params.alpha)) {
        return Err(EmergingError::InvalidLevel);
    }
    let finite = |number: Option<f64>| number.is_none_or(f64::is_finite);
    let pairs = || z.iter().zip(adjusted_p);
    if let Some(index) = pairs().position(|(&z, &p)| !(finite(z) && finite(p))) {
        return Err(EmergingError::NotFinite { index });
    }
    let cells = z
        .par_chunks(n_steps.max(1))
        .zip(adjusted_p.par_chunks(n_steps.max(1)));
    let class = |spots: &mut Vec<Option<Spot>>, (z, p): (&[Option<f64>], &[Option<f64>])| {
        spots.clear();
        spots.extend(z.iter().zip(p).map(|(&z, &p)| Some(spot(z?, p?, params.q))));
        let known = spots.iter().flatten().count();
        let trend = || {
            tested(z, params.trend)
                .ok()
                .map(|trend| trend.direction(params.alpha))
        };
        let class = || emerging_class(spots, trend, params.compat);
        (known >= FEWEST_STEPS).then(class).flatten()
    };
    Ok(cells.with_min_len(64).map_init(Vec::new, class).collect())
}

fn tested(z: &[Option<f64>], test: TrendTest) -> Result<Trend, TrendError> {
    match test {
        TrendTest::MannKendall => mann_kendall(z),
        TrendTest::HamedRao { lags } => hamed_rao(z, lags),
    }
}

fn spot(z: f64, adjusted_p: f64, q: f64) -> Spot {
    if adjusted_p <= q && z > 0.0 {
        Spot::Hot
    } else if adjusted_p <= q && z < 0.0 {
        Spot::Cold
    } else {
        Spot::Plain
    }
}
