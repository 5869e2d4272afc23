//! Every indicator: its code, the unit of its value, and what computes it. Adding one is a line here and an
//! entry of the card.

use crate::base::error::{Error, Result};

use super::card::{Card, Entry};
use super::facts::All;
use super::known::Known;
use super::{armed, herds, observed, people, posture, presence, rain, reporting, violence};

/// One indicator.
#[derive(Debug)]
pub(super) struct Indicator {
    pub(super) id: &'static str,
    /// Unit of its value, of one and of many where they differ; nothing for yes and no.
    pub(super) unit: &'static str,
    compute: fn(&All<'_>, &Entry) -> Result<Vec<Known>>,
}

impl Indicator {
    /// What is known of it.
    pub(super) fn compute(&self, all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
        (self.compute)(all, entry)
    }
}

const fn of_tables(
    id: &'static str,
    unit: &'static str,
    compute: fn(&All<'_>, &Entry) -> Result<Vec<Known>>,
) -> Indicator {
    Indicator { id, unit, compute }
}

const fn of_observations(id: &'static str, unit: &'static str) -> Indicator {
    of_tables(id, unit, observed::known)
}

/// All of them, in order of code.
pub(super) const INDICATORS: &[Indicator] = &[
    of_tables("A1", "of full reach", armed::within_reach),
    of_tables("A2", "km a week nearer", armed::approach),
    of_tables("A3", "day ago/days ago", posture::vacuum),
    of_observations("A4", "checkpoint/checkpoints"),
    of_observations("A5", ""),
    of_observations("A6", ""),
    of_tables(
        "A7",
        "new class of actor/new classes of actors",
        armed::new_class,
    ),
    of_tables("A8", "class of actor/classes of actors", armed::history),
    of_tables("A9", "base/bases", posture::drawdown),
    of_tables("B1", "report/reports", violence::looting),
    of_tables("B2", "report/reports", violence::abductions),
    of_tables("B3", "of a full wake", violence::raids),
    of_tables("B4", "report/reports", violence::crop_damage),
    of_tables("B5", "report/reports", violence::fighting),
    of_observations("B6", "attack/attacks"),
    of_tables(
        "B7",
        "kind in one week/kinds in one week",
        violence::convergence,
    ),
    of_tables(
        "C1",
        "displaced person/displaced people",
        people::displacement,
    ),
    of_observations("C2", ""),
    of_observations("C3", "arrival/arrivals"),
    of_observations("C4", "hour/hours"),
    of_tables("C5", "of full growth", observed::concealment),
    of_tables("C6", "class of actor/classes of actors", people::rivals),
    of_observations("C7", ""),
    of_observations("D1", "share"),
    of_observations("D2", "share"),
    of_observations("D3", "marriage/marriages"),
    of_observations("D4", ""),
    of_observations("D5", "voice/voices"),
    of_observations("D6", "broadcast/broadcasts"),
    of_tables("E1", "herds a count", herds::flow),
    of_observations("E2", "share"),
    of_observations("E3", ""),
    of_observations("E4", "price"),
    of_observations("E5", "price"),
    of_tables("E6", "mm a day", rain::anomaly),
    of_observations("E7", ""),
    of_observations("E8", ""),
    of_observations("E9", "day/days"),
    of_observations("F1", "day to it/days to it"),
    of_observations("F2", ""),
    of_observations("F3", ""),
    of_tables(
        "G1",
        "hour on foot/hours on foot",
        presence::nearest_service,
    ),
    of_tables("G2", "hour/hours", presence::effort),
    of_tables("G4", "person/people", presence::outreach),
    of_tables("G5", "share", reporting::trust),
    of_tables("G6", "report/reports", reporting::silence),
    of_observations("H1", ""),
    of_observations("H2", "share"),
    of_observations("H3", ""),
    of_observations("H4", ""),
    of_tables("H5", "visit/visits", presence::mixed_teams),
];

/// The indicator of a code.
///
/// # Errors
/// [`Error::Statistic`] where the card has one that nothing computes.
pub(super) fn of(id: &str) -> Result<&'static Indicator> {
    let found = INDICATORS.iter().find(|indicator| indicator.id == id);
    found.ok_or_else(|| Error::Statistic {
        stage: "indicators",
        reason: format!("nothing computes the card's {id}"),
    })
}

/// The card's entry of a code.
pub(super) fn entry<'c>(card: &'c Card, id: &str) -> Option<&'c Entry> {
    card.entries.iter().find(|entry| entry.id == id)
}
