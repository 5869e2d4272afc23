//! `map.html`: the night on one page that opens without a network, in English and French.
//!
//! One file: the picture, the ranked list, a style sheet and a script of our own. Its policy lets nothing be loaded and no
//! script run but ours, by a nonce that depends on everything the page holds. All words are in the page in both languages, so
//! that list, picture, languages, layers and colours work with scripts off; the script adds moving, periods and search.

mod list;
mod periods;

use std::io::Write;

use super::markup::Markup;
use super::palette::{SCALES, Scale};
use super::svg::{Picture, fills, marking, season_bar, style};
use super::words::Words;
use super::{Layer, TierTables, cannot_write};
use crate::base::error::Result;

/// The layer.
#[derive(Debug)]
pub(super) struct MapHtml;

const NAME: &str = "map.html";
const SCRIPT: &str = include_str!("map/map.js");
const STYLE: &str = include_str!("map/map.css");

/// What can be hidden: its message, the classes it hides.
const LAYERS: &[(&str, &str)] = &[
    ("layer-zones", ".zones"),
    ("layer-blind", ".blind"),
    ("layer-corridors", ".corridor"),
    ("layer-roads", ".road,.river"),
    ("layer-boundaries", ".boundary"),
    ("layer-places", ".places"),
];

impl Layer for MapHtml {
    fn file_name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> &'static str {
        "one page for a browser without a network, in English and French: map, ranked list, periods, seasons"
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let words = Words::both()?;
        let picture = Picture::of(tier)?;
        let css = css();
        let (body, data) = (body(&picture, &words), periods::data(&picture.classes));
        let mut hash = blake3::Hasher::new();
        for part in [&body, &data, SCRIPT, &css] {
            hash.update(part.as_bytes());
        }
        let nonce = &hash.finalize().to_hex()[..32];
        let policy = format!(
            "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'"
        );
        let mut page = Markup::default();
        page.raw("<!DOCTYPE html>");
        page.open("html", &[("lang", "en")]);
        page.open("head", &[]);
        page.empty("meta", &[("charset", "utf-8")]);
        let policy = [
            ("http-equiv", "Content-Security-Policy"),
            ("content", policy.as_str()),
        ];
        page.empty("meta", &policy);
        let screen = "width=device-width, initial-scale=1";
        page.empty("meta", &[("name", "viewport"), ("content", screen)]);
        page.empty("meta", &[("name", "referrer"), ("content", "no-referrer")]);
        page.element("title", &[], &format!("forewarn · {}", tier.mission.name));
        page.open("style", &[("nonce", nonce)]);
        page.raw(&css);
        page.close();
        page.close();
        page.raw(&body);
        page.open("script", &[("type", "application/json"), ("id", "data")]);
        page.raw(&data);
        page.close();
        page.open("script", &[("nonce", nonce)]);
        page.raw(SCRIPT);
        page.close();
        out.write_all(page.finish().as_bytes())
            .map_err(cannot_write(NAME))
    }
}

/// The colours of the palette, each shown where its theme is chosen, and what is the same for all pages.
fn css() -> String {
    let mut css = style();
    for scale in SCALES {
        let chosen = format!("body:has(#{}:checked) #cells ", scale.title);
        css.push_str(&fills(&chosen, scale));
        css.push_str(&fills(".legend ", scale));
    }
    for (key, hides) in LAYERS {
        let hides: Vec<String> = hides
            .split(',')
            .map(|class| format!("body:has(#{key}:not(:checked)) #map {class}"))
            .collect();
        css.push_str(&hides.join(","));
        css.push_str("{display:none}");
    }
    css.push_str(STYLE);
    css
}

/// A text in every language: once where they agree.
pub(super) fn both(page: &mut Markup, words: &[Words], text: impl Fn(&Words) -> String) {
    let all: Vec<String> = words.iter().map(text).collect();
    if all.windows(2).all(|pair| pair[0] == pair[1]) {
        page.text(all.first().map_or("", String::as_str));
        return;
    }
    for (words, text) in words.iter().zip(&all) {
        let code = words.lang.code();
        page.element("span", &[("class", code), ("lang", code)], text);
    }
}

fn body(picture: &Picture<'_>, words: &[Words]) -> String {
    let tier = picture.tier;
    let mut page = Markup::default();
    page.open("body", &[]);
    head(&mut page, tier, words);
    page.open("main", &[]);
    page.open("div", &[("class", "view")]);
    page.open("p", &[("id", "map-help"), ("class", "hidden")]);
    both(&mut page, words, |words| words.say("map-help"));
    page.close();
    let km = format!("{:.6}", picture.frame.km_per_unit());
    page.open("div", &[("id", "frame"), ("data-km", &km)]);
    picture.draw(&mut page, words, None);
    page.open("div", &[("id", "scale"), ("hidden", "")]);
    page.element("span", &[], "");
    page.close();
    page.open("div", &[("id", "zoom"), ("hidden", "")]);
    for (id, sign, key) in [
        ("in", "+", "zoom-in"),
        ("out", "−", "zoom-out"),
        ("all", "⌂", "zoom-all"),
    ] {
        page.open("button", &[("type", "button"), ("id", id)]);
        page.element("span", &[("aria-hidden", "true")], sign);
        page.open("span", &[("class", "hidden")]);
        both(&mut page, words, |words| words.say(key));
        page.close();
        page.close();
    }
    page.close();
    page.close();
    periods::slider(&mut page, &picture.classes, tier, words);
    controls(&mut page, picture, words);
    season_bar(&mut page, tier, words);
    page.close();
    list::list(&mut page, picture, words);
    page.close();
    foot(&mut page, tier, words);
    page.finish()
}

