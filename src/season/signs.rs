//! What tells that a season has begun: herds counted, rain fallen, days imported.

use std::collections::BTreeMap;

use forewarn_models::season::{Crossing, OnsetEvidence, amounts, crossing};

use super::entry::{Cycle, Entry, RainRule};
use super::herds::{PointWeek, of_cycle};
use super::rains::RainPeriod;
use crate::base::code::Anchor;
use crate::base::day::{Day, Week};
use crate::base::error::{Error, Result};
use crate::base::settings::ImportedOnset;
use crate::tables::OnsetSign;

/// A season has begun when this share of the multi-year total has passed.
const BEGUN_SHARE: f64 = 0.1;
/// Days between the tenth herd in a hundred and the season's first day.
const HERD_SD_DAYS: f64 = 4.0;
/// A past season stands for its year where so much of its length was counted.
const COUNTED_SHARE: f64 = 0.6;

/// One sign of one cycle.
#[derive(Debug, Clone)]
pub(super) struct Sign {
    pub(super) evidence: OnsetEvidence,
    /// The day it tells, where it was seen with a day before it on which it was not.
    pub(super) seen_day: Option<f64>,
    pub(super) told: OnsetSign,
}

impl Sign {
    /// Whether the season was seen to have begun on or before a day.
    pub(super) fn is_seen(&self, as_of: Day) -> bool {
        matches!(self.evidence, OnsetEvidence::Seen { after_day, .. } if after_day <= f64::from(as_of.0))
    }
}

/// Weekly counts of one point along a season, with what passes it in a usual season.
#[derive(Debug, Clone)]
pub(super) struct Course {
    pub(super) weeks: Vec<PointWeek>,
    /// Mean total of the past seasons that were counted well enough.
    pub(super) total: Option<f64>,
}

impl Course {
    pub(super) fn of(weeks: Vec<PointWeek>, entry: &Entry, cycles: &[Cycle], as_of: Day) -> Self {
        let needed = COUNTED_SHARE * f64::from(entry.length_days) / 7.0;
        let past = cycles.iter().filter(|cycle| cycle.last < as_of);
        let totals: Vec<f64> = past
            .filter_map(|&cycle| {
                let counted = of_cycle(&weeks, cycle).fold(0.0, |n, _| n + 1.0);
                let bounds = amounts(&Self::counts(&weeks, cycle, cycle.last))?;
                let total: f64 = bounds
                    .iter()
                    .map(|(least, most)| f64::midpoint(*least, *most))
                    .sum();
                (counted >= needed).then_some(total)
            })
            .collect();
        let n = totals.iter().fold(0.0, |n, _| n + 1.0);
        let total = totals.iter().sum::<f64>() / n;
        Self {
            weeks,
            total: (total > 0.0).then_some(total),
        }
    }

    /// Counts of every week of a cycle up to a day; a week nobody counted has none.
    fn counts(weeks: &[PointWeek], cycle: Cycle, until: Day) -> Vec<Option<f64>> {
        let (first, last) = (cycle.first.week().0, until.week().0);
        let mut counts = vec![None; usize::try_from(last + 1 - first).unwrap_or(0)];
        for week in of_cycle(weeks, cycle) {
            let at = usize::try_from(week.week.0 - first).ok();
            if let Some(count) = at.and_then(|at| counts.get_mut(at)) {
                *count = Some(week.herds / week.exposure);
            }
        }
        counts
    }
}

