use thiserror::Error;

use crate::units::real;

/// Events of one place over a span of days, and how many the season alone would bring.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    times: Vec<f64>,
    season: Vec<f64>,
}

/// Events that are no history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HistoryError {
    /// An event before the one in front of it, or at the same time.
    #[error("event {index} must come after the one before it")]
    Order {
        /// Its position.
        index: usize,
    },
    /// An event not within the days of the season.
    #[error("event {index} must be within the days of the season")]
    Outside {
        /// Its position.
        index: usize,
    },
    /// A season negative or not finite.
    #[error("the season of day {day} must be finite and at least 0")]
    Season {
        /// The day, from 0.
        day: usize,
    },
    /// An event on a day on which the season expects none.
    #[error("event {index} lies on a day on which the season expects none")]
    Unexpected {
        /// Its position.
        index: usize,
    },
}

impl History {
    /// Events at `times` in days from the start, over as many days as `season` has.
    ///
    /// `season` is the background of each day `[d, d + 1)` relative to the others, in any unit: the
    /// movable season times the reporting effort. What it leaves out is read as contagion. For
    /// dates exact to a day, see [`times_of_days`].
    ///
    /// # Errors
    /// Times that do not ascend or lie outside; a season that cannot be; an event on a day with
    /// season 0.
    pub fn new(times: Vec<f64>, season: Vec<f64>) -> Result<Self, HistoryError> {
        let faulty = |value: &f64| !(value.is_finite() && *value >= 0.0);
        if let Some(day) = season.iter().position(faulty) {
            return Err(HistoryError::Season { day });
        }
        for (index, &time) in times.iter().enumerate() {
            if !(time >= 0.0 && time < real(season.len())) {
                return Err(HistoryError::Outside { index });
            }
            if index > 0 && time <= times[index - 1] {
                return Err(HistoryError::Order { index });
            }
            if season[day(time)] <= 0.0 {
                return Err(HistoryError::Unexpected { index });
            }
        }
        Ok(Self { times, season })
    }

    /// Days from the start of each event.
    #[must_use]
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// Length in days.
    #[must_use]
    pub fn days(&self) -> f64 {
        real(self.season.len())
    }

    /// The season at a time. `None` outside the history.
    #[must_use]
    pub fn season(&self, time: f64) -> Option<f64> {
        (time >= 0.0)
            .then(|| self.season.get(day(time)).copied())
            .flatten()
    }

    /// The season summed over all days.
    pub(super) fn season_sum(&self) -> f64 {
        self.season.iter().sum()
    }

    /// The season at each event.
    pub(super) fn seasons(&self) -> Vec<f64> {
        self.times
            .iter()
            .map(|&time| self.season[day(time)])
            .collect()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time is at least 0, and one beyond any day is in no list"
)]
fn day(time: f64) -> usize {
    time as usize
}

/// Times of events known to the day: those of one day are spread evenly over it.
///
/// `k` events of day `d` come at `d + (r - 1/2) / k`, `r = 1..=k`, in ascending order. Without
/// this, events of one day would have no order, or excite each other at once.
#[must_use]
pub fn times_of_days(days: &[u32]) -> Vec<f64> {
    let mut days = days.to_vec();
    days.sort_unstable();
    let spread = |day: &[u32]| {
        let (start, k) = (f64::from(day[0]), real(day.len()));
        let times = (0..day.len()).map(move |r| start + (real(r) + 0.5) / k);
        times.collect::<Vec<f64>>()
    };
    days.chunk_by(|a, b| a == b).flat_map(spread).collect()
}
