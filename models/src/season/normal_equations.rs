/// Weighted least squares on a few columns: `X' W X b = X' r`.
#[derive(Clone)]
pub(crate) struct NormalEquations {
    /// Lower triangle of the matrix, row by row in full width.
    matrix: Vec<f64>,
    right: Vec<f64>,
    width: usize,
}

impl NormalEquations {
    pub(crate) fn new(width: usize) -> Self {
        Self {
            matrix: vec![0.0; width * width],
            right: vec![0.0; width],
            width,
        }
    }

    /// Adds one observation with its weight, and what the row is to explain already weighted.
    pub(crate) fn add(&mut self, row: &[f64], weight: f64, weighted: f64) {
        for (i, &x) in row.iter().enumerate() {
            self.right[i] += x * weighted;
            for (j, &other) in row[..=i].iter().enumerate() {
                self.matrix[i * self.width + j] += weight * x * other;
            }
        }
    }

    /// The inverse of the matrix, row by row. `None` when the columns are not independent.
    pub(crate) fn inverse(&self) -> Option<Vec<f64>> {
        let mut inverse = Vec::with_capacity(self.width * self.width);
        for unit in 0..self.width {
            let mut column = self.clone();
            column.right = vec![0.0; self.width];
            column.right[unit] = 1.0;
            inverse.extend(column.solve()?);
        }
        Some(inverse)
    }

    /// The solution by Cholesky factors. `None` when the columns are not independent.
    pub(crate) fn solve(self) -> Option<Vec<f64>> {
        self.solve_and_measure().map(|(solution, _)| solution)
    }

    /// The solution, and the logarithm of the matrix's determinant.
    pub(super) fn solve_and_measure(mut self) -> Option<(Vec<f64>, f64)> {
        let n = self.width;
        let mut ln_determinant = 0.0;
        for i in 0..n {
            let whole = self.matrix[i * n + i];
            for j in 0..=i {
                let known: f64 = (0..j)
                    .map(|k| self.matrix[i * n + k] * self.matrix[j * n + k])
                    .sum();
                let rest = self.matrix[i * n + j] - known;
                self.matrix[i * n + j] = if i > j {
                    rest / self.matrix[j * n + j]
                } else if rest > 1e-12 * whole {
                    ln_determinant += rest.ln();
                    rest.sqrt()
                } else {
                    return None;
                };
            }
        }
        for i in 0..n {
            let known: f64 = (0..i).map(|k| self.matrix[i * n + k] * self.right[k]).sum();
            self.right[i] = (self.right[i] - known) / self.matrix[i * n + i];
        }
        for i in (0..n).rev() {
            let known: f64 = (i + 1..n)
                .map(|k| self.matrix[k * n + i] * self.right[k])
                .sum();
            self.right[i] = (self.right[i] - known) / self.matrix[i * n + i];
        }
        Some((self.right, ln_determinant))
    }
}
