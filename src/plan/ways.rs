//! How long it takes to get about: straight lines times a detour, until a road network tells.

use forewarn_models::units::{Coordinate, distance_km};

use super::Input;

/// Getting about on the first day of the week that is planned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ways {
    detour: f64,
    pub(super) speed_km_h: f64,
    pub(super) is_wet: bool,
}

impl Ways {
    pub(super) fn of(input: &Input<'_>, month: u8) -> Self {
        let settings = &input.context.settings.plan;
        let is_wet = settings.wet_months.contains(&month);
        Self {
            detour: settings.detour,
            speed_km_h: if is_wet {
                settings.wet_speed_km_h
            } else {
                settings.speed_km_h
            },
            is_wet,
        }
    }

    /// Kilometres from place to place.
    pub(super) fn km(self, from: Coordinate, to: Coordinate) -> f64 {
        self.detour * distance_km(from, to)
    }

    /// Hours for a way.
    pub(super) fn hours(self, km: f64) -> f64 {
        km / self.speed_km_h
    }
}
