#![doc = include_str!("README.md")]

pub mod base;
pub mod tables;

pub mod detect;
pub mod forecast;
pub mod index;
pub mod indicators;
pub mod ledger;
pub mod outreach;
pub mod plan;
pub mod publish;
pub mod reporting;
pub mod season;
pub mod sources;
pub mod synth;
pub mod zones;

pub mod gates;
pub mod nightly;

pub mod cli;
