//! Outreach plans and action cards: operational, for the restricted and internal tiers only.

use std::collections::BTreeMap;

use forewarn_models::outreach::{Share, Standing};
use serde::Serialize;

use super::{Balance, Pass, Reason, Unreachable};
use crate::base::code::{Audience, CommunityKind, GoDecision, Milestone, ServiceGate};
use crate::base::day::Day;

/// Whether a session invites people to speak. Only a [`Pass`] makes it do so.
#[derive(Debug, Clone, PartialEq)]
pub struct Invitation(Invited);

#[derive(Debug, Clone, PartialEq)]
enum Invited {
    Nobody,
    By(Pass),
    Closed(Unreachable),
}

impl Invitation {
    /// A session that invites nobody to speak.
    #[must_use]
    pub fn none() -> Self {
        Self(Invited::Nobody)
    }

    /// One that would, and what the gate answered.
    #[must_use]
    pub fn asked(answer: Result<Pass, Unreachable>) -> Self {
        Self(answer.map_or_else(Invited::Closed, Invited::By))
    }

    /// Whether it does.
    #[must_use]
    pub fn invites(&self) -> bool {
        matches!(self.0, Invited::By(_))
    }

    /// How the gate stands.
    #[must_use]
    pub fn gate(&self) -> ServiceGate {
        match &self.0 {
            Invited::Nobody => ServiceGate::NotNeeded,
            Invited::By(Pass::Reachable(_)) => ServiceGate::Reachable,
            Invited::By(Pass::Overridden(_)) => ServiceGate::Overridden,
            Invited::Closed(_) => ServiceGate::Closed,
        }
    }

    /// The same in words.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.0 {
            Invited::Nobody => "invites nobody to tell what happened to them".to_owned(),
            Invited::By(Pass::Overridden(signed)) => signed.words(),
            Invited::By(Pass::Reachable(proof)) => {
                let name = proof
                    .name()
                    .map_or(String::new(), |name| format!("{name}, "));
                let days = proof.weekdays().map_or(String::new(), |days| {
                    format!(", open {} days a week", days.count_ones())
                });
                let hours = proof.hours_on_foot();
                format!("{name}about {hours:.1} h on foot or more{days}")
            }
            Invited::Closed(Unreachable { nearest_hours }) => match nearest_hours {
                Some(hours) => format!(
                    "no session: the nearest open service is {hours:.1} h on foot away; bring one first"
                ),
                None => {
                    "no session: no open service with a known place; bring one first".to_owned()
                }
            },
        }
    }
}

/// One community on one audience's list.
#[derive(Debug, Clone, PartialEq)]
pub struct OutreachRow {
    /// Whose list it is.
    pub audience: Audience,
    /// Name of the community.
    pub community: String,
    /// What it is.
    pub kind: CommunityKind,
    /// Latitude in degrees north.
    pub lat_deg: f64,
    /// Longitude in degrees east.
    pub lon_deg: f64,
    /// Where it stands on the list; none where the gate is closed.
    pub standing: Option<Standing>,
    /// Exposure, low reporting, not yet reached, committee, audience gap: shares.
    pub factors: [Share; 5],
    /// Whether the session invites people to speak, and what lets it.
    pub invitation: Invitation,
    /// Languages of the session, codes.
    pub languages: Option<String>,
    /// Whether a focal committee is at work, where known.
    pub committee: Option<bool>,
    /// Day of the last session near it, where one is known.
    pub last_session: Option<Day>,
    /// Whether to go tomorrow.
    pub decision: GoDecision,
    /// Why.
    pub why: Vec<Reason>,
    /// What the session is about, in English and in French: a theme, never an incident.
    pub theme: [String; 2],
}

/// One step of the year's outreach.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MilestoneRow {
    /// What is held.
    pub milestone: Milestone,
    /// Season it is planned from.
    pub season: String,
    /// The corridor, where the season has its own there.
    pub corridor: Option<String>,
    /// First and last day on which to hold it.
    #[serde(serialize_with = "as_text")]
    pub days: [Day; 2],
    /// The season's expected first day, with its 90 % interval: low, middle, high.
    #[serde(serialize_with = "as_text")]
    pub onset: [Day; 3],
    /// `ahead`, `due` or `passed` on the as-of date.
    pub state: &'static str,
    /// All this in English and in French.
    pub words: [String; 2],
}

fn as_text<const N: usize, S: serde::Serializer>(
    days: &[Day; N],
    to: S,
) -> Result<S::Ok, S::Error> {
    to.collect_seq(days.iter().map(ToString::to_string))
}

/// People reached by outreach, by sex.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeopleReached {
    /// Days up to the as-of date that are counted.
    pub days: u16,
    /// Sessions with people counted.
    pub sessions: u32,
    /// Women and girls.
    pub women: u32,
    /// Men and boys.
    pub men: u32,
    /// People who came for the first time, and people of the sessions that log it.
    pub first_time: Option<[u32; 2]>,
    /// Share of women and girls with Wilson's 95 % interval: low, middle, high.
    pub share_women: Option<[f64; 3]>,
    /// The share it is held against: 276 women of 1,126 people, Central African Republic 2021.
    pub benchmark_share: f64,
    /// In one sentence.
    pub words: String,
}

/// What `run.json` says of outreach.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutreachRecord {
    /// Digest of the card of weights.
    pub card_digest: String,
    /// Digest of the card of actions.
    pub actions_digest: String,
    /// What a reader should know of the weights.
    pub caution: String,
    /// Weights by factor.
    pub weights: BTreeMap<&'static str, f64>,
    /// Factors on weights between which ranks are told.
    pub sensitivity: [f64; 2],
    /// Communities on each list.
    pub lists: BTreeMap<&'static str, u32>,
    /// How the service gate stood, by answer.
    pub service_gate: BTreeMap<&'static str, u32>,
    /// Every override that opened it, in words.
    pub overrides: Vec<String>,
    /// People reached in the year before.
    pub people: PeopleReached,
}

/// What outreach is planned, where and when.
#[derive(Debug, Clone)]
pub struct OutreachPlan {
    /// Communities by list, in order of rank; those without one last.
    pub rows: Vec<OutreachRow>,
    /// Steps of the year.
    pub milestones: Vec<MilestoneRow>,
    /// What can be done in each zone.
    pub actions: Vec<ZoneAction>,
    /// What was done.
    pub record: OutreachRecord,
    /// Where the communities went.
    pub balance: Balance,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// Something that can be done, and why there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionOption {
    /// Its code on the card.
    pub option: String,
    /// Codes of the reasons it answers to.
    pub because: Vec<String>,
    /// In English.
    pub text_en: String,
    /// In French.
    pub text_fr: String,
}

/// One option of one zone, or of a cell that calls for a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ZoneAction {
    /// The zone, where it is one's.
    pub zone_id: Option<String>,
    /// The cell, where it calls for a review and is in no zone.
    pub hex_id: Option<String>,
    /// Whether it is for a patrol.
    pub is_patrol: bool,
    /// The option.
    #[serde(flatten)]
    pub option: ActionOption,
}
