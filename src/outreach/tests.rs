//! The cards hold together, and whoever is not known to be safe is not sent alone.

use std::collections::BTreeSet;

use super::*;

#[test]
fn every_option_is_used_and_told_in_two_languages_and_none_restricts_anyone() {
    let text = include_str!("../../models/cards/actions.toml");
    let card: toml::Table = toml::from_str(text).unwrap();
    let used: BTreeSet<&str> = card["reasons"]
        .as_table()
        .unwrap()
        .values()
        .flat_map(|list| list.as_array().unwrap())
        .map(|id| id.as_str().unwrap())
        .collect();
    for option in card["option"].as_array().unwrap() {
        let of = |key: &str| option[key].as_str().unwrap();
        assert!(used.contains(of("id")), "{} answers to nothing", of("id"));
        assert_ne!(of("en"), of("fr"));
        let words = format!("{} {}", of("en"), of("fr")).to_lowercase();
        for word in [
            "close the corridor",
            "fermer",
            "relocat",
            "forced",
            "expel",
            "herders did",
        ] {
            assert!(!words.contains(word), "{words}");
        }
    }
    assert!(answered().unwrap().len() > 50);
}

#[test]
fn weights_and_themes_are_those_of_the_card() {
    let card = Card::read().unwrap();
    assert!(card.weights().unwrap().iter().all(|&weight| weight > 0.0));
    assert_eq!((card.benchmark.women, card.benchmark.all), (276, 1126));
    for &audience in Audience::ALL {
        let [en, fr] = card.theme(audience).unwrap();
        assert_ne!(en, fr);
    }
}

#[test]
fn mixed_communities_are_on_both_lists_and_all_on_those_of_women_and_of_men() {
    for &kind in CommunityKind::ALL {
        let lists: Vec<Audience> = Audience::ALL
            .iter()
            .copied()
            .filter(|&one| is_for(one, kind))
            .collect();
        assert!(lists.contains(&Audience::WomenOnly) && lists.contains(&Audience::MenAndBoys));
        let expected = if kind == CommunityKind::Mixed { 4 } else { 3 };
        assert_eq!(lists.len(), expected, "{kind:?}");
    }
}

#[test]
fn decisions_are_ordered_from_go_to_delay() {
    assert!(GoDecision::Go < GoDecision::Accompany && GoDecision::Accompany < GoDecision::Delay);
}
