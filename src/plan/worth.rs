//! What covering a cell is worth, by purpose.

use std::collections::BTreeMap;

use arrow::array::Array;
use h3o::CellIndex;

use super::Input;

/// Four purposes, each a share of the whole study area's, by cell: risk in ranked zones, risk everywhere, early
/// warnings above the usual, and risk that nobody would hear of.
#[derive(Debug, Clone)]
pub(super) struct Worth {
    parts: [Vec<f64>; 4],
    /// Risk by cell, in no unit: rate over the mean, times area.
    pub(super) risk: Vec<f64>,
}

impl Worth {
    /// Cells that must not be sought out, `held`, are worth nothing.
    pub(super) fn of(input: &Input<'_>, held: &[bool]) -> Self {
        let grid = &input.study_area.grid;
        let n = grid.len();
        let position = |id: u64| grid.position(CellIndex::try_from(id).ok()?);
        let mut risk = vec![0.0; n];
        let expected = input.expected;
        for row in 0..expected.len() {
            if let Some(at) = position(expected.cell().value(row)).filter(|&at| !held[at]) {
                let mean =
                    expected.posterior_shape().value(row) / expected.posterior_rate().value(row);
                risk[at] = amount(mean * grid.area_km2()[at]);
            }
        }
        let mut zones = vec![0.0; n];
        let ranked = input
            .zones
            .rows
            .iter()
            .filter(|zone| zone.standing.is_some());
        for at in ranked
            .flat_map(|zone| &zone.cells)
            .filter_map(|&cell| grid.position(cell))
        {
            zones[at] = risk[at];
        }
        let mut warning = vec![0.0; n];
        for row in 0..input.warnings.len() {
            if let Some(at) = position(input.warnings.cell().value(row)).filter(|&at| !held[at]) {
                warning[at] = amount(input.warnings.log_odds().value(row));
            }
        }
        let heard = heard(input);
        let unheard = |at: usize| 1.0 - heard.get(&grid.cells()[at]).copied().unwrap_or(0.0);
        let unseen = (0..n).map(|at| amount(risk[at] * unheard(at))).collect();
        let parts = [zones, risk.clone(), warning, unseen].map(shares);
        Self { parts, risk }
    }

    /// Worth of every cell under weights of the purposes.
    pub(super) fn values(&self, weights: [f64; 4]) -> Vec<f64> {
        let n = self.risk.len();
        let value = |at: usize| {
            let parts = self.parts.iter().zip(weights);
            parts.map(|(part, weight)| weight * part[at]).sum()
        };
        (0..n).map(value).collect()
    }

    /// What is to be learned in every cell.
    pub(super) fn unseen(&self) -> &[f64] {
        &self.parts[3]
    }
}

/// Cells where somebody came or told something lately: all is heard that can be, and nothing new is learned.
/// Others: how likely a report is. Unknown cells are not here.
fn heard(input: &Input<'_>) -> BTreeMap<CellIndex, f64> {
    let detection = &input.reporting.detection;
    let blind_days = u32::from(input.context.settings.reporting.blind_days);
    let mut heard = BTreeMap::new();
    for row in 0..detection.len() {
        let Ok(cell) = CellIndex::try_from(detection.cell().value(row)) else {
            continue;
        };
        let days = detection.days_since_contact();
        let q = detection.q();
        if days.is_valid(row) && days.value(row) <= blind_days {
            heard.insert(cell, 1.0);
        } else if q.is_valid(row) {
            heard.insert(cell, q.value(row));
        }
    }
    heard
}

fn amount(value: f64) -> f64 {
    if value.is_finite() {
        value.max(0.0)
    } else {
        0.0
    }
}

/// Shares of the sum; all 0 where there is none.
fn shares(mut part: Vec<f64>) -> Vec<f64> {
    let sum: f64 = part.iter().sum();
    if sum > 0.0 {
        for value in &mut part {
            *value /= sum;
        }
    }
    part
}
