use super::Cube;
use super::steps::{Steps, deviations};

/// Sums around one cell, step by step.
pub(super) struct Near {
    deviation: Vec<f64>,
    weight: Vec<usize>,
}

impl Near {
    pub(super) fn of(n_steps: usize) -> Self {
        Self {
            deviation: vec![0.0; n_steps],
            weight: vec![0; n_steps],
        }
    }

    pub(super) fn scores(
        &mut self,
        cube: Cube,
        steps: &Steps,
        around: &[u32],
        cell: usize,
        z: &mut [Option<f64>],
    ) {
        self.gather(cube, steps, around, cell);
        self.standardise(cube.row(cell).1, &steps.spread, z);
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
