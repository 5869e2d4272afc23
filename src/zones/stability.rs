//! What becomes of the zones where records are placed otherwise.
//!
//! A zone keeps a cell in a placement where the cell is still one of those that make a neighbourhood hot,
//! which is what zones are grown from. Which cells of a neighbourhood have more than they are compared
//! with is told by the spread counts, the mean over placements: placed whole, three reports known to
//! 25 km leave most of their cells empty, however sure it is that they lie around here. Zones are not
//! grown anew: that would part the same cells otherwise, which is no doubt about a place.

use super::Input;

/// Below this share of placements a zone's place is not known well enough to rank it.
pub(super) const STABLE: f64 = 0.5;

/// Zones and their cells over all placements.
#[derive(Debug)]
pub(super) struct Placed {
    /// Of each zone the share of placements in which it keeps half of its cells.
    pub(super) stability: Vec<Option<f64>>,
    /// Of each zone and cell its reports in every placement; none where none were drawn.
    pub(super) counts: Vec<Vec<Vec<f64>>>,
}

impl Placed {
    pub(super) fn of(input: &Input<'_>, zones: &[Vec<u32>]) -> Self {
        let again = &input.detections.hot_again;
        let mut kept = vec![0_usize; zones.len()];
        let mut counts: Vec<Vec<Vec<f64>>> = zones
            .iter()
            .map(|zone| vec![Vec::with_capacity(again.len()); zone.len()])
            .collect();
        for (draw, hot) in (0..).zip(again) {
            let placement = input.window.draw(draw, input.context.seed);
            let reports: Vec<f64> = placement.counts().map(f64::from).collect();
            let seeds = input.hot().seeds_of(hot.iter().copied());
            for (zone, (kept, counts)) in zones.iter().zip(kept.iter_mut().zip(&mut counts)) {
                let holds = zone.iter().filter(|&&cell| seeds[cell as usize]).count();
                *kept += usize::from(2 * holds >= zone.len());
                for (&cell, counts) in zone.iter().zip(counts) {
                    counts.push(reports[cell as usize]);
                }
            }
        }
        #[allow(clippy::cast_precision_loss, reason = "a few thousand draws")]
        let share = |n: usize| (!again.is_empty()).then(|| n as f64 / again.len() as f64);
        Self {
            stability: kept.into_iter().map(share).collect(),
            counts,
        }
    }
}
