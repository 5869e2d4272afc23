use proptest::prelude::*;

use super::*;
use crate::units::LengthMismatch;

/// `h` hot, `c` cold, `.` neither, `?` not known.
fn spots(steps: &str) -> Vec<Option<Spot>> {
    let spot = |step| match step {
        'h' => Some(Spot::Hot),
        'c' => Some(Spot::Cold),
        '.' => Some(Spot::Plain),
        _ => None,
    };
    steps.chars().map(spot).collect()
}

fn class(steps: &str, trend: Direction) -> Option<EmergingClass> {
    emerging_class(&spots(steps), || Some(trend), Compat::Esri2024)
}

fn mirrored(steps: &str) -> String {
    let turned = |step| match step {
        'h' => 'c',
        'c' => 'h',
        other => other,
    };
    steps.chars().map(turned).collect()
}

fn opposite(trend: Direction) -> Direction {
    match trend {
        Direction::Up => Direction::Down,
        Direction::Down => Direction::Up,
        Direction::Neither => Direction::Neither,
    }
}

#[test]
fn every_class_is_reached_and_cold_ones_mirror_hot_ones() {
    let flat = Direction::Neither;
    for (steps, trend, pattern) in [
        (".hhhhhhhhh", Direction::Up, Pattern::Intensifying),
        ("c?hhhhhhhhhhh", Direction::Down, Pattern::Diminishing),
        ("hhhh.hhhhh", flat, Pattern::Persistent),
        ("..c.hh..hh", Direction::Up, Pattern::Oscillating),
        ("c........h", flat, Pattern::Oscillating),
        (".........h", Direction::Up, Pattern::New),
        ("......hh?h", flat, Pattern::Consecutive),
        ("..hhhhhhhh", Direction::Down, Pattern::Consecutive),
        (".h....hh.h", flat, Pattern::Sporadic),
        ("hhhhhhhhh.", Direction::Up, Pattern::Historical),
    ] {
        assert_eq!(
            class(steps, trend),
            Some(EmergingClass::Hot(pattern)),
            "{steps}"
        );
        let cold = class(&mirrored(steps), opposite(trend));
        assert_eq!(cold, Some(EmergingClass::Cold(pattern)), "cold {steps}");
    }
    for steps in ["..........", ".h.hhhhhh.", "hhhhhcccc.", "."] {
        assert_eq!(class(steps, Direction::Up), Some(EmergingClass::NoPattern));
    }
}

#[test]
fn the_final_step_decides_where_both_sides_could_claim_a_cell() {
    let oscillating = EmergingClass::Cold(Pattern::Oscillating);
    assert_eq!(class("hhhhhhhhhc", Direction::Up), Some(oscillating));
}

#[test]
fn older_wording_lets_a_sporadic_spot_end() {
    let legacy = |steps| emerging_class(&spots(steps), || None, Compat::EsriLegacy);
    let (hot, cold) = (EmergingClass::Hot, EmergingClass::Cold);
    assert_eq!(legacy(".h.hhhhhh."), Some(hot(Pattern::Sporadic)));
    assert_eq!(legacy("c........."), Some(cold(Pattern::Sporadic)));
    assert_eq!(legacy("ch........"), Some(EmergingClass::NoPattern));
    assert_eq!(legacy(".........."), Some(EmergingClass::NoPattern));
    assert_eq!(legacy(".........h"), Some(hot(Pattern::New)));
}

#[test]
fn what_is_not_known_decides_nothing() {
    assert_eq!(class("hhhhhhhhh?", Direction::Up), None);
    assert_eq!(class("", Direction::Up), None);
    let undefined = |steps| emerging_class(&spots(steps), || None, Compat::Esri2024);
    assert_eq!(undefined("hhhhhhhhhh"), None);
    assert_eq!(undefined("......hhhh"), class("......hhhh", Direction::Up));
}

/// The table read anew: sixteen conditions that exclude each other without an order.
fn conditions(steps: &[Spot], trend: Direction, compat: Compat) -> Vec<EmergingClass> {
    let mut held = Vec::new();
    for (own, other, trend) in [
        (Spot::Hot, Spot::Cold, trend),
        (Spot::Cold, Spot::Hot, opposite(trend)),
    ] {
        let is: Vec<bool> = steps.iter().map(|&spot| spot == own).collect();
        let share = f64::from(u32::try_from(is.iter().filter(|&&h| h).count()).unwrap())
            / f64::from(u32::try_from(steps.len()).unwrap());
        let (often, last) = (share > 0.9 - 1e-9, *is.last().unwrap());
        let reverse = steps.contains(&other);
        let first = is.iter().position(|&h| h);
        let unbroken = first.is_some_and(|first| is[first..].iter().all(|&h| h));
        let single = first == Some(steps.len() - 1);
        let ended = compat == Compat::EsriLegacy && first.is_some() && !last;
        for (holds, pattern) in [
            (
                last && often && trend == Direction::Up,
                Pattern::Intensifying,
            ),
            (
                last && often && trend == Direction::Down,
                Pattern::Diminishing,
            ),
            (
                last && often && trend == Direction::Neither,
                Pattern::Persistent,
            ),
            (last && !often && reverse, Pattern::Oscillating),
            (last && !often && !reverse && single, Pattern::New),
            (
                last && !often && !reverse && unbroken && !single,
                Pattern::Consecutive,
            ),
            (last && !often && !reverse && !unbroken, Pattern::Sporadic),
            (ended && !often && !reverse, Pattern::Sporadic),
            (
                !last && often && steps.last() != Some(&other),
                Pattern::Historical,
            ),
        ] {
            let hot = own == Spot::Hot;
            let class = if hot {
                EmergingClass::Hot
            } else {
                EmergingClass::Cold
            };
            held.extend(holds.then(|| class(pattern)));
        }
    }
    held
}

