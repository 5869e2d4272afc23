//! Season cards: which phases a country's year has, and when each is expected to begin.

use forewarn_models::season::{Calendar, MonthDay, Phase};
use serde::Deserialize;

use crate::base::day::{Day, Week};
use crate::base::error::{Error, Result};

use super::entry::{Entry, RawEntry};

/// Every card. Adding one is a file in `models/cards/seasons` and a line here.
const CARDS: &[(&str, &str)] = &[
    ("caf", include_str!("../../models/cards/seasons/caf.toml")),
    ("cod", include_str!("../../models/cards/seasons/cod.toml")),
    ("mli", include_str!("../../models/cards/seasons/mli.toml")),
    ("ssd", include_str!("../../models/cards/seasons/ssd.toml")),
];

/// Names of the cards.
#[must_use]
pub fn names() -> Vec<&'static str> {
    CARDS.iter().map(|(name, _)| *name).collect()
}

/// A season card, checked.
#[derive(Debug, Clone)]
pub struct Card {
    /// ISO 3166-1 alpha-3 of the country it is for.
    pub country: String,
    /// Its movable seasons.
    pub(super) entries: Vec<Entry>,
    phases: Vec<String>,
    calendar: Calendar,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCard {
    name: String,
    country: String,
    #[serde(rename = "anchor")]
    _anchor: String,
    #[serde(rename = "evidence")]
    _evidence: String,
    #[serde(rename = "caution")]
    _caution: String,
    phase: Vec<RawPhase>,
    #[serde(default)]
    season: Vec<RawEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPhase {
    name: String,
    from: String,
}

impl Card {
    /// The card of this name.
    ///
    /// # Errors
    /// [`Error::Statistic`] where there is none, or its phases do not make a year.
    pub fn named(name: &str) -> Result<Self> {
        let refuse = |reason: String| Error::Statistic {
            stage: "season",
            reason,
        };
        let (_, text) = CARDS
            .iter()
            .find(|(card, _)| *card == name)
            .ok_or_else(|| refuse(format!("there is no card {name}")))?;
        let raw: RawCard = toml::from_str(text).map_err(|e| refuse(e.message().to_owned()))?;
        debug_assert_eq!(raw.name, name, "a card says its own name");
        let mut phases = Vec::new();
        for RawPhase { name, from } in raw.phase {
            let first_day = month_day(&from)
                .ok_or_else(|| refuse(format!("card {}: {name} must begin on MM-DD", raw.name)))?;
            phases.push(Phase { name, first_day });
        }
        // Cards tell a season from its beginning; a calendar is told from New Year.
        phases.sort_by_key(|phase| (phase.first_day.month(), phase.first_day.day()));
        let calendar = Calendar::new(phases).map_err(Error::statistic("season"))?;
        let phases = calendar
            .phases()
            .iter()
            .map(|phase| phase.name.clone())
            .collect();
        let entries = raw.season.into_iter().map(Entry::check);
        let entries = entries.collect::<std::result::Result<_, _>>();
        Ok(Self {
            country: raw.country,
            entries: entries.map_err(|what| refuse(format!("card {}: {what}", raw.name)))?,
            phases,
            calendar,
        })
    }

    /// Which phase a week belongs to, by its Thursday.
    #[must_use]
    pub fn phase_index(&self, week: Week) -> usize {
        let thursday = Day(week.first_day().0 + 3);
        let (month, day) = thursday.month_day();
        self.calendar.phase_of(month, day)
    }

    /// Name of the phase a week belongs to.
    #[must_use]
    pub fn phase_of(&self, week: Week) -> &str {
        &self.phases[self.phase_index(week)]
    }

    /// Number of phases in the year.
    #[must_use]
    pub fn n_phases(&self) -> usize {
        self.phases.len()
    }
}

pub(super) fn month_day(text: &str) -> Option<MonthDay> {
    let (month, day) = text.split_once('-')?;
    MonthDay::new(month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_can_be_read_and_covers_the_year() {
        for name in names() {
            let card = Card::named(name).unwrap();
            assert_eq!(card.country.to_lowercase(), name);
            let first = Day::from_ymd(2021, 1, 4).unwrap().week().0;
            let seen: std::collections::BTreeSet<usize> = (first..first + 52)
                .map(|week| card.phase_index(Week(week)))
                .collect();
            assert_eq!(seen.len(), card.n_phases(), "{name}");
        }
    }

    #[test]
    fn new_year_lies_in_the_main_season_of_the_central_african_republic() {
        let card = Card::named("caf").unwrap();
        assert_eq!(
            card.phase_of(Day::from_ymd(2021, 1, 1).unwrap().week()),
            "main_season"
        );
        assert!(Card::named("atlantis").is_err());
    }
}
