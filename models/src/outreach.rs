//! Which places an outreach team should go to next: a purpose of its own beside risk, and how far its order
//! hangs on a panel's weights.

use std::fmt;

/// A share that is not known exactly: its middle, and the ends that it may have.
///
/// Where nothing is known it is [`Share::UNKNOWN`]: any from 0 to 1 alike, and never 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Lowest.
    pub lo: f64,
    /// Middle.
    pub mid: f64,
    /// Highest.
    pub hi: f64,
}

impl Share {
    /// Any from 0 to 1 alike.
    pub const UNKNOWN: Self = Self {
        lo: 0.0,
        mid: 0.5,
        hi: 1.0,
    };

    /// Known exactly.
    #[must_use]
    pub const fn known(share: f64) -> Self {
        Self {
            lo: share,
            mid: share,
            hi: share,
        }
    }

    /// What is left of one, with its ends exchanged.
    #[must_use]
    pub fn rest(self) -> Self {
        Self {
            lo: 1.0 - self.hi,
            mid: 1.0 - self.mid,
            hi: 1.0 - self.lo,
        }
    }

    fn is_share(self) -> bool {
        (0.0..=1.0).contains(&self.lo)
            && self.lo <= self.mid
            && self.mid <= self.hi
            && self.hi <= 1.0
    }
}

/// Where a place stands among those that outreach may go to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Its score, within 0..=1, with the ends that its factors leave open.
    pub score: Share,
    /// 1 = first; equals share a rank, the lowest of theirs.
    pub rank: usize,
    /// Lowest rank while weights are changed.
    pub rank_lo: usize,
    /// Highest rank while weights are changed.
    pub rank_hi: usize,
}

/// Why nothing is ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutreachError {
    /// A weight or a factor on weights is not positive and finite.
    Weight,
    /// A share is outside 0..=1, or its ends are not in order.
    Share,
}

impl fmt::Display for OutreachError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Weight => "every weight of outreach must be positive and finite",
            Self::Share => {
                "every factor of outreach must be a share from 0 to 1, its ends in order"
            }
        })
    }
}

impl std::error::Error for OutreachError {}

/// Orders places by how much outreach is needed there: the weighted geometric mean of `N` shares,
///
/// ```text
/// score = (product over k of f_k^w_k)^(1 / sum w)
/// ```
///
/// such as exposure, low reporting, not yet reached, committee present and audience gap. A product, since
/// outreach needs all of them: where one is 0, such as in a place that is fully reached, nothing is needed.
///
/// - `places`: `N` shares each, dimensionless. The score's ends are those with all shares at their low ends,
///   and all at their high ends: a band, and no interval of a probability.
/// - `weights`: `w`, positive.
/// - `sensitivity`: factors by which each weight is multiplied, one at a time, to tell how far a rank hangs on
///   it. Weights all multiplied alike change nothing.
///
/// Scores within a relative 1e-12 are equal. Empty in, empty out.
///
/// # Errors
/// [`OutreachError`] for a weight or a factor that is not positive, and for what is no share.
///
/// # References
/// Weighted geometric mean as the aggregation of the Human Development Index and of INFORM, in which factors
/// stand in for each other only in part: Klugman, Rodriguez & Choi 2011,
/// [doi:10.1007/s10888-011-9178-4](https://doi.org/10.1007/s10888-011-9178-4).
///
/// ```
/// use forewarn_models::outreach::{Share, rank};
/// let places = [[Share::known(0.9), Share::known(0.2)], [Share::known(0.5), Share::known(0.5)]];
/// let ranked = rank(&places, &[1.0, 1.0], [0.5, 2.0])?;
/// assert!((ranked[0].score.mid - 0.18_f64.sqrt()).abs() < 1e-12);
/// assert_eq!((ranked[1].rank, ranked[1].rank_hi), (1, 2));
/// # Ok::<(), forewarn_models::outreach::OutreachError>(())
/// ```
pub fn rank<const N: usize>(
    places: &[[Share; N]],
    weights: &[f64; N],
    sensitivity: [f64; 2],
) -> Result<Vec<Standing>, OutreachError> {
    let positive = |x: &f64| x.is_finite() && *x > 0.0;
    if !weights.iter().chain(&sensitivity).all(positive) {
        return Err(OutreachError::Weight);
    }
    if !places.iter().flatten().all(|share| share.is_share()) {
        return Err(OutreachError::Share);
    }
    let middles: Vec<[f64; N]> = places
        .iter()
        .map(|shares| shares.map(|share| share.mid))
        .collect();
    let under = |weights: &[f64; N]| {
        let scores: Vec<f64> = middles.iter().map(|shares| mean(shares, weights)).collect();
        (ranks(&scores), scores)
    };
    let (ranked, scores) = under(weights);
    let mut standings: Vec<Standing> = places
        .iter()
        .zip(ranked)
        .zip(scores)
        .map(|((shares, rank), mid)| Standing {
            score: Share {
                lo: mean(&shares.map(|share| share.lo), weights),
                mid,
                hi: mean(&shares.map(|share| share.hi), weights),
            },
            rank,
            rank_lo: rank,
            rank_hi: rank,
        })
        .collect();
    for k in 0..N {
        for factor in sensitivity {
            let mut changed = *weights;
            changed[k] *= factor;
            for (standing, rank) in standings.iter_mut().zip(under(&changed).0) {
                standing.rank_lo = standing.rank_lo.min(rank);
                standing.rank_hi = standing.rank_hi.max(rank);
            }
        }
    }
    Ok(standings)
}

