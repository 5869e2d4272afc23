//! The choice of tours: greedy with lazy gains, then exchanges.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::{Options, PlanError};
use crate::units::compact;

/// Rounds of exchanges at most; one that finds nothing ends them.
const ROUNDS: usize = 20;
/// Tours that are tried as the first of a plan.
const FIRSTS: usize = 40;
/// An exchange must be worth this share of the plan, so that rounding never counts as gain.
const LEAST_GAIN: f64 = 1e-9;

/// What a plan covers: `sum v_i min(1, sum a_it)`, in the unit of the values.
#[must_use]
pub fn worth(options: &Options<'_>, plan: &[u32]) -> f64 {
    let mut level = vec![0.0; options.value.len()];
    for &tour in plan {
        for &(cell, share) in &options.tours[tour as usize].covers {
            level[cell as usize] += share;
        }
    }
    let covered = level.iter().zip(options.value);
    covered
        .map(|(level, value)| value * f64::min(*level, 1.0))
        .sum()
}

/// A good plan: the best of greedy choices by gain and by gain per hour, as they are and with each of the 40 tours of
/// the highest gain set first, all improved by exchanging one tour for another and adding what still fits; and the
/// best of them by exchanging two for as many as then fit, until nothing gains.
///
/// Returns positions of tours, ascending. Ties go to the lower position. Greedy choice ends where no tour that
/// fits gains anything; a plan may therefore hold fewer patrols than there are.
///
/// # Errors
/// Values, hours or tours that cannot be.
///
/// # References
/// Nemhauser, Wolsey & Fisher 1978, [doi:10.1007/BF01588971](https://doi.org/10.1007/BF01588971); Fisher, Nemhauser &
/// Wolsey 1978, [doi:10.1007/BFb0121195](https://doi.org/10.1007/BFb0121195); Minoux 1978,
/// [doi:10.1007/BFb0006528](https://doi.org/10.1007/BFb0006528) (lazy gains).
pub fn best(options: &Options<'_>) -> Result<Vec<u32>, PlanError> {
    options.check()?;
    let mut firsts: Vec<(f64, u32)> = {
        let nothing = State::new(options);
        let tours = 0..compact(options.tours.len());
        tours.map(|tour| (nothing.gain(tour), tour)).collect()
    };
    firsts.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let starts = firsts.iter().take(FIRSTS).map(|&(_, tour)| Some(tour));
    let mut best: (f64, Vec<u32>) = (0.0, Vec::new());
    for (first, per_hour) in std::iter::once(None)
        .chain(starts)
        .flat_map(|first| [(first, false), (first, true)])
    {
        let mut state = State::new(options);
        if let Some(first) = first.filter(|&first| state.fits(first)) {
            state.add(first);
        }
        state.greedy(per_hour);
        state.improve(0, LEAST_GAIN);
        let covered = worth(options, &state.plan);
        if covered > best.0 {
            best = (covered, state.plan);
        }
    }
    let mut state = State::new(options);
    best.1.iter().for_each(|&tour| state.add(tour));
    while state.exchange_pairs() {
        state.improve(0, LEAST_GAIN);
    }
    state.plan.sort_unstable();
    Ok(state.plan)
}

/// A plan in the making.
pub(super) struct State<'a> {
    options: &'a Options<'a>,
    level: Vec<f64>,
    patrols_left: Vec<u32>,
    hours_left: Vec<f64>,
    /// Stops that are taken, or must not be.
    pub(super) closed: Vec<bool>,
    pub(super) plan: Vec<u32>,
}

impl<'a> State<'a> {
    pub(super) fn new(options: &'a Options<'a>) -> Self {
        Self {
            options,
            level: vec![0.0; options.value.len()],
            patrols_left: options.units.iter().map(|unit| unit.patrols).collect(),
            hours_left: options.units.iter().map(|unit| unit.hours).collect(),
            closed: vec![false; options.n_stops],
            plan: Vec::new(),
        }
    }

    /// Whether a tour can be added.
    pub(super) fn fits(&self, tour: u32) -> bool {
        let tour = &self.options.tours[tour as usize];
        let unit = tour.unit as usize;
        self.patrols_left[unit] > 0
            && tour.hours <= self.hours_left[unit]
            && tour.stops.iter().all(|&stop| !self.closed[stop as usize])
    }

    /// What adding a tour is worth, at any values.
    pub(super) fn gain_at(&self, tour: u32, value: &[f64]) -> f64 {
        let covers = &self.options.tours[tour as usize].covers;
        let gains = covers.iter().map(|&(cell, share)| {
            let level = self.level[cell as usize];
            value[cell as usize] * ((level + share).min(1.0) - level.min(1.0))
        });
        gains.sum::<f64>() + 0.0
    }