/// The first day on which a tenth of a usual season's herds had passed these points together.
pub(super) fn herds(courses: &[&Course], cycle: Cycle, as_of: Day) -> Result<Option<Sign>> {
    let counted: Vec<_> = courses
        .iter()
        .filter_map(|course| Some((*course, course.total?)))
        .filter(|(course, _)| of_cycle(&course.weeks, cycle).next().is_some())
        .collect();
    let days = last_days(&counted, cycle);
    let Some(newest) = days.values().copied().max() else {
        return Ok(None);
    };
    let mut sums: Vec<(f64, f64)> = Vec::new();
    for (course, _) in &counted {
        let counts = Course::counts(&course.weeks, cycle, newest);
        let Some(bounds) = amounts(&counts) else {
            continue;
        };
        sums.resize(bounds.len(), (0.0, 0.0));
        for (sum, (least, most)) in sums.iter_mut().zip(bounds) {
            *sum = (sum.0 + least, sum.1 + most);
        }
    }
    let usual: f64 = counted.iter().map(|(_, total)| total).sum();
    let passed = crossing(&sums, BEGUN_SHARE * usual).map_err(Error::statistic("season"))?;
    let day_of = |at: usize| {
        let week = cycle.first.week().0 + i32::try_from(at).unwrap_or(i32::MAX);
        days.get(&week).copied().unwrap_or(Week(week).last_day())
    };
    let n = counted.len();
    let what = format!("a tenth of a usual season's herds at {n} counting point(s)");
    let found = sign(passed, cycle.first, day_of, HERD_SD_DAYS);
    Ok(found.map(|(evidence, seen_day)| Sign {
        evidence,
        seen_day,
        told: OnsetSign {
            anchor: Anchor::HerdCount,
            text: told(&what, evidence),
            data_age_days: as_of.0 - newest.0,
        },
    }))
}

/// Last day counted at any of these points, by week of a cycle.
fn last_days(counted: &[(&Course, f64)], cycle: Cycle) -> BTreeMap<i32, Day> {
    let mut days: BTreeMap<i32, Day> = BTreeMap::new();
    for (course, _) in counted {
        for week in of_cycle(&course.weeks, cycle) {
            let day = days.entry(week.week.0).or_insert(week.day);
            *day = week.day.max(*day);
        }
    }
    days
}

/// The first day by which enough rain had fallen since the dry season.
pub(super) fn rain(
    rule: &RainRule,
    periods: &[RainPeriod],
    cycle: Cycle,
    as_of: Day,
) -> Result<Option<Sign>> {
    let Some(since) = rule.since(cycle) else {
        return Ok(None);
    };
    let (mut counts, mut ends, mut next) = (Vec::new(), Vec::new(), since);
    let within = periods
        .iter()
        .filter(|period| period.first >= since && period.last <= cycle.last);
    for period in within {
        if period.first > next {
            // Days that no row tells of: unknown.
            counts.push(None);
            ends.push(Day(period.first.0 - 1));
        }
        counts.push(Some(period.rain_mm));
        ends.push(period.last);
        next = Day(period.last.0 + 1);
    }
    let Some((bounds, &newest)) = amounts(&counts).zip(ends.last()) else {
        return Ok(None);
    };
    let passed = crossing(&bounds, rule.threshold_mm).map_err(Error::statistic("season"))?;
    let what = format!("{} mm of rain since {since}", rule.threshold_mm);
    let found = sign(passed, since, |at| ends[at], rule.sd_days);
    Ok(found.map(|(evidence, seen_day)| Sign {
        evidence,
        seen_day,
        told: OnsetSign {
            anchor: Anchor::Rain,
            text: told(&what, evidence),
            data_age_days: as_of.0 - newest.0,
        },
    }))
}

/// A day that people announced.
pub(super) fn imported(one: &ImportedOnset, anchor: Anchor, as_of: Day) -> Option<Sign> {
    let day = one.first_day()?;
    let day_f64 = f64::from(day.0);
    let known_from = one.known_from.as_deref().and_then(Day::parse_iso);
    let anchor = match anchor {
        Anchor::FloodCalendar => Anchor::FloodCalendar,
        _ => Anchor::ImportedDate,
    };
    Some(Sign {
        evidence: OnsetEvidence::Seen {
            after_day: day_f64,
            by_day: day_f64,
            sd_days: one.sd_days,
        },
        seen_day: Some(day_f64),
        told: OnsetSign {
            anchor,
            text: format!("announced for {day}"),
            data_age_days: known_from.map_or(0, |first| as_of.0 - first.0),
        },
    })
}

