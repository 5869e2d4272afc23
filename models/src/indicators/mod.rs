//! Early-warning indicators: scores from observations, and their sum in log-odds with its doubt.
//!
//! A score says how far an observation goes towards an indicator, from 0 (nothing of it) to 1 (all of
//! it). What counts is its departure from what is usual for the season: a score as high as every year
//! at this time warns of nothing new. Weights are a panel's, never fitted; so each sum comes with the
//! band over which it moves when the weights do.

mod combine;
mod counts;
mod near;
mod series;
#[cfg(test)]
mod tests;

pub use combine::{CombineError, Combined, Evidence, Panel, Role, combine, retained};
pub use counts::{fewer_by_chance, lacking_share, mid_tail};
pub use near::{Reached, dose, near_repeat, nearness, reach};
pub use series::{against_same_season, log_ratio, ramp, slope};
