//! What a season goes by: the calendar, or the first day of a movable season as far as it is known.

use forewarn_models::season::{PhaseBins, phase};

use crate::base::code::ActorClass;
use crate::base::day::{Day, Week};
use crate::base::error::{Error, Result};
use crate::tables::{Phases, SeasonPhase};

use super::history::Weeks;

/// Weeks of the year, the bins of its phase.
const WEEKS_OF_YEAR: usize = 52;
/// Equal parts of a movable season; the time outside it is one bin more.
const PARTS: usize = 20;
/// Years in which a season must have been seen: two to learn from, one to forecast.
const YEARS_SEEN: usize = 3;
/// First days less likely than this are left out.
const HARDLY: f64 = 1e-6;

/// Where in a season every week lies.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    /// By week of the history and the window.
    pub(super) phases: PhaseBins,
    /// Every bin once.
    pub(super) bins: PhaseBins,
    /// What it goes by, in words.
    pub(super) words: String,
    class: Option<ActorClass>,
    /// Of a movable season.
    moving: Option<Moving>,
}

#[derive(Debug, Clone)]
struct Moving {
    seasons: Vec<SeasonPhase>,
    /// Season and middle day of every week.
    weeks: Vec<(usize, i32)>,
}

impl Clock {
    /// The calendar, and every movable season of the mission that was seen to begin in enough past years.
    pub(super) fn all(weeks: &Weeks, known: &Phases) -> Result<Vec<Self>> {
        let mut clocks = vec![Self::calendar(weeks)?];
        let whole = || known.rows.iter().filter(|row| row.corridor.is_none());
        let mut names: Vec<&str> = whole().map(|row| row.season.as_str()).collect();
        names.dedup();
        for name in names {
            let seasons: Vec<SeasonPhase> =
                whole().filter(|row| row.season == name).cloned().collect();
            clocks.extend(Self::movable(weeks, seasons)?);
        }
        Ok(clocks)
    }

    fn calendar(weeks: &Weeks) -> Result<Self> {
        let of_weeks: Vec<usize> = weeks.all().map(week_of_year).collect();
        let of_bins: Vec<usize> = (0..WEEKS_OF_YEAR).collect();
        let certain = |bins: &[usize]| {
            PhaseBins::certain(WEEKS_OF_YEAR, bins).map_err(Error::statistic("season"))
        };
        Ok(Self {
            phases: certain(&of_weeks)?,
            bins: certain(&of_bins)?,
            words: "a year".to_owned(),
            class: None,
            moving: None,
        })
    }

    /// None where the season was hardly ever seen, or not every week lies in one.
    fn movable(weeks: &Weeks, seasons: Vec<SeasonPhase>) -> Result<Option<Self>> {
        let mut of_weeks = Vec::with_capacity(weeks.len());
        for week in weeks.all() {
            let day = thursday(week);
            let holds = |row: &SeasonPhase| row.window.0 <= day && day <= row.window.1;
            let Some(season) = seasons.iter().position(holds) else {
                return Ok(None);
            };
            of_weeks.push((season, day.0));
        }
        let mut past: Vec<usize> = of_weeks[..weeks.n_past()].iter().map(|w| w.0).collect();
        past.dedup();
        let seen = past.iter().filter(|&&at| seasons[at].is_seen).count();
        let Some(first) = seasons.first().filter(|_| seen >= YEARS_SEEN) else {
            return Ok(None);
        };
        let mut shares = Vec::with_capacity(of_weeks.len() * (PARTS + 1));
        for &(season, day) in &of_weeks {
            let row = &seasons[season];
            let length = f64::from(row.length_days);
            let at = phase(f64::from(day), &row.onset, length, PARTS);
            let at = at.map_err(Error::statistic("season"))?;
            shares.extend_from_slice(&at.within);
            shares.push(at.off());
        }
        let (words, class) = (
            format!("of {}, counted from its own first day", first.season),
            first.actor_class,
        );
        let mut each = vec![0.0; (PARTS + 1) * (PARTS + 1)];
        for bin in 0..=PARTS {
            each[bin * (PARTS + 1) + bin] = 1.0;
        }
        let bins =
            |shares: &[f64]| PhaseBins::new(&parts(), shares).map_err(Error::statistic("season"));
        Ok(Some(Self {
            phases: bins(&shares)?,
            bins: bins(&each)?,
            words,
            class,
            moving: Some(Moving {
                seasons,
                weeks: of_weeks,
            }),
        }))
    }

