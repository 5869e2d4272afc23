//! The level of reporting from two sources that overlap.

use forewarn_models::reporting::{Band, coverage};

use crate::tables::{Overlap, OverlapRecord};

/// What every two sources say together of one kind, where they say anything.
pub(super) fn records(overlaps: &[Overlap]) -> Vec<OverlapRecord> {
    let record = |overlap: &Overlap| {
        let found = coverage(overlap.n_first, overlap.n_second, overlap.both);
        OverlapRecord {
            sources: [overlap.first.clone(), overlap.second.clone()],
            kind: overlap.kind.name(),
            told: [overlap.n_first, overlap.n_second, overlap.both],
            incidents: found.ok().map(|found| found.incidents).map(three),
            q: found.ok().map(|found| found.q).map(three),
            reason: found.err().map(|reason| reason.to_string()),
        }
    };
    overlaps.iter().map(record).collect()
}

/// Share of incidents that any of two sources tells, over all pairs and kinds that say anything: told over
/// happened, the ends of the band taken together, which is never too narrow.
pub(super) fn level(overlaps: &[Overlap]) -> Option<Band> {
    let (mut told, mut happened) = (0.0, [0.0; 3]);
    for overlap in overlaps {
        let Ok(found) = coverage(overlap.n_first, overlap.n_second, overlap.both) else {
            continue;
        };
        told += found.q.mean * found.incidents.mean;
        let all = [found.incidents.lo, found.incidents.mean, found.incidents.hi];
        for (sum, n) in happened.iter_mut().zip(all) {
            *sum += n;
        }
    }
    let [few, mean, many] = happened.map(|n| told / n);
    // A level at which everything is told leaves nothing to fit.
    (told > 0.0 && mean < 0.99).then_some(Band {
        mean,
        lo: many,
        hi: few.min(0.99),
    })
}

fn three(band: Band) -> [f64; 3] {
    [band.lo, band.mean, band.hi]
}
