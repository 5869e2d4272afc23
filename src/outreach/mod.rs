//! Stage: where outreach goes next, when, to whom, and what else can be done.
//!
//! A purpose of its own beside risk: exposure, low reporting, not yet reached, committee, audience gap. It
//! changes no risk and no rank of a zone. Whoever is invited to tell what happened to them must find help:
//! a session that invites needs a pass of the service gate (`tables::Pass`).

mod actions;
mod card;
mod dates;
mod go;
mod need;
mod people;
mod places;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use forewarn_models::outreach::rank;
use geo::LineString;
use h3o::{CellIndex, Resolution};

use crate::base::Context;
use crate::base::code::{Audience, CommunityKind, GoDecision, ServiceGate};
use crate::base::error::{Error, Result};
use crate::tables::{
    CellFacts, CorridorExposure, EarlyWarnings, Expected, Invitation, OutreachPlan, OutreachRecord,
    OutreachRow, Pass, Phases, Places, Reporting, StudyArea, Surroundings, Zones,
};

pub use actions::answered;
use card::{Card, FACTORS};
use places::Place;

/// What this stage reads.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations, reason = "it holds a function")]
pub struct Input<'a> {
    /// Settings, dates.
    pub context: &'a Context,
    /// The cells.
    pub study_area: &'a StudyArea,
    /// Records by cell, week and what they are.
    pub facts: &'a CellFacts,
    /// The posterior of the rate of incidents.
    pub expected: &'a Expected,
    /// How likely incidents are to be reported.
    pub reporting: &'a Reporting,
    /// Movable seasons.
    pub phases: &'a Phases,
    /// How close cells lie to corridors.
    pub corridors: &'a CorridorExposure,
    /// What is known beside incidents.
    pub surroundings: &'a Surroundings,
    /// Named places.
    pub places: &'a Places,
    /// What indicators say of every cell.
    pub early_warnings: &'a EarlyWarnings,
    /// Cells that a road crosses, and whether one can be used this month.
    pub roads_open: &'a BTreeMap<CellIndex, bool>,
    /// Cells along a line, as the index finds them.
    pub along: fn(&LineString<f64>, Resolution) -> Vec<CellIndex>,
}

/// Plans outreach, and tells every zone what can be done.
///
/// # Errors
/// Where a card is damaged, a statistic is refused, or the books do not balance.
pub fn run(input: &Input<'_>, zones: &mut Zones) -> Result<OutreachPlan> {
    let card = Card::read()?;
    let actions = actions::run(input, zones)?;
    let (places, balance) = places::places(input)?;
    let held = people::held(input);
    let need = need::Need::of(input, &card, &held)?;
    let recent = go::recent(input, &card);
    let mut rows = Vec::new();
    for &audience in Audience::ALL {
        let mut list = Vec::new();
        for place in places.iter().filter(|place| is_for(audience, place.kind)) {
            list.push(row(input, (&card, &need, &recent), audience, place)?);
        }
        rank_list(&card, &mut list)?;
        rows.extend(list);
    }
    let record = record(input, &card, &rows, &held)?;
    Ok(OutreachPlan {
        milestones: dates::milestones(input, &card),
        actions,
        balance,
        notes: notes(&rows, &record),
        rows,
        record,
    })
}

/// Whether a community is on an audience's list.
fn is_for(audience: Audience, kind: CommunityKind) -> bool {
    use CommunityKind::{FarmingVillage, HerderCamp, Mixed, Site};
    match audience {
        Audience::HerderCamps => matches!(kind, HerderCamp | Mixed),
        Audience::FarmingVillages => matches!(kind, FarmingVillage | Mixed | Site),
        Audience::WomenOnly | Audience::MenAndBoys => true,
    }
}

