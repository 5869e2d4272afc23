//! What indicators say of zones, in words and figures; and of the night.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::code::{IndicatorRole, IndicatorState};
use crate::base::error::Result;
use crate::tables::{
    Doubt, EarlyWarning, IndicatorRecord, Reason, Zone, ZoneIndicator, ZoneIndicators,
    ZoneIndicatorsBuilder, Zones,
};

use super::Input;
use super::card::{Card, Entry};
use super::known::Known;
use super::places::Placed;
use super::registry;
use super::sum::{self, Sums};

/// A push that is told is at least as strong, in log-odds: a tenth more or less.
const LEAST_PUSH: f64 = 0.1;
/// Most reasons, and most of what speaks against, that indicators add to a zone.
const MOST_REASONS: usize = 4;

/// Tells every zone what the indicators say at its most warned cell; returns it as a table.
pub(super) fn zones(
    input: &Input<'_>,
    card: &Card,
    placed: &Placed,
    sums: &Sums,
    zones: &mut Zones,
) -> Result<ZoneIndicators> {
    let grid = &input.study_area.grid;
    let mut rows = ZoneIndicatorsBuilder::default();
    for zone in &mut zones.rows {
        let members = zone.cells.iter().filter_map(|&cell| grid.position(cell));
        let members: Vec<usize> = members.collect();
        let highest = members.iter().copied().max_by(|&a, &b| {
            let (left, right) = (sums.0[a].log_odds, sums.0[b].log_odds);
            left.total_cmp(&right).then(b.cmp(&a))
        });
        let Some(cell) = highest else { continue };
        let pushes = sum::pushes(card, placed, cell)?;
        let calling: BTreeSet<usize> = members
            .iter()
            .flat_map(|&cell| sums.0[cell].reviews.iter().copied())
            .collect();
        tell(zone, card, placed, (cell, &pushes), &calling)?;
        let sum = &sums.0[cell];
        zone.early_warning = Some(EarlyWarning {
            log_odds: Doubt {
                mean: sum.log_odds,
                lo: sum.interval[0],
                hi: sum.interval[1],
            },
            band: sum.band,
            n_known: sum.n_known,
            n_asked: card.n_asked(),
            review: !calling.is_empty(),
        });
        for (i, (entry, &push)) in card.entries.iter().zip(&pushes).enumerate() {
            let known = placed.at(i, cell);
            rows.push(ZoneIndicator {
                zone_id: &zone.zone_id,
                cell: grid.cells()[cell].into(),
                indicator: &entry.id,
                value: known.map(|known| known.value),
                expected: known.and_then(|known| known.expected),
                score: known.map(|known| known.score),
                usual_score: known.map(|known| known.usual),
                direction: entry.role.code(),
                push,
                data_age_days: known.map(|known| placed.age_days(known)),
                n_sources: known.map(|known| known.n_sources),
                state: known
                    .map_or(IndicatorState::Missing, |known| placed.state(entry, known))
                    .code(),
            });
        }
    }
    Ok(rows.finish())
}

/// Adds the strongest pushes to what a zone is listed for, to what speaks against it, and to what
/// protects it.
fn tell(
    zone: &mut Zone,
    card: &Card,
    placed: &Placed,
    (cell, pushes): (usize, &[f64]),
    calling: &BTreeSet<usize>,
) -> Result<()> {
    for &i in calling {
        let entry = &card.entries[i];
        zone.reasons.push(Reason {
            code: "REVIEW",
            text: format!("{} ({}) calls for a review by itself", entry.text, entry.id),
        });
    }
    let mut order: Vec<usize> = (0..pushes.len()).collect();
    order.sort_by(|&a, &b| pushes[b].abs().total_cmp(&pushes[a].abs()).then(a.cmp(&b)));
    let mut n_told = [0; 3];
    for i in order.into_iter().filter(|&i| pushes[i].abs() >= LEAST_PUSH) {
        let entry = &card.entries[i];
        let Some(known) = placed.at(i, cell) else {
            continue;
        };
        let (list, slot) = match (entry.role, pushes[i] > 0.0) {
            (_, true) => (&mut zone.reasons, 0),
            (IndicatorRole::Lowers, false) => (&mut zone.protective, 1),
            (_, false) => (&mut zone.counter_evidence, 2),
        };
        if n_told[slot] < MOST_REASONS {
            n_told[slot] += 1;
            let indicator = registry::of(&entry.id)?;
            let text = words(entry, indicator.unit, known, placed);
            let text = if slot == 2 {
                format!("weaker sign than usual: {text}")
            } else {
                text
            };
            list.push(Reason {
                code: indicator.id,
                text,
            });
        }
    }
    Ok(())
}

