//! When each process happens: the expected incidents of every process and day, in whole parts, and
//! what follows from them.

use super::SeasonShift;
use super::calendar::{
    self, DAYS, FIRST_DAY, HISTORY_YEARS, LAST_DAY, LONGEST_DELAY_DAYS, WINDOW_DAYS, WINDOW_FIRST,
};
use super::draws::Draws;
use super::processes::{PROCESSES, Place, Process};
use super::sectors::{self, Point, Sector};
use crate::base::code::Kind;
use crate::base::day::Day;
use crate::base::fixed;

/// Kinds that the demo's settings do not count as incidents to prevent.
pub(super) const NOT_COUNTED: [Kind; 3] = [Kind::Battle, Kind::Clash, Kind::Other];

/// The generated world. It is the same for every seed and every size: only draws differ.
#[derive(Debug)]
pub(super) struct World {
    /// Parts of [`fixed::PARTS`] per process and day, process by process.
    parts: Vec<i64>,
    /// For each part, the position in `parts` it belongs to: one draw picks process and day.
    slots: Vec<u32>,
    /// Every day as text.
    dates: Vec<Vec<u8>>,
}

impl World {
    pub(super) fn new(shift: SeasonShift) -> Self {
        let mut weights: Vec<f64> = PROCESSES
            .iter()
            .flat_map(|process| days().map(|day| weight(process, day, shift)))
            .collect();
        let planted: f64 = weights.iter().sum();
        let (background, _) = weights.split_at_mut(days().count());
        let mut shape = PROCESSES[0];
        shape.per_eight_weeks = 1.0;
        let unit: f64 = days().map(|day| weight(&shape, day, shift)).sum();
        let scale = (as_f64(super::DEMO_INCIDENTS) - planted) / unit;
        for (slot, day) in background.iter_mut().zip(days()) {
            *slot = weight(&shape, day, shift) * scale;
        }
        let parts = fixed::split(&weights);
        let mut slots = Vec::with_capacity(1_000_000);
        for (position, &count) in (0_u32..).zip(&parts) {
            slots.extend((0..count).map(|_| position));
        }
        let dates = days().map(|day| day.to_string().into_bytes()).collect();
        Self {
            parts,
            slots,
            dates,
        }
    }

    /// Draws what happened: a process and a day.
    pub(super) fn event(&self, draws: &mut Draws) -> (&'static Process, Day) {
        let n = u32::try_from(self.slots.len()).expect("there are 1,000,000 slots");
        let position = self.slots[draws.below(n) as usize].cast_signed();
        let process = &PROCESSES[(position / DAYS).unsigned_abs() as usize];
        (process, Day(FIRST_DAY.0 + position % DAYS))
    }

    /// A day as `YYYY-MM-DD`.
    pub(super) fn date(&self, day: Day) -> &[u8] {
        &self.dates[(day.0 - FIRST_DAY.0).unsigned_abs() as usize]
    }

    /// Expected counted incidents of a process from a day on, over the window's length.
    fn expected(&self, process: usize, first: Day, incidents: u64) -> f64 {
        let from = (first.0 - FIRST_DAY.0).unsigned_abs() as usize;
        let days = days().count();
        let window =
            &self.parts[process * days..][from..from + WINDOW_DAYS.unsigned_abs() as usize];
        let not_counted: u32 = NOT_COUNTED
            .iter()
            .map(|kind| PROCESSES[process].kinds[usize::from(kind.code())])
            .sum();
        let share = f64::from(1000 - not_counted) / 1000.0;
        fixed_share(window.iter().sum()) * as_f64(incidents) * share
    }

    /// Expected counted incidents in the detection window.
    pub(super) fn expected_window(&self, process: usize, incidents: u64) -> f64 {
        self.expected(process, WINDOW_FIRST, incidents)
    }

    /// The same in the same weeks of past years, mean over the years of history. A year is 52 weeks,
    /// as it is to the detector.
    pub(super) fn expected_past(&self, process: usize, incidents: u64) -> f64 {
        let years = (1..=HISTORY_YEARS).map(|year| Day(WINDOW_FIRST.0 - 364 * year));
        let sum: f64 = years
            .map(|first| self.expected(process, first, incidents))
            .sum();
        sum / f64::from(HISTORY_YEARS)
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "parts and incidents stay far below 2^53"
)]
fn fixed_share(parts: i64) -> f64 {
    parts as f64 / fixed::PARTS as f64
}

#[allow(
    clippy::cast_precision_loss,
    reason = "parts and incidents stay far below 2^53"
)]
fn as_f64(incidents: u64) -> f64 {
    incidents as f64
}

