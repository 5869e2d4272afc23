//! Incidents of every kind per cell and week, by what they are.

use crate::base::table::{Date, I32, I64, U8, U64};
use crate::table;

table! {
    /// One row per (cell, ISO week, kind, actor class, who brought the report): whole records of every
    /// kind, outcomes and others, those still arriving too. Only records known finely enough to be set
    /// beside their neighbours, and to less than two weeks, are here.
    CellFacts, row CellFact, builder CellFactsBuilder {
        /// H3 cell of the study area.
        cell: U64,
        /// `base::day::Week` of the first day.
        week: I32,
        /// `base::code::Kind`.
        kind: U8,
        /// `base::code::ActorClass`.
        actor_class: U8,
        /// `base::code::DiscoveredBy`.
        discovered_by: U8,
        /// Latest day on which any of them may have happened.
        last_day: Date,
        /// Records.
        n: I64,
    }
}
