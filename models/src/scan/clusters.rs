use super::inference::{Gumbel, Stop, monte_carlo_p};
use super::model::{Field, Model, ScanError, prepare};
use super::null::Null;
use super::observed::{Best, ranked};
use super::score::relative_risk;
use super::sweep::maxima;
use super::window::Windows;
use super::zones::Zones;
use crate::units::Seed;

/// Replicates drawn before a sequential scan looks whether it may stop. What comes after the
/// stop is dropped, so the number decides nothing but time.
const ROUND: u64 = 256;

/// What to scan for and how to judge it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scanning {
    /// Stretches of time.
    pub windows: Windows,
    /// Fewest cases of a cluster; 0 counts as 1.
    pub min_cases: u32,
    /// Most replicates of the null, at least 1: 999 to show, 9,999 or [`Gumbel`] to raise an
    /// alarm every night.
    pub replicates: u32,
    /// When to draw fewer.
    pub stop: Stop,
    /// Which clusters to report beside the best.
    pub secondary: Secondary,
}

/// Which clusters are reported.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Secondary {
    /// The best of every zone that shares no cell with a better cluster, whatever their times,
    /// up to `most`. Judged by the maxima that judge the best, which errs on the safe side.
    NoOverlap {
        /// Largest number of clusters.
        most: usize,
    },
    /// The best cluster; then, its cells taken away whole, the best of a new scan with a null of
    /// its own; and so on up to `most`, or until one has `p` above `p_threshold`. That last one is
    /// reported too.
    Iterative {
        /// Largest number of clusters.
        most: usize,
        /// Where to stop.
        p_threshold: f64,
    },
}

/// A zone and a window with more cases than expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Number of the zone.
    pub zone: usize,
    /// Its cells, ascending.
    pub cells: Vec<u32>,
    /// First step of the window.
    pub first_step: usize,
    /// Last step, itself included.
    pub last_step: usize,
    /// Cases counted.
    pub cases: u32,
    /// Cases expected.
    pub expected: f64,
    /// Relative risk: inside against outside where the total is given, observed over expected
    /// otherwise. `None` where nothing was counted outside.
    pub relative_risk: Option<f64>,
    /// Log-likelihood ratio in nats.
    pub llr: f64,
    /// Monte Carlo p-value, see [`monte_carlo_p`].
    pub p: f64,
    /// p-value by the Gumbel law of the maxima; `None` where it cannot be fitted.
    pub gumbel_p: Option<f64>,
}

/// What a scan found.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// Best first; empty where no cylinder holds more than expected.
    pub clusters: Vec<Cluster>,
    /// Maxima of the replicates that judged the first cluster, in the order drawn; none where
    /// there was nothing to judge.
    pub maxima: Vec<f64>,
    /// The rule that decided how many there are.
    pub stop: Stop,
}

/// Scans a cube of counts.
///
/// - `counts`: cell by cell, all steps of the first cell, then all of the second. The number of
///   steps follows from the number of cells of the zones.
/// - `model`: what is expected.
/// - `zones`: where to look.
/// - `scanning`: when to look, and how to judge.
/// - `seed`: with the rest, fixes every digit. Replicate `r` of the `k`-th scan has the stream
///   `2^32 k + r`, whatever the number of threads.
///
/// Time grows with zones times windows, once per 32 replicates; memory, per thread, with cells
/// times running sums, 64 bytes each, or 128 where a zone counts beyond 16 bits.
///
/// # Errors
/// See [`ScanError`].
///
/// # References
/// Kulldorff 1997 for the scan, [doi:10.1080/03610929708831995](https://doi.org/10.1080/03610929708831995);
/// Kulldorff 2001 for prospective windows,
/// [doi:10.1111/1467-985X.00186](https://doi.org/10.1111/1467-985X.00186); Zhang, Assuncao &
/// Kulldorff 2010 for iterative scans, [doi:10.1155/2010/642379](https://doi.org/10.1155/2010/642379).
pub fn scan(
    counts: &[u32],
    model: Model<'_>,
    zones: &Zones,
    scanning: &Scanning,
    seed: Seed,
) -> Result<Scan, ScanError> {
    if scanning.replicates == 0 {
        return Err(ScanError::NoReplicates);
    }
    if scanning.stop == Stop::Exceedances(0) {
        return Err(ScanError::NoExceedances);
    }
    let mut gone = vec![false; zones.n_cells()];
    let (field, null) = prepare(counts, model, zones, scanning, &gone)?;
    let ranked = ranked(&field, zones);
    let maxima = judged(&field, &null, zones, (scanning, seed, 0), &ranked);
    let found = |best: &Best| cluster(&field, zones, best, &maxima, scanning.stop);
    let clusters = match scanning.secondary {
        Secondary::NoOverlap { most } => {
            let kept = apart(&ranked, zones, most);
            kept.iter().map(found).collect()
        }
        Secondary::Iterative { most, p_threshold } => {
            let mut clusters: Vec<Cluster> = ranked.first().map(found).into_iter().collect();
            while let Some(last) = clusters.last()
                && last.p <= p_threshold
                && clusters.len() < most
            {
                for &cell in &last.cells {
                    gone[cell as usize] = true;
                }
                match again(
                    counts,
                    model,
                    zones,
                    (scanning, seed, clusters.len()),
                    &gone,
                )? {
                    Some(cluster) => clusters.push(cluster),
                    None => break,
                }
            }
            clusters
        }
    };
    Ok(Scan {
        clusters,
        maxima,
        stop: scanning.stop,
    })
}

