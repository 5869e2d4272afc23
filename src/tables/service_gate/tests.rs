//! Two hundred ways around the gate, none of which opens it; and what does.

use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

use super::*;
use crate::base::code::{ServiceKind, ServiceStatus};
use crate::base::settings::ServiceOverride;
use crate::tables::{Invitation, Service, ServicesBuilder};

const DAY: Day = Day(20_000);
const HERE: (f64, f64) = (7.3, 18.3);
const NAME: &str = "Invented mile";

/// Open, near, and of help.
fn good() -> Service<'static> {
    Service {
        source: "services",
        name: Some("Invented clinic"),
        kind: ServiceKind::Health.code(),
        status: ServiceStatus::Unknown.code(),
        lat_deg: Some(7.35),
        lon_deg: Some(18.3),
        admin1_pcode: Some("XX91"),
        admin2_pcode: Some("XX911"),
        first_day: Some(Day(DAY.0 - 100)),
        last_day: None,
        weekdays: Some(0b1_1111),
        clinical_care: Some(1),
        psychosocial: None,
        legal: None,
        safe_house: None,
    }
}

fn signed() -> ServiceOverride {
    ServiceOverride {
        community: NAME.to_owned(),
        signed_by: "womens_protection_adviser".to_owned(),
        reason: "a mobile clinic of a partner comes along on the day".to_owned(),
        until: Day(DAY.0 + 30).to_string(),
    }
}

/// A service that is of no use, in one of many ways.
fn useless(rng: &mut ChaCha20Rng) -> Service<'static> {
    let mut service = good();
    match rng.random_range(0..9) {
        0 => service.last_day = Some(Day(DAY.0 - rng.random_range(1..500))),
        1 => service.first_day = Some(Day(DAY.0 + rng.random_range(1..500))),
        2 => {
            let stopped = [
                ServiceStatus::Planned,
                ServiceStatus::Suspended,
                ServiceStatus::Closed,
            ];
            service.status = stopped.choose(rng).unwrap().code();
        }
        3 => service.lat_deg = Some(7.3 + rng.random_range(0.2..5.0)),
        4 => (service.lat_deg, service.lon_deg) = (None, None),
        5 => service.lon_deg = None,
        // It closes before the week is over.
        6 => service.last_day = Some(Day(DAY.0 + rng.random_range(0..AHEAD_DAYS))),
        7 => service.clinical_care = *[None, Some(0)].choose(rng).unwrap(),
        _ => {
            service.clinical_care = None;
            service.kind = [
                ServiceKind::Legal,
                ServiceKind::SafeSpace,
                ServiceKind::GbvResponse,
                ServiceKind::Protection,
            ]
            .choose(rng)
            .unwrap()
            .code();
        }
    }
    service
}

/// An override that nobody answers for, in one of many ways.
fn forged(rng: &mut ChaCha20Rng) -> ServiceOverride {
    let mut one = signed();
    let mut any = |texts: &[&str]| (*texts.choose(rng).unwrap()).to_owned();
    match any(&[
        "community",
        "signed_by",
        "blank",
        "reason",
        "until",
        "ended",
    ])
    .as_str()
    {
        "community" => one.community = any(&["Another mile", "invented mile", "*", ""]),
        "signed_by" => one.signed_by = any(&["", "me", "Head_of_office", "any name"]),
        "blank" => one.signed_by.push(' '),
        "reason" => one.reason = any(&["", "because", "                              "]),
        "until" => one.until = any(&["", "always", "2099", "31.12.2099"]),
        _ => one.until = Day(DAY.0 - rng.random_range(1..400)).to_string(),
    }
    one
}

fn ask(services: &[Service<'_>], overrides: Vec<ServiceOverride>) -> Result<Pass, Unreachable> {
    let mut table = ServicesBuilder::default();
    for service in services {
        table.push(*service);
    }
    let settings = OutreachSettings {
        service_override: overrides,
        ..OutreachSettings::default()
    };
    Pass::ask(&table.finish(), &settings, (NAME, HERE), DAY)
}

#[test]
fn two_hundred_ways_around_the_gate_do_not_open_it() {
    let mut rng = ChaCha20Rng::seed_from_u64(200);
    for attempt in 0..200 {
        let n = rng.random_range(0..6);
        let services: Vec<Service<'_>> = (0..n).map(|_| useless(&mut rng)).collect();
        let n = rng.random_range(0..4);
        let overrides: Vec<ServiceOverride> = (0..n).map(|_| forged(&mut rng)).collect();
        let answer = ask(&services, overrides.clone());
        assert!(answer.is_err(), "attempt {attempt}: {overrides:?}");
        assert!(!Invitation::asked(answer).invites());
        // The same world with one service that helps opens it, and so does one word that someone gave.
        let with_one = [services.as_slice(), &[good()]].concat();
        assert!(matches!(
            ask(&with_one, overrides.clone()),
            Ok(Pass::Reachable(_))
        ));
        let with_word = [overrides, vec![signed()]].concat();
        let answer = ask(&services, with_word);
        assert!(
            matches!(answer, Ok(Pass::Overridden(_))),
            "attempt {attempt}"
        );
        let words = Invitation::asked(answer).words();
        assert!(
            words.contains("overridden by womens_protection_adviser"),
            "{words}"
        );
    }
}

#[test]
fn the_nearest_service_is_told_also_where_it_is_too_far() {
    let mut far = good();
    far.lat_deg = Some(8.3);
    let Err(Unreachable { nearest_hours }) = ask(&[far], Vec::new()) else {
        panic!("a degree is no walk");
    };
    // 111.2 km at 4 km/h.
    assert!((nearest_hours.unwrap() - 27.8).abs() < 0.1);
    assert_eq!(
        ask(&[], Vec::new()),
        Err(Unreachable {
            nearest_hours: None
        })
    );
}
