//! The detection window and the cell's own past, in steps.

use std::ops::Range;

use super::Input;
use super::effort::Effort;
use super::ways::Way;

/// Steps of a past year that reporting is compared with.
#[derive(Debug, Clone)]
pub(super) struct Spans {
    /// Steps of the detection window.
    pub(super) window: Range<usize>,
    /// Steps before it on which effort is logged.
    pub(super) past: Vec<usize>,
}

impl Spans {
    pub(super) fn of(input: &Input<'_>, effort: &Effort) -> Self {
        let window = usize::from(input.context.settings.window.detect_weeks);
        let window = window / usize::from(input.steps.step_weeks).max(1);
        let first = effort.n_steps.saturating_sub(window);
        Self {
            window: first..effort.n_steps,
            past: (0..first).filter(|&t| effort.is_covered[t]).collect(),
        }
    }

    /// The last of them that make a year.
    pub(super) fn last_year(&self, step_weeks: u16) -> &[usize] {
        let year = 52 / usize::from(step_weeks).max(1);
        &self.past[self.past.len().saturating_sub(year)..]
    }

    /// Mean q of every cell in the window and in its past; the past is the window where none is logged.
    pub(super) fn means(&self, n_cells: usize, q: impl Fn(usize, usize) -> f64) -> Means {
        let mean = |cell: usize, steps: &mut dyn Iterator<Item = usize>| {
            let (mut sum, mut n) = (0.0, 0.0);
            for step in steps {
                sum += q(cell, step);
                n += 1.0;
            }
            (n > 0.0).then(|| sum / n)
        };
        let of_cell = |cell: usize| {
            let window = mean(cell, &mut self.window.clone()).unwrap_or(1.0);
            let past = mean(cell, &mut self.past.iter().copied());
            (window, past.unwrap_or(window))
        };
        let (window, past) = (0..n_cells).map(of_cell).unzip();
        Means { window, past }
    }
}

/// Mean q of every cell.
#[derive(Debug, Clone)]
pub(super) struct Means {
    pub(super) window: Vec<f64>,
    pub(super) past: Vec<f64>,
}

impl Means {
    /// As published: of all effort.
    pub(super) fn all(spans: &Spans, n_cells: usize, way: &Way, effort: &Effort) -> Self {
        spans.means(n_cells, |cell, step| way.q(effort, cell, step))
    }

    /// As risk needs it.
    pub(super) fn for_risk(spans: &Spans, n_cells: usize, way: &Way, effort: &Effort) -> Self {
        spans.means(n_cells, |cell, step| way.q_for_risk(effort, cell, step))
    }

    /// What reports of a cell are multiplied by for its effort alone.
    pub(super) fn change(&self, cell: usize) -> f64 {
        self.window[cell] / self.past[cell]
    }
}
