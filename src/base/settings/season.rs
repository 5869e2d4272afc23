//! `[season]`: which card, how far a corridor is felt, and the first days that a mission imports.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Problem;
use crate::base::day::Day;

/// How far an imported day may lie from the first of January of its year.
const DAYS_FROM_NEW_YEAR: std::ops::RangeInclusive<i32> = -183..=548;

/// Which calendar the seasons follow, and what is known of them beside.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeasonSettings {
    /// Name of a card in `models/cards/seasons`.
    pub card: String,
    /// Past seasons with a seen onset that a counting point needs before movement alerts are made.
    #[serde(default = "three")]
    pub min_seasons: u8,
    /// Distance at which a cell's exposure to a corridor has fallen to 1/e.
    #[serde(default = "fifteen")]
    pub corridor_scale_km: f64,
    /// Share of years whose season follows no rule.
    #[serde(default = "one_in_twenty")]
    pub any_day_share: f64,
    /// First days that people announced or a flood calendar set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub onset: Vec<ImportedOnset>,
}

fn three() -> u8 {
    3
}

fn fifteen() -> f64 {
    15.0
}

fn one_in_twenty() -> f64 {
    0.05
}

/// The first day of one season of one year, as announced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportedOnset {
    /// Name of a season of the card.
    pub season: String,
    /// Corridor or crossing that it holds for; without it, all of the mission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corridor: Option<String>,
    /// Year in which the season usually begins.
    pub year: i16,
    /// `YYYY-MM-DD`.
    pub day: String,
    /// How well the day is known.
    pub sd_days: f64,
    /// First day on which it was known, for nights of the past; without it, ever since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_from: Option<String>,
}

impl ImportedOnset {
    /// The announced day. The settings were checked to hold one.
    #[must_use]
    pub fn first_day(&self) -> Option<Day> {
        Day::parse_iso(&self.day)
    }

    /// Whether it was known on a day.
    #[must_use]
    pub fn is_known_on(&self, day: Day) -> bool {
        let known_from = self.known_from.as_deref().and_then(Day::parse_iso);
        known_from.is_none_or(|first| first <= day)
    }
}

/// Collects problems with their paths below `season`.
#[derive(Default)]
struct Found(Vec<Problem>);

impl Found {
    fn that(&mut self, good: bool, path: &str, found: impl fmt::Display, expected: &str) {
        if !good {
            self.0.push(Problem {
                path: format!("season.{path}"),
                found: found.to_string(),
                expected: expected.to_owned(),
            });
        }
    }
}

impl SeasonSettings {
    /// What cannot be used, beside the name of the card.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut found = Found::default();
        let seasons = self.min_seasons;
        found.that(
            (1..=20).contains(&seasons),
            "min_seasons",
            seasons,
            "1..=20",
        );
        let km = self.corridor_scale_km;
        found.that(
            (1.0..=200.0).contains(&km),
            "corridor_scale_km",
            km,
            "1..=200",
        );
        let share = self.any_day_share;
        found.that(
            (0.0..=0.5).contains(&share),
            "any_day_share",
            share,
            "0..=0.5",
        );
        let mut told = BTreeSet::new();
        for (i, one) in self.onset.iter().enumerate() {
            one.problems(i, &mut found);
            found.that(
                told.insert((&one.season, &one.corridor, one.year)),
                &format!("onset[{i}].season"),
                &one.season,
                "told once for each corridor and year",
            );
        }
        found.0
    }
}

impl ImportedOnset {
    fn problems(&self, i: usize, found: &mut Found) {
        let path = |field: &str| format!("onset[{i}].{field}");
        let new_year = Day::from_ymd(self.year, 1, 1);
        let after = self.first_day().zip(new_year);
        let after = after.map(|(day, new_year)| day.0 - new_year.0);
        found.that(
            after.is_some_and(|days| DAYS_FROM_NEW_YEAR.contains(&days)),
            &path("day"),
            &self.day,
            "a date YYYY-MM-DD within half a year of its year",
        );
        let sd_days = self.sd_days;
        let is_sd = (0.5..=90.0).contains(&sd_days);
        found.that(is_sd, &path("sd_days"), sd_days, "0.5..=90");
        let known_from = self.known_from.as_deref();
        found.that(
            known_from.is_none_or(|day| Day::parse_iso(day).is_some()),
            &path("known_from"),
            known_from.unwrap_or_default(),
            "a date YYYY-MM-DD",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Vec<String> {
        let read: SeasonSettings = toml::from_str(text).unwrap();
        let problems = read.problems().into_iter();
        problems.map(|problem| problem.path).collect()
    }

    #[test]
    fn a_card_alone_is_enough_and_a_date_may_be_imported() {
        assert!(settings("card = \"caf\"").is_empty());
        let imported = "card = \"mli\"\n[[onset]]\nseason = \"delta_entry\"\ncorridor = \"Invented ford\"\n\
                        year = 2021\nday = \"2021-11-20\"\nsd_days = 3\nknown_from = \"2021-10-20\"\n";
        assert!(settings(imported).is_empty());
        let read: SeasonSettings = toml::from_str(imported).unwrap();
        let day = |text| Day::parse_iso(text).unwrap();
        assert_eq!(read.onset[0].first_day(), Some(day("2021-11-20")));
        assert!(!read.onset[0].is_known_on(day("2021-10-19")));
        assert!(read.onset[0].is_known_on(day("2021-10-20")));
    }

    #[test]
    fn every_problem_is_told_with_its_place() {
        let one = "[[onset]]\nseason = \"a\"\nyear = 2021\nday = \"2023-10-04\"\nsd_days = 0\nknown_from = \"soon\"\n";
        let text = format!(
            "card = \"caf\"\nmin_seasons = 0\ncorridor_scale_km = 0.5\nany_day_share = 0.6\n{one}{one}"
        );
        let found = settings(&text);
        let due = [
            "season.min_seasons",
            "season.corridor_scale_km",
            "season.any_day_share",
            "season.onset[0].day",
            "season.onset[0].sd_days",
            "season.onset[0].known_from",
            "season.onset[1].day",
            "season.onset[1].sd_days",
            "season.onset[1].known_from",
            "season.onset[1].season",
        ];
        assert_eq!(found, due);
    }
}
