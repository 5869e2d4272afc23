//! Whether a place has more now than its own past leads one to expect.

mod cusum;
mod exceedance;
mod farrington;
mod log_linear;

#[cfg(test)]
mod tests;

pub use cusum::{Cusum, CusumError, CusumStep, InvalidCusum};
pub use exceedance::exceedance;
pub use farrington::{Excess, Farrington, FarringtonError, FarringtonParams, InvalidFarrington};
