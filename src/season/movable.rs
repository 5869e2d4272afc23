//! Movable seasons: of every season of the card, in every year of the history and for every corridor, the posterior of its
//! first day.

use std::collections::BTreeSet;

use forewarn_models::season::{Onset, OnsetPrior};

use super::entry::{Cycle, Entry};
use super::herds::Point;
use super::rains::{self, RainPeriod};
use super::signs::{self, Course, Sign};
use crate::base::Context;
use crate::base::code::Anchor;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::base::settings::ImportedOnset;
use crate::tables::{OnsetSign, Rain, SeasonPhase, StudyArea};

/// Past seasons that a card's own dates are worth.
pub(super) const CARD_SEASONS: f64 = 2.0;

/// What signs are looked for in.
pub(super) struct Known<'a> {
    pub(super) context: &'a Context,
    pub(super) points: &'a [Point],
    /// The corridor that each point lies on, where it lies on one.
    pub(super) corridors: &'a [Option<String>],
    pub(super) rain: &'a Rain,
    pub(super) study_area: &'a StudyArea,
}

/// A season of the card with its cycles, and the course of every counting point along it.
pub(super) struct EntryCourse<'a> {
    pub(super) entry: &'a Entry,
    pub(super) cycles: Vec<Cycle>,
    pub(super) courses: Vec<Course>,
    rains: Vec<RainPeriod>,
}

impl<'a> Known<'a> {
    /// The cycles of a season since the history of incidents or the first count, whichever is earlier.
    pub(super) fn entry_course(&self, entry: &'a Entry) -> EntryCourse<'a> {
        let as_of = self.context.as_of;
        let weeks: Vec<_> = self
            .points
            .iter()
            .map(|point| point.weeks(entry.direction))
            .collect();
        let history = self.context.first_history_week().first_day();
        let counted = weeks
            .iter()
            .filter_map(|weeks| weeks.first())
            .map(|week| week.day);
        let first = counted.min().map_or(history, |day| day.min(history));
        let cycles = entry.cycles(first, as_of);
        let courses = weeks
            .into_iter()
            .map(|weeks| Course::of(weeks, entry, &cycles, as_of))
            .collect();
        let rains = entry.rain.as_ref().map_or_else(Vec::new, |rule| {
            rains::periods(self.rain, self.study_area, as_of, rule.lat_deg)
        });
        EntryCourse {
            entry,
            cycles,
            courses,
            rains,
        }
    }

    /// The imported days of a season that were known on the as-of date.
    fn imports(&self, entry: &Entry) -> impl Iterator<Item = &'a ImportedOnset> {
        let (name, as_of) = (entry.name.clone(), self.context.as_of);
        let imports = self.context.settings.season.onset.iter();
        imports.filter(move |one| one.season == name && one.is_known_on(as_of))
    }

    /// The whole mission first, then every corridor with a counting point or an imported day of its own.
    fn parts(&self, of: &EntryCourse<'_>) -> Vec<Option<String>> {
        let mut corridors: BTreeSet<String> = self
            .imports(of.entry)
            .filter_map(|one| one.corridor.clone())
            .collect();
        if of.entry.anchor == Anchor::HerdCount {
            let counted = of.courses.iter().zip(self.corridors);
            let counted = counted.filter(|(course, _)| course.total.is_some());
            corridors.extend(counted.filter_map(|(_, corridor)| corridor.clone()));
        }
        let corridors = corridors.into_iter().map(Some);
        std::iter::once(None).chain(corridors).collect()
    }

    /// Every sign of one cycle for the mission or a corridor.
    fn signs(
        &self,
        of: &EntryCourse<'_>,
        corridor: Option<&str>,
        cycle: Cycle,
    ) -> Result<Vec<Sign>> {
        let (entry, as_of) = (of.entry, self.context.as_of);
        let of_part = |at: &Option<String>| corridor.is_none() || at.as_deref() == corridor;
        let mut signs = Vec::new();
        if entry.anchor == Anchor::HerdCount {
            let courses: Vec<&Course> = of
                .courses
                .iter()
                .zip(self.corridors)
                .filter(|(_, at)| of_part(at))
                .map(|(course, _)| course)
                .collect();
            signs.extend(signs::herds(&courses, cycle, as_of)?);
        }
        if let (true, Some(rule)) = (signs.is_empty(), &entry.rain) {
            signs.extend(signs::rain(rule, &of.rains, cycle, as_of)?);
        }
        let imported = self
            .imports(entry)
            .filter(|one| one.year == cycle.year && one.corridor.as_deref() == corridor);
        signs.extend(imported.filter_map(|one| signs::imported(one, entry.anchor, as_of)));
        Ok(signs)
    }

