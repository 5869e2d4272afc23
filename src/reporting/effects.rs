//! What interventions of the window lead one to expect of reports.

use std::collections::BTreeMap;

use forewarn_models::reporting::{Band, DetectionFit, Rise, rise};
use h3o::CellIndex;

use crate::base::code::InterventionKind;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::tables::{Doubt, Effect, Interventions};

use super::Input;
use super::effort::Effort;
use super::spans::{Means, Spans};

/// An expected ratio below this is no effect worth telling.
const SMALLEST: f64 = 1.05;
/// Level at which a rise goes beyond what is expected.
const LEVEL: f64 = 0.05;

/// Ratio of reporting between the last year and the window, for one cell.
pub(super) enum Ratios<'a> {
    /// From the fit, with its band.
    Fit(&'a DetectionFit),
    /// From the three ways reporting may be.
    Ways(&'a [Means; 3]),
}

/// Cells that had interventions in the window and whose reporting is expected to have risen by them.
pub(super) fn effects(
    input: &Input<'_>,
    interventions: &Interventions,
    effort: &Effort,
    spans: &Spans,
    ratios: &Ratios<'_>,
) -> Result<Vec<Effect>> {
    let year = spans.last_year(input.steps.step_weeks);
    let mut effects = Vec::new();
    for (i, kinds) in of_window(input, interventions) {
        let Some(ratio) = ratios.of(i, effort, spans, year) else {
            continue;
        };
        if ratio.mean < SMALLEST {
            continue;
        }
        let sum = |column: &[f64], steps: &mut dyn Iterator<Item = usize>| -> f64 {
            steps.map(|t| column[i * input.steps.n_steps + t]).sum()
        };
        let (located, expected) = (&input.steps.located, &input.steps.expected);
        let before = (
            sum(located, &mut year.iter().copied()),
            sum(expected, &mut year.iter().copied()),
        );
        let after = (
            sum(located, &mut spans.window.clone()),
            sum(expected, &mut spans.window.clone()),
        );
        if before.1 <= 0.0 || after.1 <= 0.0 {
            continue;
        }
        let (found, _) =
            rise(before, after, ratio, LEVEL).map_err(Error::statistic("reporting"))?;
        effects.push(Effect {
            cell: input.study_area.grid.cells()[i],
            what: words(&kinds),
            ratio: Doubt {
                mean: ratio.mean,
                lo: ratio.lo,
                hi: ratio.hi,
            },
            is_expected: found == Rise::Expected,
            is_beyond: found == Rise::Beyond,
        });
    }
    Ok(effects)
}

impl Ratios<'_> {
    fn of(&self, cell: usize, effort: &Effort, spans: &Spans, year: &[usize]) -> Option<Band> {
        match self {
            Self::Fit(fit) => {
                let at = |t: usize| effort.at(cell, t);
                let before: Vec<&[f64]> = year.iter().map(|&t| at(t)).collect();
                let after: Vec<&[f64]> = spans.window.clone().map(at).collect();
                fit.ratio(&before, &after)
            }
            Self::Ways(ways) => {
                let changes = ways.each_ref().map(|means| means.change(cell));
                Some(Band {
                    mean: changes[1],
                    lo: changes.into_iter().fold(f64::INFINITY, f64::min),
                    hi: changes.into_iter().fold(0.0, f64::max),
                })
            }
        }
    }
}

/// Interventions from the first day of the window on, counted by kind, by position of their cell.
fn of_window(
    input: &Input<'_>,
    interventions: &Interventions,
) -> BTreeMap<usize, BTreeMap<InterventionKind, u32>> {
    let first = input.context.first_week().first_day();
    let mut found: BTreeMap<usize, BTreeMap<InterventionKind, u32>> = BTreeMap::new();
    for row in 0..interventions.len() {
        let day = Day(interventions.first_day().value(row));
        let kind = InterventionKind::from_code(interventions.kind().value(row));
        let cell = CellIndex::try_from(interventions.cell().value(row)).ok();
        let cell = cell.and_then(|cell| input.study_area.grid.position(cell));
        if let (Some(cell), Some(kind)) = (cell, kind)
            && (first..=input.context.last_week().last_day()).contains(&day)
        {
            *found.entry(cell).or_default().entry(kind).or_default() += 1;
        }
    }
    found
}

fn words(kinds: &BTreeMap<InterventionKind, u32>) -> String {
    let word = |(kind, n): (&InterventionKind, &u32)| format!("{n} x {}", kind.name());
    kinds.iter().map(word).collect::<Vec<_>>().join(", ")
}
