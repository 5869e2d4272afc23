//! Movable seasons of a card: usual onset, length, and what lets the onset be seen.

use forewarn_models::season::{MonthDay, OnsetPrior};
use serde::Deserialize;

use super::card::month_day;
use crate::base::code::{ActorClass, Anchor};
use crate::base::day::Day;

const DAYS_OF_YEAR: i32 = 365;

/// One movable season, checked.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) driver: String,
    pub(super) direction: Option<&'static str>,
    pub(super) actor_class: Option<ActorClass>,
    onset: MonthDay,
    pub(super) sd_days: f64,
    pub(super) length_days: u16,
    pub(super) anchor: Anchor,
    pub(super) rain: Option<RainRule>,
}

/// Rain that tells that a season has begun.
#[derive(Debug, Clone)]
pub(super) struct RainRule {
    since: MonthDay,
    /// Latitudes between which it is measured: seasons of a long country begin at different times.
    pub(super) lat_deg: (f64, f64),
    pub(super) threshold_mm: f64,
    pub(super) sd_days: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEntry {
    name: String,
    driver: String,
    direction: Option<String>,
    actor_class: Option<ActorClass>,
    onset: String,
    sd_days: f64,
    length_days: u16,
    anchor: Anchor,
    rain: Option<RawRain>,
    #[serde(rename = "evidence")]
    _evidence: String,
    #[serde(rename = "caution")]
    _caution: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRain {
    since: String,
    lat_deg: (f64, f64),
    threshold_mm: f64,
    sd_days: f64,
}

/// The year around one usual onset: it ends where the next one's begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cycle {
    pub(super) year: i16,
    pub(super) usual: Day,
    pub(super) first: Day,
    pub(super) last: Day,
}

impl Entry {
    /// Checks one season of a card; a refusal says what is wrong.
    pub(super) fn check(raw: RawEntry) -> Result<Self, String> {
        let name = raw.name;
        let day = |field: &str, text: &str| {
            // A day that only leap years have is no usual day.
            let day = month_day(text).filter(|day| (day.month(), day.day()) != (2, 29));
            day.ok_or_else(|| format!("{field} of {name} must be MM-DD, not 02-29"))
        };
        let direction = raw.direction.as_deref();
        let compass = direction.map(|point| compass_point(point).ok_or(point));
        let compass = compass
            .transpose()
            .map_err(|_other| format!("direction of {name} must be a compass point"))?;
        let onset = day("onset", &raw.onset)?;
        let rain = raw.rain.map(|rain| {
            Ok::<_, String>(RainRule {
                since: day("rain.since", &rain.since)?,
                lat_deg: rain.lat_deg,
                threshold_mm: rain.threshold_mm,
                sd_days: rain.sd_days,
            })
        });
        let rain = rain.transpose()?;
        let positive = |value: f64| value.is_finite() && value > 0.0;
        let is_rain_sound = |rain: &RainRule| positive(rain.threshold_mm) && positive(rain.sd_days);
        if !positive(raw.sd_days)
            || !(14..=300).contains(&raw.length_days)
            || !rain.as_ref().is_none_or(is_rain_sound)
            || (raw.anchor == Anchor::Rain && rain.is_none())
        {
            return Err(format!(
                "{name} needs sd_days above 0, length_days within 14..=300, and a rule where rain tells it"
            ));
        }
        Ok(Self {
            driver: raw.driver,
            direction: compass,
            actor_class: raw.actor_class,
            onset,
            sd_days: raw.sd_days,
            length_days: raw.length_days,
            anchor: raw.anchor,
            rain,
            name,
        })
    }

    /// The year around the usual onset of a calendar year: as long before it as after its usual end.
    pub(super) fn cycle(&self, year: i16) -> Option<Cycle> {
        let lead = (DAYS_OF_YEAR - i32::from(self.length_days)) / 2;
        let usual = of_year(self.onset, year)?;
        let next = of_year(self.onset, year.checked_add(1)?)?;
        Some(Cycle {
            year,
            usual,
            first: Day(usual.0 - lead),
            last: Day(next.0 - lead - 1),
        })
    }