    pub(super) fn gain(&self, tour: u32) -> f64 {
        self.gain_at(tour, self.options.value)
    }

    pub(super) fn add(&mut self, tour: u32) {
        self.book(tour, true);
        self.plan.push(tour);
    }

    fn remove(&mut self, position: usize) -> u32 {
        let tour = self.plan.remove(position);
        self.book(tour, false);
        tour
    }

    fn book(&mut self, tour: u32, is_added: bool) {
        let tour = &self.options.tours[tour as usize];
        let unit = tour.unit as usize;
        let sign = if is_added { 1.0 } else { -1.0 };
        for &(cell, share) in &tour.covers {
            self.level[cell as usize] += sign * share;
        }
        for &stop in &tour.stops {
            self.closed[stop as usize] = is_added;
        }
        self.hours_left[unit] -= sign * tour.hours;
        if is_added {
            self.patrols_left[unit] -= 1;
        } else {
            self.patrols_left[unit] += 1;
        }
    }

    /// Adds the tour with the highest gain, or gain per hour, until none gains. Gains only fall as the plan
    /// grows: one looked at anew that still leads is the highest of all.
    pub(super) fn greedy(&mut self, per_hour: bool) {
        let n = compact(self.options.tours.len());
        let bound = |state: &Self, tour: u32| {
            let gain = state.gain(tour);
            let hours = state.options.tours[tour as usize].hours;
            let score = if per_hour { gain / hours } else { gain };
            Bound { score, tour }
        };
        let mut heap: BinaryHeap<Bound> = (0..n).map(|tour| bound(self, tour)).collect();
        while let Some(Bound { tour, .. }) = heap.pop() {
            if !self.fits(tour) {
                continue;
            }
            let fresh = bound(self, tour);
            if fresh.score <= 0.0 {
                continue;
            }
            if heap.peek().is_none_or(|next| fresh >= *next) {
                self.add(tour);
            } else {
                heap.push(fresh);
            }
        }
    }

    /// Adds and exchanges tours, those at positions below `fixed` never, while that is worth `least` of the plan.
    pub(super) fn improve(&mut self, fixed: usize, least: f64) {
        for _ in 0..ROUNDS {
            let mut has_gained = false;
            for position in fixed..self.plan.len() {
                has_gained |= self.exchange(position, least);
            }
            self.greedy(false);
            if !has_gained {
                return;
            }
        }
    }

    /// Takes one tour out and puts the best in that fits.
    fn exchange(&mut self, position: usize, least: f64) -> bool {
        let before = self.remove(position);
        let kept = self.gain(before);
        let (mut best, mut highest) = (before, kept);
        for tour in 0..compact(self.options.tours.len()) {
            if self.fits(tour) {
                let gain = self.gain(tour);
                if gain > highest {
                    (best, highest) = (tour, gain);
                }
            }
        }
        if highest - kept <= least * worth(self.options, &self.plan) {
            best = before;
        }
        self.book(best, true);
        self.plan.insert(position, best);
        best != before
    }
}

/// Pairs of a plan times tours, up to which pairs are exchanged: a second's work.
const MOST_PAIRS: usize = 2_000_000;

impl State<'_> {
    /// Takes two tours out and fills up greedily; keeps the first such plan that covers more.
    fn exchange_pairs(&mut self) -> bool {
        let n = self.plan.len();
        if n * n / 2 * self.options.tours.len() > MOST_PAIRS {
            return false;
        }
        let before = self.plan.clone();
        let due = worth(self.options, &before) * (1.0 + LEAST_GAIN);
        for second in 1..n {
            for first in 0..second {
                for per_hour in [false, true] {
                    self.remove(second);
                    self.remove(first);
                    self.greedy(per_hour);
                    if worth(self.options, &self.plan) > due {
                        return true;
                    }
                    while !self.plan.is_empty() {
                        self.remove(self.plan.len() - 1);
                    }
                    for &tour in &before {
                        self.add(tour);
                    }
                }
            }
        }
        false
    }
}

/// A tour and the most it can gain; the greatest comes first, of equals the lower position.
struct Bound {
    score: f64,
    tour: u32,
}

impl Ord for Bound {
    fn cmp(&self, other: &Self) -> Ordering {
        let score = self.score.total_cmp(&other.score);
        score.then(other.tour.cmp(&self.tour))
    }
}

impl PartialOrd for Bound {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Bound {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Bound {}
