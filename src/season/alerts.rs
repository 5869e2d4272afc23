//! Movement alerts: every counting point held against its seasons by the table of rules.

use std::fmt::Write;

use forewarn_models::season::{Flow, Onset, once_in_seasons};

use super::entry::{Cycle, Heading, heading};
use super::flows;
use super::herds::{PointWeek, of_cycle};
use super::movable::{CARD_SEASONS, EntryCourse, Known, offset};
use super::rules::{Finding, Look, OwnOnset, RULES, Unit, WeekLook};
use super::signs;
use crate::base::code;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::tables::{MovementAlert, MovementAlerts, Phases, SeasonPhase, WatchedPoint};

/// A count older than this tells nothing of today.
const STALE_DAYS: i32 = 21;
/// Newest weeks looked at.
const WEEKS: usize = 2;
/// Days after its first day from which a season is well under way.
const FORTNIGHT: f64 = 14.0;
/// A past week is learned from where its season is on with this probability.
const SURE: f64 = 0.9;
/// A season more often than once in so many is told as more.
const MANY_SEASONS: f64 = 1000.0;

/// One season at all counting points.
pub(super) struct Watch<'a> {
    pub(super) known: &'a Known<'a>,
    pub(super) of: &'a EntryCourse<'a>,
    pub(super) phases: &'a Phases,
    pub(super) flow: &'a Flow,
}

impl<'a> Watch<'a> {
    /// The season that a point's week lies in: of its corridor where that has its own.
    fn row(&self, point: usize, day: Day) -> Option<&'a SeasonPhase> {
        let corridor = self.known.corridors[point].as_deref();
        self.phases.of(&self.of.entry.name, corridor, day)
    }

    fn as_of(&self) -> Day {
        self.known.context.as_of
    }

    /// Whether a cycle is over, so that it may be learned from.
    fn past(&self) -> impl Iterator<Item = Cycle> {
        let as_of = self.as_of();
        self.of
            .cycles
            .iter()
            .copied()
            .filter(move |cycle| cycle.last < as_of)
    }

    /// Looks at one point.
    pub(super) fn point(&self, point: usize, into: &mut MovementAlerts) -> Result<()> {
        let course = &self.of.courses[point];
        let name = &self.known.points[point].name;
        let mut own = Vec::new();
        for cycle in self.past() {
            own.extend(offset(
                cycle,
                signs::herds(&[course], cycle, self.as_of())?.as_slice(),
            ));
        }
        let state = self.state(point, own.len());
        into.watched.push(WatchedPoint {
            counting_point: name.clone(),
            season: self.of.entry.name.clone(),
            seasons: own.len(),
            state: state.clone().unwrap_or_else(|| "watched".to_owned()),
        });
        let Some((newest, row)) = course
            .weeks
            .last()
            .and_then(|week| Some((week, self.row(point, week.day)?)))
        else {
            return Ok(());
        };
        if state.is_some() {
            return Ok(());
        }
        let look = self.look(point, row, &own)?;
        for rule in RULES {
            if let Some(finding) = (rule.test)(&look) {
                into.alerts
                    .push(self.alert(name, newest, rule.kind, finding));
            }
        }
        Ok(())
    }

    /// Why a point cannot be watched.
    fn state(&self, point: usize, n_seasons: usize) -> Option<String> {
        let needed = usize::from(self.known.context.settings.season.min_seasons);
        let newest = self.of.courses[point].weeks.last()?;
        let age_days = self.as_of().0 - newest.day.0;
        if n_seasons < needed {
            Some(format!("needs {needed} seasons, has {n_seasons}"))
        } else if age_days > STALE_DAYS {
            Some(format!(
                "nobody counted since {}: unknown, not quiet",
                newest.day
            ))
        } else {
            None
        }
    }

    fn look(&self, point: usize, row: &SeasonPhase, own: &[f64]) -> Result<Look> {
        let course = &self.of.courses[point];
        let cycle = self
            .of
            .cycles
            .iter()
            .copied()
            .find(|cycle| cycle.year == row.year);
        // The point's own years on top of those of its corridor or mission.
        let card_day = cycle.map_or(row.prior.mean_day, |cycle| f64::from(cycle.usual.0));
        let own_days: Vec<f64> = own.iter().map(|days| days + card_day).collect();
        let usual = row.prior.after_years(&own_days, CARD_SEASONS);
        let own_onset = match cycle {
            Some(cycle) => own_onset(signs::herds(&[course], cycle, self.as_of())?),
            None => OwnOnset::Unknown,
        };
        let newest = course.weeks.len().saturating_sub(WEEKS);
        let weeks = course.weeks[newest..]
            .iter()
            .filter_map(|week| self.week(point, week).transpose());
        let part = course.weeks.last().map(|week| third(row, week.day));
        let (n_weeks, n_years) = self.past().fold((0, 0), |(weeks, years), cycle| {
            (weeks + of_cycle(&course.weeks, cycle).count(), years + 1)
        });
        Ok(Look {
            as_of: self.as_of(),
            usual,
            usual_onset: Onset::posterior(usual, &[], row.window.0.0..=row.window.1.0)
                .map_err(Error::statistic("season"))?,
            own_onset,
            is_seen: row.is_seen,
            weeks: weeks.collect::<Result<_>>()?,
            past_against: self.past_against(part.flatten()),
            opposite_on: self.opposite_on(),
            weeks_per_year: n_weeks / n_years.max(1),
        })
    }

    fn week(&self, point: usize, week: &PointWeek) -> Result<Option<WeekLook>> {
        let Some(row) = self.row(point, week.day) else {
            return Ok(None);
        };
        let shares = flows::shares(row, week)?;
        let off = shares.last().copied().unwrap_or(1.0);
        let forecast = self.flow.forecast(point, &shares, week.exposure);
        Ok(forecast.map(|forecast| WeekLook {
            week: week.week.0,
            herds: week.herds,
            forecast,
            on: 1.0 - off,
            well_under_way: well_under_way(row, week.day),
            against: week.against,
        }))
    }

    /// Shares against the direction at all points in past weeks of one third of the season.
    fn past_against(&self, part: Option<u8>) -> Vec<f64> {
        let mut shares = Vec::new();
        for (point, course) in self.of.courses.iter().enumerate() {
            for cycle in self.past() {
                let weeks = of_cycle(&course.weeks, cycle).filter(|week| {
                    let row = self.row(point, week.day);
                    row.is_some_and(|row| {
                        row.is_seen
                            && well_under_way(row, week.day) >= SURE
                            && third(row, week.day) == part
                    })
                });
                shares.extend(weeks.filter_map(|week| week.against));
            }
        }
        shares
    }

    /// Highest probability that a season of the opposite direction is on.
    fn opposite_on(&self) -> f64 {
        let Some(own) = self.of.entry.direction else {
            return 0.0;
        };
        let opposite = |row: &&SeasonPhase| {
            row.direction
                .is_some_and(|other| heading(other, Some(own)) == Heading::Against)
        };
        let on = self
            .phases
            .on(self.as_of())
            .filter(opposite)
            .map(|row| row.on);
        on.fold(0.0, f64::max)
    }

    fn alert(
        &self,
        name: &str,
        week: &PointWeek,
        kind: code::MovementAlert,
        finding: Finding,
    ) -> MovementAlert {
        let Finding {
            figure,
            unit,
            expected: (lo, hi),
            chance: (p, looks),
        } = finding;
        let data_age_days = self.as_of().0 - week.day.0;
        let once = once_in_seasons(p, looks);
        MovementAlert {
            counting_point: name.to_owned(),
            season: self.of.entry.name.clone(),
            day: week.day,
            kind,
            figure,
            unit: match unit {
                Unit::Day => "day since 1970-01-01",
                Unit::Herds => "herds in a week",
                Unit::Share => "share of heads",
            },
            expected_lo: lo,
            expected_hi: hi,
            once_in_seasons: once,
            data_age_days,
            text: text(&self.of.entry.name, kind, &finding, once, data_age_days),
        }
    }
}

