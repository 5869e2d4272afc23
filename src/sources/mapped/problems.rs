//! What can be wrong with a column map, found before the first row is read.

use crate::base::code::{
    ActorClass, DatePrecision, DiscoveredBy, Kind, PlacePrecision, Verification,
};
use crate::base::settings::{Problem, SourceSettings};

/// Our columns that a map may name.
const OURS: &[&str] = &[
    "source_id",
    "known_at",
    "date_start",
    "date_end",
    "date_precision",
    "lat_deg",
    "lon_deg",
    "place_precision",
    "admin1_pcode",
    "admin2_pcode",
    "kind",
    "actor_class",
    "verification",
    "discovered_by",
    "fatalities",
];
/// Those that every mapped file must have, as a column or as a constant.
const NEEDED: &[&str] = &[
    "date_start",
    "lat_deg",
    "lon_deg",
    "kind",
    "place_precision",
];

/// What is wrong with a map, given the columns there are.
pub(super) fn problems(settings: &SourceSettings, header: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut add = |path: String, found: &str, expected: String| {
        problems.push(Problem {
            path,
            found: found.to_owned(),
            expected,
        });
    };
    let maps = [
        ("columns", settings.columns.keys()),
        ("constants", settings.constants.keys()),
    ];
    for (map, keys) in maps {
        for ours in keys.filter(|ours| !OURS.contains(&ours.as_str())) {
            add(
                format!("source.{map}.{ours}"),
                "unknown",
                format!("one of {}", OURS.join(", ")),
            );
        }
    }
    for (ours, theirs) in &settings.columns {
        if !header.iter().any(|name| name.eq_ignore_ascii_case(theirs)) {
            add(
                format!("source.columns.{ours}"),
                theirs,
                "a column of the file".to_owned(),
            );
        }
    }
    for &needed in NEEDED {
        let given =
            settings.columns.contains_key(needed) || settings.constants.contains_key(needed);
        if !given {
            let expected = match names_of(needed).as_slice() {
                [] => "a column",
                _ => "a column or a constant",
            };
            add(
                format!("source.columns.{needed}"),
                "missing",
                expected.to_owned(),
            );
        }
    }
    for (path, ours, word) in words(settings) {
        match names_of(ours).as_slice() {
            [] => add(
                path,
                word,
                "a column of the file: only codes have words".to_owned(),
            ),
            names if names.contains(&word) => {}
            names => add(path, word, format!("one of {}", names.join(", "))),
        }
    }
    problems
}

/// Every word of the map that must be a code's own name: where it stands, our column, the word.
fn words(settings: &SourceSettings) -> Vec<(String, &str, &str)> {
    let constants = settings.constants.iter();
    let constants = constants.map(|(ours, word)| {
        let path = format!("source.constants.{ours}");
        (path, ours.as_str(), word.as_str())
    });
    let values = settings.values.iter().flat_map(|(ours, words)| {
        let path = format!("source.values.{ours}");
        let word = move |word| (path.clone(), ours.as_str(), String::as_str(word));
        words.values().map(word)
    });
    let known = |(_, ours, _): &(String, &str, &str)| OURS.contains(ours);
    constants.filter(known).chain(values).collect()
}

/// Names of the codes of one of our columns; none where it holds no code.
fn names_of(ours: &str) -> Vec<&'static str> {
    match ours {
        "date_precision" => DatePrecision::ALL.iter().map(|code| code.name()).collect(),
        "place_precision" => PlacePrecision::ALL.iter().map(|code| code.name()).collect(),
        "kind" => Kind::ALL.iter().map(|code| code.name()).collect(),
        "actor_class" => ActorClass::ALL.iter().map(|code| code.name()).collect(),
        "verification" => Verification::ALL.iter().map(|code| code.name()).collect(),
        "discovered_by" => DiscoveredBy::ALL.iter().map(|code| code.name()).collect(),
        _ => Vec::new(),
    }
}
