//! What reports leave out: how late they come, how many are never made, and what that does to whoever
//! learns from them.
//!
//! How often things happen and how often they are told are two quantities. Counts alone show only their
//! product; what tells them apart is effort that varies within a place, or two sources that overlap. Where
//! neither holds no number is invented: three scenarios are carried side by side.

mod bands;
mod conditional;
mod contacts;
mod delay;
mod detection;
mod effect;
mod feedback;
mod silence;
mod two_sources;

#[cfg(test)]
mod tests;

pub use bands::Band;
pub use contacts::{Scenario, heard_of};
pub use delay::{DelayError, Delays, Observed, reporting_delays};
pub use detection::{DetectionError, DetectionFit, Level, NotIdentified, Panel, fit_detection};
pub use effect::{EffectError, Rise, rise};
pub use feedback::{FeedbackError, discovery_weights};
pub use silence::at_most;
pub use two_sources::{Coverage, OverlapError, coverage};
