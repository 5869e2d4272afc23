use super::Cube;
use crate::grid::Neighbours;
use crate::units::real;

/// What all cells of a step have in common.
pub(super) struct Steps {
    pub(super) mean: Vec<f64>,
    /// For each number of cells summed, step by step, the deviation of such a sum: 0 where
    /// undefined.
    pub(super) spread: Vec<f64>,
    /// Cells that are observed at every step.
    pub(super) complete: Vec<bool>,
}

impl Steps {
    pub(super) fn of(cube: Cube, neighbours: &Neighbours) -> Self {
        let filled = |value: f64| vec![value; cube.n_steps];
        let (mut n, mut mean, mut squares) = (filled(0.0), filled(0.0), filled(0.0));
        let (mut low, mut high) = (filled(f64::INFINITY), filled(f64::NEG_INFINITY));
        let always = |cell| cube.row(cell).1.iter().all(|&seen| seen);
        let complete: Vec<bool> = (0..neighbours.n_cells()).map(always).collect();
        for (row, &complete) in cube.rows().zip(&complete) {
            accumulate(&mut n, row, complete, |n, _| n + 1.0);
            accumulate(&mut mean, row, complete, |sum, x| sum + x);
            accumulate(&mut low, row, complete, f64::min);
            accumulate(&mut high, row, complete, f64::max);
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
pub(super) fn deviations(
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
