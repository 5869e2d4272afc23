//! What reports leave out: how late they come.

mod delay;

pub use delay::{DelayError, Delays, Observed, reporting_delays};
