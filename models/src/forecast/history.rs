use super::ForecastError;
use crate::units::same_length;

/// Whole incidents: the cell and the day of each, by day. Days are numbered from any day.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// The day reports begin: rates are per day since then.
    pub first_day: i32,
    /// The day up to which things are known; nothing on or after it may be in the history.
    pub until_day: i32,
    /// Cell of each incident.
    pub cell: &'a [u32],
    /// Day of each incident, not falling.
    pub day: &'a [i32],
    /// First day of the origins that could know of each incident: after its own day, where reports need time
    /// to arrive or a record became known late. Where it is told, features of earlier origins leave it out.
    pub seen_from: Option<&'a [i32]>,
}

impl History<'_> {
    pub(super) fn check(&self, n_cells: usize) -> Result<(), ForecastError> {
        same_length(self.cell.len(), self.day.len())?;
        if let Some(seen) = self.seen_from {
            same_length(seen.len(), self.day.len())?;
        }
        let mut before = self.first_day;
        for (index, (&cell, &day)) in self.cell.iter().zip(self.day).enumerate() {
            if cell as usize >= n_cells {
                return Err(ForecastError::Cell { index });
            }
            if day < before {
                return Err(ForecastError::Order { index });
            }
            if day >= self.until_day {
                return Err(ForecastError::Future { index });
            }
            before = day;
        }
        Ok(())
    }

    /// Whether an origin on this day can know of an incident before it.
    pub(super) fn is_seen(&self, event: usize, origin: i32) -> bool {
        self.seen_from.is_none_or(|seen| seen[event] <= origin)
    }

    /// Incidents before a day: all that an origin on that day can see.
    pub(super) fn before(&self, day: i32) -> usize {
        self.day.partition_point(|&d| d < day)
    }
}

/// The days on which forecasts are made: every `step_days` from `first_day` up to the day that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origins {
    /// The first of them; two years or more of history before it are of use.
    pub first_day: i32,
    /// Days from one to the next.
    pub step_days: i32,
    /// Days a forecast reaches: from the origin, which belongs to it, to the day before origin + horizon.
    pub horizon_days: i32,
}

impl Origins {
    /// The origins up to a day, that day included.
    pub(super) fn up_to(self, history: &History<'_>) -> Result<Vec<i32>, ForecastError> {
        let late = self.first_day > history.first_day && self.first_day <= history.until_day;
        if self.step_days < 1 || self.horizon_days < 1 || !late {
            return Err(ForecastError::Origins);
        }
        let days = self.first_day..=history.until_day;
        Ok(days
            .step_by(usize::try_from(self.step_days).unwrap_or(1))
            .collect())
    }
}
