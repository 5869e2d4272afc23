#![doc = include_str!("../README.md")]

pub mod contagion;
pub mod forecast;
pub mod grid;
pub mod hotspot;
pub mod indicators;
pub mod outreach;
pub mod permute;
pub mod plan;
pub mod rank;
pub mod reporting;
pub mod risk;
pub mod scan;
pub mod score;
pub mod season;
pub mod surge;
pub mod threads;
pub mod trend;
pub mod units;
pub mod zone;

#[cfg(test)]
mod testing;
