//! Stage: what the season leads one to expect, and how far the present departs from it.
//!
//! First form: phases begin on the card's dates. The same phase of past years gives each cell its
//! expectation; the departure of the window from it gives the posterior that zones are ranked by.

mod card;
mod expectation;
mod history;
mod steps;
mod years;

use crate::base::Context;
use crate::base::error::Result;
use crate::tables::{CellSteps, Expected, Placed, StudyArea};

pub use card::{Card, names};

/// What this stage gives the next ones.
#[derive(Debug)]
pub struct Season {
    /// Phase of the window's last week.
    pub phase: String,
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
    let year_variance = history.years.variance()?;
    let located = expectation::with_years(
        located,
        year_variance,
        context.settings.window.history_years,
    );
    let (expected, mut notes) = expectation::expected(grid, &history, &located)?;
    if year_variance.is_none() {
        notes.push("the past is too empty to tell how years differ: taken as alike".to_owned());
    }
    let steps = CellSteps {
        year_variance,
        ..steps::steps(context, &history, grid.area_km2(), &located)?
    };
    Ok(Season {
        phase,
        expected,
        steps,
        notes,
    })
}
