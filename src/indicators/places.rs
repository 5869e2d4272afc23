//! Which value of each indicator stands for which cell.

use std::collections::BTreeSet;

use forewarn_models::indicators::retained;
use h3o::CellIndex;

use crate::base::code::IndicatorState;
use crate::base::day::Day;
use crate::tables::{IndicatorValue, IndicatorValues, IndicatorValuesBuilder, Level, StudyArea};

use super::Input;
use super::card::{Card, Entry};
use super::known::{At, Known};

/// Values of every indicator of the card, in its order.
#[derive(Debug)]
pub(super) struct Placed {
    known: Vec<Vec<Known>>,
    /// Of each indicator and cell the position of the value that stands.
    of_cell: Vec<Vec<Option<u32>>>,
    pub(super) as_of: Day,
}

impl Placed {
    pub(super) fn of(input: &Input<'_>, card: &Card, computed: Vec<Vec<Known>>) -> Self {
        let mut placed = Self {
            known: Vec::new(),
            of_cell: Vec::new(),
            as_of: input.context.as_of,
        };
        for (entry, mut known) in card.entries.iter().zip(computed) {
            // What comes later stands over what came before: observations over rules, the finer place
            // over the wider, the stronger over the weaker.
            known.sort_by(|a, b| {
                let strength = |one: &Known| placed.strength(entry, one);
                let rule = b.imputed.cmp(&a.imputed);
                let place = rule.then_with(|| a.at.cmp(&b.at));
                let place = place.then_with(|| strength(a).total_cmp(&strength(b)));
                place
                    .then(a.day.cmp(&b.day))
                    .then(a.value.total_cmp(&b.value))
            });
            let mut of_cell = vec![None; input.study_area.grid.len()];
            for (position, one) in (0..).zip(&known) {
                for cell in cells_of(input.study_area, &one.at) {
                    of_cell[cell] = Some(position);
                }
            }
            placed.known.push(known);
            placed.of_cell.push(of_cell);
        }
        placed
    }

    /// How far a value moves the sum, in units of its weight.
    fn strength(&self, entry: &Entry, known: &Known) -> f64 {
        (known.score - known.usual).abs() * self.retained(entry, known)
    }

    /// The value of an indicator that stands for a cell.
    pub(super) fn at(&self, indicator: usize, cell: usize) -> Option<&Known> {
        let position = self.of_cell[indicator][cell]?;
        self.known[indicator].get(position as usize)
    }

    /// Whether anything is known of an indicator, rules aside.
    pub(super) fn is_known(&self, indicator: usize) -> bool {
        self.known[indicator].iter().any(|one| !one.imputed)
    }

    pub(super) fn age_days(&self, known: &Known) -> i32 {
        (self.as_of.0 - known.day.0).max(0)
    }

    /// What its age leaves of a value.
    pub(super) fn retained(&self, entry: &Entry, known: &Known) -> f64 {
        if known.imputed {
            return 0.0;
        }
        let age = f64::from(self.age_days(known));
        let left = known.fades.then(|| retained(age, entry.half_life_days));
        left.map_or(1.0, |left| left.unwrap_or(0.0))
    }

    pub(super) fn state(&self, entry: &Entry, known: &Known) -> IndicatorState {
        if known.imputed {
            IndicatorState::ImputedPrior
        } else if self.age_days(known) > entry.stale_after_days {
            IndicatorState::Stale
        } else {
            IndicatorState::Observed
        }
    }

    /// The rows that stand for something, and where there is none.
    pub(super) fn values(&self, input: &Input<'_>, card: &Card) -> IndicatorValues {
        let mut rows = IndicatorValuesBuilder::default();
        for (i, entry) in card.entries.iter().enumerate() {
            for (position, one) in (0_u32..).zip(&self.known[i]) {
                let stands = match one.at {
                    At::Cell(cell) => self.of_cell[i][cell] == Some(position),
                    _ => true,
                };
                if stands {
                    rows.push(self.row(input, entry, one));
                }
            }
            for pcode in self.silent(input.study_area, i) {
                rows.push(missing(entry, pcode.as_deref()));
            }
        }
        rows.finish()
    }

    fn row<'a>(&self, input: &Input<'_>, entry: &'a Entry, one: &'a Known) -> IndicatorValue<'a> {
        let (cell, pcode) = match &one.at {
            At::Everywhere => (None, None),
            At::Area(_, pcode) => (None, Some(pcode.as_str())),
            At::Cell(cell) => (Some(u64::from(input.study_area.grid.cells()[*cell])), None),
        };
        IndicatorValue {
            indicator: &entry.id,
            cell,
            pcode,
            value: Some(one.value),
            expected: one.expected,
            score: Some(one.score),
            usual_score: Some(one.usual),
            direction: entry.role.code(),
            data_age_days: Some(self.age_days(one)),
            n_sources: Some(one.n_sources),
            state: self.state(entry, one).code(),
        }
    }

    /// First-level areas in which no cell has a value; the whole mission, without a code, where none has.
    fn silent(&self, study_area: &StudyArea, indicator: usize) -> Vec<Option<String>> {
        let of_cell = &self.of_cell[indicator];
        if of_cell.iter().all(Option::is_none) {
            return vec![None];
        }
        let known: BTreeSet<CellIndex> = study_area
            .grid
            .cells()
            .iter()
            .zip(of_cell)
            .filter_map(|(&cell, known)| known.map(|_| cell))
            .collect();
        let areas = study_area
            .cells_of
            .iter()
            .filter(|((level, _), _)| *level == Level(1));
        let silent = areas.filter(|(_, cells)| !cells.iter().any(|cell| known.contains(cell)));
        silent.map(|((_, pcode), _)| Some(pcode.clone())).collect()
    }
}

fn missing<'a>(entry: &'a Entry, pcode: Option<&'a str>) -> IndicatorValue<'a> {
    IndicatorValue {
        indicator: &entry.id,
        cell: None,
        pcode,
        value: None,
        expected: None,
        score: None,
        usual_score: None,
        direction: entry.role.code(),
        data_age_days: None,
        n_sources: None,
        state: IndicatorState::Missing.code(),
    }
}

/// Positions of the cells that a value stands for.
fn cells_of(study_area: &StudyArea, at: &At) -> Vec<usize> {
    match at {
        At::Everywhere => (0..study_area.grid.len()).collect(),
        At::Cell(cell) => vec![*cell],
        At::Area(level, pcode) => {
            let cells = study_area.cells_of.get(&(*level, pcode.clone()));
            let cells = cells.into_iter().flatten();
            cells
                .filter_map(|&cell| study_area.grid.position(cell))
                .collect()
        }
    }
}