/// Weighted geometric mean of shares; 0 where one of them is.
fn mean<const N: usize>(shares: &[f64; N], weights: &[f64; N]) -> f64 {
    if shares.contains(&0.0) {
        return 0.0;
    }
    let logs: f64 = shares.iter().zip(weights).map(|(f, w)| w * f.ln()).sum();
    (logs / weights.iter().sum::<f64>()).exp()
}

/// 1 + how many are higher, by score.
fn ranks(scores: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let mut ranks = vec![1; scores.len()];
    for (at, pair) in (1..).zip(order.windows(2)) {
        let (before, here) = (pair[0], pair[1]);
        let is_equal = scores[before] - scores[here] <= 1e-12 * scores[before];
        ranks[here] = if is_equal { ranks[before] } else { at + 1 };
    }
    ranks
}

/// How far an audience is from its share of those reached: `max(0, 1 - share / target)`, with the ends of
/// Wilson's 95 % interval.
///
/// - `reached`, `all`: people of the audience, and all people reached.
/// - `target`: the share that is aimed at, above 0, such as 1/2 for women.
///
/// [`Share::UNKNOWN`] where nobody was reached; `None` where counts or target make no sense.
///
/// ```
/// use forewarn_models::outreach::audience_gap;
/// // 276 women of 1,126 people, Central African Republic 2021.
/// let gap = audience_gap(276, 1126, 0.5).unwrap();
/// assert!((gap.mid - (1.0 - 2.0 * 276.0 / 1126.0)).abs() < 1e-15);
/// ```
#[must_use]
pub fn audience_gap(reached: u32, all: u32, target: f64) -> Option<Share> {
    if reached > all || !(target > 0.0 && target <= 1.0) {
        return None;
    }
    if all == 0 {
        return Some(Share::UNKNOWN);
    }
    let (lo, hi) = crate::score::wilson(reached as usize, all as usize, 0.95)?;
    let gap = |share: f64| (1.0 - share / target).max(0.0);
    Some(Share {
        lo: gap(hi),
        mid: gap(f64::from(reached) / f64::from(all)),
        hi: gap(lo),
    })
}

