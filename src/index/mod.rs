//! Stage: puts records on cells and weeks, no more precisely than they are known.
//!
//! Invariant: what is counted here is never lost. Every incident is placed, or counted under the
//! reason why it is not; the parts of a placed incident sum to one exactly.

mod anchors;
mod areas;
mod cell_weeks;
mod counts;
mod lines;
mod people;
mod places;
#[cfg(test)]
mod statements;
mod study_area;
mod support;
mod weeks;
mod window;

use forewarn_models::grid::Neighbours;

use crate::base::Context;
use crate::base::error::Result;
use crate::tables::{Balance, Boundaries, Incidents, Placed, StudyArea};

pub use areas::AreaIndex;
pub use counts::Counts;
pub use lines::cells_along;
pub use people::{PeopleCells, displaced, population};
pub use study_area::study_area;
pub use support::{InArea, Spread, Support, Supports};

/// What this stage gives the next ones.
#[derive(Debug)]
pub struct Index {
    /// The cells looked at.
    pub study_area: StudyArea,
    /// The detectors' neighbourhood of each.
    pub neighbours: Neighbours,
    /// Where and when they are known to be.
    pub placed: Placed,
    /// Where every incident went.
    pub balance: Balance,
}

/// Places incidents on the cells and weeks of the mission. Takes them: once counted by anchor they are
/// not needed, and their memory is.
///
/// # Errors
/// Where the boundaries hold no cell, a statement fails, or the books do not balance.
pub fn run(context: &Context, incidents: Incidents, boundaries: &Boundaries) -> Result<Index> {
    let mut counts = Counts::default();
    counts.add(context, incidents)?;
    place(context, counts, boundaries)
}

/// Places counted incidents on the cells and weeks of the mission.
///
/// # Errors
/// Where the boundaries hold no cell, a statement fails, or the books do not balance.
pub fn place(context: &Context, counts: Counts, boundaries: &Boundaries) -> Result<Index> {
    let study_area = study_area(&context.settings.area, boundaries)?;
    let supports = Supports::new(&context.settings, &study_area, boundaries);
    let (n_incidents, fates) = (counts.n_incidents, counts.fates);
    let anchors = counts.anchors();
    let (placed, places) = cell_weeks::spread(context, anchors, &supports, boundaries)?;
    let balance = places.balance(n_incidents, fates)?;
    let ring = u32::from(context.settings.detect.ring);
    Ok(Index {
        neighbours: Neighbours::ring(&study_area.grid, ring),
        study_area,
        placed,
        balance,
    })
}
