use rayon::prelude::*;
use thiserror::Error;

use self::level::Level;
use super::LocalGError;
use crate::grid::Neighbours;
use crate::units::{LengthMismatch, real, same_length};

mod level;
#[cfg(test)]
mod tests;

/// With which bins a neighbourhood is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparator {
    /// All bins of the cube.
    Cube,
    /// The bins of the steps of the window.
    Window,
    /// The bins of the step itself; for windows of one step.
    Slice,
}

/// Whether a bin counts among its own neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Gi*: it does.
    Star,
    /// Gi: it does not, and leaves what it is compared with as well.
    Plain,
}

/// How far a neighbourhood reaches in time, and what it is compared with.
///
/// | field | default | range |
/// |---|---|---|
/// | `window_steps` | none | at least 1; 1 with [`Comparator::Slice`] |
/// | `comparator` | none | |
/// | `form` | none | |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpaceTimeParams {
    /// Steps a neighbourhood spans, the last of which is that of the bin.
    pub window_steps: usize,
    /// With which bins it is compared.
    pub comparator: Comparator,
    /// Whether the bin itself counts.
    pub form: Form,
}

/// Why no bin of a cube has a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SpaceTimeError {
    /// Faulty values.
    #[error(transparent)]
    Values(#[from] LocalGError),
    /// A window without steps.
    #[error("a window needs at least one step")]
    NoWindow,
    /// A neighbourhood that is no part of what it is compared with.
    #[error(
        "a slice holds one step, not the {window_steps} of the window: compare with the window"
    )]
    BeyondSlice {
        /// Steps of the window.
        window_steps: usize,
    },
}

impl From<LengthMismatch> for SpaceTimeError {
    fn from(error: LengthMismatch) -> Self {
        Self::Values(error.into())
    }
}

/// A checked cube: one number and one mark per cell and step, cell by cell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bins<'a> {
    pub(crate) values: &'a [f64],
    pub(crate) observed: &'a [bool],
    pub(crate) n_steps: usize,
    pub(crate) params: SpaceTimeParams,
}

impl<'a> Bins<'a> {
    pub(crate) fn checked(
        values: &'a [f64],
        observed: &'a [bool],
        n_steps: usize,
        neighbours: &Neighbours,
        params: SpaceTimeParams,
    ) -> Result<Self, SpaceTimeError> {
        let window_steps = params.window_steps;
        same_length(neighbours.n_cells() * n_steps, values.len())?;
        same_length(values.len(), observed.len())?;
        if window_steps == 0 {
            return Err(SpaceTimeError::NoWindow);
        }
        if params.comparator == Comparator::Slice && window_steps > 1 {
            return Err(SpaceTimeError::BeyondSlice { window_steps });
        }
        let unknown = |(value, seen): (&f64, &bool)| *seen && !value.is_finite();
        match values.iter().zip(observed).position(unknown) {
            Some(index) => Err(LocalGError::NotFinite { index }.into()),
            None => Ok(Self {
                values,
                observed,
                n_steps,
                params,
            }),
        }
    }

    /// The steps of the window that ends at a step.
    pub(crate) fn window(&self, step: usize) -> std::ops::RangeInclusive<usize> {
        (step + 1).saturating_sub(self.params.window_steps)..=step
    }

    fn known(&self, cell: usize, step: usize) -> Option<f64> {
        let bin = cell * self.n_steps + step;
        self.observed[bin].then(|| self.values[bin])
    }
}

