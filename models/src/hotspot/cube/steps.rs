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
        for ((x, seen), &complete) in cube.rows().zip(&complete) {
            let steps = mean.iter_mut().zip(&mut low).zip(&mut high).zip(x);
            let take = |(((sum, low), high), &x): (((&mut f64, &mut f64), &mut f64), &f64)| {
                *sum += x;
                *low = if x < *low { x } else { *low };
                *high = if x > *high { x } else { *high };
            };
            if complete {
                steps.for_each(take);
            } else {
                let seen_steps = steps.zip(seen).filter(|&(_, &seen)| seen);
                seen_steps.for_each(|(step, _)| take(step));
                n.iter_mut()
                    .zip(seen)
                    .filter(|&(_, &seen)| seen)
                    .for_each(|(n, _)| *n += 1.0);
            }
        }
        let always = real(complete.iter().filter(|&&complete| complete).count());
        for n in &mut n {
            *n += always;
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
