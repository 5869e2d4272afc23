use thiserror::Error;

/// A day of every year. 29 February is one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: u8,
    day: u8,
}

/// A month or day that no year has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidMonthDay {
    /// Not a month.
    #[error("month {month}, must be 1..=12")]
    Month {
        /// What was given.
        month: u8,
    },
    /// Not a day of that month.
    #[error("day {day} of month {month}, must be 1..={last}")]
    Day {
        /// The month.
        month: u8,
        /// What was given.
        day: u8,
        /// Last day of the month in a leap year.
        last: u8,
    },
}

impl MonthDay {
    /// Checks a month (1..=12) and a day of it.
    ///
    /// # Errors
    /// No such month, or no such day in any year.
    pub const fn new(month: u8, day: u8) -> Result<Self, InvalidMonthDay> {
        let last = match month {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return Err(InvalidMonthDay::Month { month }),
        };
        if day >= 1 && day <= last {
            Ok(Self { month, day })
        } else {
            Err(InvalidMonthDay::Day { month, day, last })
        }
    }

    /// Month, 1..=12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// Day of the month, 1..=31.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }
}

/// A named part of the year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// What it is called.
    pub name: String,
    /// Its first day; it lasts until the next phase begins.
    pub first_day: MonthDay,
}

/// A year divided into phases. The last phase runs over New Year until the first one begins.
///
/// ```
/// use forewarn_models::season::{Calendar, MonthDay, Phase};
/// let phase = |name: &str, month, day| {
///     MonthDay::new(month, day).map(|first_day| Phase { name: name.to_owned(), first_day })
/// };
/// let calendar = Calendar::new(vec![phase("wet", 5, 15)?, phase("dry", 11, 1)?])?;
/// assert_eq!(calendar.phases()[calendar.phase_of(1, 1)].name, "dry");
/// assert_eq!(calendar.phases()[calendar.phase_of(5, 15)].name, "wet");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    phases: Vec<Phase>,
}

/// Phases that do not divide a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// No phase.
    #[error("a calendar needs at least one phase")]
    Empty,
    /// A phase that begins before the one above it.
    #[error("phase {index} begins before the one above it")]
    Order {
        /// Position in the list.
        index: usize,
    },
    /// Two phases with one first day.
    #[error("phase {index} begins on the same day as the one above it")]
    DuplicateDay {
        /// Position of the second.
        index: usize,
    },
    /// Two phases with one name.
    #[error("phase {index} has the name of one above it")]
    DuplicateName {
        /// Position of the second.
        index: usize,
    },
}

impl Calendar {
    /// Checks that the phases are in the order of the year and differ in day and name.
    ///
    /// # Errors
    /// No phase, phases out of order, or a day or name used twice.
    pub fn new(phases: Vec<Phase>) -> Result<Self, CalendarError> {
        if phases.is_empty() {
            return Err(CalendarError::Empty);
        }
        for (index, phase) in phases.iter().enumerate().skip(1) {
            let above = &phases[..index];
            if phase.first_day < above[index - 1].first_day {
                return Err(CalendarError::Order { index });
            }
            if phase.first_day == above[index - 1].first_day {
                return Err(CalendarError::DuplicateDay { index });
            }
            if above.iter().any(|other| other.name == phase.name) {
                return Err(CalendarError::DuplicateName { index });
            }
        }
        Ok(Self { phases })
    }

    /// The phases in the order of the year.
    #[must_use]
    pub fn phases(&self) -> &[Phase] {
        &self.phases
    }

    /// Position of the phase that holds a day of the year.
    ///
    /// Days are compared as (month, day) and not checked: give it those of a date.
    #[must_use]
    pub fn phase_of(&self, month: u8, day: u8) -> usize {
        let day = MonthDay { month, day };
        let begun = self.phases.partition_point(|phase| phase.first_day <= day);
        begun.checked_sub(1).unwrap_or(self.phases.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(starts: &[(&str, u8, u8)]) -> Result<Calendar, CalendarError> {
        let phase = |&(name, month, day): &(&str, u8, u8)| Phase {
            name: name.to_owned(),
            first_day: MonthDay::new(month, day).unwrap(),
        };
        Calendar::new(starts.iter().map(phase).collect())
    }

    #[test]
    fn the_last_phase_runs_over_new_year() {
        let calendar = calendar(&[("return", 3, 1), ("rains", 6, 15), ("entry", 11, 1)]).unwrap();
        let phase = |month, day| calendar.phase_of(month, day);
        assert_eq!(
            [phase(1, 1), phase(2, 29), phase(12, 31), phase(11, 1)],
            [2; 4]
        );
        assert_eq!([phase(3, 1), phase(6, 14)], [0; 2]);
        assert_eq!([phase(6, 15), phase(10, 31)], [1; 2]);
    }

    #[test]
    fn one_phase_is_the_whole_year() {
        let calendar = calendar(&[("year", 2, 29)]).unwrap();
        assert!((1..=12).all(|month| calendar.phase_of(month, 28) == 0));
    }

    #[test]
    fn phases_must_follow_the_year_and_differ() {
        assert_eq!(calendar(&[]), Err(CalendarError::Empty));
        assert_eq!(
            calendar(&[("a", 5, 1), ("b", 4, 30)]),
            Err(CalendarError::Order { index: 1 })
        );
        assert_eq!(
            calendar(&[("a", 5, 1), ("b", 5, 1)]),
            Err(CalendarError::DuplicateDay { index: 1 })
        );
        assert_eq!(
            calendar(&[("a", 5, 1), ("a", 6, 1)]),
            Err(CalendarError::DuplicateName { index: 1 })
        );
    }

    #[test]
    fn days_that_no_year_has_are_refused() {
        assert_eq!(
            MonthDay::new(13, 1),
            Err(InvalidMonthDay::Month { month: 13 })
        );
        let error = MonthDay::new(2, 30).unwrap_err();
        assert_eq!(error.to_string(), "day 30 of month 2, must be 1..=29");
        assert!(MonthDay::new(4, 0).is_err() && MonthDay::new(4, 31).is_err());
    }
}
