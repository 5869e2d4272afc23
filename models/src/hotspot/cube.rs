use rayon::prelude::*;

use super::LocalGError;
use crate::grid::Neighbours;
use crate::units::{real, same_length};

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
    let needed = neighbours.n_cells() * n_steps;
    same_length(needed, values.len())?;
    same_length(needed, observed.len())?;
    let cube = Cube {
        values,
        observed,
        n_steps,
    };
    let unknown = |(value, seen): (&f64, &bool)| *seen && !value.is_finite();
    if let Some(index) = values.iter().zip(observed).position(unknown) {
        return Err(LocalGError::NotFinite { index });
    }
    let mut z = vec![None; needed];
    if needed > 0 {
        let steps = Steps::of(cube, neighbours);
        z.par_chunks_mut(n_steps)
            .enumerate()
            .with_min_len(64)
            .for_each_init(
                || Near::of(n_steps),
                |near, (cell, z)| {
                    near.gather(cube, &steps, neighbours.of(cell), cell);
                    near.standardise(cube.row(cell).1, &steps.spread, z);
                },
            );
    }
    Ok(z)
}

/// Values cell by cell.
#[derive(Clone, Copy)]
struct Cube<'a> {
    values: &'a [f64],
    observed: &'a [bool],
    n_steps: usize,
}

impl<'a> Cube<'a> {
    fn row(self, cell: usize) -> (&'a [f64], &'a [bool]) {
        let steps = cell * self.n_steps..(cell + 1) * self.n_steps;
        (&self.values[steps.clone()], &self.observed[steps])
    }

    fn rows(self) -> impl Iterator<Item = (&'a [f64], &'a [bool])> {
        let values = self.values.chunks_exact(self.n_steps);
        values.zip(self.observed.chunks_exact(self.n_steps))
    }
}

/// What all cells of a step have in common.
struct Steps {
    mean: Vec<f64>,
    /// For each number of cells summed, step by step, the deviation of such a sum: 0 where
    /// undefined.
    spread: Vec<f64>,
    /// Cells that are observed at every step.
    complete: Vec<bool>,
}

impl Steps {
    fn of(cube: Cube, neighbours: &Neighbours) -> Self {
        let filled = |value: f64| vec![value; cube.n_steps];
        let (mut n, mut mean, mut squares) = (filled(0.0), filled(0.0), filled(0.0));
        let (mut low, mut high) = (filled(f64::INFINITY), filled(f64::NEG_INFINITY));
        let complete: Vec<bool> = cube
            .rows()
            .map(|row| row.1.iter().all(|&seen| seen))
            .collect();
        for (row, &complete) in cube.rows().zip(&complete) {
            accumulate(&mut n, row, complete, |n, _| n + 1.0);
            accumulate(&mut mean, row, complete, |sum, x| sum + x);
            accumulate(
                &mut low,
                row,
                complete,
                |low, x| if x < low { x } else { low },
            );
            accumulate(
                &mut high,
                row,
                complete,
                |high, x| if x > high { x } else { high },
            );
        }
        mean.iter_mut().zip(&n).for_each(|(sum, n)| *sum /= n);
        for (row, &complete) in cube.rows().zip(&complete) {
            deviations(&mut squares, row, complete, &mean, |x| x * x);
        }
        let most = (0..neighbours.n_cells())
            .map(|cell| neighbours.of(cell).len())
            .max();
        let spread = |t: usize, w: f64| {
            let sd = (squares[t] / n[t]).sqrt();
            let spread = sd * (w * (n[t] - w) / (n[t] - 1.0)).sqrt();
            if low[t] < high[t] && spread > 0.0 {
                spread
            } else {
                0.0
            }
        };
        let spread = (0..most.unwrap_or(0) + 2)
            .flat_map(|w| (0..cube.n_steps).map(move |t| (t, real(w))))
            .map(|(t, w)| spread(t, w))
            .collect();
        Self {
            mean,
            spread,
            complete,
        }
    }
}

/// Takes the observed numbers of one row into what has been gathered step by step.
fn accumulate(
    gathered: &mut [f64],
    (x, seen): (&[f64], &[bool]),
    complete: bool,
    with: impl Fn(f64, f64) -> f64,
) {
    let gathered = gathered.iter_mut().zip(x);
    if complete {
        gathered.for_each(|(gathered, &x)| *gathered = with(*gathered, x));
    } else {
        for ((gathered, &x), &seen) in gathered.zip(seen) {
            if seen {
                *gathered = with(*gathered, x);
            }
        }
    }
}

/// Adds what is made of the observed deviations of one row.
fn deviations(
    sums: &mut [f64],
    (x, seen): (&[f64], &[bool]),
    complete: bool,
    mean: &[f64],
    of: impl Fn(f64) -> f64,
) {
    let sums = sums.iter_mut().zip(x.iter().zip(mean));
    if complete {
        sums.for_each(|(sum, (x, mean))| *sum += of(x - mean));
    } else {
        for ((sum, (x, mean)), &seen) in sums.zip(seen) {
            if seen {
                *sum += of(x - mean);
            }
        }
    }
}

/// Sums around one cell, step by step.
struct Near {
    deviation: Vec<f64>,
    weight: Vec<usize>,
}

impl Near {
    fn of(n_steps: usize) -> Self {
        Self {
            deviation: vec![0.0; n_steps],
            weight: vec![0; n_steps],
        }
    }

    fn gather(&mut self, cube: Cube, steps: &Steps, around: &[u32], cell: usize) {
        self.deviation.fill(0.0);
        self.weight.fill(1);
        let mut always = 0;
        for other in around.iter().map(|&other| other as usize) {
            let (row, complete) = (cube.row(other), steps.complete[other]);
            deviations(&mut self.deviation, row, complete, &steps.mean, |x| x);
            if complete {
                always += 1;
            } else {
                for (weight, &seen) in self.weight.iter_mut().zip(row.1) {
                    *weight += usize::from(seen);
                }
            }
        }
        self.weight.iter_mut().for_each(|weight| *weight += always);
        let own = cube.row(cell).0.iter().zip(&steps.mean);
        for (sum, (x, mean)) in self.deviation.iter_mut().zip(own) {
            *sum = *sum + x - mean;
        }
    }

    fn standardise(&self, seen: &[bool], spread: &[f64], z: &mut [Option<f64>]) {
        let n_steps = z.len();
        let sums = self.deviation.iter().zip(&self.weight).zip(seen);
        for (t, (z, ((sum, &weight), &seen))) in z.iter_mut().zip(sums).enumerate() {
            let spread = spread[weight * n_steps + t];
            *z = (seen && spread > 0.0).then(|| sum / spread);
        }
    }
}
