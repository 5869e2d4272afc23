//! Whether to go tomorrow: go, with an escort, or not yet.
//!
//! Nobody goes where a few reports have just been made: who comes then could be taken to answer them, and
//! whoever told could be found. What is not known is no reason to go alone.

use std::collections::{BTreeMap, BTreeSet};

use h3o::CellIndex;

use crate::base::code::{DiscoveredBy, GoDecision, Kind, ServiceGate};
use crate::tables::Reason;

use super::{Input, card};

/// What is known around one cell.
#[derive(Debug, Clone, Default)]
pub(super) struct Recent {
    /// Incidents to prevent in the quiet days.
    pub(super) reports: u32,
    /// Ways by which they came that can be told apart.
    pub(super) ways: u32,
    /// Fights in the days that ask for an escort.
    pub(super) fights: u32,
}

/// What is known around every cell where something is.
pub(super) fn recent(input: &Input<'_>, card: &card::Card) -> BTreeMap<CellIndex, Recent> {
    let (facts, as_of) = (input.facts, input.context.as_of.0);
    let settings = &input.context.settings;
    let quiet_days = i32::from(settings.outreach.quiet_days);
    let mut found: BTreeMap<CellIndex, Recent> = BTreeMap::new();
    let mut by: BTreeMap<CellIndex, BTreeSet<DiscoveredBy>> = BTreeMap::new();
    for row in 0..facts.len() {
        let age = as_of - facts.last_day().value(row);
        let kind = Kind::from_code(facts.kind().value(row));
        let Some((kind, cell)) = kind.zip(CellIndex::try_from(facts.cell().value(row)).ok()) else {
            continue;
        };
        let n = u32::try_from(facts.n().value(row)).unwrap_or(u32::MAX);
        let is_report = settings.outcome.kinds.contains(&kind) && (0..quiet_days).contains(&age);
        let is_fight =
            matches!(kind, Kind::Battle | Kind::Clash) && (0..card.go.armed_days).contains(&age);
        if !(is_report || is_fight) {
            continue;
        }
        for near in cell.grid_disk::<Vec<_>>(1) {
            let here = found.entry(near).or_default();
            if is_report {
                here.reports = here.reports.saturating_add(n);
                let who = DiscoveredBy::from_code(facts.discovered_by().value(row));
                by.entry(near).or_default().extend(who);
            }
            if is_fight {
                here.fights = here.fights.saturating_add(n);
            }
        }
    }
    for (cell, ways) in by {
        if let Some(here) = found.get_mut(&cell) {
            here.ways = u32::try_from(ways.len()).unwrap_or(u32::MAX);
        }
    }
    found
}

/// The decision for one session, and every reason for it.
pub(super) fn decide(
    input: &Input<'_>,
    recent: &Recent,
    road_open: Option<bool>,
    gate: ServiceGate,
) -> (GoDecision, Vec<Reason>) {
    let settings = &input.context.settings.outreach;
    let Recent {
        reports,
        ways,
        fights,
    } = *recent;
    let quiet_days = settings.quiet_days;
    let mut found: Vec<(GoDecision, &'static str, String)> = Vec::new();
    let mut add = |decision, code, text: String| found.push((decision, code, text));
    if gate == ServiceGate::Closed {
        let text = "no service is within reach of whoever would speak".to_owned();
        add(GoDecision::Delay, "NO_SERVICE", text);
    }
    if gate == ServiceGate::Overridden {
        let text = "no service is known within reach: someone answered for going".to_owned();
        add(GoDecision::Accompany, "SERVICE_OVERRIDDEN", text);
    }
    match road_open {
        Some(false) => {
            let text = "no road of the cell can be used this month".to_owned();
            add(GoDecision::Delay, "ROAD_CLOSED", text);
        }
        None => {
            let text = "whether a road can be used is not known".to_owned();
            add(GoDecision::Accompany, "ROAD_UNKNOWN", text);
        }
        Some(true) => {}
    }
    if reports > 0 && (reports < u32::from(settings.few_reports) || ways < 2) {
        let text = format!(
            "few or one-sided reports near it in {quiet_days} days: who comes now could be taken to answer them"
        );
        add(GoDecision::Delay, "AFTER_FEW_REPORTS", text);
    } else if reports > 0 {
        let text = format!("{reports} reports near it in {quiet_days} days");
        add(GoDecision::Accompany, "RECENT_REPORTS", text);
    }
    if fights > 0 {
        let text = format!("{fights} fight(s) near it of late");
        add(GoDecision::Accompany, "ARMED_NEARBY", text);
    }
    let decision = found
        .iter()
        .map(|one| one.0)
        .max()
        .unwrap_or(GoDecision::Go);
    if found.is_empty() {
        let text = format!("road open, no report near it known in {quiet_days} days");
        found.push((GoDecision::Go, "NOTHING_AGAINST", text));
    }
    let why = found
        .into_iter()
        .map(|(_, code, text)| Reason { code, text });
    (decision, why.collect())
}