    /// All cycles of a season, for the mission and each corridor. Notes tell of evidence that contradicts itself.
    pub(super) fn phases(
        &self,
        of: &EntryCourse<'_>,
        notes: &mut Vec<String>,
    ) -> Result<Vec<SeasonPhase>> {
        let mut rows = Vec::new();
        for corridor in self.parts(of) {
            let mut signs = Vec::new();
            for &cycle in &of.cycles {
                signs.push(self.signs(of, corridor.as_deref(), cycle)?);
            }
            for (i, &cycle) in of.cycles.iter().enumerate() {
                let others = (0..of.cycles.len()).filter(|&j| j != i);
                let seen: Vec<f64> = others
                    .filter(|&j| of.cycles[j].last < self.context.as_of)
                    .filter_map(|j| offset(of.cycles[j], &signs[j]))
                    .map(|days| days + f64::from(cycle.usual.0))
                    .collect();
                let share = self.context.settings.season.any_day_share;
                let prior = of
                    .entry
                    .prior(cycle, share)
                    .after_years(&seen, CARD_SEASONS);
                let part = Part {
                    entry: of.entry,
                    corridor: corridor.clone(),
                    cycle,
                    seasons_behind: seen.len(),
                };
                rows.push(part.row(prior, &signs[i], self.context.as_of, notes)?);
            }
        }
        Ok(rows)
    }
}

/// Days by which a season came after its card's usual day, by the last sign that saw it: an imported day before counts.
pub(super) fn offset(cycle: Cycle, signs: &[Sign]) -> Option<f64> {
    let seen = signs.iter().rev().find_map(|sign| sign.seen_day)?;
    Some(seen - f64::from(cycle.usual.0))
}

/// One season of one year of the mission or a corridor.
struct Part<'a> {
    entry: &'a Entry,
    corridor: Option<String>,
    cycle: Cycle,
    seasons_behind: usize,
}

#[allow(clippy::cast_possible_truncation, reason = "a day of the calendar")]
fn rounded(day: f64) -> Day {
    Day(day.round() as i32)
}

impl Part<'_> {
    fn posterior(
        &self,
        prior: OnsetPrior,
        signs: &[Sign],
        notes: &mut Vec<String>,
    ) -> Result<(Onset, bool)> {
        let window = self.cycle.first.0..=self.cycle.last.0;
        let evidence: Vec<_> = signs.iter().map(|sign| sign.evidence).collect();
        if let Ok(onset) = Onset::posterior(prior, &evidence, window.clone()) {
            return Ok((onset, true));
        }
        notes.push(format!(
            "{} of {}: what tells its first day contradicts itself; the usual date stands in",
            self.entry.name, self.cycle.year
        ));
        let onset = Onset::posterior(prior, &[], window).map_err(Error::statistic("season"))?;
        Ok((onset, false))
    }

    fn row(
        self,
        prior: OnsetPrior,
        signs: &[Sign],
        as_of: Day,
        notes: &mut Vec<String>,
    ) -> Result<SeasonPhase> {
        let (onset, is_used) = self.posterior(prior, signs, notes)?;
        let signs = if is_used { signs } else { &[] };
        let Part {
            entry,
            corridor,
            cycle,
            seasons_behind,
        } = self;
        let today = f64::from(as_of.0);
        let begun = onset.begun_by(today);
        let over = onset.begun_by(today - f64::from(entry.length_days));
        let mut row = SeasonPhase {
            season: entry.name.clone(),
            driver: entry.driver.clone(),
            direction: entry.direction,
            corridor,
            actor_class: entry.actor_class,
            year: cycle.year,
            anchor: entry.anchor,
            usual_day: rounded(prior.mean_day),
            usual_sd_days: prior.sd_days,
            seasons_behind,
            onset_day: rounded(onset.mean_day()),
            onset_sd_days: onset.sd_days(),
            onset_lo: Day(onset.quantile(0.05)),
            onset_hi: Day(onset.quantile(0.95)),
            is_seen: signs.iter().any(|sign| sign.is_seen(as_of)),
            begun,
            on: (begun - over).max(0.0),
            length_days: entry.length_days,
            peak_day: None,
            signs: signs.iter().map(|sign| sign.told.clone()).collect(),
            words: String::new(),
            window: (cycle.first, cycle.last),
            prior,
            onset,
        };
        row.words = words(&row);
        Ok(row)
    }
}

fn words(row: &SeasonPhase) -> String {
    let usual = format!(
        "usual first day {} +- {:.0} days, of the card and {} seasons",
        row.usual_day, row.usual_sd_days, row.seasons_behind
    );
    let by: Vec<String> = row
        .signs
        .iter()
        .map(|sign| {
            let OnsetSign {
                text,
                data_age_days,
                ..
            } = sign;
            format!("{text}, newest figure {data_age_days} days old")
        })
        .collect();
    let by = if by.is_empty() {
        "nothing of this year tells it".to_owned()
    } else {
        by.join("; ")
    };
    format!("{}; {usual}; {by}", row.brief())
}
