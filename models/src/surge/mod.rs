//! Whether a place has more now than its own past leads one to expect.

mod exceedance;

#[cfg(test)]
mod tests;

pub use exceedance::exceedance;
