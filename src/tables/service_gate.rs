//! Whether help is within reach of whoever is invited to speak.
//!
//! A session that invites people to tell what happened to them does harm where nobody can help (WHO 2007,
//! Ethical and safety recommendations). It can be planned with a [`Pass`] only; a pass is either the proof
//! that an open service is within reach, or what someone answered for. Neither can be written down by hand:
//!
//! ```compile_fail
//! let proof = forewarn::tables::ServiceReachable { hours_on_foot: 1.0, name: None, weekdays: None };
//! ```
//! ```compile_fail
//! let signed = forewarn::tables::SignedOverride { signed_by: String::new(), reason: String::new(), until: String::new() };
//! ```

use arrow::array::Array;
use forewarn_models::units::{Coordinate, distance_km};

use super::Services;
use crate::base::day::Day;
use crate::base::settings::OutreachSettings;

/// On foot, as the crow flies: paths are longer, so that hours are a lower bound.
const WALK_KM_PER_HOUR: f64 = 4.0;
/// A session is planned for within so many days: a service that closes before has no use.
const AHEAD_DAYS: i32 = 7;

/// Proof that an open service with clinical care or psychosocial support is within reach of a place.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceReachable {
    hours_on_foot: f64,
    name: Option<String>,
    weekdays: Option<u8>,
}

/// That none is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unreachable {
    /// Hours on foot to the nearest whose place is known, however far.
    pub nearest_hours: Option<f64>,
}

impl ServiceReachable {
    /// Asks the gate: the nearest service that helps survivors, is open on a day and the week after it, and
    /// whose place is known. A service known to an area only proves nothing: nobody can say how far it is.
    ///
    /// # Errors
    /// [`Unreachable`] where the nearest is further than `reach_hours` on foot, or there is none.
    pub fn nearest(
        services: &Services,
        (lat_deg, lon_deg): (f64, f64),
        day: Day,
        reach_hours: f64,
    ) -> Result<Self, Unreachable> {
        let hours = |row: usize| {
            let (lats, lons) = (services.lat_deg(), services.lon_deg());
            if lats.is_null(row) || lons.is_null(row) {
                return None;
            }
            let here = Coordinate::new(lat_deg, lon_deg).ok()?;
            let there = Coordinate::new(lats.value(row), lons.value(row)).ok()?;
            Some(distance_km(here, there) / WALK_KM_PER_HOUR)
        };
        let open = |row: usize| {
            let days = [day, Day(day.0 + AHEAD_DAYS)];
            services.helps_survivors(row) && days.iter().all(|&day| services.is_open(row, day))
        };
        let rows = (0..services.len()).filter(|&row| open(row));
        let nearest = rows
            .filter_map(|row| Some((hours(row)?, row)))
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        match nearest {
            Some((hours, row)) if hours <= reach_hours => Ok(Self {
                hours_on_foot: hours,
                name: services
                    .name()
                    .is_valid(row)
                    .then(|| services.name().value(row).to_owned()),
                weekdays: services
                    .weekdays()
                    .is_valid(row)
                    .then(|| services.weekdays().value(row)),
            }),
            other => Err(Unreachable {
                nearest_hours: other.map(|(hours, _)| hours),
            }),
        }
    }

    /// Hours on foot, as the crow flies.
    #[must_use]
    pub fn hours_on_foot(&self) -> f64 {
        self.hours_on_foot
    }

    /// Its name, where it has one to tell.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Days of the week it is open, Monday the lowest of seven bits, where told.
    #[must_use]
    pub fn weekdays(&self) -> Option<u8> {
        self.weekdays
    }
}

/// What someone answered for: a session though no service is known within reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedOverride {
    signed_by: String,
    reason: String,
    until: String,
}

impl SignedOverride {
    /// The mission's override for a community on a day, where one is whole and has not ended.
    #[must_use]
    pub fn of(settings: &OutreachSettings, community: &str, day: Day) -> Option<Self> {
        let mut all = settings.service_override.iter();
        let found = all.find(|one| one.community == community && one.holds_on(day))?;
        Some(Self {
            signed_by: found.signed_by.clone(),
            reason: found.reason.clone(),
            until: found.until.clone(),
        })
    }

    /// All of it in words, as it stands in the row, the warnings and `run.json`.
    #[must_use]
    pub fn words(&self) -> String {
        let Self {
            signed_by,
            reason,
            until,
        } = self;
        format!(
            "no service is known within reach; overridden by {signed_by} until {until}: {reason}"
        )
    }
}

/// What lets a session invite people to speak.
#[derive(Debug, Clone, PartialEq)]
pub enum Pass {
    /// Help is within reach.
    Reachable(ServiceReachable),
    /// Someone answered for it.
    Overridden(SignedOverride),
}

impl Pass {
    /// Asks the gate for a community on a day: the proof, else the mission's override.
    ///
    /// # Errors
    /// [`Unreachable`] where there is neither.
    pub fn ask(
        services: &Services,
        settings: &OutreachSettings,
        (community, point): (&str, (f64, f64)),
        day: Day,
    ) -> Result<Self, Unreachable> {
        let reach_hours = settings.service_reach_hours;
        match ServiceReachable::nearest(services, point, day, reach_hours) {
            Ok(proof) => Ok(Self::Reachable(proof)),
            Err(closed) => SignedOverride::of(settings, community, day)
                .map(Self::Overridden)
                .ok_or(closed),
        }
    }
}

#[cfg(test)]
mod tests;
