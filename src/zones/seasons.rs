//! Where a zone stands in the seasons: the card's phase, then every movable season that something of this year tells.

use std::collections::{BTreeMap, BTreeSet};

use h3o::CellIndex;

use super::Input;
use crate::tables::SeasonPhase;

/// A corridor this close has its own season in a zone.
const CLOSE: f64 = 0.3;

/// The phase of a zone, with the doubt of what is known of it.
pub(super) fn phase(input: &Input<'_>, cells: &[CellIndex]) -> String {
    let as_of = input.context.as_of;
    let corridor = nearest_corridor(input, cells);
    let names: BTreeSet<&str> = input
        .phases
        .on(as_of)
        .map(|row| row.season.as_str())
        .collect();
    let told = names
        .into_iter()
        .filter_map(|season| input.phases.of(season, corridor, as_of))
        .filter(|row| !row.signs.is_empty())
        .map(SeasonPhase::brief);
    std::iter::once(input.phase.to_owned())
        .chain(told)
        .collect::<Vec<_>>()
        .join("; ")
}

/// The corridor that a zone is most exposed to.
fn nearest_corridor<'a>(input: &Input<'a>, cells: &[CellIndex]) -> Option<&'a str> {
    let rows = input.corridors;
    let mut most: BTreeMap<&str, f64> = BTreeMap::new();
    for row in 0..rows.len() {
        let exposure = rows.exposure().value(row);
        let cell = CellIndex::try_from(rows.cell().value(row)).ok();
        if exposure >= CLOSE && cell.is_some_and(|cell| cells.binary_search(&cell).is_ok()) {
            let of = most.entry(rows.corridor().value(row)).or_default();
            *of = exposure.max(*of);
        }
    }
    // Of two as close the first by name.
    let nearest = most
        .into_iter()
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(a.0)));
    nearest.map(|(name, _)| name)
}
