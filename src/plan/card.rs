//! The patrol card: what patrols are for, and how a stop is made.

use serde::Deserialize;

use crate::base::code::PlaceKind;
use crate::base::error::{Error, Result};

const TEXT: &str = include_str!("../../models/cards/patrol.toml");

/// The card, checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Card {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "version")]
    _version: u32,
    pub(super) caution: String,
    pub(super) sensitivity: [f64; 2],
    pub(super) beside: f64,
    pub(super) stay_hours: f64,
    pub(super) short_stay_hours: f64,
    pub(super) most_stops: usize,
    pub(super) vehicles: u32,
    pub(super) near_tie: f64,
    pub(super) first_hour: f64,
    pub(super) last_hour: f64,
    pub(super) last_hour_night: f64,
    pub(super) mixed_team_at: Vec<PlaceKind>,
    pub(super) short_stay_at: Vec<PlaceKind>,
    #[serde(rename = "plan")]
    pub(super) plans: Vec<Purpose>,
}

/// One plan's purposes, as shares that sum to 1.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Purpose {
    pub(super) name: String,
    zones: f64,
    risk: f64,
    warning: f64,
    unseen: f64,
}

impl Purpose {
    /// Weights in the order of [`super::worth::Worth`].
    pub(super) fn weights(&self) -> [f64; 4] {
        [self.zones, self.risk, self.warning, self.unseen]
    }
}

impl Card {
    /// The card that is built in.
    ///
    /// # Errors
    /// [`Error::Statistic`] where it is damaged.
    pub(super) fn read() -> Result<Self> {
        let refuse = |reason: &str| Error::Statistic {
            stage: "plan",
            reason: format!("card of patrols: {reason}"),
        };
        let card: Self = toml::from_str(TEXT).map_err(|error| refuse(error.message()))?;
        let sums = card
            .plans
            .iter()
            .map(|plan| plan.weights().iter().sum::<f64>());
        let hours = card.first_hour < card.last_hour && card.last_hour <= card.last_hour_night;
        let positive = card.stay_hours > 0.0 && card.short_stay_hours > 0.0 && card.most_stops > 0;
        let whole = sums.into_iter().all(|sum| (sum - 1.0).abs() < 1e-9);
        let shares = (0.0..=1.0).contains(&card.beside) && (0.0..=1.0).contains(&card.near_tie);
        if hours && positive && whole && shares {
            Ok(card)
        } else {
            Err(refuse("its numbers cannot be used"))
        }
    }
}
