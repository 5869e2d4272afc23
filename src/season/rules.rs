//! When a counting point's figures are an alert: a table of rules, each of them a test of what is known.

use forewarn_models::season::{FlowForecast, Onset, OnsetPrior};

use crate::base::code::MovementAlert;
use crate::base::day::Day;

/// Deviations of the usual onset beyond which a season is early or late.
const DEVIATIONS: f64 = 2.0;
/// Ends of the interval in which an ordinary count lies.
pub(super) const INTERVAL: [f64; 2] = [0.025, 0.975];
/// Weeks in a row that must lie below it.
const MISSING_WEEKS: usize = 2;
/// How sure it must be that a season is well under way before herds are missed, or go against it.
const SURE: f64 = 0.9;
/// Days for which an early onset is news.
const FRESH_DAYS: i32 = 28;
/// Past weeks that a share against the direction is compared with, at least: fewer give no p as small.
const MIN_SHARES: usize = 39;
/// Another season of the opposite direction that is on with this probability leaves no wrong direction.
const OPPOSITE: f64 = 0.25;

/// A week of a counting point beside what was to be expected of it.
#[derive(Debug, Clone)]
pub(super) struct WeekLook {
    /// Position of the week in time.
    pub(super) week: i32,
    pub(super) herds: f64,
    pub(super) forecast: FlowForecast,
    /// Probability that the season is on, its lead and tail included.
    pub(super) on: f64,
    /// Probability that it began a fortnight or more ago and is not over.
    pub(super) well_under_way: f64,
    /// Share of heads against the direction.
    pub(super) against: Option<f64>,
}

/// What a counting point itself tells of the season's first day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum OwnOnset {
    /// Seen on about this day, surely by another.
    Seen { day: f64, by_day: f64 },
    /// Not seen by the end of this day of counting.
    NotYet { day: f64 },
    /// It cannot be told.
    Unknown,
}

/// All that the rules look at.
#[derive(Debug, Clone)]
pub(super) struct Look {
    pub(super) as_of: Day,
    /// Usual first day at this point, its standard deviation between years, and the share of years without a rule.
    pub(super) usual: OnsetPrior,
    /// The same as the probability of every day.
    pub(super) usual_onset: Onset,
    pub(super) own_onset: OwnOnset,
    /// Whether the season's first day was seen, here or elsewhere.
    pub(super) is_seen: bool,
    /// The newest counted weeks, oldest first.
    pub(super) weeks: Vec<WeekLook>,
    /// Shares against the direction in past weeks of the same part of the season, where something passed.
    pub(super) past_against: Vec<f64>,
    /// Highest probability that a season of the opposite direction is on.
    pub(super) opposite_on: f64,
    /// Weeks counted in a usual year.
    pub(super) weeks_per_year: usize,
}

/// What a rule found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Finding {
    pub(super) figure: f64,
    pub(super) unit: Unit,
    pub(super) expected: (f64, f64),
    /// Probability by chance in one look, and looks in a season.
    pub(super) chance: (f64, usize),
}

/// What figures are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Day of the onset, in days since 1970.
    Day,
    /// Herds in a week.
    Herds,
    /// Share of heads.
    Share,
}

/// A kind of alert and its test.
pub(super) struct Rule {
    pub(super) kind: MovementAlert,
    pub(super) test: fn(&Look) -> Option<Finding>,
}

/// Every rule, in the order in which alerts are told.
pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: MovementAlert::Early,
        test: early,
    },
    Rule {
        kind: MovementAlert::Late,
        test: late,
    },
    Rule {
        kind: MovementAlert::Massive,
        test: massive,
    },
    Rule {
        kind: MovementAlert::Missing,
        test: missing,
    },
    Rule {
        kind: MovementAlert::WrongDirection,
        test: wrong_direction,
    },
];

