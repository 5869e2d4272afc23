//! The page and the picture: what they hold, and what can never get out of a name.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::ground::busy_steps;
use super::hostile::HOSTILE;
use super::sample::{Sample, bytes, layer};
use crate::tables::Zones;

fn text(name: &str, sample: &Sample) -> String {
    String::from_utf8(bytes(layer(name), &sample.tier())).unwrap()
}

/// Names of all elements, and all attributes as `element@name=value`; fails where the markup does not close.
fn elements(svg: &str) -> (Vec<String>, Vec<String>) {
    let (mut names, mut attributes) = (Vec::new(), Vec::new());
    let mut reader = Reader::from_str(svg);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let name = tag.name().as_ref().to_owned();
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap();
                    attributes.push(format!(
                        "{name}@{}={}",
                        attribute.key.as_ref(),
                        attribute.value
                    ));
                }
                names.push(name);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    (names, attributes)
}

#[test]
fn the_picture_has_every_cell_zone_and_name_once() {
    let sample = Sample::new();
    let (names, attributes) = elements(&text("map.svg", &sample));
    let n = |needle: &str| attributes.iter().filter(|a| a.contains(needle)).count();
    let cells = sample.study_area.grid.cells().len();
    assert_eq!(n("path@class=a"), cells);
    assert_eq!(n("g@id=zone-"), 2);
    assert_eq!(n("path@class=zone"), 2);
    // Of two names at one place one is shown; a base has none, and what is outside is not drawn.
    assert_eq!(n("g@class=place k"), 1);
    assert!(names.iter().all(|name| name != "script" && name != "image"));
    // The mean risk of 1.5 is of the third class; the cell nothing is known of has no class of reporting.
    assert_eq!(n("path@class=a2 b2 n0"), cells - 1);
    assert_eq!(n("path@class=a2 n3"), 1);
    for hatched in ["unknown", "blind"] {
        let at = attributes
            .iter()
            .position(|a| *a == format!("path@class={hatched}"));
        assert_eq!(
            attributes[at.unwrap() + 1].matches('M').count(),
            1,
            "{hatched}"
        );
    }
}

#[test]
fn the_list_is_in_the_order_of_the_zones_and_periods_hold_what_changes() {
    let sample = Sample::new();
    let page = text("map.html", &sample);
    let listed: Vec<&str> = page
        .split("data-id=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(listed, ["z1", "z2"]);
    let last = sample.study_area.grid.cells().len() - 1;
    assert!(page.contains(&format!("{{\"periods\":[\"0:1 {last}:0\",\"\"]}}")));
    for word in ["Ranked zones", "Zones par rang", "fois la moyenne"] {
        assert!(page.contains(word), "{word}");
    }
}

#[test]
fn the_policy_admits_one_script_and_one_style_and_nothing_else() {
    let page = text("map.html", &Sample::new());
    let nonce = page
        .split("script-src &apos;nonce-")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    assert_eq!(nonce.len(), 32);
    assert!(page.contains("default-src &apos;none&apos;"));
    assert_eq!(
        page.matches(&format!("<script nonce=\"{nonce}\">")).count(),
        1
    );
    assert_eq!(
        page.matches(&format!("<style nonce=\"{nonce}\">")).count(),
        1
    );
    assert_eq!(page.matches("<script").count(), 2);
    for way_out in [
        "http://",
        "https://",
        "url(//",
        "@import",
        " style=\"",
        " onclick",
    ] {
        let own = page.matches("http://www.w3.org/2000/svg").count();
        let found = page.matches(way_out).count();
        assert_eq!(
            found,
            if way_out == "http://" { own } else { 0 },
            "{way_out}"
        );
    }
    let mut other = Sample::new();
    other.mission.name = "Another".to_owned();
    assert!(
        !text("map.html", &other).contains(nonce),
        "the nonce can be foreseen"
    );
}

#[test]
fn a_page_of_a_large_mission_can_be_mailed() {
    let mut sample = Sample::of_rings(29);
    let n_cells = sample.study_area.grid.cells().len();
    assert!(n_cells > 2500);
    sample.steps = busy_steps(n_cells);
    let page = text("map.html", &sample);
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("map.html", options).unwrap();
    std::io::Write::write_all(&mut zip, page.as_bytes()).unwrap();
    let packed = zip.finish().unwrap().into_inner().len();
    assert!(packed < 300_000, "{} bytes, packed {packed}", page.len());
    // Classes of the last period are in the picture; the eleven before it are told by what changes.
    let told = page.split("{\"periods\":[").nth(1).unwrap();
    assert_eq!(told.split(']').next().unwrap().matches('"').count(), 2 * 12);
}

#[test]
fn a_night_without_zones_says_that_this_is_no_safety() {
    let mut sample = Sample::new();
    sample.zones = Zones::default();
    let page = text("map.html", &sample);
    assert!(page.contains("That is not a finding of safety"));
    assert!(!page.contains("data-id="));
}

#[test]
fn no_hostile_text_becomes_an_element_or_an_attribute() {
    let plain = Sample::new();
    let (tags, keys) = kinds(&text("map.svg", &plain));
    let page = tags_of(&text("map.html", &plain));
    for (i, hostile) in HOSTILE.iter().enumerate() {
        let mut sample = Sample::new();
        hostile_everywhere(&mut sample, hostile);
        let (now, with) = kinds(&text("map.svg", &sample));
        assert!(
            now.is_subset(&tags) && with.is_subset(&keys),
            "{i}: {hostile:?}"
        );
        let html = text("map.html", &sample);
        assert!(tags_of(&html).is_subset(&page), "{i}: {hostile:?}");
        assert_eq!(html.matches("<script").count(), 2, "{i}: {hostile:?}");
        let bad = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!html.contains(bad), "{i}: {hostile:?}");
    }
}

/// Names of elements, and of attributes with their element.
fn kinds(svg: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (names, attributes) = elements(svg);
    let key = |attribute: String| attribute.split('=').next().unwrap().to_owned();
    (
        names.into_iter().collect(),
        attributes.into_iter().map(key).collect(),
    )
}

/// What stands behind every `<`.
fn tags_of(page: &str) -> BTreeSet<String> {
    let end = |c: char| !c.is_ascii_alphanumeric() && !"/!".contains(c);
    let tags = page.split('<').skip(1);
    tags.map(|rest| rest.split(end).next().unwrap().to_owned())
        .collect()
}

/// Every text that comes from outside.
pub(super) fn hostile_everywhere(sample: &mut Sample, hostile: &str) {
    hostile.clone_into(&mut sample.mission.name);
    for zone in &mut sample.zones.rows {
        hostile.clone_into(&mut zone.name);
        hostile.clone_into(&mut zone.mgrs);
        hostile.clone_into(&mut zone.season_phase);
        for reason in &mut zone.reasons {
            hostile.clone_into(&mut reason.text);
        }
    }
    let mut places = sample.places.rows().to_vec();
    for place in places.iter_mut().filter(|place| place.name != "Camp") {
        hostile.clone_into(&mut place.name);
    }
    sample.places = crate::tables::Places::new(places);
}
