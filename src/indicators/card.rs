//! The indicator card: which indicators there are, what each may do, and how much.

use serde::Deserialize;

use crate::base::code::IndicatorRole;
use crate::base::digest;
use crate::base::error::{Error, Result};

const TEXT: &str = include_str!("../../models/cards/indicators.toml");

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
    pub(super) prior_variance: f64,
    pub(super) sensitivity: [f64; 2],
    pub(super) alone_from: f64,
    #[serde(rename = "theme")]
    pub(super) themes: Vec<Theme>,
    #[serde(rename = "indicator")]
    pub(super) entries: Vec<Entry>,
}

/// One of the eight themes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Theme {
    pub(super) id: String,
    #[serde(rename = "name")]
    _name: String,
    pub(super) cap: f64,
}

/// One indicator.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) role: IndicatorRole,
    pub(super) weight: f64,
    pub(super) half_life_days: f64,
    pub(super) stale_after_days: i32,
    #[serde(default)]
    pub(super) usual: f64,
    #[serde(default)]
    pub(super) alone: bool,
    /// How far a point speaks.
    reach_km: Option<f64>,
    window_days: Option<i32>,
    past_days: Option<i32>,
    tau_hours: Option<f64>,
    before_days: Option<f64>,
    after_days: Option<f64>,
    /// Value that scores 0, and value that scores 1.
    none: Option<f64>,
    full: Option<f64>,
}

impl Card {
    /// The card that is built in.
    ///
    /// # Errors
    /// [`Error::Statistic`] where it is damaged.
    pub(super) fn read() -> Result<Self> {
        let card: Self = toml::from_str(TEXT).map_err(|error| refuse(error.message()))?;
        for entry in &card.entries {
            card.theme(entry)?;
            let shares = [entry.usual];
            let positive = entry.half_life_days > 0.0 && entry.stale_after_days > 0;
            let weighs = (entry.role == IndicatorRole::Detection) == (entry.weight <= 0.0);
            if !(positive && weighs && shares.iter().all(|share| (0.0..=1.0).contains(share))) {
                return Err(refuse(&format!("{} cannot be used", entry.id)));
            }
        }
        Ok(card)
    }

    pub(super) fn digest() -> String {
        digest::of_parts([TEXT.as_bytes()])
    }

    /// Indicators that are summed where they are known.
    pub(super) fn n_asked(&self) -> u32 {
        let summed = self
            .entries
            .iter()
            .filter(|entry| entry.role != IndicatorRole::Detection);
        u32::try_from(summed.count()).unwrap_or(u32::MAX)
    }

    /// Position of an indicator's theme: the letter of its code.
    pub(super) fn theme(&self, entry: &Entry) -> Result<usize> {
        let mut themes = self.themes.iter();
        let found = themes.position(|theme| entry.id.starts_with(&theme.id));
        found.ok_or_else(|| refuse(&format!("{} has no theme", entry.id)))
    }
}

impl Entry {
    pub(super) fn reach_km(&self) -> Result<f64> {
        self.told("reach_km", self.reach_km)
    }

    pub(super) fn window_days(&self) -> Result<i32> {
        self.told("window_days", self.window_days)
    }

    /// The window in whole weeks.
    pub(super) fn window_weeks(&self) -> Result<i32> {
        Ok((self.window_days()? / 7).max(1))
    }

    pub(super) fn past_days(&self) -> Result<i32> {
        self.told("past_days", self.past_days)
    }

    pub(super) fn tau_hours(&self) -> Result<f64> {
        self.told("tau_hours", self.tau_hours)
    }

    /// Days before and after a date that count.
    pub(super) fn around_days(&self) -> Result<[f64; 2]> {
        let before = self.told("before_days", self.before_days)?;
        Ok([before, self.told("after_days", self.after_days)?])
    }

    /// Values that score 0 and 1.
    pub(super) fn ends(&self) -> Result<[f64; 2]> {
        Ok([self.told("none", self.none)?, self.told("full", self.full)?])
    }

    fn told<T>(&self, key: &str, value: Option<T>) -> Result<T> {
        value.ok_or_else(|| refuse(&format!("{} needs {key}", self.id)))
    }
}

fn refuse(reason: &str) -> Error {
    Error::Statistic {
        stage: "indicators",
        reason: format!("card of indicators: {reason}"),
    }
}
