//! When a patrol goes: a day and an hour, drawn so that neither can be guessed.

use forewarn_models::plan::day_chances;
use rand::Rng;
use rand_chacha::ChaCha20Rng;

use crate::base::day::Day;
use crate::base::settings::PlanDay;

use super::card::Card;
use super::stops::Stop;

/// When one patrol leaves, and when it is at each stop.
#[derive(Debug, Clone)]
pub(super) struct Times {
    pub(super) day: Day,
    pub(super) depart: f64,
    pub(super) back: f64,
    /// Arrival and departure at each stop, in hours of the day.
    pub(super) stops: Vec<[f64; 2]>,
}

/// What a tour's time is drawn from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tour<'a> {
    pub(super) stops: &'a [&'a Stop<'a>],
    /// Hours to each stop from the one before, the base first, and back.
    pub(super) legs: &'a [f64],
    pub(super) night: bool,
}

/// Draws the day, those on which people come together preferred as far as the floor allows, and the half hour of leaving,
/// so that the patrol is back in time.
pub(super) fn times(
    monday: Day,
    tour: &Tour<'_>,
    (card, days, largest): (&Card, &[PlanDay], f64),
    rng: &mut ChaCha20Rng,
) -> Times {
    let preferred: Vec<bool> = (1..=7_u8)
        .map(|weekday| {
            tour.stops
                .iter()
                .any(|stop| occasion(stop, weekday, days).is_some())
        })
        .collect();
    let mut left = rng.random::<f64>();
    let drawn = (0_i32..)
        .zip(day_chances(&preferred, largest))
        .find(|&(_, chance)| {
            left -= chance;
            left <= 0.0
        });
    let day = Day(monday.0 + drawn.map_or(6, |(day, _)| day));
    let stays: f64 = tour.stops.iter().map(|stop| stop.stay_hours).sum();
    let hours = tour.legs.iter().sum::<f64>() + stays;
    let last = if tour.night {
        card.last_hour_night
    } else {
        card.last_hour
    };
    let spare = ((last - card.first_hour - hours) * 2.0).floor();
    let halves = (0..48_u8)
        .take_while(|&n| f64::from(n) <= spare)
        .last()
        .unwrap_or(0);
    let depart = card.first_hour + f64::from(rng.random_range(0..=halves)) / 2.0;
    let mut at = depart;
    let mut stops = Vec::new();
    for (stop, leg) in tour.stops.iter().zip(tour.legs) {
        let arrive = at + leg;
        at = arrive + stop.stay_hours;
        stops.push([arrive, at]);
    }
    Times {
        day,
        depart,
        back: depart + hours,
        stops,
    }
}

/// What brings people together at a stop on a day of the week.
fn occasion<'a>(stop: &Stop<'_>, weekday: u8, days: &'a [PlanDay]) -> Option<&'a str> {
    let place = stop.place?;
    let day = days
        .iter()
        .find(|day| day.place == place.name && day.weekday == weekday);
    day.map(|day| day.what.as_str())
}

/// What an hour at a stop is for.
pub(super) fn window(stop: &Stop<'_>, day: Day, arrive: f64, days: &[PlanDay]) -> String {
    let weekday = day.date().weekday().to_monday_one_offset().unsigned_abs();
    let part = match arrive {
        hour if hour < 10.0 => "morning",
        hour if hour < 14.0 => "midday",
        hour if hour < 16.5 => "afternoon",
        _ => "dusk",
    };
    match occasion(stop, weekday, days) {
        Some(what) if arrive < 10.0 => format!("{what}, on the way there"),
        Some(what) if arrive < 14.0 => format!("{what}, its busy hours"),
        Some(what) => format!("{what}, the walk home"),
        None => part.to_owned(),
    }
}

/// `HH:MM`, to the nearest five minutes.
pub(super) fn clock(hour: f64) -> String {
    let fives = (hour * 12.0).round();
    let fives = (0..=288_u16)
        .take_while(|&n| f64::from(n) <= fives)
        .last()
        .unwrap_or(0);
    format!("{:02}:{:02}", fives / 12, fives % 12 * 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_told_as_a_clock_tells_them() {
        for (hour, text) in [
            (6.0, "06:00"),
            (9.99, "10:00"),
            (17.54, "17:30"),
            (13.25, "13:15"),
        ] {
            assert_eq!(clock(hour), text);
        }
    }
}