#[track_caller]
fn one_class_and_that_of_the_table(steps: &[Option<Spot>]) {
    let known: Vec<Spot> = steps.iter().flatten().copied().collect();
    for compat in [Compat::Esri2024, Compat::EsriLegacy] {
        for trend in [Direction::Up, Direction::Neither, Direction::Down] {
            let held = conditions(&known, trend, compat);
            assert!(held.len() < 2, "{held:?} of {steps:?}");
            let want = held.first().copied().unwrap_or(EmergingClass::NoPattern);
            assert_eq!(
                emerging_class(steps, || Some(trend), compat),
                Some(want),
                "{steps:?}"
            );
        }
    }
}

#[test]
fn all_courses_of_up_to_seven_steps_have_one_class() {
    for length in 1..=7 {
        for course in 0..3_usize.pow(length) {
            let spot = |t| [Spot::Hot, Spot::Cold, Spot::Plain][course / 3_usize.pow(t) % 3];
            let steps: Vec<_> = (0..length).map(|t| Some(spot(t))).collect();
            one_class_and_that_of_the_table(&steps);
        }
    }
}

/// Beyond ten steps a cell can be nearly always hot with an exception.
#[test]
fn all_courses_of_ten_and_eleven_steps_with_two_kinds_have_one_class() {
    for length in [10, 11] {
        for other in [Spot::Cold, Spot::Plain] {
            for course in 0..1_u32 << length {
                let spot = |t: u32| {
                    if course & (1 << t) != 0 {
                        Spot::Hot
                    } else {
                        other
                    }
                };
                let steps: Vec<_> = (0..length).map(|t| Some(spot(t))).collect();
                one_class_and_that_of_the_table(&steps);
            }
        }
    }
}

proptest! {
    #[test]
    fn gaps_change_no_class(
        steps in prop::collection::vec(prop::sample::select(vec![0, 0, 0, 0, 1, 2, 3]), 1..40),
    ) {
        let spot = |kind: usize| [Some(Spot::Hot), Some(Spot::Cold), Some(Spot::Plain), None][kind];
        let mut steps: Vec<_> = steps.into_iter().map(spot).collect();
        steps.push(Some(Spot::Hot));
        one_class_and_that_of_the_table(&steps);
    }
}

const CLASSIC: EmergingParams = EmergingParams {
    q: 0.05,
    alpha: 0.05,
    trend: TrendTest::MannKendall,
    compat: Compat::Esri2024,
};

#[test]
fn a_cube_is_classified_cell_by_cell() {
    let rise = |t: u32| Some(3.0 + f64::from(t));
    let z: Vec<_> = (0..10)
        .map(rise)
        .chain((0..10).map(|t| rise(t).map(|z| -z)))
        .chain([Some(4.0); 10])
        .chain([
            None,
            None,
            None,
            Some(4.0),
            Some(4.0),
            Some(4.0),
            None,
            None,
            None,
            Some(4.0),
        ])
        .collect();
    let p: Vec<_> = z.iter().map(|z| z.map(|_| 0.05)).collect();
    let classes = emerging_classes(&z, &p, 10, CLASSIC).unwrap();
    let want = [
        Some(EmergingClass::Hot(Pattern::Intensifying)),
        Some(EmergingClass::Cold(Pattern::Intensifying)),
        Some(EmergingClass::Hot(Pattern::Persistent)),
        None,
    ];
    assert_eq!(classes, want);
    let strict = EmergingParams {
        q: 0.049,
        ..CLASSIC
    };
    let none = emerging_classes(&z[..30], &p[..30], 10, strict).unwrap();
    assert_eq!(none, [Some(EmergingClass::NoPattern); 3]);
    let lags = Some(3);
    let careful = EmergingParams {
        trend: TrendTest::HamedRao { lags },
        ..CLASSIC
    };
    assert_eq!(emerging_classes(&z, &p, 10, careful).unwrap(), want);
    // A cell whose p-value is undefined, as without neighbours, has no class.
    assert_eq!(
        emerging_classes(&z[..10], &[None; 10], 10, CLASSIC),
        Ok(vec![None])
    );
}

#[test]
fn faulty_input_is_refused() {
    let z = [Some(1.0); 20];
    let refused = |z: &[Option<f64>], p: &[Option<f64>], n_steps, params| {
        emerging_classes(z, p, n_steps, params).unwrap_err()
    };
    let length = |needed, got| EmergingError::Length(LengthMismatch { needed, got });
    assert_eq!(refused(&z, &z[..10], 10, CLASSIC), length(20, 10));
    assert_eq!(refused(&z, &z, 8, CLASSIC), length(24, 20));
    for params in [
        EmergingParams { q: 1.5, ..CLASSIC },
        EmergingParams {
            alpha: f64::NAN,
            ..CLASSIC
        },
    ] {
        assert_eq!(refused(&z, &z, 10, params), EmergingError::InvalidLevel);
    }
    let mut broken = z;
    broken[7] = Some(f64::NAN);
    let error = EmergingError::NotFinite { index: 7 };
    assert_eq!(refused(&broken, &z, 10, CLASSIC), error);
    assert_eq!(refused(&z, &broken, 10, CLASSIC), error);
    assert_eq!(emerging_classes(&[], &[], 0, CLASSIC), Ok(Vec::new()));
}
