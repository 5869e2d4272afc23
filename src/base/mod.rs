//! Floor 1: what every stage stands on. Knows files, Arrow and SQL; knows no stage.

pub mod ask;
pub mod code;
pub mod day;
pub mod delta;
pub mod digest;
pub mod error;
pub mod fixed;
pub mod progress;
pub mod query;
pub mod session;
pub mod settings;
pub mod table;
pub mod udf;

mod context;
#[cfg(test)]
pub(crate) mod statement;
pub use context::Context;
