//! Whether the areas that a scan raised would be raised had the reports been placed otherwise.

use std::collections::BTreeMap;

use forewarn_models::rank::Placement;
use forewarn_models::scan::{expectation_llr, negative_binomial_llr};

use super::super::{Again, Input, Night};
use super::window::{FEWEST_REPORTS, Window};

/// The parameter that tells from which score on an area is raised.
pub(super) const RAISED_ABOVE: &str = "raised_above";

/// Below this excess of the variance over the mean, relative to it, the score is Poisson's.
const NEARLY_POISSON: f64 = 1e-9;

/// The score that an area must exceed: as many maxima of the null may reach it as its p-value allows. Where the
/// recurrence asks for less than the level that the family of alarms leaves (below some 60 days), the night itself was
/// stricter than this.
pub(super) fn raised_above(maxima: &[f64], recurrence_days: u32) -> f64 {
    let mut maxima = maxima.to_vec();
    maxima.sort_by(|a, b| b.total_cmp(a));
    let may_reach = (maxima.len() + 1) / recurrence_days as usize;
    let at = may_reach.max(1) - 1;
    maxima.get(at).copied().unwrap_or(f64::INFINITY)
}

/// Each raised area by itself, over its best window: other areas are not searched again.
pub(super) fn again<'a>(input: &'a Input<'a>, night: &Night<'_>) -> Option<Again<'a>> {
    let raised_above: f64 = night.record.parameters.get(RAISED_ABOVE)?.parse().ok()?;
    let window = Window::of(input);
    let areas = areas(night);
    let n_cells = input.expected.len();
    Some(Box::new(move |placement| {
        let mut hot = vec![false; n_cells];
        for area in &areas {
            if window.highest(area, placement) > raised_above {
                for &cell in area {
                    hot[cell] = true;
                }
            }
        }
        Ok(hot)
    }))
}

/// Cells of each raised area.
fn areas(night: &Night<'_>) -> Vec<Vec<usize>> {
    let mut areas: BTreeMap<Option<u8>, Vec<usize>> = BTreeMap::new();
    let hot = night.hot();
    for cell in (0..hot.len()).filter(|&cell| hot[cell]) {
        areas.entry(night.area(cell)).or_default().push(cell);
    }
    areas.into_values().collect()
}

impl Window {
    /// The highest score of an area over the last one, two ... steps.
    fn highest(&self, area: &[usize], placement: &Placement) -> f64 {
        let ratio = self.variance_to_mean();
        let score = |first_step: usize| {
            let counts = area
                .iter()
                .map(|&cell| placement.testifying_since(cell, first_step));
            let count: u32 = counts.sum();
            let cells = area
                .iter()
                .map(|&cell| &self.expected[cell * self.n_steps..(cell + 1) * self.n_steps]);
            let expected: f64 = cells.flat_map(|steps| &steps[first_step..]).sum();
            let cases = u64::from(count);
            let llr = if ratio > 1.0 + NEARLY_POISSON {
                negative_binomial_llr(cases, expected, ratio)
            } else {
                expectation_llr(cases, expected)
            };
            llr.filter(|_| count >= FEWEST_REPORTS).unwrap_or_default()
        };
        (0..self.n_steps).map(score).fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_raised_above_the_maxima_that_its_p_value_allows() {
        let maxima: Vec<f64> = (1..1000).map(f64::from).collect();
        // p <= 1/365: (1 + k) / 1000 with one maximum of the null reaching it at most.
        assert!((raised_above(&maxima, 365) - 998.0).abs() < f64::EPSILON);
        assert!((raised_above(&maxima, 1000) - 999.0).abs() < f64::EPSILON);
        assert!((raised_above(&maxima, 20) - 950.0).abs() < f64::EPSILON);
    }
}