fn sign(
    passed: Crossing,
    first: Day,
    day_of: impl Fn(usize) -> Day,
    sd_days: f64,
) -> Option<(OnsetEvidence, Option<f64>)> {
    let real = |day: Day| f64::from(day.0);
    match passed {
        Crossing::Seen { after, by } => {
            let after_day = after.map_or(real(first) - 1.0, |at| real(day_of(at)));
            let by_day = real(day_of(by));
            let seen = OnsetEvidence::Seen {
                after_day,
                by_day,
                sd_days,
            };
            Some((seen, after.map(|_| f64::midpoint(after_day, by_day))))
        }
        Crossing::NotYet { at } => {
            let day = real(day_of(at));
            Some((OnsetEvidence::NotYet { day, sd_days }, None))
        }
        Crossing::Unknown => None,
    }
}

#[allow(clippy::cast_possible_truncation, reason = "these are whole days")]
fn told(what: &str, evidence: OnsetEvidence) -> String {
    let day = |day: f64| Day(day as i32);
    match evidence {
        OnsetEvidence::Seen {
            after_day, by_day, ..
        } => format!("{what} after {}, by {}", day(after_day), day(by_day)),
        OnsetEvidence::NotYet { day: at, .. } => format!("{what} not yet by {}", day(at)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Card;
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    fn months(rain_mm: &[(&str, &str, f64)]) -> Vec<RainPeriod> {
        let period = |&(first, last, rain_mm): &(&str, &str, f64)| RainPeriod {
            first: day(first),
            last: day(last),
            rain_mm,
        };
        rain_mm.iter().map(period).collect()
    }

    /// The first rains of the Central African Republic: 45 mm since February.
    fn first_rains(rain_mm: &[(&str, &str, f64)]) -> Option<Sign> {
        let card = Card::named("caf").unwrap();
        let entry = card
            .entries
            .iter()
            .find(|entry| entry.name == "herds_north")
            .unwrap();
        let rule = entry.rain.as_ref().unwrap();
        let cycle = entry.cycle(2021).unwrap();
        rain(rule, &months(rain_mm), cycle, day("2021-06-30")).unwrap()
    }

    #[test]
    fn the_first_rains_fall_in_the_month_in_which_their_sum_passes() {
        let sign = first_rains(&[
            ("2021-01-01", "2021-01-31", 90.0),
            ("2021-02-01", "2021-02-28", 5.0),
            ("2021-03-01", "2021-03-31", 30.0),
            ("2021-04-01", "2021-04-30", 70.0),
        ]);
        let sign = sign.unwrap();
        let seen = OnsetEvidence::Seen {
            after_day: f64::from(day("2021-03-31").0),
            by_day: f64::from(day("2021-04-30").0),
            sd_days: 15.0,
        };
        assert_eq!(sign.evidence, seen);
        assert_eq!(sign.told.data_age_days, 61);
        assert_eq!(sign.told.anchor, Anchor::Rain);
        assert!(sign.is_seen(day("2021-04-30")) && !sign.is_seen(day("2021-03-30")));
    }

    #[test]
    fn a_dry_spring_is_not_yet_and_a_month_without_a_figure_is_unknown() {
        let dry = first_rains(&[
            ("2021-02-01", "2021-02-28", 5.0),
            ("2021-03-01", "2021-03-31", 30.0),
        ]);
        let day_f64 = |text| f64::from(day(text).0);
        let not_yet = OnsetEvidence::NotYet {
            day: day_f64("2021-03-31"),
            sd_days: 15.0,
        };
        assert_eq!(dry.unwrap().evidence, not_yet);
        let gap = first_rains(&[
            ("2021-02-01", "2021-02-28", 5.0),
            ("2021-04-01", "2021-04-30", 70.0),
        ]);
        let OnsetEvidence::Seen { after_day, .. } = gap.unwrap().evidence else {
            unreachable!()
        };
        assert!((after_day - day_f64("2021-02-28")).abs() < 1e-9);
        assert!(first_rains(&[]).is_none());
        assert!(first_rains(&[("2020-04-01", "2020-04-30", 70.0)]).is_none());
    }
}
