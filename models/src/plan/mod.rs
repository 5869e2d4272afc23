//! Patrol plans: which stops a week's patrols make, so that what is covered is worth most, nothing asked for
//! is impossible, and nobody who watches can tell the next stop.
//!
//! A [`Tour`] is one patrol's day: out from its base, along stops that touch each other, and back. Tours are
//! listed first ([`tours`]), each within its hours, its range and the open roads; a plan then only ever chooses
//! among them, so that no plan can be infeasible. A plan makes no stop twice and gives no base more patrols
//! or hours than it has.
//!
//! Coverage of a plan, in the unit of the values `v`:
//!
//! ```text
//! f = sum over cells i of v_i min(1, sum over chosen tours t of a_it)
//! ```
//!
//! with `a_it` the share of cell `i` that tour `t` covers. `f` is monotone and submodular: greedy choice is at
//! least half as good as the best where only numbers of patrols bind (Fisher, Nemhauser & Wolsey 1978); with hours,
//! the better of greedy by gain and greedy by gain per hour is taken, and both are improved by exchanges. How far
//! it is from the best is told by [`exact()`] where a plan is small.

mod cover;
mod draw;
mod exact;
#[cfg(test)]
mod tests;
mod tours;

pub use cover::{best, worth};
pub use draw::{Drawn, Rules, day_chances, draw};
pub use exact::{MOST_EXACT, exact};
pub use tours::{Legs, tours};

use thiserror::Error;

use crate::units::LengthMismatch;

/// What one base has for the week.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// Patrols it can send.
    pub patrols: u32,
    /// Hours of all of them together, travel included.
    pub hours: f64,
}

/// One patrol that a base could send.
#[derive(Debug, Clone, PartialEq)]
pub struct Tour {
    /// Position of its base.
    pub unit: u32,
    /// Hours from leaving the base to being back, stops included.
    pub hours: f64,
    /// Its stops in the order they are made.
    pub stops: Vec<u32>,
    /// Cells it covers, each with the share of it in 0..=1; no cell twice.
    pub covers: Vec<(u32, f64)>,
}

/// What a plan is chosen from.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Worth of covering each cell, at least 0.
    pub value: &'a [f64],
    /// Number of stops.
    pub n_stops: usize,
    /// The bases.
    pub units: &'a [Unit],
    /// What their patrols could do.
    pub tours: &'a [Tour],
}

/// Why there is no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PlanError {
    /// A slice without one entry per cell.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// A value below zero or not finite.
    #[error("the value of cell {index} must be finite and at least 0")]
    Value {
        /// Position of the cell.
        index: usize,
    },
    /// Hours below zero or not a number.
    #[error("the hours of base {index} must be at least 0")]
    Hours {
        /// Position of the base.
        index: usize,
    },
    /// A tour that names what is not there, repeats a stop, or takes no time.
    #[error("tour {index} must name a base, stops and cells that exist, once each, and take time")]
    Tour {
        /// Position of the tour.
        index: usize,
    },
    /// A share that is none.
    #[error("shares must be 0..=1")]
    Rules,
    /// More tours than are solved exactly.
    #[error("{n_tours} tours, at most {most} are solved exactly")]
    TooLarge {
        /// Tours given.
        n_tours: usize,
        /// [`MOST_EXACT`].
        most: usize,
    },
    /// The solver gave up.
    #[error("the solver found no optimum")]
    Solver,
}

impl Options<'_> {
    fn check(&self) -> Result<(), PlanError> {
        let is_amount = |x: f64| x.is_finite() && x >= 0.0;
        if let Some(index) = self.value.iter().position(|&v| !is_amount(v)) {
            return Err(PlanError::Value { index });
        }
        if let Some(index) = self.units.iter().position(|unit| !is_amount(unit.hours)) {
            return Err(PlanError::Hours { index });
        }
        let n_cells = self.value.len();
        let stands = |tour: &Tour| {
            let mut stops = tour.stops.clone();
            stops.sort_unstable();
            stops.dedup();
            let mut cells: Vec<u32> = tour.covers.iter().map(|&(cell, _)| cell).collect();
            cells.sort_unstable();
            cells.dedup();
            (tour.unit as usize) < self.units.len()
                && tour.hours.is_finite()
                && tour.hours > 0.0
                && !stops.is_empty()
                && stops.len() == tour.stops.len()
                && cells.len() == tour.covers.len()
                && stops.iter().all(|&stop| (stop as usize) < self.n_stops)
                && tour
                    .covers
                    .iter()
                    .all(|&(cell, share)| (cell as usize) < n_cells && (0.0..=1.0).contains(&share))
        };
        match self.tours.iter().position(|tour| !stands(tour)) {
            Some(index) => Err(PlanError::Tour { index }),
            None => Ok(()),
        }
    }
}