/// The best cluster of what is left; none where no case is left or none too many.
fn again(
    counts: &[u32],
    model: Model<'_>,
    zones: &Zones,
    order: (&Scanning, Seed, usize),
    gone: &[bool],
) -> Result<Option<Cluster>, ScanError> {
    let (field, null) = match prepare(counts, model, zones, order.0, gone) {
        Err(ScanError::NoCases) => return Ok(None),
        prepared => prepared?,
    };
    let mut ranked = ranked(&field, zones);
    ranked.truncate(1);
    let maxima = judged(&field, &null, zones, order, &ranked);
    let found = |best: &Best| {
        let mut cluster = cluster(&field, zones, best, &maxima, order.0.stop);
        cluster.cells.retain(|&cell| !gone[cell as usize]);
        cluster
    };
    Ok(ranked.first().map(found))
}

/// The maxima of as many replicates as the stopping rule wants for the best cluster.
fn judged(
    field: &Field,
    null: &Null,
    zones: &Zones,
    (scanning, seed, scan): (&Scanning, Seed, usize),
    ranked: &[Best],
) -> Vec<f64> {
    let start = (scan as u64) << 32;
    let end = start + u64::from(scanning.replicates);
    let Some(best) = ranked.first() else {
        return Vec::new();
    };
    let Stop::Exceedances(wanted) = scanning.stop else {
        return maxima(field, null, zones, seed, start..end);
    };
    let mut drawn = Vec::new();
    let mut next = start;
    while next < end {
        let round = next..end.min(next + ROUND);
        next = round.end;
        drawn.extend(maxima(field, null, zones, seed, round));
        let reached = |&maximum: &f64| super::inference::reaches(maximum, best.llr);
        let mut exceeding = (0..drawn.len()).filter(|&i| reached(&drawn[i]));
        if let Some(last) = exceeding.nth(wanted as usize - 1) {
            drawn.truncate(last + 1);
            break;
        }
    }
    drawn
}

/// Zones that share no cell with a better one.
fn apart(ranked: &[Best], zones: &Zones, most: usize) -> Vec<Best> {
    let mut taken = vec![false; zones.n_cells()];
    let mut kept: Vec<Best> = Vec::new();
    for best in ranked {
        if kept.len() == most {
            break;
        }
        if zones.members(best.zone).all(|cell| !taken[cell as usize]) {
            for cell in zones.members(best.zone) {
                taken[cell as usize] = true;
            }
            kept.push(*best);
        }
    }
    kept
}

fn cluster(field: &Field, zones: &Zones, best: &Best, maxima: &[f64], stop: Stop) -> Cluster {
    let (first_step, last_step) = field.frame.steps(best.span);
    let relative_risk = if field.score.given_total() {
        relative_risk(u64::from(best.cases), best.expected, field.total)
    } else {
        Some(f64::from(best.cases) / best.expected)
    };
    Cluster {
        zone: best.zone,
        cells: zones.cells(best.zone),
        first_step,
        last_step,
        cases: best.cases,
        expected: best.expected,
        relative_risk,
        llr: best.llr,
        p: monte_carlo_p(best.llr, maxima, stop),
        gumbel_p: Gumbel::fit(maxima).map(|law| law.exceedance(best.llr)),
    }
}
