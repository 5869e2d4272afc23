//! Knox: do reports follow others near them sooner than a shared season explains?

use forewarn_models::contagion::{KnoxBands, KnoxCell, KnoxNull, KnoxRecord, knox};

use crate::base::error::Result;
use crate::base::settings::FindingSettings;
use crate::tables::Finding;

use super::super::Input;
use super::contagion::Events;
use super::series::Material;
use super::told::{Told, family};
use super::{Statistic, failed};

/// Near repeats, by bands of distance and time.
#[derive(Debug)]
pub(super) struct Knox;

impl Statistic for Knox {
    fn name(&self) -> &'static str {
        "knox"
    }

    fn statistic(&self) -> &'static str {
        "Knox test of near repeats"
    }

    fn find(&self, input: &Input<'_>, material: &Material) -> Result<Vec<Finding>> {
        let settings = &input.context.settings.findings;
        let events = Events::latest(input, material);
        // The same cell is a band of its own: what is known to a cell only has no distance within it.
        let bands = KnoxBands::new(Some(0.0), &settings.near_km, &settings.near_days)
            .map_err(|e| failed(self, &e))?;
        let blocks = input.phases.blocks(block_weeks(settings));
        let record = |&(_, day): &(usize, crate::base::day::Day)| {
            let week = usize::try_from(day.week().0 - input.phases.first.0);
            KnoxRecord {
                day: day.0,
                block: week
                    .ok()
                    .and_then(|at| blocks.get(at).copied())
                    .unwrap_or(0),
                time_precision_days: 1.0,
                place_precision_km: events.precision_km,
            }
        };
        let records: Vec<KnoxRecord> = events.of.iter().map(record).collect();
        let cells = input.study_area.grid.cells();
        let apart = |i: usize, j: usize| events.apart_km(cells, i, j);
        let null = KnoxNull {
            permutations: settings.permutations,
            once_a_day: true,
        };
        let found = match knox(&records, apart, &bands, null, input.context.seed) {
            Ok(found) => found,
            Err(reason) => {
                let told = Told::unanswered(records.len(), reason);
                return Ok(vec![told.of_mission(self)]);
            }
        };
        let mut rows = Vec::new();
        for (k, row) in found.cells.iter().enumerate() {
            for (l, cell) in row.iter().enumerate() {
                let mut told = told(cell, &near(settings, k), &within(settings, l));
                told.n = found.kept;
                told.parameters.extend(parameters(settings, &events));
                rows.push(told.of_mission(self));
            }
        }
        family(self, &mut rows, "bands of distance and time")?;
        Ok(rows)
    }
}

/// Days are dealt out within twice the longest band: farther apart, the places' own seasons would tell
/// pairs apart.
fn block_weeks(settings: &FindingSettings) -> usize {
    let longest = settings.near_days.last().copied().unwrap_or(7);
    (2 * longest as usize).div_ceil(7).max(2)
}

fn told(cell: &KnoxCell, near: &str, within: &str) -> Told {
    let ratio = cell.ratio.map_or("none by chance".to_owned(), |ratio| {
        format!("{ratio:.2} times as many")
    });
    Told {
        value: cell.ratio,
        p: Some(cell.p),
        words: format!(
            "pairs {near}, {within}: {} against {:.1} by chance within a season, {ratio}",
            cell.observed, cell.expected
        ),
        ..Told::default()
    }
}

fn near(settings: &FindingSettings, k: usize) -> String {
    match k.checked_sub(1) {
        None => "in the same cell".to_owned(),
        Some(k) => {
            let from = k.checked_sub(1).map_or(0.0, |k| settings.near_km[k]);
            format!("{from} to {} km apart", settings.near_km[k])
        }
    }
}

fn within(settings: &FindingSettings, l: usize) -> String {
    let from = l.checked_sub(1).map_or(0, |l| settings.near_days[l]);
    format!("{from} to {} days apart", settings.near_days[l] - 1)
}

fn parameters(settings: &FindingSettings, events: &Events) -> [(&'static str, String); 4] {
    [
        ("events", events.words()),
        ("distance", "between centres of cells".to_owned()),
        (
            "null",
            format!(
                "{} permutations of days within {} weeks of one phase",
                settings.permutations,
                block_weeks(settings)
            ),
        ),
        ("place_precision", format!("{:.1} km", events.precision_km)),
    ]
}
