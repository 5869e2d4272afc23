use thiserror::Error;

use crate::units::{LengthMismatch, same_length};

/// Places that cannot be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PlaceError {
    /// A slice without one entry per cell.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// A score that is not a number.
    #[error("the score of cell {index} must be a number")]
    Score {
        /// Position of the cell.
        index: usize,
    },
    /// A count below zero or not finite.
    #[error("the count of cell {index} must be finite and at least 0")]
    Count {
        /// Position of the cell.
        index: usize,
    },
    /// An area of zero, below zero or not finite.
    #[error("the area of cell {index} must be finite and above 0")]
    Area {
        /// Position of the cell.
        index: usize,
    },
    /// A budget below zero or not finite.
    #[error("the area that may be flagged must be finite and at least 0")]
    Budget,
}

/// What a set of flagged cells caught: `n` of `N` events on `a` of `A` km2.
///
/// Print the share of area and the number of events beside every index made of them, with an
/// interval over days ([`bootstrap_interval`](super::bootstrap_interval)). The area may as well be
/// another cost, such as the length of road that a patrol can reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flagged {
    /// Events in flagged cells, `n`; an expected value where ties were broken.
    pub hits: f64,
    /// Events anywhere, `N`.
    pub total: f64,
    /// Flagged area, `a`.
    pub area_km2: f64,
    /// Study area, `A`.
    pub study_area_km2: f64,
}

impl Flagged {
    /// Share of the area that is flagged, `a / A`. `None` without cells.
    #[must_use]
    pub fn area_share(&self) -> Option<f64> {
        ratio(self.area_km2, self.study_area_km2)
    }

    /// Share of events in flagged cells, `n / N`. `None` without events.
    #[must_use]
    pub fn hit_rate(&self) -> Option<f64> {
        ratio(self.hits, self.total)
    }

    /// Predictive accuracy index, `(n / N) / (a / A)` (Chainey, Tompson & Uhlig 2008,
    /// [doi:10.1057/palgrave.sj.8350066](https://doi.org/10.1057/palgrave.sj.8350066)): how many
    /// times denser events are where flagged. `None` without events or without flagged area.
    #[must_use]
    pub fn pai(&self) -> Option<f64> {
        ratio(self.hit_rate()?, self.area_share()?)
    }

    /// Penalised predictive accuracy index, `(n / N) / (a / A)^alpha` with `0 < alpha < 1`, which
    /// rewards small areas less. `None` as for [`pai`](Self::pai), or for another `alpha`.
    #[must_use]
    pub fn ppai(&self, alpha: f64) -> Option<f64> {
        let penalty = self.area_share()?.powf(alpha);
        (alpha > 0.0 && alpha < 1.0)
            .then(|| self.hit_rate().and_then(|rate| ratio(rate, penalty)))
            .flatten()
    }

    /// Predictive efficiency index, `PAI / PAI* = n / n*` (Hunt 2016), where `n*` is the most
    /// that any set of at most that area could have caught: [`best_hits`](super::best_hits), or
    /// the cells ranked by what came, where ties were broken. `None` when nothing could be caught.
    #[must_use]
    pub fn pei(&self, best_hits: f64) -> Option<f64> {
        ratio(self.hits, best_hits)
    }
}

/// What given cells caught.
///
/// # Errors
/// Lengths differ; a count or an area that cannot be.
pub fn flagged(flags: &[bool], counts: &[f64], area_km2: &[f64]) -> Result<Flagged, PlaceError> {
    same_length(flags.len(), counts.len())?;
    check(counts, area_km2)?;
    let within = |values: &[f64]| -> f64 {
        let marked = values.iter().zip(flags).filter(|&(_, &flag)| flag);
        marked.map(|(value, _)| value).sum()
    };
    Ok(Flagged {
        hits: within(counts),
        total: counts.iter().sum(),
        area_km2: within(area_km2),
        study_area_km2: area_km2.iter().sum(),
    })
}

/// What the cells with the highest scores catch on a budget of area, whatever order they stand in.
///
/// Cells are flagged from the highest score down. Those that share the score at which the budget
/// runs out are flagged with the same probability, the share of their area that is left over: hits
/// and area are expected values over that draw. With equal areas and a budget of whole cells, it is
/// the expected value over all ways to break the tie. Ranking by `count / area` instead of a score
/// gives the most that any draw could catch, so `n / n*` never exceeds 1.
///
/// A budget above the study area flags everything.
///
/// # Errors
/// Lengths differ; a score not a number; a count, an area or a budget that cannot be.
///
/// ```
/// use forewarn_models::score::flagged_within;
/// // One cell stands first, two share the second place, the budget holds two.
/// let caught = flagged_within(&[0.2, 0.9, 0.2], &[4.0, 1.0, 0.0], &[1.0; 3], 2.0)?;
/// assert_eq!((caught.hits, caught.area_km2), (3.0, 2.0));
/// # Ok::<(), forewarn_models::score::PlaceError>(())
/// ```
pub fn flagged_within(
    score: &[f64],
    counts: &[f64],
    area_km2: &[f64],
    budget_km2: f64,
) -> Result<Flagged, PlaceError> {
    same_length(score.len(), counts.len())?;
    check(counts, area_km2)?;
    check_budget(budget_km2)?;
    if let Some(index) = score.iter().position(|score| score.is_nan()) {
        return Err(PlaceError::Score { index });
    }
    let mut order: Vec<usize> = (0..score.len()).collect();
    order.sort_by(|&a, &b| score[b].total_cmp(&score[a]));
    let (mut hits, mut area) = (0.0, 0.0);
    for tied in order.chunk_by(|&a, &b| score[a] <= score[b]) {
        let size: f64 = tied.iter().map(|&cell| area_km2[cell]).sum();
        let share = ((budget_km2 - area) / size).clamp(0.0, 1.0);
        hits += share * tied.iter().map(|&cell| counts[cell]).sum::<f64>();
        area += share * size;
        if share < 1.0 {
            break;
        }
    }
    Ok(Flagged {
        hits,
        total: counts.iter().sum(),
        area_km2: area,
        study_area_km2: area_km2.iter().sum(),
    })
}

/// Recapture rate: events in flagged cells later, per event in the same cells when they were
/// flagged. `None` when there were none then.
#[must_use]
pub fn recapture_rate(earlier: &Flagged, later: &Flagged) -> Option<f64> {
    ratio(later.hits, earlier.hits)
}

/// Recapture rate index: [`recapture_rate`] relative to the change everywhere, `N later / N
/// earlier` (Levine 2008, *Security Journal* 21:295). `None` when either rate is undefined or
/// nothing happened later.
#[must_use]
pub fn relative_recapture(earlier: &Flagged, later: &Flagged) -> Option<f64> {
    ratio(
        recapture_rate(earlier, later)?,
        ratio(later.total, earlier.total)?,
    )
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

pub(super) fn check(counts: &[f64], area_km2: &[f64]) -> Result<(), PlaceError> {
    same_length(counts.len(), area_km2.len())?;
    let faulty = |count: &f64| !(count.is_finite() && *count >= 0.0);
    if let Some(index) = counts.iter().position(faulty) {
        return Err(PlaceError::Count { index });
    }
    let faulty = |area: &f64| !(area.is_finite() && *area > 0.0);
    match area_km2.iter().position(faulty) {
        Some(index) => Err(PlaceError::Area { index }),
        None => Ok(()),
    }
}

pub(super) fn check_budget(budget_km2: f64) -> Result<(), PlaceError> {
    if budget_km2.is_finite() && budget_km2 >= 0.0 {
        Ok(())
    } else {
        Err(PlaceError::Budget)
    }
}
