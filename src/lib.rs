#![doc = include_str!("README.md")]

pub mod base;
pub mod tables;

pub mod detect;
pub mod index;
pub mod season;
pub mod zones;