fn own_onset(sign: Option<signs::Sign>) -> OwnOnset {
    use forewarn_models::season::OnsetEvidence::{NotYet, Seen};
    match sign.map(|sign| (sign.evidence, sign.seen_day)) {
        Some((Seen { by_day, .. }, Some(day))) => OwnOnset::Seen { day, by_day },
        Some((NotYet { day, .. }, _)) => OwnOnset::NotYet { day },
        _ => OwnOnset::Unknown,
    }
}

fn well_under_way(row: &SeasonPhase, day: Day) -> f64 {
    let day = f64::from(day.0);
    let over = row.onset.begun_by(day - f64::from(row.length_days));
    (row.onset.begun_by(day - FORTNIGHT) - over).max(0.0)
}

/// The third of its season in which a day most likely lies.
fn third(row: &SeasonPhase, day: Day) -> Option<u8> {
    let after = f64::from(day.0) - row.onset.mean_day();
    let share = after / f64::from(row.length_days);
    (1..=3)
        .find(|third| share < f64::from(*third) / 3.0)
        .filter(|_| share >= 0.0)
}

#[allow(clippy::cast_possible_truncation, reason = "a day of the calendar")]
fn text(
    season: &str,
    kind: code::MovementAlert,
    finding: &Finding,
    once: Option<f64>,
    age_days: i32,
) -> String {
    let (lo, hi) = finding.expected;
    let day = |day: f64| Day(day.round() as i32);
    let mut text = match (kind, finding.unit) {
        (code::MovementAlert::Late, _) => format!(
            "{season} not begun here by {}, usually between {} and {}",
            day(finding.figure),
            day(lo),
            day(hi)
        ),
        (_, Unit::Day) => format!(
            "{season} begun here about {}, usually between {} and {}",
            day(finding.figure),
            day(lo),
            day(hi)
        ),
        (_, Unit::Herds) => format!(
            "{} herds in a week of {season}, {lo} to {hi} expected at this point of it",
            finding.figure
        ),
        (_, Unit::Share) => format!(
            "{:.0} % of heads against the direction of {season}, up to {:.0} % usual",
            100.0 * finding.figure,
            100.0 * hi
        ),
    };
    // Writing to a text cannot fail.
    let _ = match once {
        Some(once) if once < MANY_SEASONS => {
            write!(
                text,
                "; by chance about once in {:.0} seasons here",
                once.max(1.0)
            )
        }
        _ => write!(
            text,
            "; by chance less than once in {MANY_SEASONS:.0} seasons here"
        ),
    };
    let _ = write!(text, "; newest count {age_days} days old");
    text
}
