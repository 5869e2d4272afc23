//! Stage: early-warning indicators of every cell, and their sum beside the reported risk.
//!
//! An indicator is an entry of [`registry::INDICATORS`] and of the card in `models/cards`. Each is scored
//! against what is usual in the season; what is missing adds nothing and widens the interval. What tells
//! of services and reporting is shown, and never summed. The sum is its own quantity: no rate of reports
//! enters it, and it enters no rate.

mod armed;
mod card;
mod facts;
mod ground;
mod herds;
mod known;
mod observed;
mod people;
mod places;
mod posture;
mod presence;
mod rain;
mod registry;
mod reporting;
mod sum;
mod tell;
#[cfg(test)]
mod tests;
mod violence;

use std::collections::BTreeMap;

use h3o::CellIndex;

use crate::base::Context;
use crate::base::error::Result;
use crate::tables::{
    Balance, CellFacts, EarlyWarnings, Expected, IndicatorRecord, IndicatorValues, StudyArea,
    Surroundings, ZoneIndicators, Zones,
};

/// What this stage reads.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Settings, dates.
    pub context: &'a Context,
    /// The cells.
    pub study_area: &'a StudyArea,
    /// Records by cell, week and what they are.
    pub facts: &'a CellFacts,
    /// Reports of the window and what past years lead one to expect.
    pub expected: &'a Expected,
    /// What is known beside incidents.
    pub surroundings: &'a Surroundings,
    /// Displaced people present, in parts of 1e-6, by cell.
    pub displaced_e6: &'a BTreeMap<CellIndex, i64>,
}

/// What this stage gives the next ones.
#[derive(Debug)]
pub struct Indicators {
    /// What is known of each indicator, and where.
    pub values: IndicatorValues,
    /// Their sum, one row per cell.
    pub warnings: EarlyWarnings,
    /// What they say of each zone.
    pub of_zones: ZoneIndicators,
    /// What was done.
    pub record: IndicatorRecord,
    /// Where the observations went.
    pub balance: Balance,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// What every indicator is called, by its code.
///
/// # Errors
/// Where the card is damaged.
pub fn texts() -> Result<BTreeMap<String, String>> {
    let entries = card::Card::read()?.entries.into_iter();
    Ok(entries.map(|entry| (entry.id, entry.text)).collect())
}

/// Computes every indicator, sums them by cell, and tells zones what they say.
///
/// # Errors
/// Where the card is damaged, a statistic is refused, or the books do not balance.
pub fn run(input: &Input<'_>, zones: &mut Zones) -> Result<Indicators> {
    let card = card::Card::read()?;
    let facts = facts::Facts::of(input);
    let (observed, balance) = observed::read(input, &facts, &card)?;
    let all = facts::All {
        input,
        facts: &facts,
        observed: &observed,
    };
    let mut computed = Vec::new();
    for entry in &card.entries {
        computed.push(registry::of(&entry.id)?.compute(&all, entry)?);
    }
    let placed = places::Placed::of(input, &card, computed);
    let sums = sum::run(&card, &placed, input.study_area.grid.len())?;
    let of_zones = tell::zones(input, &card, &placed, &sums, zones)?;
    Ok(Indicators {
        values: placed.values(input, &card),
        warnings: sums.table(input.study_area),
        record: tell::record(&card, &placed, &sums),
        notes: tell::notes(input, &card, &sums, zones),
        of_zones,
        balance,
    })
}
