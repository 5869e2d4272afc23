//! The card of outreach: weights of its purpose, and what each list is about.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::base::code::Audience;
use crate::base::digest;
use crate::base::error::{Error, Result};

const TEXT: &str = include_str!("../../models/cards/outreach.toml");

/// Names of the five factors, in order.
pub(super) const FACTORS: [&str; 5] = [
    "exposure",
    "low_reporting",
    "not_reached",
    "committee",
    "audience_gap",
];

/// The card, checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Card {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "version")]
    _version: u32,
    #[serde(rename = "evidence")]
    _evidence: String,
    pub(super) caution: String,
    pub(super) sensitivity: [f64; 2],
    weights: BTreeMap<String, f64>,
    pub(super) factors: Factors,
    pub(super) go: Go,
    pub(super) milestones: Milestones,
    pub(super) benchmark: Benchmark,
    audience: Vec<Theme>,
}

/// How factors are made.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Factors {
    pub(super) walk_scale_hours: f64,
    pub(super) people_km: f64,
    pub(super) people_days: u16,
    pub(super) season_days: i32,
    pub(super) target_share: f64,
    pub(super) least_gap: f64,
    pub(super) without_committee: f64,
}

/// What asks for an escort.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Go {
    pub(super) armed_days: i32,
}

/// When the steps of a year are held.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Milestones {
    pub(super) leaders_weeks_before: [i32; 2],
    pub(super) return_days_before: i32,
    pub(super) review_days: i32,
}

/// What women's share is held against.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Benchmark {
    pub(super) women: u32,
    pub(super) all: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Theme {
    list: Audience,
    en: String,
    fr: String,
}

impl Card {
    /// The card that is built in.
    ///
    /// # Errors
    /// [`Error::Statistic`] where it is damaged.
    pub(super) fn read() -> Result<Self> {
        let card: Self = toml::from_str(TEXT).map_err(|error| refuse(error.message()))?;
        card.weights()?;
        for &audience in Audience::ALL {
            card.theme(audience)?;
        }
        Ok(card)
    }

    pub(super) fn digest() -> String {
        digest::of_parts([TEXT.as_bytes()])
    }

    /// Weights in the order of [`FACTORS`].
    pub(super) fn weights(&self) -> Result<[f64; FACTORS.len()]> {
        let mut weights = [0.0; FACTORS.len()];
        for (weight, name) in weights.iter_mut().zip(FACTORS) {
            let found = self.weights.get(name);
            *weight = *found.ok_or_else(|| refuse(&format!("{name} has no weight")))?;
        }
        Ok(weights)
    }

    /// What a list's sessions are about, in English and in French.
    pub(super) fn theme(&self, audience: Audience) -> Result<[String; 2]> {
        let found = self.audience.iter().find(|theme| theme.list == audience);
        let theme = found.ok_or_else(|| refuse(&format!("{} has no theme", audience.name())))?;
        Ok([theme.en.clone(), theme.fr.clone()])
    }
}

fn refuse(reason: &str) -> Error {
    Error::Statistic {
        stage: "outreach",
        reason: format!("card of outreach: {reason}"),
    }
}
