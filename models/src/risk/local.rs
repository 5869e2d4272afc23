use rayon::prelude::*;

use super::fit::{FitError, fit, pairs};
use super::poisson_gamma::{GammaPosterior, GammaPrior};
use crate::grid::Neighbours;
use crate::units::same_length;

/// Cells with an expectation, itself included, that a neighbourhood needs for a prior of its own.
pub const LOCAL_CELLS_MIN: usize = 7;

/// Where the prior of a cell is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriorBasis {
    /// From the cell and those around it.
    Neighbourhood,
    /// From all cells: around this one there are too few, or nothing was counted.
    All,
}

/// What is known of one cell's relative risk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalRisk {
    /// The prior before the cell's own count.
    pub prior: GammaPrior,
    /// Where it is from.
    pub basis: PriorBasis,
    /// Relative risk after it.
    pub posterior: GammaPosterior,
}

/// Poisson-gamma smoothing in which each cell borrows strength from those around it (Clayton &
/// Kaldor 1987; Marshall 1991 for the neighbourhood).
///
/// The prior of a cell is [`GammaPrior::fit`] on the cell and its neighbours, where at least
/// [`LOCAL_CELLS_MIN`] of them have an expectation above 0 and something was counted in them; else
/// it is the prior of all cells. The posterior is that of the cell's own count. Relative risk is
/// dimensionless. A cell's count speaks in its own prior as well, as in every empirical Bayes
/// method; the fewer the cells, the louder.
///
/// - `counts`, `expected`: as for [`GammaPrior::fit`]; expectation 0 means not looked at.
/// - `neighbours`: who lends strength, such as all cells within two steps. Where strength must not
///   cross a border or a front line, leave those links out.
///
/// # Errors
/// Those of [`GammaPrior::fit`] on all cells; not one count per cell of the grid.
///
/// # References
/// [doi:10.2307/2532003](https://doi.org/10.2307/2532003),
/// [doi:10.2307/2347593](https://doi.org/10.2307/2347593).
pub fn local_risk(
    counts: &[f64],
    expected: &[f64],
    neighbours: &Neighbours,
) -> Result<Vec<LocalRisk>, FitError> {
    same_length(neighbours.n_cells(), counts.len())?;
    let all = fit(counts, expected)?.prior;
    let around = |cell: usize| {
        let near = neighbours.of(cell).iter().map(|&other| other as usize);
        let cells: Vec<usize> = near.chain([cell]).collect();
        let [counts, expected] =
            [counts, expected].map(|of| cells.iter().map(|&j| of[j]).collect::<Vec<f64>>());
        let known = pairs(&counts, &expected).ok()?.len();
        let fitted = (known >= LOCAL_CELLS_MIN).then(|| fit(&counts, &expected).ok())?;
        fitted.map(|fitted| fitted.prior)
    };
    (0..counts.len())
        .into_par_iter()
        .map(|cell| {
            let (prior, basis) = match around(cell) {
                Some(prior) => (prior, PriorBasis::Neighbourhood),
                None => (all, PriorBasis::All),
            };
            let posterior = prior.posterior(counts[cell], expected[cell]);
            let posterior =
                posterior.map_err(|fault| FitError::Observation { index: cell, fault })?;
            Ok(LocalRisk {
                prior,
                basis,
                posterior,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{close, lattice, line};

    #[test]
    fn a_neighbourhood_of_all_cells_is_the_global_method() {
        let n = 9_u32;
        let lists: Vec<Vec<u32>> = (0..n)
            .map(|i| (0..n).filter(|&j| j != i).collect())
            .collect();
        let graph = Neighbours::from_lists(&lists).unwrap();
        let counts = [4.0, 0.0, 1.0, 7.0, 2.0, 0.0, 3.0, 1.0, 9.0];
        let expected = [2.0, 1.0, 1.5, 3.0, 2.5, 0.5, 2.0, 2.0, 4.0];
        let all = GammaPrior::fit(&counts, &expected).unwrap().prior;
        for (i, risk) in local_risk(&counts, &expected, &graph)
            .unwrap()
            .iter()
            .enumerate()
        {
            assert_eq!(risk.basis, PriorBasis::Neighbourhood);
            close(risk.prior.shape(), all.shape(), 1e-6);
            let posterior = all.posterior(counts[i], expected[i]).unwrap();
            close(risk.posterior.mean(), posterior.mean(), 1e-6);
        }
    }

    #[test]
    fn too_few_or_too_quiet_neighbours_fall_back_on_all() {
        let mut counts = vec![0.0; 100];
        counts[..40]
            .iter_mut()
            .enumerate()
            .for_each(|(i, y)| *y = [1.0, 4.0, 0.0][i % 3]);
        let expected = vec![1.0; 100];
        let all = GammaPrior::fit(&counts, &expected).unwrap().prior;
        let risks = local_risk(&counts, &expected, &line(100)).unwrap();
        assert!(
            risks
                .iter()
                .all(|risk| risk.basis == PriorBasis::All && risk.prior == all)
        );
        let grid = crate::grid::Grid::new(crate::testing::disk(5)).unwrap();
        let ring = Neighbours::ring(&grid, 1);
        let mut counts = vec![0.0; grid.len()];
        counts[..40].fill(2.0);
        let risks = local_risk(&counts, &vec![1.0; grid.len()], &ring).unwrap();
        for (cell, risk) in risks.iter().enumerate() {
            let near = ring.of(cell);
            let events = counts[cell] + near.iter().map(|&j| counts[j as usize]).sum::<f64>();
            let own = near.len() == 6 && events > 0.0;
            assert_eq!(risk.basis == PriorBasis::Neighbourhood, own);
        }
    }

    #[test]
    fn a_cell_is_drawn_to_its_own_region() {
        // Left half at half the expectation, right half at three times.
        let counts: Vec<f64> = (0..200)
            .map(|i| f64::from(if i % 20 < 10 { i % 2 } else { 2 + i % 3 }))
            .collect();
        let expected = vec![1.0; 200];
        let lists: Vec<Vec<u32>> = (0..200_u32)
            .map(|i| {
                let near = |j: &u32| {
                    *j != i && (i % 20).abs_diff(*j % 20) <= 1 && (i / 20).abs_diff(*j / 20) <= 1
                };
                (0..200).filter(near).collect()
            })
            .collect();
        let graph = Neighbours::from_lists(&lists).unwrap();
        let risks = local_risk(&counts, &expected, &graph).unwrap();
        assert!((0.2..0.8).contains(&risks[105].prior.mean()));
        assert!((2.5..3.5).contains(&risks[115].prior.mean()));
        assert!(risks[105].posterior.mean() < risks[115].posterior.mean());
    }

    #[test]
    fn faults_name_the_cell() {
        let graph = lattice(2, 1);
        assert!(local_risk(&[1.0], &[1.0], &graph).is_err());
        let fault = local_risk(&[1.0, 1.0], &[1.0, 0.0], &graph).unwrap_err();
        assert!(matches!(fault, FitError::Observation { index: 1, .. }));
        assert_eq!(
            local_risk(&[0.0; 2], &[1.0; 2], &graph),
            Err(FitError::NoCount)
        );
    }
}