    /// Whether it tells of this class of actor; one that is told of none tells of all.
    pub(super) fn is_of(&self, class: Option<ActorClass>) -> bool {
        self.class.is_none() || self.class == class
    }

    pub(super) const fn moves(&self) -> bool {
        self.moving.is_some()
    }
}

/// Sum of the factors over some weeks and its standard deviation, by stratum: one first day holds for all
/// weeks of a season, and seasons of different years begin apart from each other.
pub(super) fn sum_and_doubt(
    clock: &Clock,
    weeks: &[usize],
    of_bins: &[Vec<f64>],
) -> Vec<(f64, f64)> {
    let Some(moving) = &clock.moving else {
        return vec![(0.0, 0.0); of_bins.len()];
    };
    let mut sums = vec![(0.0, 0.0); of_bins.len()];
    let mut seasons: Vec<usize> = weeks.iter().map(|&at| moving.weeks[at].0).collect();
    seasons.dedup();
    for season in seasons {
        let row = &moving.seasons[season];
        let days: Vec<i32> = weeks
            .iter()
            .map(|&at| moving.weeks[at])
            .filter(|of| of.0 == season)
            .map(|of| of.1)
            .collect();
        let mut moments = vec![(0.0, 0.0); of_bins.len()];
        let likely = row.onset.days().filter(|&(_, p)| p > HARDLY);
        let mut known = 0.0;
        for (first, p) in likely {
            known += p;
            let bins: Vec<usize> = days
                .iter()
                .map(|day| bin(day - first, i32::from(row.length_days)))
                .collect();
            for (moments, of_bins) in moments.iter_mut().zip(of_bins) {
                let sum: f64 = bins.iter().map(|&bin| of_bins[bin]).sum();
                moments.0 += p * sum;
                moments.1 += p * sum * sum;
            }
        }
        for (sum, moments) in sums.iter_mut().zip(moments) {
            let mean = moments.0 / known;
            sum.0 += mean;
            sum.1 += (moments.1 / known - mean * mean).max(0.0);
        }
    }
    sums.into_iter().map(|(mean, v)| (mean, v.sqrt())).collect()
}

/// The bin of a day so many days after the first.
fn bin(after: i32, length_days: i32) -> usize {
    let parts = i32::try_from(PARTS).unwrap_or(1);
    if (0..length_days).contains(&after) {
        usize::try_from(after * parts / length_days).unwrap_or(PARTS)
    } else {
        PARTS
    }
}

/// Phase of the middle of every part, and none for the time outside the season.
fn parts() -> Vec<Option<f64>> {
    let n = f64::from(u8::try_from(PARTS).unwrap_or(u8::MAX));
    let middles = (0..PARTS)
        .zip(0_u8..)
        .map(|(_, part)| (f64::from(part) + 0.5) / n);
    middles.map(Some).chain([None]).collect()
}

fn thursday(week: Week) -> Day {
    Day(week.first_day().0 + 3)
}

/// Which of the year's bins a week lies in, by its Thursday.
fn week_of_year(week: Week) -> usize {
    let date = thursday(week).date();
    let day = usize::try_from(date.day_of_year()).unwrap_or(1) - 1;
    (day * WEEKS_OF_YEAR / 365).min(WEEKS_OF_YEAR - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weeks_of_a_year_lie_in_its_bins_in_order() {
        let first = Day::from_ymd(2020, 12, 28).map(Day::week).unwrap();
        let bins: Vec<usize> = (first.0 + 1..first.0 + 53)
            .map(|week| week_of_year(Week(week)))
            .collect();
        assert!(bins.is_sorted() && bins[0] <= 1, "{bins:?}");
        let last = week_of_year(first);
        assert_eq!((bins.last(), last), (Some(&51), WEEKS_OF_YEAR - 1));
    }

    #[test]
    fn days_of_a_season_lie_in_its_parts_and_others_in_none() {
        let bins: Vec<usize> = [-1, 0, 4, 5, 99, 100].map(|after| bin(after, 100)).to_vec();
        assert_eq!(bins, [PARTS, 0, 0, 1, PARTS - 1, PARTS]);
    }
}
