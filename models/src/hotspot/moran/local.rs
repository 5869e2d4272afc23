use super::linked::Linked;
use super::{LocalGError, Weighting, check};
use crate::grid::Neighbours;
use crate::units::real;

/// Local Moran's I of one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalMoran {
    /// I, dimensionless: above 0 where the cell lies among its like.
    pub i: f64,
    /// Which of its like, or which of the others.
    pub quadrant: Quadrant,
}

/// Where a cell stands in the scatter of values against what lies around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quadrant {
    /// High among high: part of a hot cluster.
    HighHigh,
    /// Low among low.
    LowLow,
    /// High among low: an outlier.
    HighLow,
    /// Low among high.
    LowHigh,
    /// The cell, or what lies around it, is the mean itself.
    Neither,
}

/// Local Moran's I: which cells lie among their like, and which stand out (Anselin 1995).
///
/// ```text
/// I_i = (z_i / m2) sum_j w_ij z_j        z_i = x_i - mean        m2 = sum_i z_i^2 / n
/// ```
///
/// so that the `I_i` sum to `S0` times global I. (Where others divide by `n - 1` in `m2`, theirs is
/// `(n - 1) / n` times this.) Given `x_i`, I rises with the sum over the neighbours where
/// `x_i` is above the mean and falls with it where it is below; the conditional p-value is
/// [`local_moran_p_values`](crate::permute::local_moran_p_values).
///
/// Parameters as of [`moran`](super::moran). `None` for cells that are not observed or have no
/// observed neighbour, and for all cells where no two values differ.
///
/// # Errors
/// Lengths differ, or an observed value is not finite.
///
/// # References
/// [doi:10.1111/j.1538-4632.1995.tb00338.x](https://doi.org/10.1111/j.1538-4632.1995.tb00338.x).
pub fn local_moran(
    values: &[f64],
    observed: &[bool],
    neighbours: &Neighbours,
    weighting: Weighting,
) -> Result<Vec<Option<LocalMoran>>, LocalGError> {
    check(values, observed, neighbours)?;
    let mut all = vec![None; values.len()];
    let Some(linked) = Linked::of(values, observed, neighbours, weighting) else {
        return Ok(all);
    };
    let m2 = linked.squares / real(linked.z.len());
    for (cell, (&site, &z)) in linked.site.iter().zip(&linked.z).enumerate() {
        let lag = linked.lag(&linked.z, cell);
        all[site] = (!linked.near(cell).is_empty()).then(|| LocalMoran {
            i: z * lag / m2,
            quadrant: Quadrant::of(z, lag),
        });
    }
    Ok(all)
}

impl Quadrant {
    fn of(z: f64, lag: f64) -> Self {
        match (z > 0.0, z < 0.0, lag > 0.0, lag < 0.0) {
            (true, _, true, _) => Self::HighHigh,
            (_, true, _, true) => Self::LowLow,
            (true, _, _, true) => Self::HighLow,
            (_, true, true, _) => Self::LowHigh,
            _ => Self::Neither,
        }
    }
}
