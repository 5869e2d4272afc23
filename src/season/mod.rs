//! Stage: what the season leads one to expect, and how far the present departs from it.
//!
//! First form: phases begin on the card's dates. The same phase of past years gives each cell its
//! expectation; the departure of the window from it gives the posterior that zones are ranked by.

mod card;
mod expectation;
mod history;
mod steps;

use crate::base::Context;
use crate::base::day::Week;
use crate::base::error::Result;
use crate::tables::{CellSteps, Expected, PhaseWeeks, Placed, StudyArea};

pub use card::{Card, names};

/// What this stage gives the next ones.
#[derive(Debug)]
pub struct Season {
    /// Phase of the window's last week.
    pub phase: String,
    /// Phase of every week of the history and of the window.
    pub weeks: PhaseWeeks,
    /// One row per cell.
    pub expected: Expected,
    /// Every cell over equal steps of the last years.
    pub steps: CellSteps,
    /// What a reader must know about the fits.
    pub notes: Vec<String>,
}

/// Compares the detection window with the same phases of past years.
///
/// # Errors
/// Where the card cannot be read or a fit is refused.
pub fn run(context: &Context, study_area: &StudyArea, placed: &Placed) -> Result<Season> {
    let card = Card::named(&context.settings.season.card)?;
    let phase = card.phase_of(context.last_week()).to_owned();
    let history = history::History::read(context, &card, study_area, placed);
    let grid = &study_area.grid;
    let located = expectation::phases(grid, &history, &history.located, |_| true)?;
    let (expected, notes) = expectation::expected(grid, &history, &located)?;
    let steps = steps::steps(context, &history, grid.area_km2(), &located)?;
    let first = context.first_history_week();
    let weeks = PhaseWeeks {
        first,
        phase: (first.0..=context.last_week().0)
            .map(|week| card.phase_index(Week(week)))
            .collect(),
    };
    Ok(Season {
        phase,
        weeks,
        expected,
        steps,
        notes,
    })
}
