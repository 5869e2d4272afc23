use rayon::prelude::*;
use thiserror::Error;

use super::knox_bands::KnoxBands;
use super::knox_deal::Dealer;
use crate::units::{Purpose, Seed, compact};

/// When an event was, and how well time and place are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnoxRecord {
    /// Day of the event (not of the report), counted from any day.
    pub day: i32,
    /// Season block: dates are only dealt out among events of the same block.
    pub block: u32,
    /// Days that the event may have been on; 1 is an exact date.
    pub time_precision_days: f64,
    /// How far off the place may be, in km.
    pub place_precision_km: f64,
}

/// How dates are dealt out anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnoxNull {
    /// Permutations, at least 1.
    pub permutations: u32,
    /// Whether no two events of the same place may come to one date, as where a place's events of a day
    /// are counted once. Dates dealt out freely would then make pairs that the events cannot have.
    pub once_a_day: bool,
}

/// One band of distance and one of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnoxCell {
    /// Pairs of events so near in both.
    pub observed: u64,
    /// Mean over the permutations.
    pub expected: f64,
    /// Observed over expected. `None` when no permutation had such a pair.
    pub ratio: Option<f64>,
    /// Share of arrangements with at least as many, the observed one among them.
    pub p: f64,
}

/// Result of [`knox`].
#[derive(Debug, Clone, PartialEq)]
pub struct Knox {
    /// One row per band of distance, the same place first where it is a band; in it one entry per
    /// band of time.
    pub cells: Vec<Vec<KnoxCell>>,
    /// Events that were compared.
    pub kept: usize,
    /// Events left out because their date is coarser than the narrowest band of time.
    pub coarse_time: usize,
    /// Of the others, events left out because their place is coarser than the narrowest band of
    /// distance.
    pub coarse_place: usize,
}

/// Why there is no test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KnoxError {
    /// A precision negative or not a number.
    #[error("the precision of record {index} must be a number of at least 0")]
    Precision {
        /// Position of the record.
        index: usize,
    },
    /// A distance negative or not a number.
    #[error("the distance of records {first} and {second} must be a number of at least 0")]
    Distance {
        /// Position of one record.
        first: usize,
        /// Position of the other.
        second: usize,
    },
    /// Fewer than two events left.
    #[error("fewer than two records are as exact as the bands")]
    TooFew,
    /// No permutation.
    #[error("there must be permutations")]
    NoPermutations,
}

