use thiserror::Error;

use super::Farrington;

/// What [`Farrington::judge`] looks back at, and when it speaks.
///
/// | field | usual | range |
/// |---|---|---|
/// | `period` | 52 | steps of a year, more than `2 * half_window` |
/// | `years_back` | 5 | at least 1; a trend needs 3 |
/// | `half_window` | 3 | steps either side |
/// | `season_levels` | 10 | 1, or 2 to `period - 2 * half_window` |
/// | `steps_left_out` | 26 | latest steps that are no past yet |
/// | `reweight_above` | 2.58 | above 0; `None` leaves past outbreaks as they are |
/// | `trend_p` | 0.05 | 0..=1; `None` asks for no trend |
/// | `alpha` | 0.005 | above 0, below 1 |
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FarringtonParams {
    /// Steps after which the season returns.
    pub period: usize,
    /// Past years looked at.
    pub years_back: usize,
    /// Steps before and after the same step of a past year.
    pub half_window: usize,
    /// Levels of the season: 1 looks at the windows around the same step of past years only; with more,
    /// the rest of each year is cut into one part less, and every part has a level of its own.
    pub season_levels: usize,
    /// Steps right before the one judged that are left out, so that an outbreak that has begun
    /// does not hide itself.
    pub steps_left_out: usize,
    /// Anscombe residual above which a past count weighs less.
    pub reweight_above: Option<f64>,
    /// P-value below which a trend is believed.
    pub trend_p: Option<f64>,
    /// Chance that a count exceeds the threshold though nothing changed.
    pub alpha: f64,
}

/// The part of the year that holds the windows.
pub(super) const WINDOW: usize = 0;

/// Parameters with which nothing can be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidFarrington {
    /// No year to look at.
    #[error("years_back must be at least 1")]
    YearsBack,
    /// Windows of neighbouring years touch.
    #[error("period must exceed two half windows")]
    Period,
    /// No level, or more than there are steps for.
    #[error("season_levels must be at least 1, and leave each a step outside the window")]
    SeasonLevels,
    /// A weight that is none.
    #[error("reweight_above must be finite and above 0")]
    ReweightAbove,
    /// No probability.
    #[error("trend_p must be 0..=1")]
    TrendP,
    /// No probability, or certainty.
    #[error("alpha must be above 0 and below 1")]
    Alpha,
}

impl FarringtonParams {
    /// Checks what can be checked without a series.
    ///
    /// # Errors
    /// The first parameter out of its range.
    pub fn check(self) -> Result<Farrington, InvalidFarrington> {
        if self.years_back == 0 {
            return Err(InvalidFarrington::YearsBack);
        }
        if self.period <= 2 * self.half_window {
            return Err(InvalidFarrington::Period);
        }
        let outside = self.period - 2 * self.half_window - 1;
        if self.season_levels == 0 || self.season_levels - 1 > outside {
            return Err(InvalidFarrington::SeasonLevels);
        }
        if self
            .reweight_above
            .is_some_and(|at| !(at.is_finite() && at > 0.0))
        {
            return Err(InvalidFarrington::ReweightAbove);
        }
        if self.trend_p.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
            return Err(InvalidFarrington::TrendP);
        }
        if !(self.alpha > 0.0 && self.alpha < 1.0) {
            return Err(InvalidFarrington::Alpha);
        }
        Ok(Farrington(self))
    }

    /// The part of the year of a step counted from the start of the oldest window; none where it is not
    /// looked at.
    pub(super) fn part(self, since_oldest: usize) -> Option<usize> {
        let window = 2 * self.half_window + 1;
        let Some(after) = (since_oldest % self.period).checked_sub(window) else {
            return Some(WINDOW);
        };
        let n_parts = self.season_levels - 1;
        if n_parts == 0 {
            return None;
        }
        let outside = self.period - window;
        let (length, longer) = (outside / n_parts, outside % n_parts);
        let in_longer = longer * (length + 1);
        Some(
            1 + if after < in_longer {
                after / (length + 1)
            } else {
                longer + (after - in_longer) / length
            },
        )
    }
}
