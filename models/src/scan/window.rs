use crate::units::compact;

/// Which stretches of time a cylinder may span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Windows {
    /// All steps together: a purely spatial scan.
    Spatial,
    /// The last step and up to `max_steps` in all: what is going on now.
    Prospective {
        /// Longest window, in steps.
        max_steps: usize,
    },
    /// Every stretch of up to `max_steps` steps: what has ever gone on.
    Retrospective {
        /// Longest window, in steps.
        max_steps: usize,
    },
}

/// Windows as differences of running sums over time.
///
/// Running sums go back from the last step (prospective) or on from the first (retrospective).
/// Each has a slot; a window is one slot, or one less an earlier one.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    windows: Windows,
    n_steps: usize,
    pub(super) n_slots: usize,
    pub(super) spans: Vec<Span>,
}

/// The running sum of slot `to`, less that of slot `from` if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Option<u32>,
    pub(super) to: u32,
}

impl Frame {
    /// `None` when a window is to have no step or more than there are.
    pub(super) fn new(windows: Windows, n_steps: usize) -> Option<Self> {
        let span = |from: Option<usize>, to| Span {
            from: from.map(compact),
            to: compact(to),
        };
        let valid = |max_steps| (1..=n_steps).contains(&max_steps);
        let (n_slots, spans) = match windows {
            Windows::Spatial if n_steps > 0 => (1, vec![span(None, 0)]),
            Windows::Prospective { max_steps } if valid(max_steps) => {
                let spans = (0..max_steps).map(|to| span(None, to)).collect();
                (max_steps, spans)
            }
            Windows::Retrospective { max_steps } if valid(max_steps) => {
                let ending = |to: usize| {
                    (1..=max_steps.min(to + 1)).map(move |length| span(to.checked_sub(length), to))
                };
                (n_steps, (0..n_steps).flat_map(ending).collect())
            }
            _ => return None,
        };
        Some(Self {
            windows,
            n_steps,
            n_slots,
            spans,
        })
    }

    /// Whether every slot is a window, and every window a slot.
    pub(super) const fn nested(&self) -> bool {
        !matches!(self.windows, Windows::Retrospective { .. })
    }

    /// The slot to which a step first belongs; none for steps before every window.
    pub(super) fn slot(&self, step: usize) -> Option<usize> {
        let slot = match self.windows {
            Windows::Spatial => 0,
            Windows::Prospective { .. } => self.n_steps - 1 - step,
            Windows::Retrospective { .. } => step,
        };
        (slot < self.n_slots).then_some(slot)
    }

    /// First and last step of a window.
    pub(super) fn steps(&self, span: Span) -> (usize, usize) {
        let to = span.to as usize;
        match self.windows {
            Windows::Spatial => (0, self.n_steps - 1),
            Windows::Prospective { .. } => (self.n_steps - 1 - to, self.n_steps - 1),
            Windows::Retrospective { .. } => (span.from.map_or(0, |from| from as usize + 1), to),
        }
    }
}
