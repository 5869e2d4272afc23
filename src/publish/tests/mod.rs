//! What holds for every layer, and the tables that the tests publish.

mod cells;
mod desks;
mod ground;
mod hostile;
mod map;
mod outreach;
mod patrols;
mod sample;
mod snapshot;
mod zones;

use std::collections::BTreeSet;

use self::sample::{Sample, bytes};
use super::{LAYERS, SYNTHETIC_NOTICE};
use crate::tables::Zones;

#[test]
fn layers_have_unique_names_and_descriptions() {
    let names: BTreeSet<&str> = LAYERS.iter().map(|layer| layer.file_name()).collect();
    let descriptions: BTreeSet<&str> = LAYERS.iter().map(|layer| layer.describe()).collect();
    assert_eq!(names.len(), LAYERS.len());
    assert_eq!(descriptions.len(), LAYERS.len());
    assert!(names.iter().all(|name| {
        name.split_once('.')
            .is_some_and(|(a, b)| !a.is_empty() && !b.is_empty())
    }));
    assert!(descriptions.iter().all(|text| text.starts_with("one ")));
}

#[test]
fn the_same_tables_give_the_same_bytes() {
    for layer in LAYERS {
        let (first, again) = (Sample::new(), Sample::new());
        assert_eq!(bytes(*layer, &first.tier()), bytes(*layer, &again.tier()));
    }
}

#[test]
fn every_layer_says_synthetic_where_the_data_are_and_only_there() {
    for layer in LAYERS {
        for synthetic in [true, false] {
            let mut sample = Sample::new();
            sample.mission.synthetic = synthetic;
            let file = unpacked(&bytes(*layer, &sample.tier()));
            let says = file
                .windows(SYNTHETIC_NOTICE.len())
                .any(|w| w == SYNTHETIC_NOTICE.as_bytes());
            assert_eq!(says, synthetic, "{}", layer.file_name());
        }
    }
}

/// The parts of a packed file, one after the other; any other file as it is.
fn unpacked(file: &[u8]) -> Vec<u8> {
    if !file.starts_with(b"PK") {
        return file.to_vec();
    }
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut all = Vec::new();
    for i in 0..zip.len() {
        std::io::Read::read_to_end(&mut zip.by_index(i).unwrap(), &mut all).unwrap();
    }
    all
}

#[test]
fn a_night_without_zones_is_written() {
    let mut sample = Sample::new();
    sample.zones = Zones::default();
    for layer in LAYERS {
        let file = bytes(*layer, &sample.tier());
        let text = String::from_utf8_lossy(&file);
        assert!(
            !file.is_empty() && !text.contains("null,null"),
            "{}",
            layer.file_name()
        );
    }
}
