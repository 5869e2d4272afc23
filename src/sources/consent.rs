//! By what right a source's data are used, and when that right has ended.
//!
//! Published sources need no agreement. A mapped file that may tell of sexual violence needs one, or
//! the word that it is public: survivors shared what is in it for a purpose and a time. An agreement
//! that has ended ends the use of its source, whatever the source tells of.

use super::is_published;
use crate::base::code::Kind;
use crate::base::day::Day;
use crate::base::settings::{Basis, Problem, Settings, SourceSettings};
use crate::tables::Provenance;

/// By what right each source is used.
#[must_use]
pub fn provenance(settings: &Settings) -> Vec<Provenance> {
    let of = |source: &SourceSettings| {
        let agreement = source.agreement.as_ref();
        Provenance {
            source: source.kind.clone(),
            path: source.path.clone(),
            basis: basis(source).map(Basis::name),
            with: agreement.and_then(|a| a.with.clone()),
            until: agreement.and_then(|a| a.until.clone()),
        }
    };
    settings.sources.iter().map(of).collect()
}

fn basis(source: &SourceSettings) -> Option<Basis> {
    let by_nature = is_published(&source.kind).then_some(Basis::Public);
    let told = source.agreement.as_ref().map(|agreement| agreement.basis);
    told.or(by_nature)
}

/// Whether a source is there for all to read.
pub(super) fn is_public(source: &SourceSettings) -> bool {
    basis(source) == Some(Basis::Public)
}

/// What forbids the use of a mission's sources on a day; without a day, what forbids it on any.
pub(super) fn refusals(settings: &Settings, day: Option<Day>) -> Vec<Problem> {
    let of = |source: &SourceSettings| refusal(source, day);
    settings.sources.iter().filter_map(of).collect()
}

fn refusal(source: &SourceSettings, day: Option<Day>) -> Option<Problem> {
    let problem = |key: &str, found: &str, expected: String| {
        let (kind, path) = (&source.kind, &source.path);
        Some(Problem {
            path: format!("source.agreement{key} ({kind}, {path})"),
            found: found.to_owned(),
            expected,
        })
    };
    let Some(agreement) = &source.agreement else {
        let expected = "a sharing agreement with its last day, or basis = \"public\": the file may \
                        tell of sexual violence";
        let expected = expected.to_owned();
        let needed = may_tell_of_survivors(source);
        return needed.then(|| problem("", "missing", expected)).flatten();
    };
    let day = day.filter(|&day| agreement.has_ended_by(day))?;
    let until = agreement.until.as_deref().unwrap_or_default();
    let expected = format!("{day} or later; renew the agreement, or take the source out");
    problem(".until", until, expected)
}

/// Whether rows may be of sexual violence: a file's own words may say so too.
fn may_tell_of_survivors(source: &SourceSettings) -> bool {
    let kind = source.constants.get("kind");
    let is_constant = !source.columns.contains_key("kind");
    source.kind == super::mapped::Mapped::NAME
        && !(is_constant && kind.is_some_and(|kind| kind != Kind::SexualViolence.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, day: &str) -> Option<String> {
        let source: SourceSettings = toml::from_str(text).unwrap();
        refusal(&source, Day::parse_iso(day)).map(|problem| problem.to_string())
    }

    #[test]
    fn what_may_tell_of_survivors_needs_an_agreement_that_has_not_ended() {
        let file = "kind = \"mapped\"\npath = \"inbox/x.csv\"\n";
        let shared =
            "agreement = { basis = \"agreement\", with = \"an agency\", until = \"2027-06-30\" }\n";
        let kinds = "columns = { kind = \"type\" }\n";
        let refused = told(&format!("{file}{kinds}"), "2026-01-01").unwrap();
        assert!(refused.starts_with("source.agreement (mapped, inbox/x.csv) = missing, must be"));
        let constant = |kind| format!("{file}constants = {{ kind = \"{kind}\" }}\n");
        assert!(told(&constant("sexual_violence"), "2026-01-01").is_some());
        assert_eq!(told(&constant("cattle_raid"), "2026-01-01"), None);
        let shared = format!("{file}{kinds}{shared}");
        assert_eq!(told(&shared, "2027-06-30"), None);
        let ended = told(&shared, "2027-07-01").unwrap();
        assert!(
            ended.contains("until") && ended.contains("2027-07-01 or later"),
            "{ended}"
        );
        let public = format!("{file}{kinds}agreement = {{ basis = \"public\" }}\n");
        assert_eq!(told(&public, "2099-01-01"), None);
    }

    #[test]
    fn published_sources_and_own_logs_need_none_and_any_that_ended_counts() {
        for kind in ["crsv", "acled", "ucdp_ged", "boundaries", "effort"] {
            let text = format!("kind = \"{kind}\"\npath = \"x\"\n");
            assert_eq!(told(&text, "2026-01-01"), None, "{kind}");
            let ended = "agreement = { basis = \"consent\", with = \"x\", until = \"2025-12-31\" }";
            assert!(
                told(&format!("{text}{ended}"), "2026-01-01").is_some(),
                "{kind}"
            );
        }
    }
}
