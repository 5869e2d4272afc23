//! What every stage is given: frozen before the first stage runs.

use forewarn_models::units::Seed;

use crate::base::day::{Day, Week};
use crate::base::progress::Progress;
use crate::base::session::Session;
use crate::base::settings::Settings;

/// Everything a run depends on beside its inputs.
#[derive(Debug)]
pub struct Context {
    /// Checked settings.
    pub settings: Settings,
    /// The day the run is for.
    pub as_of: Day,
    /// Root of every random number.
    pub seed: Seed,
    /// The SQL engine.
    pub session: Session,
    /// Where progress is shown.
    pub progress: Progress,
}

impl Context {
    /// The last week of the detection window: the last one that had ended, and whose reports had
    /// time to arrive, at the as-of date.
    #[must_use]
    pub fn last_week(&self) -> Week {
        let settled = Day(self.as_of.0 - i32::from(self.settings.window.reporting_delay_days));
        Week(Day(settled.0 + 1).week().0 - 1)
    }

    /// The first week of the detection window.
    #[must_use]
    pub fn first_week(&self) -> Week {
        Week(self.last_week().0 - i32::from(self.settings.window.detect_weeks) + 1)
    }

    /// The first week of the first step behind the hot spot classes.
    #[must_use]
    pub fn first_step_week(&self) -> Week {
        let trend = &self.settings.trend;
        Week(self.last_week().0 + 1 - i32::from(trend.steps) * i32::from(trend.step_weeks))
    }

    /// The first week of the history behind the expectation: whole years of 52 weeks plus the
    /// window's own length, so that every past year holds the window's phase in full.
    #[must_use]
    pub fn first_history_week(&self) -> Week {
        Week(self.first_week().0 - 52 * i32::from(self.settings.window.history_years))
    }
}