fn head(page: &mut Markup, tier: &TierTables<'_>, words: &[Words]) {
    page.open("p", &[("class", "marking top")]);
    both(page, words, |words| marking(tier, words));
    page.close();
    page.open("header", &[]);
    page.open("h1", &[]);
    both(page, words, |words| words.say("title"));
    page.text(" · ");
    page.element("bdi", &[], &tier.mission.name);
    page.close();
    page.open("p", &[]);
    both(page, words, |words| {
        let (from, to) = (
            words.day(tier.window.0.first_day()),
            words.day(tier.window.1.last_day()),
        );
        words.tell("window", &[("from", from.into()), ("to", to.into())])
    });
    page.close();
    page.open("fieldset", &[("class", "bar")]);
    page.open("legend", &[("class", "hidden")]);
    both(page, words, |words| words.say("language"));
    page.close();
    choice(page, "radio", ("lang", "en"), true, |page| {
        page.element("span", &[("lang", "en")], "English");
    });
    choice(page, "radio", ("lang", "fr"), false, |page| {
        page.element("span", &[("lang", "fr")], "Français");
    });
    choice(page, "checkbox", ("contrast", "contrast"), false, |page| {
        both(page, words, |words| words.say("contrast"));
    });
    page.open(
        "button",
        &[("type", "button"), ("id", "print"), ("hidden", "")],
    );
    both(page, words, |words| words.say("print"));
    page.close();
    page.close();
    page.close();
}

/// A radio button or box with its label.
fn choice(
    page: &mut Markup,
    kind: &str,
    (group, id): (&str, &str),
    is_on: bool,
    label: impl FnOnce(&mut Markup),
) {
    page.open("label", &[]);
    let mut attributes = vec![("type", kind), ("name", group), ("id", id)];
    attributes.extend(is_on.then_some(("checked", "")));
    page.empty("input", &attributes);
    label(page);
    page.close();
}

fn controls(page: &mut Markup, picture: &Picture<'_>, words: &[Words]) {
    page.open("div", &[("class", "controls")]);
    page.open("fieldset", &[]);
    page.open("legend", &[]);
    both(page, words, |words| words.say("theme"));
    page.close();
    for (i, scale) in SCALES.iter().enumerate() {
        if scale.letter == 'n' && picture.classes.periods.is_empty() {
            continue;
        }
        choice(page, "radio", ("theme", scale.title), i == 0, |page| {
            both(page, words, |words| words.say(scale.title));
        });
        legend(page, scale, words);
    }
    for (class, key) in [("unknown", "legend-unknown"), ("blind", "legend-blind")] {
        page.open("p", &[("class", "legend")]);
        page.open(
            "svg",
            &[("viewBox", "0 0 250 150"), ("aria-hidden", "true")],
        );
        page.empty(
            "rect",
            &[("class", class), ("width", "250"), ("height", "150")],
        );
        page.close();
        both(page, words, |words| words.say(key));
        page.close();
    }
    page.close();
    page.open("fieldset", &[]);
    page.open("legend", &[]);
    both(page, words, |words| words.say("layers"));
    page.close();
    for (key, _) in LAYERS {
        choice(page, "checkbox", ("layer", key), true, |page| {
            both(page, words, |words| words.say(key));
        });
    }
    page.close();
    page.close();
}

fn legend(page: &mut Markup, scale: &Scale, words: &[Words]) {
    page.open("ul", &[("class", "legend")]);
    for class in 0..scale.colours.len() {
        let style = format!("{}{class}", scale.letter);
        page.open("li", &[]);
        page.open("svg", &[("viewBox", "0 0 20 12"), ("aria-hidden", "true")]);
        page.empty(
            "rect",
            &[("class", &style), ("width", "20"), ("height", "12")],
        );
        page.close();
        both(page, words, |words| {
            let number = |value: f64| {
                let decimals = if value.fract() == 0.0 {
                    0
                } else if (value * 10.0).fract() == 0.0 {
                    1
                } else {
                    2
                };
                words.number(value, decimals).into()
            };
            match scale.bounds(class) {
                (None, Some(hi)) => words.tell("legend-below", &[("hi", number(hi))]),
                (Some(lo), Some(hi)) => {
                    words.tell("legend-between", &[("lo", number(lo)), ("hi", number(hi))])
                }
                (lo, None) => words.tell("legend-above", &[("lo", number(lo.unwrap_or(0.0)))]),
            }
        });
        page.close();
    }
    page.close();
}

fn foot(page: &mut Markup, tier: &TierTables<'_>, words: &[Words]) {
    page.open("footer", &[]);
    for key in ["caveat", "boundaries-note"] {
        page.open("p", &[]);
        both(page, words, |words| words.say(key));
        page.close();
    }
    page.open("p", &[]);
    both(page, words, |words| {
        let digest: String = tier.run_digest.chars().take(12).collect();
        words.tell("run", &[("digest", digest.into())])
    });
    page.close();
    page.open("p", &[("class", "marking")]);
    both(page, words, |words| marking(tier, words));
    page.close();
    page.close();
}
