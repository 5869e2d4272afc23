//! What is known of an indicator, and where it stands.

use crate::base::day::Day;
use crate::tables::Level;

/// For which cells a value stands, from the widest to the narrowest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum At {
    /// The whole mission.
    Everywhere,
    /// The cells of an area.
    Area(Level, String),
    /// One cell, by its position in the study area.
    Cell(usize),
}

/// One value of one indicator.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    pub(super) at: At,
    pub(super) value: f64,
    pub(super) expected: Option<f64>,
    /// 0..=1.
    pub(super) score: f64,
    /// The score that is usual, 0..=1.
    pub(super) usual: f64,
    /// The day of the newest observation behind it.
    pub(super) day: Day,
    pub(super) n_sources: u32,
    /// Whether its age takes from it; where the score already fades with age, it does not again.
    pub(super) fades: bool,
    /// Whether a rule stands in for an observation: then it is no evidence.
    pub(super) imputed: bool,
}

impl Known {
    /// Something seen on a day, by one source, that is usually not so.
    pub(super) fn seen(at: At, value: f64, score: f64, day: Day) -> Self {
        Self {
            at,
            // Adding zero turns a negative zero into a plain one.
            value: value + 0.0,
            expected: None,
            score: score + 0.0,
            usual: 0.0,
            day,
            n_sources: 1,
            fades: true,
            imputed: false,
        }
    }
}
