//! Stage: puts records on cells and weeks, no more precisely than they are known.
//!
//! Invariant: what is counted here is never lost. Every incident is placed, or counted under the
//! reason why it is not; the parts of a placed incident sum to one exactly.

mod anchors;
mod areas;
mod cell_weeks;
mod corridors;
mod counts;
mod dumps;
mod facts;
mod history;
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
use crate::tables::{
    Balance, Boundaries, CellDays, CellFacts, Incidents, Middles, Placed, Places, StudyArea,
};

use anchors::{Anchors, FATES};
use dumps::Dumps;

pub use areas::AreaIndex;
pub use corridors::corridor_exposure;
pub use counts::Counts;
pub use lines::{cells_along, roads_open};
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
    /// What they are, of those known finely; nothing where it was not asked for.
    pub facts: CellFacts,
    /// Outcomes of all years by cell and day; nothing where it was not asked for.
    pub history: CellDays,
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
    let all = Judged::of(context, counted(context, all, known.0)?, known)?;
    let some = Judged::of(context, counted(context, some, known.0)?, known)?;
    let dumps = all.dumps.among(&some.anchors);
    Judged { dumps, ..some }.place(context, known)
}

/// Places counted incidents on the cells and weeks of the mission.
///
/// # Errors
/// Where the boundaries hold no cell, a statement fails, or the books do not balance.
pub fn place(context: &Context, counts: Counts, known: Known<'_>) -> Result<Index> {
    Judged::of(context, counts, known)?.place(context, known)
}

/// The cells there are, and what forecasts learn from; nothing is placed.
///
/// # Errors
/// Where the boundaries hold no cell.
pub fn learn(
    context: &Context,
    counts: Counts,
    boundaries: &Boundaries,
) -> Result<(StudyArea, CellDays)> {
    let study_area = study_area(&context.settings.area, boundaries)?;
    let (_, _, history, _) = counts.finish(&study_area);
    Ok((study_area, history))
}

fn counted(context: &Context, incidents: Incidents, boundaries: &Boundaries) -> Result<Counts> {
    let mut counts = Counts::default();
    counts.know(context, &Middles::of(boundaries.areas()))?;
    counts.add(context, incidents)?;
    Ok(counts)
}

/// Counted incidents with the cells there are, and which of their anchors claim more than is known.
struct Judged {
    n_incidents: usize,
    fates: [i64; FATES.len()],
    study_area: StudyArea,
    anchors: Anchors,
    facts: CellFacts,
    history: CellDays,
    dumps: Dumps,
}

impl Judged {
    fn of(context: &Context, counts: Counts, known: Known<'_>) -> Result<Self> {
        let study_area = study_area(&context.settings.area, known.0)?;
        let (n_incidents, fates) = (counts.n_incidents, counts.fates);
        let (anchors, facts, history, on_middles) = counts.finish(&study_area);
        let dumps = Dumps::find(&context.settings, &anchors, &on_middles, known);
        Ok(Self {
            n_incidents,
            fates,
            study_area,
            anchors,
            facts,
            history,
            dumps,
        })
    }

    fn place(self, context: &Context, (boundaries, _): Known<'_>) -> Result<Index> {
        let (study_area, dumps) = (self.study_area, self.dumps);
        let supports = Supports::new(&context.settings, &study_area, boundaries, &dumps);
        let (placed, places) = cell_weeks::spread(context, self.anchors, &supports, boundaries)?;
        let balance = places.balance(self.n_incidents, self.fates)?;
        let ring = u32::from(context.settings.detect.ring);
        Ok(Index {
            neighbours: Neighbours::ring(&study_area.grid, ring),
            study_area,
            placed,
            facts: self.facts,
            history: self.history,
            balance,
            notes: dumps.notes,
        })
    }
}
