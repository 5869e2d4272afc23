use rayon::prelude::*;

use super::model::Field;
use super::window::Span;
use super::zones::{Step, Zones};

/// A score not above it is one: a zone of all cells expects all cases, up to rounding.
const ROUNDING: f64 = 1e-9;

/// The best window of one zone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Best {
    pub(super) zone: usize,
    pub(super) span: Span,
    pub(super) cases: u32,
    pub(super) expected: f64,
    pub(super) llr: f64,
}

/// The best window of every zone that has one with more cases than expected, best zone first; of
/// equal ones the earlier zone, and within a zone the earlier window.
pub(super) fn ranked(field: &Field, zones: &Zones) -> Vec<Best> {
    let chains: Vec<_> = zones.chains().collect();
    let mut best: Vec<Best> = chains
        .par_iter()
        .flat_map_iter(|&(first, chain)| of_chain(field, first, chain))
        .collect();
    best.sort_unstable_by(|a, b| b.llr.total_cmp(&a.llr).then(a.zone.cmp(&b.zone)));
    best
}

fn of_chain(field: &Field, first: usize, chain: &[Step]) -> Vec<Best> {
    let n_slots = field.frame.n_slots;
    let (mut counts, mut expected) = (vec![0_u32; n_slots], vec![0.0; n_slots]);
    let mut found = Vec::new();
    let mut zone = first;
    for step in chain {
        let row = step.cell as usize * n_slots..(step.cell as usize + 1) * n_slots;
        for (sum, &more) in counts.iter_mut().zip(&field.counts[row.clone()]) {
            *sum += more;
        }
        for (sum, &more) in expected.iter_mut().zip(&field.expected[row]) {
            *sum += more;
        }
        if step.is_zone {
            found.extend(of_zone(field, zone, &counts, &expected));
            zone += 1;
        }
    }
    found
}

fn of_zone(field: &Field, zone: usize, counts: &[u32], expected: &[f64]) -> Option<Best> {
    let mut best: Option<Best> = None;
    for &span in &field.frame.spans {
        let (to, from) = (span.to as usize, span.from.map(|from| from as usize));
        let cases = counts[to] - from.map_or(0, |from| counts[from]);
        let expected = expected[to] - from.map_or(0.0, |from| expected[from]);
        let level = best.map_or(ROUNDING, |best| best.llr);
        let count = f64::from(cases);
        if cases < field.min_cases
            || count <= expected
            || !field.score.may_exceed(count, expected, level)
        {
            continue;
        }
        let llr = field.score.llr(count, expected);
        if llr > level {
            best = Some(Best {
                zone,
                span,
                cases,
                expected,
                llr,
            });
        }
    }
    best
}