fn usual_days(look: &Look) -> (f64, f64) {
    let (mean, away) = (look.usual.mean_day, DEVIATIONS * look.usual.sd_days);
    (mean - away, mean + away)
}

fn onset_finding(look: &Look, day: f64, p: f64) -> Finding {
    Finding {
        figure: day,
        unit: Unit::Day,
        expected: usual_days(look),
        chance: (p, 1),
    }
}

/// The onset was seen more than two deviations before the usual day, and not long ago.
fn early(look: &Look) -> Option<Finding> {
    let OwnOnset::Seen { day, by_day } = look.own_onset else {
        return None;
    };
    let is_fresh = f64::from(look.as_of.0) - by_day <= f64::from(FRESH_DAYS);
    (day < usual_days(look).0 && is_fresh)
        .then(|| onset_finding(look, day, look.usual_onset.begun_by(day)))
}

/// The last day counted lies more than two deviations behind the usual day, and the onset was not seen.
fn late(look: &Look) -> Option<Finding> {
    let OwnOnset::NotYet { day } = look.own_onset else {
        return None;
    };
    (day > usual_days(look).1)
        .then(|| onset_finding(look, day, 1.0 - look.usual_onset.begun_by(day)))
}

fn interval(week: &WeekLook) -> Option<(f64, f64)> {
    let [lo, hi] = INTERVAL.map(|p| week.forecast.quantile(p));
    lo.zip(hi)
}

/// More herds in the newest week than all but one in forty such weeks of the season have.
fn massive(look: &Look) -> Option<Finding> {
    let week = look.weeks.last()?;
    let expected = interval(week)?;
    let is_massive = week.herds > expected.1 && week.on > 0.5;
    is_massive.then_some(Finding {
        figure: week.herds,
        unit: Unit::Herds,
        expected,
        chance: (week.forecast.at_least(week.herds)?, look.weeks_per_year),
    })
}

/// Too few herds in counted weeks in a row, in a season that was seen to begin and is well under way. A season that has
/// not been seen is late, not missing.
fn missing(look: &Look) -> Option<Finding> {
    let newest = look.weeks.len().checked_sub(MISSING_WEEKS)?;
    let weeks = &look.weeks[newest..];
    let in_a_row = weeks
        .windows(2)
        .all(|pair| pair[1].week == pair[0].week + 1);
    if !look.is_seen || !in_a_row {
        return None;
    }
    let mut p = 1.0;
    for week in weeks {
        let (lo, _) = interval(week)?;
        if week.herds >= lo || week.well_under_way < SURE {
            return None;
        }
        p *= week.forecast.at_most(week.herds)?;
    }
    let week = weeks.last()?;
    Some(Finding {
        figure: week.herds,
        unit: Unit::Herds,
        expected: interval(week)?,
        chance: (p, look.weeks_per_year),
    })
}

/// A larger share of heads goes against the season's direction than in all but one in forty past weeks of the same part
/// of the season, while no season of that direction is on.
fn wrong_direction(look: &Look) -> Option<Finding> {
    let week = look.weeks.last()?;
    let share = week.against.filter(|share| *share > 0.0)?;
    let n = look.past_against.len();
    if week.well_under_way < SURE || look.opposite_on > OPPOSITE || n < MIN_SHARES {
        return None;
    }
    let real = |n: usize| (0..n).fold(0.0, |sum, _| sum + 1.0);
    let as_high = look
        .past_against
        .iter()
        .filter(|past| **past >= share)
        .count();
    let p = (1.0 + real(as_high)) / (1.0 + real(n));
    let mut past = look.past_against.clone();
    past.sort_by(f64::total_cmp);
    // One in forty lies above.
    let at = n - 1 - n / 40;
    (p <= INTERVAL[0]).then_some(Finding {
        figure: share,
        unit: Unit::Share,
        expected: (0.0, past[at]),
        chance: (p, look.weeks_per_year),
    })
}

#[cfg(test)]
mod tests;
