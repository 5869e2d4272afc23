//! What the detectors would call hot, had the records of the window been placed otherwise.
//!
//! Where a record is known to 25 km or to a month, the night counts it in one way of many. Here the
//! window is counted anew for each placement, and judged by the thresholds of the night: a null of its
//! own for each would cost as much as a night, and would ask another question, which is whether
//! anything stands out, and not whether this does.

use arrow::array::{Array, Float64Array};
use forewarn_models::hotspot::local_g_star;
use forewarn_models::rank::Placement;

use crate::base::error::{Error, Result};
use crate::tables::{DetectorRecord, Signals};

use super::{DETECTORS, Input};

/// Tells which cells a detector would call hot under a placement.
pub type Again<'a> = Box<dyn Fn(&Placement) -> Result<Vec<bool>> + 'a>;

/// What a detector said of the night itself.
#[derive(Debug, Clone, Copy)]
pub struct Night<'a> {
    signals: &'a Signals,
    /// Row of its first cell.
    first: usize,
    n_cells: usize,
    /// What it did.
    pub(super) record: &'a DetectorRecord,
}

impl Night<'_> {
    /// Its cells that were called hot, or not.
    pub(super) fn hot(&self) -> Vec<bool> {
        let hot = self.signals.hot().values().iter().skip(self.first);
        hot.take(self.n_cells).map(|&hot| hot == 1).collect()
    }

    /// The area that a cell is hot as a part of, where it found areas.
    pub(super) fn area(&self, cell: usize) -> Option<u8> {
        let (area, at) = (self.signals.area(), self.first + cell);
        area.is_valid(at).then(|| area.value(at))
    }

    /// From which z on a cell counts as hot.
    fn critical_z(&self) -> f64 {
        self.critical(self.signals.z())
    }

    /// Up to which p a cell counts as hot.
    pub(super) fn critical_p(&self) -> f64 {
        -self.critical(&self.signals.p().iter().map(|p| p.map(|p| -p)).collect())
    }

    /// From which figure on a cell counts as hot: half-way between the lowest that the night called hot
    /// and the highest below it that it did not.
    fn critical(&self, figures: &Float64Array) -> f64 {
        let own = figures.iter().skip(self.first).take(self.n_cells);
        let judged: Vec<(f64, bool)> = own
            .zip(self.hot())
            .filter_map(|(figure, hot)| Some((figure?, hot)))
            .collect();
        let of = |wanted| judged.iter().filter(move |&&(_, hot)| hot == wanted);
        let lowest = of(true)
            .map(|&(figure, _)| figure)
            .fold(f64::INFINITY, f64::min);
        let highest = of(false)
            .map(|&(figure, _)| figure)
            .filter(|&figure| figure < lowest)
            .fold(f64::NEG_INFINITY, f64::max);
        if highest.is_finite() {
            f64::midpoint(lowest, highest)
        } else {
            lowest
        }
    }
}

/// For each placement the rows that would be hot. A detector that calls nothing hot in the night is not
/// asked: no zone rests on it.
pub(super) fn hot_rows(
    input: &Input<'_>,
    signals: &Signals,
    records: &[DetectorRecord],
) -> Result<Vec<Vec<usize>>> {
    let n_cells = input.expected.len();
    let mut judges = Vec::new();
    for (i, (detector, record)) in DETECTORS.iter().zip(records).enumerate() {
        let first = i * n_cells;
        let night = Night {
            signals,
            first,
            n_cells,
            record,
        };
        if record.n_hot > 0 {
            judges.push((first, night.hot(), detector.again(input, &night)?));
        }
    }
    let seed = input.context.seed;
    let draws = 0..u32::from(input.context.settings.placing.draws);
    let rows_of = |draw| {
        let placement = input.placed.window.draw(draw, seed);
        let mut rows = Vec::new();
        for (first, night, again) in &judges {
            let hot = match again {
                Some(again) => &again(&placement)?,
                None => night,
            };
            let cells = hot.iter().enumerate().filter(|&(_, &hot)| hot);
            rows.extend(cells.map(|(cell, _)| first + cell));
        }
        Ok(rows)
    };
    draws.map(rows_of).collect()
}

/// Judges Gi* of the values that a placement gives, by the night's z.
pub(super) fn gi_star<'a>(
    input: &'a Input<'a>,
    night: &Night<'_>,
    values: impl Fn(&[f64]) -> Result<Vec<Option<f64>>> + 'a,
) -> Again<'a> {
    let critical = night.critical_z();
    Box::new(move |placement| {
        let located: Vec<f64> = placement.testifying().map(f64::from).collect();
        let values = values(&located)?;
        let observed: Vec<bool> = values.iter().map(Option::is_some).collect();
        let filled: Vec<f64> = values.into_iter().map(Option::unwrap_or_default).collect();
        let z = local_g_star(&filled, &observed, input.neighbours)
            .map_err(Error::statistic("detect"))?;
        Ok(z.into_iter()
            .map(|z| z.is_some_and(|z| z >= critical))
            .collect())
    })
}