    /// The cycles that touch the days from `first` to `last`, oldest first.
    pub(super) fn cycles(&self, first: Day, last: Day) -> Vec<Cycle> {
        let years = first.date().year() - 1..=last.date().year() + 1;
        let touches = |cycle: &Cycle| cycle.last >= first && cycle.first <= last;
        years
            .filter_map(|year| self.cycle(year))
            .filter(touches)
            .collect()
    }

    /// What the card says of one cycle.
    pub(super) fn prior(&self, cycle: Cycle, any_day_share: f64) -> OnsetPrior {
        OnsetPrior {
            mean_day: f64::from(cycle.usual.0),
            sd_days: self.sd_days,
            any_day_share,
        }
    }
}

impl RainRule {
    /// The last day of the dry season, from which rain is summed, before the usual onset of a cycle.
    pub(super) fn since(&self, cycle: Cycle) -> Option<Day> {
        let this = of_year(self.since, cycle.year)?;
        if this <= cycle.usual {
            Some(this)
        } else {
            of_year(self.since, cycle.year - 1)
        }
    }
}

fn of_year(day: MonthDay, year: i16) -> Option<Day> {
    let number = |n: u8| i8::try_from(n).ok();
    Day::from_ymd(year, number(day.month())?, number(day.day())?)
}

/// Compass points in order, clockwise from north.
const COMPASS: [&str; 16] = [
    "N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW",
    "NNW",
];

fn compass_point(name: &str) -> Option<&'static str> {
    COMPASS.iter().copied().find(|point| *point == name)
}

/// How two directions lie to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heading {
    /// Within 67.5 degrees.
    Along,
    /// Beside.
    Across,
    /// Within 67.5 degrees of the opposite.
    Against,
}

/// How a direction lies to a season's; every direction is along one that has none.
pub(super) fn heading(direction: &str, season: Option<&str>) -> Heading {
    let at = |name: &str| COMPASS.iter().position(|point| *point == name);
    let Some(season) = season else {
        return Heading::Along;
    };
    let (Some(a), Some(b)) = (at(direction), at(season)) else {
        return Heading::Across;
    };
    let apart = a.abs_diff(b);
    match apart.min(COMPASS.len() - apart) {
        0..=3 => Heading::Along,
        5..=8 => Heading::Against,
        _ => Heading::Across,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Card;
    use super::*;

    #[test]
    fn directions_are_along_across_or_against() {
        let south = |direction| heading(direction, Some("S"));
        for along in ["S", "SSW", "SE", "WSW"] {
            assert_eq!(south(along), Heading::Along, "{along}");
        }
        for against in ["N", "NNE", "NW", "ENE"] {
            assert_eq!(south(against), Heading::Against, "{against}");
        }
        assert_eq!([south("E"), south("W")], [Heading::Across; 2]);
        assert_eq!(heading("E", None), Heading::Along);
    }

    #[test]
    fn every_day_lies_in_one_cycle_of_every_season_of_every_card() {
        let day = |text| Day::parse_iso(text).unwrap();
        let mut n = 0;
        for name in super::super::names() {
            for entry in Card::named(name).unwrap().entries {
                let cycles = entry.cycles(day("2019-02-01"), day("2025-02-01"));
                assert!(cycles.len() >= 6, "{}", entry.name);
                for pair in cycles.windows(2) {
                    assert_eq!(pair[0].last.0 + 1, pair[1].first.0, "{}", entry.name);
                }
                for cycle in cycles {
                    assert!(cycle.first < cycle.usual && cycle.usual < cycle.last);
                    let since = entry.rain.as_ref().map(|rain| rain.since(cycle).unwrap());
                    assert!(since.is_none_or(|since| since <= cycle.usual));
                    n += 1;
                }
            }
        }
        assert!(n > 80, "{n}");
    }
}