/// Text, figures, age and sources of one value.
fn words(entry: &Entry, unit: &str, known: &Known, placed: &Placed) -> String {
    let (one, many) = unit.split_once('/').unwrap_or((unit, unit));
    let is_one = (known.value - 1.0).abs() < 1e-9;
    let unit = if is_one { one } else { many };
    let figure = match (unit, known.expected) {
        ("", _) => if known.value > 0.0 { "yes" } else { "no" }.to_owned(),
        (_, None) => format!("{} {unit}", number(known.value)),
        (_, Some(expected)) => {
            format!(
                "{} {unit}, {} expected",
                number(known.value),
                number(expected)
            )
        }
    };
    let sources = match known.n_sources {
        1 => "1 source".to_owned(),
        n => format!("{n} sources"),
    };
    let age = match placed.age_days(known) {
        0 => "of today".to_owned(),
        1 => "1 day old".to_owned(),
        days => format!("{days} days old"),
    };
    format!("{}: {figure} ({age}, {sources})", entry.text)
}

fn number(value: f64) -> String {
    if value.fract().abs() < 1e-9 {
        format!("{value:.0}")
    } else if value.abs() < 1.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.1}")
    }
}

/// What was done, for the run's own record.
pub(super) fn record(card: &Card, placed: &Placed, sums: &Sums) -> IndicatorRecord {
    let all = registry::INDICATORS.iter().map(|indicator| indicator.id);
    let is_known = |id: &&str| {
        let position = card.entries.iter().position(|entry| entry.id == *id);
        position.is_some_and(|i| placed.is_known(i))
    };
    let (known, missing) = all.partition(is_known);
    let mut reviews: BTreeMap<&'static str, u32> = BTreeMap::new();
    for &i in sums.0.iter().flat_map(|sum| &sum.reviews) {
        if let Ok(indicator) = registry::of(&card.entries[i].id) {
            *reviews.entry(indicator.id).or_default() += 1;
        }
    }
    IndicatorRecord {
        card_digest: Card::digest(),
        caution: card.caution.clone(),
        sensitivity: card.sensitivity,
        prior_variance: card.prior_variance,
        known,
        missing,
        reviews,
    }
}

/// What calls for a review where no zone is: else nobody would look.
pub(super) fn notes(input: &Input<'_>, card: &Card, sums: &Sums, zones: &Zones) -> Vec<String> {
    let grid = &input.study_area.grid;
    let zones = zones.rows.iter().flat_map(|zone| &zone.cells);
    let listed: BTreeSet<usize> = zones.filter_map(|&cell| grid.position(cell)).collect();
    let mut outside: BTreeMap<usize, u32> = BTreeMap::new();
    let cells = sums
        .0
        .iter()
        .enumerate()
        .filter(|(cell, _)| !listed.contains(cell));
    for &i in cells.flat_map(|(_, sum)| &sum.reviews) {
        *outside.entry(i).or_default() += 1;
    }
    let note = |(i, n): (usize, u32)| {
        let entry = &card.entries[i];
        format!(
            "{} ({}) calls for a review of {n} cell(s) that are in no zone: see cells.parquet, \
             early_warning_review",
            entry.text, entry.id
        )
    };
    outside.into_iter().map(note).collect()
}