fn days() -> impl Iterator<Item = Day> {
    (FIRST_DAY.0..=LAST_DAY.0).map(Day)
}

/// Expected incidents of a process on a day, at the demo's size, as far as their reports have
/// arrived by the as-of date.
fn weight(process: &Process, day: Day, shift: SeasonShift) -> f64 {
    let level = calendar::level(process.profile, calendar::phase(day, shift));
    let factor = process
        .changes
        .iter()
        .find(|change| (change.first..=change.last).contains(&day))
        .map_or(1.0, |change| change.factor);
    let age_days = (LAST_DAY.0 - day.0).min(LONGEST_DELAY_DAYS);
    let arrived = f64::from(age_days + 1) / f64::from(LONGEST_DELAY_DAYS + 1);
    process.per_eight_weeks / f64::from(WINDOW_DAYS) * f64::from(level) / 1000.0 * factor * arrived
}

/// Draws where an incident of a process happened.
pub(super) fn whereabouts(place: Place, draws: &mut Draws) -> Point {
    match place {
        Place::Everywhere => loop {
            let point = in_box(sectors::CORNERS, draws);
            if Sector::of(point).is_some() {
                return point;
            }
        },
        Place::Around(centre, radius_m) => draws.around(centre, radius_m),
        Place::Along(from, to, width_m) => {
            let t = draws.up_to(1000);
            let centre = from.moved(
                (to.lat_e4 - from.lat_e4) * t / 1000,
                (to.lon_e4 - from.lon_e4) * t / 1000,
            );
            draws.around(centre, width_m)
        }
        Place::Somewhere(sector) => in_box(sector.corners(), draws),
    }
}

fn in_box((low, high): (Point, Point), draws: &mut Draws) -> Point {
    low.moved(
        draws.up_to(high.lat_e4 - low.lat_e4 - 1),
        draws.up_to(high.lon_e4 - low.lon_e4 - 1),
    )
}

/// Centre and radius in kilometres of a process.
pub(super) fn extent(place: Place) -> (Point, f64) {
    let of_box = |(low, high): (Point, Point), middle: Point| (middle, low.km_to(high) / 2.0);
    match place {
        Place::Everywhere => of_box(sectors::CORNERS, sectors::MIDDLE),
        Place::Around(centre, radius_m) => (centre, f64::from(radius_m) / 1000.0),
        Place::Along(from, to, width_m) => {
            let middle = from.moved((to.lat_e4 - from.lat_e4) / 2, (to.lon_e4 - from.lon_e4) / 2);
            (middle, from.km_to(to) / 2.0 + f64::from(width_m) / 1000.0)
        }
        Place::Somewhere(sector) => of_box(sector.corners(), sector.middle()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::processes::Planted;

    #[test]
    fn emerging_spots_exceed_their_past_four_to_eight_times_and_nothing_else_does_so() {
        let world = World::new(SeasonShift::default());
        for (i, process) in PROCESSES.iter().enumerate() {
            let now = world.expected_window(i, super::super::DEMO_INCIDENTS);
            let past = world.expected_past(i, super::super::DEMO_INCIDENTS);
            let ratio = now / past;
            match process.planted {
                Planted::Emerging => {
                    assert!((4.0..8.6).contains(&ratio), "{}: {ratio}", process.label);
                    assert!((12.0..30.0).contains(&now), "{}: {now}", process.label);
                }
                Planted::Ended => assert!(ratio < 0.3, "{}: {ratio}", process.label),
                Planted::Coarse => assert!(ratio > 8.0, "{}: {ratio}", process.label),
                _ => assert!((0.85..1.15).contains(&ratio), "{}: {ratio}", process.label),
            }
        }
    }

    #[test]
    fn expectations_of_all_processes_and_days_are_the_demos_size() {
        let world = World::new(SeasonShift::default());
        assert_eq!(world.parts.iter().sum::<i64>(), fixed::PARTS);
        assert_eq!(world.slots.len(), 1_000_000);
        let background: i64 = world.parts[..days().count()].iter().sum();
        let share = fixed_share(background);
        assert!(
            (0.3..0.55).contains(&share),
            "background has {share} of all incidents"
        );
    }

    #[test]
    fn the_latest_days_hold_only_reports_that_have_arrived() {
        let persistent = PROCESSES
            .iter()
            .find(|p| p.planted == Planted::Persistent)
            .unwrap();
        let full = weight(persistent, Day(LAST_DAY.0 - 14), SeasonShift::default());
        assert!((weight(persistent, LAST_DAY, SeasonShift::default()) * 15.0 - full).abs() < 1e-12);
    }
}
