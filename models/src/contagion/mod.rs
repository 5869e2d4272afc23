//! Whether an event brings others near it in space and time, and for how long.
//!
//! Events that share a place and a season look alike without one causing another. Both methods
//! here carry the season: the test deals dates out within season blocks, the rate has the season in
//! its background.

mod background;
mod expectation_maximisation;
mod fit;
mod hawkes;
mod history;
mod knox;
mod knox_bands;
mod knox_deal;
mod space_time;

#[cfg(test)]
mod tests;

pub use background::smooth_season;
pub use fit::{Contagion, Excitation, WhySeasonal, contagion};
pub use hawkes::{Hawkes, InvalidHawkes};
pub use history::{History, HistoryError, times_of_days};
pub use knox::{Knox, KnoxCell, KnoxError, KnoxNull, KnoxRecord, knox};
pub use knox_bands::{InvalidBands, KnoxBands};
pub use space_time::{
    InvalidSpaceTimeHawkes, SpaceTimeContagion, SpaceTimeExcitation, SpaceTimeHawkes,
    SpaceTimeHistory, SpaceTimeHistoryError, space_time_contagion,
};
