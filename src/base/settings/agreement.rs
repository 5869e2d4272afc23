//! By what right data are here: published, shared under an agreement, or with consent.

use serde::{Deserialize, Serialize};

use crate::base::day::Day;

/// What a source's data may be used for, and until when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Why they may be used.
    pub basis: Basis,
    /// The organisation it is made with, or who holds the consents; never a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// Last day on which it holds, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Whether records of sexual violence may keep coordinates of a surveyed point.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exact_places: bool,
}

/// Why data may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Whoever holds them has published them.
    Public,
    /// A sharing agreement.
    Agreement,
    /// Informed consent of those concerned.
    Consent,
}

impl Agreement {
    /// Last day on which it holds; nothing where it does not end.
    #[must_use]
    pub fn last_day(&self) -> Option<Day> {
        day(self.until.as_deref()?)
    }

    /// Whether it has ended before a day.
    #[must_use]
    pub fn has_ended_by(&self, day: Day) -> bool {
        self.last_day().is_some_and(|last| last < day)
    }

    /// What is wrong with it: key, what was found, what it must be.
    pub(super) fn problems(&self) -> Vec<(&'static str, String, &'static str)> {
        let mut problems = Vec::new();
        let shared = self.basis != Basis::Public;
        match &self.until {
            None if shared => problems.push(("until", "missing".to_owned(), "YYYY-MM-DD")),
            Some(until) if day(until).is_none() => {
                problems.push(("until", until.clone(), "YYYY-MM-DD"));
            }
            _ => {}
        }
        let named = self
            .with
            .as_ref()
            .is_some_and(|with| !with.trim().is_empty());
        if shared && !named {
            let expected = "the organisation it is made with";
            problems.push(("with", "missing".to_owned(), expected));
        }
        problems
    }
}

fn day(text: &str) -> Option<Day> {
    Day::parse_iso(text).filter(|_day| text.len() == 10)
}

impl Basis {
    /// As in the settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Agreement => "agreement",
            Self::Consent => "consent",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<&'static str> {
        let agreement: Agreement = toml::from_str(text).unwrap();
        let keys = agreement.problems().into_iter().map(|(key, ..)| key);
        keys.collect()
    }

    #[test]
    fn what_is_not_public_names_with_whom_and_until_when() {
        assert!(problems("basis = \"public\"").is_empty());
        assert_eq!(problems("basis = \"consent\""), ["until", "with"]);
        let whole = "basis = \"agreement\"\nwith = \"an agency\"\nuntil = \"2027-06-30\"";
        assert!(problems(whole).is_empty());
        assert_eq!(problems(&whole.replace("06-30", "06-31")), ["until"]);
        assert_eq!(problems(&whole.replace("an agency", " ")), ["with"]);
        assert!(toml::from_str::<Agreement>("basis = \"other\"").is_err());
        assert!(toml::from_str::<Agreement>("with = \"an agency\"").is_err());
    }

    #[test]
    fn it_holds_on_its_last_day() {
        let text = "basis = \"agreement\"\nwith = \"an agency\"\nuntil = \"2027-06-30\"";
        let agreement: Agreement = toml::from_str(text).unwrap();
        let last = Day::parse_iso("2027-06-30").unwrap();
        assert!(!agreement.has_ended_by(last));
        assert!(agreement.has_ended_by(Day(last.0 + 1)));
    }
}
