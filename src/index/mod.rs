//! Stage: puts records on cells and weeks, no more precisely than they are known.
//!
//! Invariant: what is counted here is never lost. Every incident is placed, or counted under the
//! reason why it is not; the parts of a placed incident sum to one exactly.

mod anchors;
mod areas;
mod cell_weeks;
mod counts;
mod dumps;
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
use crate::tables::{Balance, Boundaries, Incidents, Middles, Placed, Places, StudyArea};

use anchors::{Anchors, FATES};
use dumps::Dumps;

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
    /// What a reader must know of where they are.
    pub notes: Vec<String>,
}

/// What records are placed against: areas, and places with a name.
pub type Known<'a> = (&'a Boundaries, &'a Places);

/// Places incidents on the cells and weeks of the mission. Takes them: once counted by anchor they are
/// not needed, and their memory is.
///
/// # Errors
/// Where the boundaries hold no cell, a statement fails, or the books do not balance.
pub fn run(context: &Context, incidents: Incidents, known: Known<'_>) -> Result<Index> {
    place(context, counted(context, incidents, known.0)?, known)
}

/// Places some incidents alone as they are placed among all.
///
/// # Errors
/// As [`run`].
pub fn run_among(
    context: &Context,
    some: Incidents,
    all: Incidents,
    known: Known<'_>,
) -> Result<Index> {
    let (_, _, dumps) = judged(context, counted(context, all, known.0)?, known);
    let (fates, anchors, _) = judged(context, counted(context, some, known.0)?, known);
    let dumps = dumps.among(&anchors);
    place_anchors(context, (fates, anchors, dumps), known)
}

/// Places counted incidents on the cells and weeks of the mission.
///
/// # Errors
/// Where the boundaries hold no cell, a statement fails, or the books do not balance.
pub fn place(context: &Context, counts: Counts, known: Known<'_>) -> Result<Index> {
    place_anchors(context, judged(context, counts, known), known)
}

fn counted(context: &Context, incidents: Incidents, boundaries: &Boundaries) -> Result<Counts> {
    let mut counts = Counts::default();
    counts.know(context, &Middles::of(boundaries.areas()))?;
    counts.add(context, incidents)?;
    Ok(counts)
}

/// Number of incidents with their fates, the anchors of those that count, and which of these claim more
/// than is known.
type Judged = ((usize, [i64; FATES.len()]), Anchors, Dumps);

fn judged(context: &Context, counts: Counts, known: Known<'_>) -> Judged {
    let fates = (counts.n_incidents, counts.fates);
    let (anchors, on_middles) = counts.anchors();
    let dumps = Dumps::find(&context.settings, &anchors, &on_middles, known);
    (fates, anchors, dumps)
}

fn place_anchors(
    context: &Context,
    ((n_incidents, fates), anchors, dumps): Judged,
    (boundaries, _): Known<'_>,
) -> Result<Index> {
    let study_area = study_area(&context.settings.area, boundaries)?;
    let supports = Supports::new(&context.settings, &study_area, boundaries, &dumps);
    let (placed, places) = cell_weeks::spread(context, anchors, &supports, boundaries)?;
    let balance = places.balance(n_incidents, fates)?;
    let ring = u32::from(context.settings.detect.ring);
    Ok(Index {
        neighbours: Neighbours::ring(&study_area.grid, ring),
        study_area,
        placed,
        balance,
        notes: dumps.notes,
    })
}
