//! What reporting may depend on, per cell and step: the covariates of the fit.

use arrow::array::Array;
use forewarn_models::grid::Neighbours;
use forewarn_models::units::distance_km;
use geo::{Coord, Rect};
use h3o::LatLng;

use crate::base::code::{EffortKind, LineKind};
use crate::base::day::{Day, Week};
use crate::base::error::{Error, Result};

use super::Input;
use super::contacts::{Contacts, resolution, service_points};

/// Names of the covariates, in order. Each can only help a report to be made, and is 0 where there is none.
pub(super) const NAMES: [&str; 5] = [
    "ln(1 + visit-days of patrols and monitoring per step)",
    "ln(1 + outreach sessions, decaying)",
    "ln(1 + days a week of open services, in the cell and around it)",
    "share of weeks with a road open",
    "nearness of the nearest base",
];
/// Number of covariates.
pub(super) const WIDTH: usize = NAMES.len();
/// A base farther from the study area than this has no effect on it.
const FARTHEST_BASE_KM: f64 = 300.0;

/// Covariates of every cell and step, and the visit-days behind them.
#[derive(Debug)]
pub(super) struct Effort {
    pub(super) n_steps: usize,
    /// Cell-major, `WIDTH` for each step.
    pub(super) design: Vec<f64>,
    /// Days on which someone came, cell-major.
    pub(super) visit_days: Vec<f64>,
    /// The same without patrols.
    pub(super) other_days: Vec<f64>,
    /// Whether the log of effort covers a step.
    pub(super) is_covered: Vec<bool>,
}

impl Effort {
    pub(super) fn read(input: &Input<'_>, contacts: &Contacts) -> Result<Self> {
        let steps = input.steps;
        let n = input.study_area.grid.len() * steps.n_steps;
        let mut effort = Self {
            n_steps: steps.n_steps,
            design: vec![0.0; n * WIDTH],
            visit_days: vec![0.0; n],
            other_days: vec![0.0; n],
            is_covered: (0..steps.n_steps)
                .map(|t| covers(contacts, weeks(input, t), blind_days(input)))
                .collect(),
        };
        effort.add_contacts(input, contacts);
        effort.add_services(input)?;
        effort.add_roads(input)?;
        effort.add_bases(input)?;
        Ok(effort)
    }

    /// Covariates of one cell in one step.
    pub(super) fn at(&self, cell: usize, step: usize) -> &[f64] {
        let at = (cell * self.n_steps + step) * WIDTH;
        &self.design[at..at + WIDTH]
    }

    fn set(&mut self, cell: usize, step: usize, column: usize, value: f64) {
        self.design[(cell * self.n_steps + step) * WIDTH + column] = value;
    }

    fn add_contacts(&mut self, input: &Input<'_>, contacts: &Contacts) {
        let half_life = input.context.settings.reporting.outreach_half_life_days;
        for (cell, days) in contacts.of_cell.iter().enumerate() {
            if days.is_empty() {
                continue;
            }
            for t in 0..self.n_steps {
                let (first, last) = weeks(input, t);
                let (first, last) = (first.first_day(), last.last_day());
                let (mut visits, mut sessions, mut patrols, mut dose) = (0.0, 0.0, 0.0, 0.0);
                for &(day, kind) in days.iter().take_while(|(day, _)| *day <= last) {
                    let here = f64::from(u8::from(day >= first));
                    if kind == EffortKind::Outreach {
                        sessions += here;
                        dose += (-f64::from(last.0 - day.0) / half_life).exp2();
                    } else {
                        visits += here;
                        patrols += if kind == EffortKind::Patrol {
                            here
                        } else {
                            0.0
                        };
                    }
                }
                let at = cell * self.n_steps + t;
                self.visit_days[at] = visits + sessions;
                self.other_days[at] = visits + sessions - patrols;
                self.set(cell, t, 0, visits.ln_1p());
                self.set(cell, t, 1, dose.ln_1p());
            }
        }
    }

    /// A service is known of in its own cell and those around it.
    fn add_services(&mut self, input: &Input<'_>) -> Result<()> {
        let services = &input.surroundings.services;
        let adjacent = Neighbours::ring(&input.study_area.grid, 1);
        let mut days = vec![0.0; self.visit_days.len()];
        for (row, cell) in service_points(input)? {
            let weekdays = services.weekdays();
            let known = weekdays.is_valid(row);
            let open_days = if known {
                weekdays.value(row).count_ones()
            } else {
                7
            };
            for t in 0..self.n_steps {
                let open = |day| services.is_open(row, day);
                let share = share_of_weeks(weeks(input, t), open);
                let near = adjacent.of(cell).iter().map(|&i| i as usize);
                for i in near.chain([cell]) {
                    days[i * self.n_steps + t] += share * f64::from(open_days);
                }
            }
        }
        for (at, days) in days.into_iter().enumerate().filter(|&(_, days)| days > 0.0) {
            self.design[at * WIDTH + 2] = days.ln_1p();
        }
        Ok(())
    }