/// Share of how much a place is exposed: `r / (1 + r)` of a rate relative to the mission's mean, times what a
/// season ahead adds: `r = rate (1 + corridor)`. A half at the mean, and never 1.
///
/// - `rate`: relative rate, from 0.
/// - `corridor`: exposure to a corridor times the probability that its season falls into the time planned for,
///   0..=1.
///
/// `None` where a number is negative or not finite.
///
/// ```
/// use forewarn_models::outreach::exposure;
/// assert_eq!(exposure(1.0, 0.0), Some(0.5));
/// assert_eq!(exposure(1.5, 1.0), Some(0.75));
/// ```
#[must_use]
pub fn exposure(rate: f64, corridor: f64) -> Option<f64> {
    let is_amount = |x: f64| x.is_finite() && x >= 0.0;
    if !(is_amount(rate) && is_amount(corridor)) {
        return None;
    }
    let rate = rate * (1.0 + corridor);
    Some(rate / (1.0 + rate))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{number, numbers, reference};

    fn share(triple: &serde_json::Value) -> Share {
        let ends = numbers(triple);
        Share {
            lo: ends[0],
            mid: ends[1],
            hi: ends[2],
        }
    }

    #[test]
    fn scores_and_ranks_are_those_of_scipy() {
        let expected = reference("outreach");
        let weights: [f64; 5] = numbers(&expected["weights"]).try_into().unwrap();
        let sensitivity: [f64; 2] = numbers(&expected["sensitivity"]).try_into().unwrap();
        let all = expected["places"].as_array().unwrap();
        let places: Vec<[Share; 5]> = all
            .iter()
            .map(|place| {
                let shares: Vec<Share> = place["shares"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(share)
                    .collect();
                shares.try_into().unwrap()
            })
            .collect();
        let ranked = rank(&places, &weights, sensitivity).unwrap();
        for (standing, place) in ranked.iter().zip(all) {
            let score = share(&place["score"]);
            for (ours, theirs) in [
                (standing.score.lo, score.lo),
                (standing.score.mid, score.mid),
                (standing.score.hi, score.hi),
            ] {
                assert!((ours - theirs).abs() < 1e-12, "{ours} {theirs}");
            }
            let ranks = [standing.rank, standing.rank_lo, standing.rank_hi].map(|rank| rank as u64);
            let theirs: Vec<u64> = ["rank", "rank_lo", "rank_hi"]
                .iter()
                .map(|key| place[*key].as_u64().unwrap())
                .collect();
            assert_eq!(ranks.as_slice(), theirs);
        }
        for gap in expected["gaps"].as_array().unwrap() {
            let n = |key: &str| u32::try_from(gap[key].as_u64().unwrap()).unwrap();
            let ours = audience_gap(n("reached"), n("all"), number(&gap["target"])).unwrap();
            let theirs = share(&gap["gap"]);
            assert!((ours.lo - theirs.lo).abs() < 1e-12 && (ours.hi - theirs.hi).abs() < 1e-12);
            assert!((ours.mid - theirs.mid).abs() < 1e-12);
        }
    }

    #[test]
    fn one_factor_that_is_none_leaves_nothing_and_an_unknown_one_leaves_all_open() {
        let whole = Share::known(1.0);
        let places = [
            [whole, Share::known(0.0)],
            [whole, Share::UNKNOWN],
            [whole, whole],
        ];
        let ranked = rank(&places, &[1.0, 3.0], [0.5, 2.0]).unwrap();
        let ranks: Vec<usize> = ranked.iter().map(|standing| standing.rank).collect();
        assert_eq!(ranks, [3, 2, 1]);
        assert_eq!(ranked[0].score, Share::known(0.0));
        assert_eq!((ranked[1].score.lo, ranked[1].score.hi), (0.0, 1.0));
        assert_eq!(Share::UNKNOWN.rest(), Share::UNKNOWN);
    }

    #[test]
    fn what_cannot_be_ranked_is_refused() {
        let good = [[Share::known(0.5)]];
        assert_eq!(rank(&good, &[0.0], [0.5, 2.0]), Err(OutreachError::Weight));
        assert_eq!(
            rank(&good, &[1.0], [f64::NAN, 2.0]),
            Err(OutreachError::Weight)
        );
        for bad in [-0.1, 1.1, f64::NAN] {
            let places = [[Share::known(bad)]];
            assert_eq!(rank(&places, &[1.0], [0.5, 2.0]), Err(OutreachError::Share));
        }
        assert_eq!(rank::<1>(&[], &[1.0], [0.5, 2.0]), Ok(Vec::new()));
        assert_eq!(
            (audience_gap(3, 2, 0.5), audience_gap(1, 2, 0.0)),
            (None, None)
        );
        assert_eq!(audience_gap(0, 0, 0.5), Some(Share::UNKNOWN));
        assert_eq!((exposure(-1.0, 0.0), exposure(f64::NAN, 0.0)), (None, None));
    }
}
