use thiserror::Error;

use super::super::History;
use crate::units::{LengthMismatch, compact, same_length};

/// Events of several places over a span of days, and how many the season and the place alone would
/// bring.
#[derive(Debug, Clone, PartialEq)]
pub struct SpaceTimeHistory {
    pub(super) in_time: History,
    /// Place of each event, numbered among the places that have any.
    pub(super) at: Vec<u32>,
    /// Background share of each of these.
    pub(super) share: Vec<f64>,
    /// Of each of these the squared distances to all places within reach, itself among them, in km2.
    pub(super) around: Vec<Vec<f64>>,
    /// Of each of these the others with events within reach, itself among them, and squared distances.
    pub(super) links: Vec<Vec<(u32, f64)>>,
    /// Narrowest and widest kernel that a fit may find, in km.
    pub(super) sigma_km: (f64, f64),
}

/// Events that are no history of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SpaceTimeHistoryError {
    /// Not one place per event, or not one list per place.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// An event at a place that there is not.
    #[error("event {index} must be at one of the places")]
    Place {
        /// Its position.
        index: usize,
    },
    /// A background negative or not finite, or 0 at a place with events.
    #[error("the background of place {place} must be finite, and above 0 where there are events")]
    Background {
        /// The place.
        place: usize,
    },
    /// A list without the place itself, or with a place or a distance that cannot be.
    #[error("place {place} must list itself at 0 km, and others at distances above 0")]
    Near {
        /// The place.
        place: usize,
    },
    /// Widths that are no range.
    #[error("widths must be finite and ascend from above 0")]
    Sigma,
}

impl SpaceTimeHistory {
    /// Events at the times of `in_time`, each at one of several places.
    ///
    /// - `places`: the place of each event, in the order of the times.
    /// - `background`: of each place, relative to the others in any unit: what the place expects beside
    ///   its season, such as a smoothed rate times its area. What it leaves out is read as contagion.
    /// - `near`: of each place those within reach with their distances in km, itself at 0 among them;
    ///   symmetric. Places without events may have empty lists.
    /// - `sigma_km`: narrowest and widest kernel to look for, in km. The widest should be no wider than
    ///   the reach.
    ///
    /// # Errors
    /// Lengths differ; a place, a background, a list or a range that cannot be.
    pub fn new(
        in_time: History,
        places: &[u32],
        background: &[f64],
        near: &[Vec<(u32, f64)>],
        sigma_km: (f64, f64),
    ) -> Result<Self, SpaceTimeHistoryError> {
        same_length(in_time.times().len(), places.len())?;
        same_length(background.len(), near.len())?;
        let (lo, hi) = sigma_km;
        if !(lo > 0.0 && lo < hi && hi.is_finite()) {
            return Err(SpaceTimeHistoryError::Sigma);
        }
        let mut number = vec![None; background.len()];
        for (index, &place) in places.iter().enumerate() {
            let place = number.get_mut(place as usize);
            *place.ok_or(SpaceTimeHistoryError::Place { index })? = Some(0);
        }
        let sites: Vec<usize> = (0..number.len()).filter(|&i| number[i].is_some()).collect();
        for (new, &old) in sites.iter().enumerate() {
            number[old] = Some(compact(new));
        }
        let total = total(background, &number)?;
        let mut history = Self {
            in_time,
            at: places.iter().filter_map(|&p| number[p as usize]).collect(),
            share: sites.iter().map(|&site| background[site] / total).collect(),
            around: Vec::with_capacity(sites.len()),
            links: Vec::with_capacity(sites.len()),
            sigma_km,
        };
        for &place in &sites {
            let list = &near[place];
            let itself = |&(other, km): &(u32, f64)| other as usize == place && km <= 0.0;
            let valid = |&(other, km): &(u32, f64)| {
                let own = other as usize == place;
                (other as usize) < number.len() && km.is_finite() && (km > 0.0 || own && km >= 0.0)
            };
            if !(list.iter().any(itself) && list.iter().all(valid)) {
                return Err(SpaceTimeHistoryError::Near { place });
            }
            history
                .around
                .push(list.iter().map(|&(_, km)| km * km).collect());
            let with_events = |&(other, km): &(u32, f64)| Some((number[other as usize]?, km * km));
            history
                .links
                .push(list.iter().filter_map(with_events).collect());
        }
        Ok(history)
    }

    /// The events in time.
    #[must_use]
    pub const fn in_time(&self) -> &History {
        &self.in_time
    }
}

/// Sum of the background over all places.
fn total(background: &[f64], number: &[Option<u32>]) -> Result<f64, SpaceTimeHistoryError> {
    let faulty = |(&share, number): (&f64, &Option<u32>)| {
        !(share.is_finite() && share >= 0.0) || (number.is_some() && share <= 0.0)
    };
    match background.iter().zip(number).position(faulty) {
        Some(place) => Err(SpaceTimeHistoryError::Background { place }),
        None => Ok(background.iter().sum()),
    }
}
