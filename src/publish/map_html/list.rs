//! The ranked list: each zone with its doubt, why it is there and what speaks against it. Same order as every other layer.

use super::both;
use crate::publish::markup::Markup;
use crate::publish::svg::Picture;
use crate::publish::words::Words;
use crate::tables::{Doubt, Reason, Zone};

/// The list, with the search above it.
pub(super) fn list(page: &mut Markup, picture: &Picture<'_>, words: &[Words]) {
    page.open("aside", &[("aria-labelledby", "list-title")]);
    page.open("div", &[("class", "search"), ("hidden", "")]);
    page.open("label", &[("for", "search")]);
    both(page, words, |words| words.say("search"));
    page.close();
    page.empty(
        "input",
        &[
            ("type", "search"),
            ("id", "search"),
            ("autocomplete", "off"),
        ],
    );
    page.element("ul", &[("id", "found")], "");
    page.open("p", &[("id", "none"), ("hidden", "")]);
    both(page, words, |words| words.say("search-none"));
    page.close();
    page.close();
    page.open("h2", &[("id", "list-title")]);
    both(page, words, |words| words.say("list"));
    page.close();
    let zones = &picture.tier.zones.rows;
    if zones.is_empty() {
        page.open("p", &[]);
        both(page, words, |words| words.say("list-none"));
        page.close();
    }
    page.open("ol", &[("id", "list")]);
    for (i, row) in zones.iter().enumerate() {
        zone(page, row, (i, picture.zone_box(i)), words);
    }
    page.close();
    page.close();
}

fn zone(page: &mut Markup, zone: &Zone, (i, bounds): (usize, [f64; 4]), words: &[Words]) {
    let (number, to) = (i.to_string(), format!("#zone-{}", i + 1));
    let bounds = bounds.map(|unit| unit.to_string()).join(" ");
    page.open("li", &[("data-id", &zone.zone_id)]);
    let go = [
        ("href", to.as_str()),
        ("data-zone", &number),
        ("data-box", &bounds),
    ];
    page.open("a", &go);
    let rank = zone
        .standing
        .map_or("?".to_owned(), |standing| standing.rank.to_string());
    page.element("b", &[], &rank);
    page.text(" ");
    page.element("bdi", &[], &zone.name);
    page.close();
    page.open("p", &[]);
    both(page, words, |words| figures(zone, words));
    page.close();
    page.element("p", &[("class", "grid")], &zone.mgrs);
    for (key, reasons) in [
        ("reasons", &zone.reasons),
        ("counter", &zone.counter_evidence),
        ("protective", &zone.protective),
    ] {
        if !reasons.is_empty() {
            told(page, key, reasons, words);
        }
    }
    page.close();
}

fn figures(zone: &Zone, words: &Words) -> String {
    let three = |doubt: Doubt, decimals: usize| {
        [("mean", doubt.mean), ("lo", doubt.lo), ("hi", doubt.hi)].map(|(name, value)| {
            let text = if value.is_finite() {
                words.number(value, decimals)
            } else {
                "?".to_owned()
            };
            (name, text.into())
        })
    };
    let standing = zone.standing.map_or_else(
        || words.say("no-rank"),
        |s| {
            words.tell(
                "rank-interval",
                &[("lo", s.rank_lo.into()), ("hi", s.rank_hi.into())],
            )
        },
    );
    let reporting = zone.reporting.map_or_else(
        || words.say("reporting-unknown"),
        |q| words.tell("reporting-line", &three(q, 2)),
    );
    let counts = [
        ("observed", words.number(zone.observed, 1).into()),
        ("expected", words.number(zone.expected, 1).into()),
    ];
    let n_cells = u32::try_from(zone.cells.len()).unwrap_or(u32::MAX);
    let mut parts = vec![
        standing,
        words.tell("risk-line", &three(zone.risk, 1)),
        reporting,
        words.tell("observed-line", &counts),
        words.tell("n-cells", &[("n", n_cells.into())]),
    ];
    parts.extend(
        zone.data_age_days
            .and_then(|days| u32::try_from(days).ok())
            .map(|days| words.tell("data-age", &[("n", days.into())])),
    );
    parts.join("; ")
}

/// A sentence for each code; the figures behind it are the engine's own words, in English.
fn told(page: &mut Markup, key: &str, reasons: &[Reason], words: &[Words]) {
    page.open("details", &[]);
    page.open("summary", &[]);
    both(page, words, |words| {
        format!("{} ({})", words.say(key), reasons.len())
    });
    page.close();
    page.open("ul", &[]);
    for reason in reasons {
        page.open("li", &[]);
        page.element("code", &[], reason.code);
        page.text(" ");
        let message = format!("reason-{}", reason.code);
        if words.iter().any(|words| words.known(&message).is_some()) {
            both(page, words, |words| words.say(&message));
            page.text(": ");
        }
        page.element("span", &[("lang", "en")], &reason.text);
        page.close();
    }
    page.close();
    page.close();
}
