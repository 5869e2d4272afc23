use std::collections::BTreeSet;

use super::card::Card;
use super::registry::INDICATORS;
use crate::base::code::{IndicatorRole, Observable};

#[test]
fn card_and_registry_list_the_same_indicators_in_order_of_code() {
    let card = Card::read().unwrap();
    let of_card: Vec<&str> = card.entries.iter().map(|entry| entry.id.as_str()).collect();
    let of_registry: Vec<&str> = INDICATORS.iter().map(|indicator| indicator.id).collect();
    assert_eq!(of_card, of_registry);
    assert!(of_card.is_sorted() && of_card.len() >= 30);
    let themes: BTreeSet<&str> = of_card.iter().map(|id| &id[..1]).collect();
    assert_eq!(themes.len(), 8);
    for observable in Observable::ALL {
        assert!(
            of_card.contains(&observable.name()),
            "{}",
            observable.name()
        );
    }
}

#[test]
fn reporting_is_of_detection_alone_and_only_protection_lowers() {
    let card = Card::read().unwrap();
    for entry in &card.entries {
        let due = match entry.id.as_bytes()[0] {
            b'G' => IndicatorRole::Detection,
            b'H' => IndicatorRole::Lowers,
            _ => IndicatorRole::Raises,
        };
        assert_eq!(entry.role, due, "{}", entry.id);
        let alone = ["A3", "D5"].contains(&entry.id.as_str());
        assert_eq!(entry.alone, alone, "{}", entry.id);
        let theme = &card.themes[card.theme(entry).unwrap()];
        assert!(entry.weight <= theme.cap, "{}", entry.id);
    }
    assert!(card.caution.contains("Women's Protection Adviser"));
}

#[test]
fn no_indicator_is_about_who_people_are() {
    let card = Card::read().unwrap();
    for entry in &card.entries {
        let text = entry.text.to_lowercase();
        for word in ["ethni", "relig", "national", "tribe", "clan", "herder"] {
            assert!(!text.contains(word), "{}: {word}", entry.id);
        }
    }
}
