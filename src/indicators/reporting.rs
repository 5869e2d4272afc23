//! G5, G6: how much is heard. Shown beside the risk, and never part of it.

use std::collections::BTreeMap;

use forewarn_models::indicators::fewer_by_chance;

use crate::base::code::DiscoveredBy;
use crate::base::day::Day;
use crate::base::error::{Error, Result};

use super::card::Entry;
use super::facts::All;
use super::known::{At, Known};

/// Fewer expected reports than this make silence nothing to wonder at.
const FEWEST_EXPECTED: f64 = 1.0;

/// G5: share of reports from residents among those from residents or patrols, around a cell.
pub(super) fn trust(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let facts = all.facts;
    let mut counts: BTreeMap<usize, ([u32; 2], Day)> = BTreeMap::new();
    for fact in facts.within(entry.window_days()?) {
        let of = match fact.brought_by {
            DiscoveredBy::Resident => [fact.n, 0],
            DiscoveredBy::Patrol => [0, fact.n],
            _ => continue,
        };
        for cell in facts.ground.near(fact.cell) {
            let (sums, newest) = counts.entry(cell).or_insert(([0; 2], fact.last_day));
            *sums = [sums[0] + of[0], sums[1] + of[1]];
            *newest = (*newest).max(fact.last_day);
        }
    }
    let known = counts
        .into_iter()
        .map(|(cell, ([residents, patrols], newest))| {
            let share = f64::from(residents) / f64::from(residents + patrols);
            let n_sources = u32::from(residents > 0) + u32::from(patrols > 0);
            Known {
                n_sources,
                ..Known::seen(At::Cell(cell), share, share, newest)
            }
        });
    Ok(known.collect())
}

/// G6: how unlikely so few reports are around a cell, if it reports as its past leads one to expect.
pub(super) fn silence(all: &All<'_>, _entry: &Entry) -> Result<Vec<Known>> {
    let expected = all.input.expected;
    let ground = &all.facts.ground;
    let sums = |values: &[f64]| {
        let summed = ground.adjacent.sums(values);
        summed.map_err(Error::statistic("indicators"))
    };
    let counts = sums(expected.located().values())?;
    let means = sums(expected.located_expected().values())?;
    let variances = sums(expected.located_variance().values())?;
    let day = all.input.context.last_week().last_day();
    let known = (0..counts.len()).filter(|&cell| means[cell] >= FEWEST_EXPECTED);
    let known = known.filter_map(|cell| {
        let chance = fewer_by_chance(counts[cell], means[cell], variances[cell])?;
        Some(Known {
            expected: Some(means[cell]),
            usual: 0.5,
            ..Known::seen(At::Cell(cell), counts[cell], 1.0 - chance, day)
        })
    });
    Ok(known.collect())
}
