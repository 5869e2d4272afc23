//! Reports of each past year, by phase: how far years differ beyond chance is learnt from them.

use forewarn_models::season::{PastYears, year_variance};

use crate::base::error::{Error, Result};
use crate::base::fixed;

/// Counts of every cell in each past run of weeks of one phase.
#[derive(Debug, Clone)]
pub(super) struct Years {
    n_cells: usize,
    /// For each past week its phase, and which of the phase's runs it lies in.
    run_of: Vec<(usize, usize)>,
    phases: Vec<PhaseYears>,
}

#[derive(Debug, Clone, Default)]
struct PhaseYears {
    /// Weeks of each run.
    weeks: Vec<f64>,
    /// Fixed-point incidents, run by run: whole numbers, so that their order cannot matter.
    e12: Vec<i64>,
}

impl Years {
    /// From the phase of each past week, in order. A phase that goes on past New Year is one run.
    pub(super) fn new(phase_of: &[usize], n_phases: usize, n_cells: usize) -> Self {
        let mut phases = vec![PhaseYears::default(); n_phases];
        let mut run_of = Vec::with_capacity(phase_of.len());
        let mut before = None;
        for &phase in phase_of {
            let years = &mut phases[phase];
            if before != Some(phase) {
                years.weeks.push(0.0);
            }
            let run = years.weeks.len() - 1;
            years.weeks[run] += 1.0;
            run_of.push((phase, run));
            before = Some(phase);
        }
        for years in &mut phases {
            years.e12 = vec![0; years.weeks.len() * n_cells];
        }
        Self {
            n_cells,
            run_of,
            phases,
        }
    }

    /// Adds incidents of a cell in a week, counted from the first past one. What is of the window is not
    /// of the past.
    pub(super) fn add(&mut self, week: usize, cell: usize, e12: i64) {
        if let Some(&(phase, run)) = self.run_of.get(week) {
            self.phases[phase].e12[run * self.n_cells + cell] += e12;
        }
    }

    /// Variance of the factor of a year; none where the past is too short or too empty to tell.
    pub(super) fn variance(&self) -> Result<Option<f64>> {
        let counts: Vec<Vec<f64>> = self
            .phases
            .iter()
            .map(|p| p.by_cell(self.n_cells))
            .collect();
        let phases: Vec<PastYears<'_>> = self
            .phases
            .iter()
            .zip(&counts)
            .map(|(years, counts)| PastYears {
                counts,
                exposure: &years.weeks,
            })
            .collect();
        year_variance(&phases).map_err(Error::statistic("season"))
    }
}

impl PhaseYears {
    fn by_cell(&self, n_cells: usize) -> Vec<f64> {
        let runs = 0..self.weeks.len();
        let row = |cell: usize| {
            let count = move |run: usize| fixed::incidents(self.e12[run * n_cells + cell]);
            runs.clone().map(count)
        };
        (0..n_cells).flat_map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A report, in fixed point.
    const ONE: i64 = 1_000_000_000_000;

    #[test]
    fn runs_of_a_phase_are_its_years_and_the_window_is_none() {
        let mut years = Years::new(&[0, 0, 1, 1, 1, 0, 1], 2, 3);
        assert_eq!(years.phases[0].weeks, [2.0, 1.0]);
        assert_eq!(years.phases[1].weeks, [3.0, 1.0]);
        years.add(1, 2, ONE);
        years.add(3, 2, ONE);
        years.add(4, 2, 2 * ONE);
        years.add(6, 0, ONE);
        years.add(7, 1, ONE);
        assert_eq!(years.phases[0].by_cell(3), [0.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        assert_eq!(years.phases[1].by_cell(3), [0.0, 1.0, 0.0, 0.0, 3.0, 0.0]);
    }

    #[test]
    fn years_that_differ_are_told_from_years_that_do_not_and_from_no_years() {
        let variance = |counts: [i64; 4]| {
            let mut years = Years::new(&[0, 1, 0, 1, 0, 1, 0, 1], 2, 1);
            for (year, count) in counts.into_iter().enumerate() {
                years.add(2 * year, 0, count * ONE);
            }
            years.variance().unwrap()
        };
        assert_eq!(variance([6, 6, 7, 5]), Some(0.0));
        assert!(variance([0, 20, 1, 3]).unwrap() > 0.3);
        assert_eq!(variance([0, 1, 0, 0]), None, "one report is of some year");
    }
}
