use rayon::prelude::*;

use self::near::Near;
use self::steps::Steps;
use super::LocalGError;
use crate::grid::Neighbours;
use crate::units::same_length;

mod near;
mod steps;
#[cfg(test)]
mod tests;

/// [`local_g_star`](super::local_g_star) of each step of a cube.
///
/// The number of cell `i` at step `t` stands at `i * n_steps + t`, in what comes in and in what
/// goes out. Each step is compared with itself alone: mean, deviation and number are of its own
/// observed cells. `None` where it is there.
///
/// - `values`, `observed`: one number and one mark per cell and step.
/// - `neighbours`: who counts as near, at every step.
///
/// Equal to the map of each step but for the rounding of its mean, 1e-12 where values differ about
/// as much as they are high: a map sums its values in ascending order, a step in the order of the
/// cells, since sorting would take longer than all else. Memory is that of the result, and some
/// numbers per step and thread.
///
/// # Errors
/// As there; the position is that in the cube.
pub fn local_g_star_of_steps(
    values: &[f64],
    observed: &[bool],
    n_steps: usize,
    neighbours: &Neighbours,
) -> Result<Vec<Option<f64>>, LocalGError> {
    let cube = Cube::checked(values, observed, n_steps, neighbours)?;
    let mut z = vec![None; values.len()];
    if n_steps > 0 {
        let steps = Steps::of(cube, neighbours);
        z.par_chunks_mut(n_steps)
            .enumerate()
            .with_min_len(64)
            .for_each_init(
                || Near::of(n_steps),
                |near, (cell, z)| {
                    near.scores(cube, &steps, neighbours.of(cell), cell, z);
                },
            );
    }
    Ok(z)
}

/// What `summary` makes of the series of each cell of [`local_g_star_of_steps`], one after the
/// other, where the cube of all scores is not wanted: its memory costs more time than the scores.
///
/// # Errors
/// As there.
///
/// ```
/// use forewarn_models::hotspot::local_g_star_by_cell;
/// use forewarn_models::{grid::Neighbours, trend::mann_kendall};
/// let graph = Neighbours::from_lists(&[vec![1], vec![0], vec![3], vec![2]])?;
/// // Four cells, nine steps: what the first two have more of grows.
/// let rising = (0..9).map(f64::from);
/// let noise = [2.0, 3.0, 1.0, 3.0, 2.0, 1.0, 2.0, 3.0, 1.0];
/// let values: Vec<f64> = rising.clone().chain(rising).chain(noise).chain([2.0; 9]).collect();
/// let trends = local_g_star_by_cell(&values, &[true; 36], 9, &graph, mann_kendall)?;
/// assert!(trends[0]?.s > 0 && trends[2]?.s < 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn local_g_star_by_cell<S: Send>(
    values: &[f64],
    observed: &[bool],
    n_steps: usize,
    neighbours: &Neighbours,
    summary: impl Fn(&[Option<f64>]) -> S + Sync,
) -> Result<Vec<S>, LocalGError> {
    let cube = Cube::checked(values, observed, n_steps, neighbours)?;
    let steps = Steps::of(cube, neighbours);
    let cells = (0..neighbours.n_cells()).into_par_iter().with_min_len(64);
    let room = || (Near::of(n_steps), vec![None; n_steps]);
    Ok(cells
        .map_init(room, |(near, z), cell| {
            near.scores(cube, &steps, neighbours.of(cell), cell, z);
            summary(z)
        })
        .collect())
}

/// Values cell by cell.
#[derive(Clone, Copy)]
struct Cube<'a> {
    values: &'a [f64],
    observed: &'a [bool],
    n_steps: usize,
}

impl<'a> Cube<'a> {
    fn checked(
        values: &'a [f64],
        observed: &'a [bool],
        n_steps: usize,
        neighbours: &Neighbours,
    ) -> Result<Self, LocalGError> {
        let needed = neighbours.n_cells() * n_steps;
        same_length(needed, values.len())?;
        same_length(needed, observed.len())?;
        let unknown = |(value, seen): (&f64, &bool)| *seen && !value.is_finite();
        match values.iter().zip(observed).position(unknown) {
            Some(index) => Err(LocalGError::NotFinite { index }),
            None => Ok(Self {
                values,
                observed,
                n_steps,
            }),
        }
    }

    fn row(self, cell: usize) -> (&'a [f64], &'a [bool]) {
        let steps = cell * self.n_steps..(cell + 1) * self.n_steps;
        (&self.values[steps.clone()], &self.observed[steps])
    }

    fn rows(self) -> impl Iterator<Item = (&'a [f64], &'a [bool])> {
        let width = self.n_steps.max(1);
        let values = self.values.chunks_exact(width);
        values.zip(self.observed.chunks_exact(width))
    }
}
