//! `[outreach]`: when help counts as within reach, and who answered for going where it is not.

use serde::{Deserialize, Serialize};

use crate::base::day::Day;

/// Who may answer for a session without a service: offices, never persons.
pub const MAY_SIGN: &[&str] = &["womens_protection_adviser", "head_of_office"];
/// A reason is a sentence.
const SHORTEST_REASON: usize = 20;

/// How outreach is planned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutreachSettings {
    /// Hours on foot within which a service counts as reachable.
    pub service_reach_hours: f64,
    /// Days after the last few reports in which no session is held near them.
    pub quiet_days: u16,
    /// Fewer reports than this in those days are few: who comes then could be taken to answer them.
    pub few_reports: u16,
    /// Sessions that may invite people to speak though no service is known within reach.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub service_override: Vec<ServiceOverride>,
}

/// One of these: for one community, by an office, for a reason, and not for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceOverride {
    /// Its name, as the communities' list spells it.
    pub community: String,
    /// The office that answers for it, of [`MAY_SIGN`].
    pub signed_by: String,
    /// Why, in a sentence, such as which mobile clinic comes along.
    pub reason: String,
    /// Last day on which it holds, `YYYY-MM-DD`.
    pub until: String,
}

impl ServiceOverride {
    /// Whether it is whole and holds on a day.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.problems().is_empty() && Day::parse_iso(&self.until).is_some_and(|last| day <= last)
    }

    /// What is wrong with it: key, what was found, what it must be.
    pub(super) fn problems(&self) -> Vec<(&'static str, String, String)> {
        let mut problems = Vec::new();
        if self.community.trim().is_empty() {
            problems.push((
                "community",
                "empty".to_owned(),
                "a community of the list".to_owned(),
            ));
        }
        if !MAY_SIGN.contains(&self.signed_by.as_str()) {
            let expected = format!("one of {}", MAY_SIGN.join(", "));
            problems.push(("signed_by", self.signed_by.clone(), expected));
        }
        if self.reason.trim().chars().count() < SHORTEST_REASON {
            let expected = "a sentence that says why, and who helps instead".to_owned();
            problems.push(("reason", "too short".to_owned(), expected));
        }
        if Day::parse_iso(&self.until).is_none() {
            problems.push(("until", self.until.clone(), "YYYY-MM-DD".to_owned()));
        }
        problems
    }
}

impl Default for OutreachSettings {
    fn default() -> Self {
        Self {
            service_reach_hours: 4.0,
            quiet_days: 7,
            few_reports: 5,
            service_override: Vec::new(),
        }
    }
}