/// Local G or G* over space and time (Getis & Ord 1992; Ord & Getis 1995). Dimensionless; positive
/// = hot.
///
/// ```text
/// z = ( sum_j w_j x_j - m W ) / ( S sqrt( (n W - W^2) / (n - 1) ) )
/// ```
///
/// where `j` runs over the observed bins of the cell and of its neighbours at the steps of the
/// window, and `m`, `S` and `n` are the mean, the population standard deviation and the number of
/// the observed bins of the comparator. With [`Form::Plain`] the bin itself leaves all of these;
/// the cell at the earlier steps of the window stays.
///
/// - `values`, `observed`: cell `i` at step `t` stands at `i * n_steps + t`, as in what goes out.
/// - `params`: see [`SpaceTimeParams`]. Windows look back; the first steps of a cube have the
///   window that there is.
///
/// [`Comparator::Cube`] asks whether a place is hot for all that was ever seen, so that a busy
/// season heats the whole map; [`Comparator::Window`] and [`Comparator::Slice`] ask whether it is
/// hot for its time. A slice with a window of one step is
/// [`local_g_star`](super::local_g_star) of each step. A slice with a longer window is refused: G
/// compares the sum of a neighbourhood with what as many bins drawn from the comparator would sum to,
/// and bins of earlier steps are no part of the slice, so that neither mean nor variance of that sum
/// follows from it. What can be meant is the window, or a slice of a field that was summed over the
/// window first.
///
/// `None` for bins that are not observed, and where the score is undefined: fewer than two bins to
/// compare with, all equal, or a neighbourhood that holds them all. The conditional p-value is
/// [`space_time_p_values`](crate::permute::space_time_p_values).
///
/// # Errors
/// Lengths differ; an observed value not finite; no window; a window longer than its slice.
///
/// # References
/// [doi:10.1111/j.1538-4632.1992.tb00261.x](https://doi.org/10.1111/j.1538-4632.1992.tb00261.x),
/// [doi:10.1111/j.1538-4632.1995.tb00912.x](https://doi.org/10.1111/j.1538-4632.1995.tb00912.x).
///
/// ```
/// use forewarn_models::grid::Neighbours;
/// use forewarn_models::hotspot::{Comparator, Form, SpaceTimeParams, space_time_g};
/// // One cell apart from another, two steps: x = 1, 1 and 1, 4, so m = 7/4, S^2 = 27/16, n = 4.
/// let apart = Neighbours::from_lists(&[vec![], vec![]])?;
/// let params = SpaceTimeParams {
///     window_steps: 1,
///     comparator: Comparator::Cube,
///     form: Form::Star,
/// };
/// let z = space_time_g(&[1.0, 1.0, 1.0, 4.0], &[true; 4], 2, &apart, params)?;
/// // The last bin: (4 - 7/4) / sqrt(27/16) = sqrt 3.
/// assert!((z[3].ok_or("undefined")? - 3.0_f64.sqrt()).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn space_time_g(
    values: &[f64],
    observed: &[bool],
    n_steps: usize,
    neighbours: &Neighbours,
    params: SpaceTimeParams,
) -> Result<Vec<Option<f64>>, SpaceTimeError> {
    let bins = Bins::checked(values, observed, n_steps, neighbours, params)?;
    let mut z = vec![None; values.len()];
    if n_steps == 0 {
        return Ok(z);
    }
    let centre = centre(&bins);
    let levels = levels(&bins, neighbours.n_cells(), centre);
    z.par_chunks_mut(n_steps)
        .enumerate()
        .with_min_len(64)
        .for_each_init(
            || vec![(0_usize, 0.0); n_steps],
            |near, (cell, z)| {
                gather(&bins, neighbours, cell, centre, near);
                for (step, z) in z.iter_mut().enumerate() {
                    *z = bins.known(cell, step).and_then(|own| {
                        let steps = near[bins.window(step)].iter();
                        let sum = steps.fold((0, 0.0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
                        levels[step].score(own - centre, sum, params.form)
                    });
                }
            },
        );
    Ok(z)
}

/// A number near all values, so that squares about it keep their digits.
fn centre(bins: &Bins) -> f64 {
    let known = bins.values.iter().zip(bins.observed);
    let known = known.filter(|&(_, &seen)| seen).map(|(&value, _)| value);
    let (n, sum) = known.fold((0, 0.0), |(n, sum), value| (n + 1, sum + value));
    sum / real(n.max(1))
}

/// What the bins of each step are compared with.
fn levels(bins: &Bins, n_cells: usize, centre: f64) -> Vec<Level> {
    let at = |step: usize| {
        let known = (0..n_cells).filter_map(|cell| bins.known(cell, step));
        known.fold(Level::default(), |level, x| level.with(x - centre))
    };
    let steps: Vec<Level> = (0..bins.n_steps).into_par_iter().map(at).collect();
    let together = |steps: &[Level]| steps.iter().copied().fold(Level::default(), Level::merged);
    match bins.params.comparator {
        Comparator::Cube => vec![together(&steps); bins.n_steps],
        Comparator::Window | Comparator::Slice => (0..bins.n_steps)
            .map(|step| together(&steps[bins.window(step)]))
            .collect(),
    }
}

/// Number and sum of the deviations of the cell and its neighbours, step by step.
fn gather(
    bins: &Bins,
    neighbours: &Neighbours,
    cell: usize,
    centre: f64,
    near: &mut [(usize, f64)],
) {
    near.fill((0, 0.0));
    let others = neighbours.of(cell).iter().map(|&other| other as usize);
    for other in others.chain([cell]) {
        for (step, (weight, sum)) in near.iter_mut().enumerate() {
            if let Some(value) = bins.known(other, step) {
                *weight += 1;
                *sum += value - centre;
            }
        }
    }
}
