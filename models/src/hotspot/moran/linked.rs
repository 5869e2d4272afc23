use super::Weighting;
use crate::grid::Neighbours;
use crate::units::{compact, real};

/// The observed cells alone, renumbered, with their deviations and their links.
pub(super) struct Linked {
    /// Position of each observed cell in the grid.
    pub(super) site: Vec<usize>,
    /// Value less the mean.
    pub(super) z: Vec<f64>,
    /// Sum of the squares of these.
    pub(super) squares: f64,
    /// Sum of all weights.
    pub(super) s0: f64,
    /// What a link of each cell weighs.
    weight: Vec<f64>,
    /// Observed neighbours of each cell, compressed rows.
    offsets: Vec<usize>,
    indices: Vec<u32>,
}

impl Linked {
    /// `None` where no two values differ.
    pub(super) fn of(
        values: &[f64],
        observed: &[bool],
        neighbours: &Neighbours,
        weighting: Weighting,
    ) -> Option<Self> {
        let site: Vec<usize> = (0..values.len()).filter(|&cell| observed[cell]).collect();
        let first = values[*site.first()?];
        let differs = |&cell: &usize| (values[cell] - first).abs() > 0.0;
        if !site.iter().any(differs) {
            return None;
        }
        let mut number = vec![u32::MAX; values.len()];
        site.iter()
            .enumerate()
            .for_each(|(new, &old)| number[old] = compact(new));
        let (mut offsets, mut indices) = (vec![0], Vec::new());
        for &cell in &site {
            let near = neighbours.of(cell).iter().map(|&j| number[j as usize]);
            indices.extend(near.filter(|&j| j != u32::MAX));
            offsets.push(indices.len());
        }
        let mean = site.iter().map(|&cell| values[cell]).sum::<f64>() / real(site.len());
        let z: Vec<f64> = site.iter().map(|&cell| values[cell] - mean).collect();
        let degrees = offsets.windows(2).map(|ends| ends[1] - ends[0]);
        let weight: Vec<f64> = match weighting {
            Weighting::Binary => vec![1.0; z.len()],
            Weighting::RowStandardised => degrees.map(|c| 1.0 / real(c.max(1))).collect(),
        };
        let mut linked = Self {
            squares: z.iter().map(|z| z * z).sum(),
            s0: 0.0,
            site,
            z,
            weight,
            offsets,
            indices,
        };
        linked.s0 = (0..linked.z.len()).map(|cell| linked.row_sum(cell)).sum();
        Some(linked)
    }

    pub(super) fn near(&self, cell: usize) -> &[u32] {
        &self.indices[self.offsets[cell]..self.offsets[cell + 1]]
    }

    fn row_sum(&self, cell: usize) -> f64 {
        self.weight[cell] * real(self.near(cell).len())
    }

    /// Weighted sum of deviations over the neighbours of one cell.
    pub(super) fn lag(&self, z: &[f64], cell: usize) -> f64 {
        let sum: f64 = self.near(cell).iter().map(|&j| z[j as usize]).sum();
        self.weight[cell] * sum
    }

    /// `sum_i sum_j w_ij z_i z_j` for deviations dealt out in any way.
    pub(super) fn cross_products(&self, z: &[f64]) -> f64 {
        (0..z.len()).map(|cell| z[cell] * self.lag(z, cell)).sum()
    }

    pub(super) fn s1_and_s2(&self) -> (f64, f64) {
        let weight = |j: &u32| self.weight[*j as usize];
        let cells = 0..self.z.len();
        let pairs = |cell: usize| {
            let both = |j: &u32| (self.weight[cell] + weight(j)).powi(2);
            self.near(cell).iter().map(both).sum::<f64>()
        };
        let ends = |cell: usize| {
            let column: f64 = self.near(cell).iter().map(weight).sum();
            (self.row_sum(cell) + column).powi(2)
        };
        let s1 = cells.clone().map(pairs).sum::<f64>() / 2.0;
        (s1, cells.map(ends).sum())
    }
}