    /// A cell is open in a month in which any of its roads is; roads that close in months which nobody
    /// has told say nothing.
    fn add_roads(&mut self, input: &Input<'_>) -> Result<()> {
        let resolution = resolution(input)?;
        let mut months = vec![0_u16; input.study_area.grid.len()];
        for line in input.surroundings.lines.of_kind(LineKind::Road) {
            let open: u16 = match line.open_months {
                Some(open) => (1..=12)
                    .filter(|&m| open.has(m))
                    .map(|m| 1 << (m - 1))
                    .sum(),
                None if line.is_seasonal == Some(true) => continue,
                None => 0xfff,
            };
            for part in &line.shape {
                for cell in (input.along)(part, resolution) {
                    if let Some(i) = input.study_area.grid.position(cell) {
                        months[i] |= open;
                    }
                }
            }
        }
        for t in 0..self.n_steps {
            let span = weeks(input, t);
            for (cell, &open) in months.iter().enumerate().filter(|&(_, &open)| open > 0) {
                let is_open = |day: Day| open & (1 << (day.month_day().0 - 1)) != 0;
                self.set(cell, t, 3, share_of_weeks(span, is_open));
            }
        }
        Ok(())
    }

    /// Nearness halves with every `base_half_distance_km`; bases stand in the middle of a step or not.
    fn add_bases(&mut self, input: &Input<'_>) -> Result<()> {
        let (bases, grid) = (&input.surroundings.bases, &input.study_area.grid);
        let half_km = input.context.settings.reporting.base_half_distance_km;
        let centres: Vec<LatLng> = grid
            .cells()
            .iter()
            .map(|&cell| LatLng::from(cell))
            .collect();
        let bounds = bounds(&centres);
        let near: Vec<(usize, LatLng)> = bases
            .within(bounds, FARTHEST_BASE_KM)
            .filter_map(|row| {
                let place = LatLng::new(bases.lat_deg().value(row), bases.lon_deg().value(row));
                Some((row, place.ok()?))
            })
            .collect();
        let mut before: Option<(Vec<usize>, Vec<f64>)> = None;
        for t in 0..self.n_steps {
            let (first, last) = weeks(input, t);
            let middle = Day(i32::midpoint(first.first_day().0, last.last_day().0));
            let open = near.iter().filter(|&&(row, _)| bases.is_open(row, middle));
            let (rows, places): (Vec<usize>, Vec<LatLng>) = open.copied().unzip();
            let nearness = match before.take() {
                Some((same, nearness)) if same == rows => nearness,
                _ => nearness(&centres, &places, half_km)?,
            };
            for (cell, &value) in nearness.iter().enumerate() {
                self.set(cell, t, 4, value);
            }
            before = Some((rows, nearness));
        }
        Ok(())
    }
}

fn nearness(centres: &[LatLng], bases: &[LatLng], half_km: f64) -> Result<Vec<f64>> {
    let coordinate = |place: &LatLng| {
        forewarn_models::units::Coordinate::new(place.lat(), place.lng())
            .map_err(Error::statistic("reporting"))
    };
    let bases: Vec<_> = bases.iter().map(coordinate).collect::<Result<_>>()?;
    let of_cell = |centre: &LatLng| {
        let centre = coordinate(centre)?;
        let distances = bases.iter().map(|&base| distance_km(centre, base));
        let nearest = distances.fold(f64::INFINITY, f64::min);
        Ok((-nearest / half_km).exp2())
    };
    centres.iter().map(of_cell).collect()
}

fn bounds(centres: &[LatLng]) -> Rect<f64> {
    let point = |place: &LatLng| Coord {
        x: place.lng(),
        y: place.lat(),
    };
    let mut points = centres.iter().map(point);
    let first = points.next().unwrap_or_default();
    let (low, high) = points.fold((first, first), |(low, high), p| {
        let low = Coord {
            x: low.x.min(p.x),
            y: low.y.min(p.y),
        };
        let high = Coord {
            x: high.x.max(p.x),
            y: high.y.max(p.y),
        };
        (low, high)
    });
    Rect::new(low, high)
}

/// First and last week of a step.
pub(super) fn weeks(input: &Input<'_>, step: usize) -> (Week, Week) {
    let length = i32::from(input.steps.step_weeks);
    let step = i32::try_from(step).unwrap_or(0);
    let first = input.steps.first_week.0 + step * length;
    (Week(first), Week(first + length - 1))
}

fn blind_days(input: &Input<'_>) -> i32 {
    i32::from(input.context.settings.reporting.blind_days)
}

/// Whether the log of effort runs over a step: before its first line and long after its last one nobody
/// knows who was where, which is not the same as nobody.
fn covers(contacts: &Contacts, (first, last): (Week, Week), blind_days: i32) -> bool {
    contacts.logged.is_some_and(|(begun, ended)| {
        begun <= first.last_day() && last.first_day().0 <= ended.0 + blind_days
    })
}

/// Share of a step's weeks on whose Thursday something holds.
fn share_of_weeks((first, last): (Week, Week), holds: impl Fn(Day) -> bool) -> f64 {
    let thursdays = (first.0..=last.0).map(|week| Day(Week(week).first_day().0 + 3));
    let holding = thursdays.map(|day| f64::from(u8::from(holds(day))));
    holding.sum::<f64>() / f64::from(last.0 - first.0 + 1)
}