/// Knox's test of space-time interaction, by bands: the near-repeat table (Knox 1964).
///
/// ```text
/// O_kl = #{ i < j : distance in band k, days apart in band l }
/// ratio = O_kl / mean of the permutations    p_kl = (1 + #{ permuted >= O_kl }) / (1 + permutations)
/// ```
///
/// Places stay, dates are dealt out anew within each season block, so that a season shared by all
/// places is not read as contagion. With [`KnoxNull::once_a_day`] they are dealt out by swaps of two
/// dates of a block, those left out that would bring two events of a same-place band to one date: ten
/// rounds of as many swaps as events, each as likely as its reverse. A block of one event keeps its date; blocks should hold many.
/// Over long periods a population that moves makes near pairs of its own (Kulldorff & Hjalmars
/// 1999): keep blocks to a few years.
///
/// - `records`: one per event. Those whose date or place is coarser than the narrowest band are
///   left out and counted: dates rounded to the first of a month and places rounded to a centroid
///   make pairs that never were.
/// - `distance_km`: of two records by position; symmetric.
///
/// The p-values of the bands are not adjusted for their number. Permutation `r` draws from stream
/// `r`: same seed, same digits at any thread count. Work is one step per pair within the largest
/// distance and permutation; memory 12 bytes a pair.
///
/// # Errors
/// A precision or a distance that cannot be; fewer than two exact records; no permutation.
///
/// # References
/// [doi:10.2307/2985220](https://doi.org/10.2307/2985220);
/// [doi:10.1111/j.0006-341X.1999.00544.x](https://doi.org/10.1111/j.0006-341X.1999.00544.x).
pub fn knox(
    records: &[KnoxRecord],
    distance_km: impl Fn(usize, usize) -> f64 + Sync,
    bands: &KnoxBands,
    null: KnoxNull,
    seed: Seed,
) -> Result<Knox, KnoxError> {
    let permutations = null.permutations;
    if permutations == 0 {
        return Err(KnoxError::NoPermutations);
    }
    let (kept, coarse_time, coarse_place) = exact(records, bands)?;
    if kept.len() < 2 {
        return Err(KnoxError::TooFew);
    }
    let pairs = near_pairs(&kept, distance_km, bands)?;
    let days: Vec<i32> = kept.iter().map(|&i| records[i].day).collect();
    let dealer = Dealer::new(blocks(&kept, records), null, (&pairs, bands), kept.len());
    let observed = counted(&pairs, &days, bands);
    let nothing = || vec![(0_u64, 0_u32); observed.len()];
    let (sums, against) = (0..permutations)
        .into_par_iter()
        .fold(nothing, |mut tally, r| {
            let mut rng = seed.stream(Purpose::KnoxPermutation, u64::from(r));
            let permuted = counted(&pairs, &dealer.dealt(&days, &mut rng), bands);
            for ((tally, &count), &seen) in tally.iter_mut().zip(&permuted).zip(&observed) {
                *tally = (tally.0 + count, tally.1 + u32::from(count >= seen));
            }
            tally
        })
        .reduce(nothing, |a, b| {
            let both = a.iter().zip(&b);
            both.map(|(a, b)| (a.0 + b.0, a.1 + b.1)).collect()
        })
        .into_iter()
        .unzip::<u64, u32, Vec<u64>, Vec<u32>>();
    let cell = |c: usize| cell(observed[c], sums[c], against[c], permutations);
    let row = |k: usize| {
        (0..bands.n_time())
            .map(|l| cell(k * bands.n_time() + l))
            .collect()
    };
    Ok(Knox {
        cells: (0..bands.n_space()).map(row).collect(),
        kept: kept.len(),
        coarse_time,
        coarse_place,
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "numbers of pairs over all permutations stay below 2^53"
)]
fn cell(observed: u64, sum: u64, against: u32, permutations: u32) -> KnoxCell {
    let expected = sum as f64 / f64::from(permutations);
    KnoxCell {
        observed,
        expected,
        ratio: (sum > 0).then(|| observed as f64 / expected),
        p: (1.0 + f64::from(against)) / (1.0 + f64::from(permutations)),
    }
}

/// Positions of the records as exact as the bands, and how many are not, by date and by place.
fn exact(
    records: &[KnoxRecord],
    bands: &KnoxBands,
) -> Result<(Vec<usize>, usize, usize), KnoxError> {
    let (mut kept, mut time, mut place) = (Vec::new(), 0, 0);
    for (index, record) in records.iter().enumerate() {
        if !(record.time_precision_days >= 0.0 && record.place_precision_km >= 0.0) {
            return Err(KnoxError::Precision { index });
        }
        if record.time_precision_days > bands.narrowest_days() {
            time += 1;
        } else if record.place_precision_km > bands.narrowest_km() {
            place += 1;
        } else {
            kept.push(index);
        }
    }
    Ok((kept, time, place))
}

/// Two of the kept records by position among them, and the band of their distance.
pub(super) struct Pair {
    pub(super) first: u32,
    pub(super) second: u32,
    pub(super) space: u32,
}

fn near_pairs(
    kept: &[usize],
    distance_km: impl Fn(usize, usize) -> f64 + Sync,
    bands: &KnoxBands,
) -> Result<Vec<Pair>, KnoxError> {
    let of = |second: usize| -> Result<Vec<Pair>, KnoxError> {
        let mut near = Vec::new();
        for first in 0..second {
            let km = distance_km(kept[first], kept[second]);
            if km.is_nan() || km < 0.0 {
                let (first, second) = (kept[first], kept[second]);
                return Err(KnoxError::Distance { first, second });
            }
            near.extend(bands.space(km).map(|space| Pair {
                first: compact(first),
                second: compact(second),
                space: compact(space),
            }));
        }
        Ok(near)
    };
    let lists = (0..kept.len()).into_par_iter().map(of);
    let lists: Vec<Result<Vec<Pair>, KnoxError>> = lists.collect();
    let lists: Vec<Vec<Pair>> = lists.into_iter().collect::<Result<_, _>>()?;
    Ok(lists.into_iter().flatten().collect())
}

/// Pairs in each band, distance by distance.
fn counted(pairs: &[Pair], days: &[i32], bands: &KnoxBands) -> Vec<u64> {
    let mut counts = vec![0; bands.n_space() * bands.n_time()];
    for pair in pairs {
        let apart = days[pair.first as usize].abs_diff(days[pair.second as usize]);
        if let Some(time) = bands.time(apart) {
            counts[pair.space as usize * bands.n_time() + time] += 1;
        }
    }
    counts
}

/// Positions of the kept records, block by block.
fn blocks(kept: &[usize], records: &[KnoxRecord]) -> Vec<Vec<usize>> {
    let block = |position: usize| records[kept[position]].block;
    let mut order: Vec<usize> = (0..kept.len()).collect();
    order.sort_by_key(|&position| block(position));
    let together = order.chunk_by(|&a, &b| block(a) == block(b));
    together.map(<[usize]>::to_vec).collect()
}
