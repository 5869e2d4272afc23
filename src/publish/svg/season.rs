//! The bar of seasons: half a year back and half a year on, with the doubt about each first day.

use crate::base::day::Day;
use crate::publish::TierTables;
use crate::publish::markup::Markup;
use crate::publish::words::Words;
use crate::tables::SeasonPhase;

/// Days shown before and after the as-of date.
const DAYS: i32 = 183;
/// Units a day.
const PER_DAY: i32 = 2;
/// Units a row.
const ROW: i32 = 20;
/// Rows shown: seasons of the mission first, then those of corridors.
const MOST: usize = 8;

/// One row a season: its length, the interval of its first day, and a line at the as-of date.
pub(crate) fn season_bar(page: &mut Markup, tier: &TierTables<'_>, words: &[Words]) {
    let mut seasons: Vec<&SeasonPhase> = tier.ground.seasons.iter().collect();
    seasons.sort_by_key(|season| season.corridor.is_some());
    seasons.truncate(MOST);
    if seasons.is_empty() {
        return;
    }
    let as_of = tier.ground.as_of;
    page.open(
        "section",
        &[("class", "seasons"), ("aria-labelledby", "season-bar")],
    );
    page.open("h2", &[("id", "season-bar")]);
    crate::publish::map_html::both(page, words, |words| {
        let day = words.day(as_of);
        format!(
            "{} ({})",
            words.say("season-bar"),
            words.tell("season-today", &[("day", day.into())])
        )
    });
    page.close();
    page.open("ul", &[]);
    for season in seasons {
        page.open("li", &[]);
        page.open("span", &[]);
        crate::publish::map_html::both(page, words, |words| sentence(season, words));
        page.close();
        row(page, season, as_of);
        page.close();
    }
    page.close();
    page.close();
}

fn sentence(season: &SeasonPhase, words: &Words) -> String {
    let known = words.known(&format!("season-{}", season.season));
    let name = known.unwrap_or_else(|| season.season.replace('_', " "));
    let on = season.corridor.as_ref();
    let name = on.map_or(name.clone(), |corridor| format!("{name}, {corridor}"));
    let key = if season.is_seen {
        "season-seen"
    } else {
        "season-due"
    };
    let about = words.tell(key, &[("day", words.day(season.onset_day).into())]);
    let between = [
        ("from", words.day(season.onset_lo).into()),
        ("to", words.day(season.onset_hi).into()),
    ];
    format!(
        "{name}: {about} ({})",
        words.tell("season-between", &between)
    )
}

fn row(page: &mut Markup, season: &SeasonPhase, as_of: Day) {
    let x = |day: i32| ((day - as_of.0 + DAYS).clamp(0, 2 * DAYS)) * PER_DAY;
    let view = format!("0 0 {} {ROW}", 2 * DAYS * PER_DAY);
    page.open(
        "svg",
        &[
            ("viewBox", &view),
            ("aria-hidden", "true"),
            ("preserveAspectRatio", "none"),
        ],
    );
    let from = x(season.onset_day.0);
    let to = x(season.onset_day.0 + i32::from(season.length_days));
    let mut bar = |class: &'static str, from: i32, to: i32, y: &str, height: &str| {
        let (from, width) = (from.to_string(), (to - from).max(1).to_string());
        let place = [
            ("class", class),
            ("x", from.as_str()),
            ("y", y),
            ("width", &width),
            ("height", height),
        ];
        page.empty("rect", &place);
    };
    bar("axis", 0, 2 * DAYS * PER_DAY, "9", "2");
    bar("on", from, to, "4", "12");
    bar(
        "doubt",
        x(season.onset_lo.0),
        x(season.onset_hi.0),
        "8",
        "4",
    );
    bar("today", DAYS * PER_DAY, DAYS * PER_DAY + 3, "0", "20");
    page.close();
}
