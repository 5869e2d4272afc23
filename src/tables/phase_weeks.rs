//! Which phase of the season each week belongs to.

use crate::base::day::Week;

/// Phases of the weeks of the history and of the window, by the mission's card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseWeeks {
    /// The first week.
    pub first: Week,
    /// Number of the phase, week by week.
    pub phase: Vec<usize>,
}

impl PhaseWeeks {
    /// The phase of a week; none outside.
    #[must_use]
    pub fn phase(&self, week: Week) -> Option<usize> {
        let at = usize::try_from(week.0 - self.first.0).ok()?;
        self.phase.get(at).copied()
    }

    /// The season block of every week: weeks of one phase that follow each other, no more than
    /// `most_weeks` of them, since within a long phase places have seasons of their own. The same phase
    /// of another year is another block.
    #[must_use]
    pub fn blocks(&self, most_weeks: usize) -> Vec<u32> {
        let (mut block, mut length) = (0, 0);
        let mut last = None;
        let mut blocks = Vec::with_capacity(self.phase.len());
        for &phase in &self.phase {
            let ends = last.is_some_and(|last| last != phase) || length >= most_weeks;
            (block, length) = if ends {
                (block + 1, 1)
            } else {
                (block, length + 1)
            };
            last = Some(phase);
            blocks.push(block);
        }
        blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_phase_of_another_year_is_another_block() {
        let weeks = PhaseWeeks {
            first: Week(100),
            phase: vec![2, 2, 0, 1, 1, 2, 0],
        };
        assert_eq!(weeks.blocks(4), [0, 0, 1, 2, 2, 3, 4]);
        assert_eq!(weeks.blocks(1), [0, 1, 2, 3, 4, 5, 6]);
        let long = PhaseWeeks {
            phase: vec![0; 5],
            ..weeks.clone()
        };
        assert_eq!(long.blocks(2), [0, 0, 1, 1, 2]);
        assert_eq!(weeks.phase(Week(101)), Some(2));
        assert_eq!(weeks.phase(Week(99)), None);
        assert_eq!(weeks.phase(Week(107)), None);
    }
}