fn row(
    input: &Input<'_>,
    (card, need, recent): (&Card, &need::Need<'_>, &BTreeMap<CellIndex, go::Recent>),
    audience: Audience,
    place: &Place,
) -> Result<OutreachRow> {
    let settings = &input.context.settings.outreach;
    // Sessions of women only are those that invite to speak; all others keep to themes of the place.
    let invitation = if audience == Audience::WomenOnly {
        let services = &input.surroundings.services;
        let at = (place.name.as_str(), (place.lat_deg, place.lon_deg));
        Invitation::asked(Pass::ask(services, settings, at, input.context.as_of))
    } else {
        Invitation::none()
    };
    let nothing = go::Recent::default();
    let around = recent.get(&place.cell).unwrap_or(&nothing);
    let road_open = input.roads_open.get(&place.cell).copied();
    let (decision, why) = go::decide(input, around, road_open, invitation.gate());
    Ok(OutreachRow {
        audience,
        community: place.name.clone(),
        kind: place.kind,
        lat_deg: place.lat_deg,
        lon_deg: place.lon_deg,
        standing: None,
        factors: need.factors(place, audience)?,
        invitation,
        languages: place.languages.clone(),
        committee: place.committee,
        last_session: need.last_session(place),
        decision,
        why,
        theme: card.theme(audience)?,
    })
}

/// Ranks a list; what the gate closed has no rank and comes last.
fn rank_list(card: &Card, list: &mut [OutreachRow]) -> Result<()> {
    let is_open = |row: &OutreachRow| row.invitation.gate() != ServiceGate::Closed;
    let factors: Vec<_> = list
        .iter()
        .filter(|row| is_open(row))
        .map(|row| row.factors)
        .collect();
    let ranked = rank(&factors, &card.weights()?, card.sensitivity);
    let ranked = ranked.map_err(Error::statistic("outreach"))?;
    let open = list.iter_mut().filter(|row| is_open(row));
    for (row, standing) in open.zip(ranked) {
        row.standing = Some(standing);
    }
    list.sort_by(|a, b| {
        let order = |row: &OutreachRow| row.standing.map_or(usize::MAX, |standing| standing.rank);
        order(a)
            .cmp(&order(b))
            .then_with(|| a.community.cmp(&b.community))
    });
    Ok(())
}

fn record(
    input: &Input<'_>,
    card: &Card,
    rows: &[OutreachRow],
    held: &[people::Held],
) -> Result<OutreachRecord> {
    let (mut lists, mut gate) = (BTreeMap::new(), BTreeMap::new());
    let mut overrides = Vec::new();
    for row in rows {
        *lists.entry(row.audience.name()).or_default() += 1;
        *gate.entry(row.invitation.gate().name()).or_default() += 1;
        if row.invitation.gate() == ServiceGate::Overridden {
            overrides.push(format!("{}: {}", row.community, row.invitation.words()));
        }
    }
    let weights = FACTORS.into_iter().zip(card.weights()?);
    Ok(OutreachRecord {
        card_digest: Card::digest(),
        actions_digest: actions::Card::digest(),
        caution: card.caution.clone(),
        weights: weights.collect(),
        sensitivity: card.sensitivity,
        lists,
        service_gate: gate,
        overrides,
        people: people::people(input, card, held),
    })
}

/// What a reader should know: every override, and where nobody is invited for want of a service.
fn notes(rows: &[OutreachRow], record: &OutreachRecord) -> Vec<String> {
    let overridden = record.overrides.iter();
    let mut notes: Vec<String> = overridden
        .map(|words| format!("outreach, service gate overridden: {words}"))
        .collect();
    if let Some(n) = record.service_gate.get(ServiceGate::Closed.name()) {
        notes.push(format!(
            "outreach: no session that invites to speak in {n} communities, since no open service is known \
             within reach; see outreach.csv"
        ));
    }
    let delayed = rows.iter().filter(|row| row.decision == GoDecision::Delay);
    let delayed = delayed.filter(|row| row.why.iter().any(|why| why.code == "AFTER_FEW_REPORTS"));
    let n = delayed.count();
    if n > 0 {
        notes.push(format!(
            "outreach: {n} sessions are delayed, since few reports have just been made near them"
        ));
    }
    notes
}
