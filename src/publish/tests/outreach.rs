//! Outreach of a mission that is invented.

use std::collections::BTreeMap;

use forewarn_models::outreach::Share;

use crate::base::code::{Audience, CommunityKind, GoDecision};
use crate::tables::{
    Balance, Invitation, OutreachPlan, OutreachRecord, OutreachRow, PeopleReached, Reason,
    Unreachable,
};

/// A list of two: one place that the gate has closed, and one that needs no gate.
pub(super) fn sample() -> OutreachPlan {
    let share = Share {
        lo: 0.25,
        mid: 0.5,
        hi: 0.75,
    };
    let row = |audience, invitation: Invitation, standing| OutreachRow {
        audience,
        community: "=Invented mile".to_owned(),
        kind: CommunityKind::Mixed,
        lat_deg: 7.3,
        lon_deg: 18.3,
        standing,
        factors: [share; 5],
        invitation,
        languages: Some("fra sag".to_owned()),
        committee: None,
        last_session: None,
        decision: GoDecision::Delay,
        why: vec![Reason {
            code: "ROAD_CLOSED",
            text: "no road of the cell can be used this month".to_owned(),
        }],
        theme: ["ways".to_owned(), "chemins".to_owned()],
    };
    let standing = forewarn_models::outreach::Standing {
        score: share,
        rank: 1,
        rank_lo: 1,
        rank_hi: 1,
    };
    let closed = Invitation::asked(Err(Unreachable {
        nearest_hours: Some(9.0),
    }));
    OutreachPlan {
        rows: vec![
            row(Audience::HerderCamps, Invitation::none(), Some(standing)),
            row(Audience::WomenOnly, closed, None),
        ],
        milestones: Vec::new(),
        actions: Vec::new(),
        balance: Balance::close("outreach", "communities", 0, []).unwrap(),
        notes: Vec::new(),
        record: record(),
    }
}

fn record() -> OutreachRecord {
    OutreachRecord {
        card_digest: "0a".to_owned(),
        actions_digest: "0b".to_owned(),
        caution: "invented".to_owned(),
        weights: BTreeMap::new(),
        sensitivity: [0.5, 2.0],
        lists: BTreeMap::new(),
        service_gate: BTreeMap::new(),
        overrides: Vec::new(),
        people: PeopleReached {
            days: 365,
            sessions: 0,
            women: 0,
            men: 0,
            first_time: None,
            share_women: None,
            benchmark_share: 0.25,
            words: "nobody counted".to_owned(),
        },
    }
}
