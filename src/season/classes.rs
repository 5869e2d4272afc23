//! Incidents by actor class, week and stratum, for the shape of their season.

use std::collections::BTreeMap;

use h3o::CellIndex;

use crate::base::Context;
use crate::base::code::ActorClass;
use crate::tables::{CellFacts, StudyArea};

use super::strata::Strata;

/// Past incidents of one actor class: outcomes known to a place and to less than two weeks.
#[derive(Debug, Clone)]
pub(super) struct ClassHistory {
    /// `None` where the record's code is none.
    pub(super) class: Option<ActorClass>,
    /// By stratum and past week.
    pub(super) of_strata: Vec<Vec<f64>>,
    /// By cell, all past weeks together.
    pub(super) of_cells: Vec<f64>,
}

/// The classes that past incidents are of. Each has its season: who moves with the dry season and who
/// does not differ, and their sum would be neither's.
pub(super) fn classes(
    context: &Context,
    study_area: &StudyArea,
    strata: &Strata,
    facts: &CellFacts,
) -> Vec<ClassHistory> {
    let (start, first) = (context.first_history_week().0, context.first_week().0);
    let n_weeks = usize::try_from(first - start).unwrap_or(0);
    let kinds = &context.settings.outcome.kinds;
    let wanted: Vec<u8> = kinds.iter().map(|kind| kind.code()).collect();
    let mut classes: BTreeMap<u8, ClassHistory> = BTreeMap::new();
    for row in 0..facts.len() {
        let week = facts.week().value(row);
        let cell = CellIndex::try_from(facts.cell().value(row)).ok();
        let Some(cell) = cell.and_then(|cell| study_area.grid.position(cell)) else {
            continue;
        };
        if !(start..first).contains(&week) || !wanted.contains(&facts.kind().value(row)) {
            continue;
        }
        let code = facts.actor_class().value(row);
        let class = classes.entry(code).or_insert_with(|| ClassHistory {
            class: ActorClass::from_code(code),
            of_strata: vec![vec![0.0; n_weeks]; strata.len()],
            of_cells: vec![0.0; study_area.grid.len()],
        });
        let n = u32::try_from(facts.n().value(row)).map_or(0.0, f64::from);
        class.of_strata[strata.of_cell[cell]][usize::try_from(week - start).unwrap_or(0)] += n;
        class.of_cells[cell] += n;
    }
    classes.into_values().collect()
}
