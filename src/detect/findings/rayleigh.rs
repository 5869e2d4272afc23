//! Rayleigh's test: do reports prefer a time of the year, one or two?

use forewarn_models::season::{Modes, day_angle, rayleigh};

use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::Finding;

use super::super::Input;
use super::Statistic;
use super::series::{Material, Series};
use super::told::{Told, of_mission_and_areas};

/// Events below which the laws of these tests are not good.
const FEWEST_EVENTS: usize = 8;

/// Rayleigh's test with one peak a year, or with two half a year apart.
#[derive(Debug)]
pub(super) struct Rayleigh {
    name: &'static str,
    modes: Modes,
}

/// One peak a year.
pub(super) const ONE_MODE: Rayleigh = Rayleigh {
    name: "rayleigh_one",
    modes: Modes::One,
};

/// Two peaks a year.
pub(super) const TWO_MODES: Rayleigh = Rayleigh {
    name: "rayleigh_two",
    modes: Modes::Two,
};

impl Statistic for Rayleigh {
    fn name(&self) -> &'static str {
        self.name
    }

    fn statistic(&self) -> &'static str {
        "Rayleigh test"
    }

    fn find(&self, _input: &Input<'_>, material: &Material) -> Result<Vec<Finding>> {
        of_scopes(self, material, |angles| {
            let found = rayleigh(angles, self.modes).map_err(|e| e.to_string())?;
            let when = found.peak.map_or("no peak".to_owned(), |peak| {
                let also = match self.modes {
                    Modes::One => String::new(),
                    Modes::Two => format!(" and {}", time_of_year(peak + 0.5)),
                };
                format!("most reports around {}{also}", time_of_year(peak))
            });
            let peaks = match self.modes {
                Modes::One => "one peak a year",
                Modes::Two => "two peaks, half a year apart",
            };
            Ok(Told {
                value: Some(found.resultant),
                p: Some(found.p),
                words: when,
                parameters: vec![("alternative", peaks.to_owned())],
                ..Told::default()
            })
        })
    }
}

/// A test of the angles of days, for the mission and for each of its areas.
pub(super) fn of_scopes(
    statistic: &dyn Statistic,
    material: &Material,
    test: impl Fn(&[f64]) -> std::result::Result<Told, String>,
) -> Result<Vec<Finding>> {
    let years = material.whole_years();
    let of = |series: &Series| {
        let Some((first, years)) = years else {
            let n_weeks = material.n_weeks;
            let reason = format!("needs one whole year, has {n_weeks} weeks");
            return Told::unanswered(series.days.len(), reason);
        };
        let days = series.days.iter().filter(|&&day| day >= first);
        let angles: Vec<f64> = days.map(|&day| day_angle(day_of_year(day))).collect();
        let n = angles.len();
        if n < FEWEST_EVENTS {
            return Told::unanswered(n, format!("needs {FEWEST_EVENTS} events, has {n}"));
        }
        let mut told = test(&angles).unwrap_or_else(|reason| Told::unanswered(n, reason));
        told.n = n;
        told.parameters.push((
            "events",
            "days on which a cell had a report, known to the day and the cell".to_owned(),
        ));
        told.parameters
            .push(("years", format!("{years} whole years from {first}")));
        told
    };
    let areas = material.areas.iter().map(|area| (area, of(area)));
    of_mission_and_areas(statistic, of(&material.mission), areas.collect())
}

/// Day of the year, 1 for 1 January.
pub(super) fn day_of_year(day: Day) -> u16 {
    day.date().day_of_year().unsigned_abs()
}

/// A share of the year in words.
pub(super) fn time_of_year(share: f64) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "thirds of a month of a share within 0..1"
    )]
    let third = (share.rem_euclid(1.0) * 36.0) as usize % 36;
    let part = ["early", "mid", "late"][third % 3];
    format!("{part} {}", MONTHS[third / 3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_the_year_have_names() {
        let named = [0.0, 0.5, 0.99, 1.25, -0.01].map(time_of_year);
        let names = [
            "early January",
            "early July",
            "late December",
            "early April",
            "late December",
        ];
        assert_eq!(named, names);
        assert_eq!(day_of_year(Day::parse_iso("2020-12-31").unwrap()), 366);
    }
}
