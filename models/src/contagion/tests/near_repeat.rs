use proptest::prelude::*;
use rand::Rng;

use super::super::*;
use crate::testing::{close, number, numbers, reference};
use crate::units::{Purpose, Seed, real};

type Xy = (f64, f64);

/// An exact record in one block.
fn on(day: i32) -> KnoxRecord {
    KnoxRecord {
        day,
        block: 0,
        time_precision_days: 1.0,
        place_precision_km: 0.0,
    }
}

fn apart(xy: &[Xy]) -> impl Fn(usize, usize) -> f64 + Sync {
    move |i, j| (xy[i].0 - xy[j].0).hypot(xy[i].1 - xy[j].1)
}

fn free(permutations: u32) -> KnoxNull {
    KnoxNull {
        permutations,
        once_a_day: false,
    }
}

fn four_errors(p: f64, permutations: u32) -> f64 {
    4.0 * (p * (1.0 - p) / f64::from(permutations)).sqrt() + 1.0 / f64::from(permutations)
}

#[test]
fn the_printed_table_is_met() {
    let xy = [
        (0.0, 0.0),
        (0.0, 1.0),
        (5.0, 5.0),
        (5.0, 6.0),
        (9.0, 0.0),
        (0.0, 0.0),
    ];
    let records = [0, 2, 3, 4, 10, 11].map(on);
    let bands = KnoxBands::new(None, &[1.5], &[3]).unwrap();
    let table = knox(&records, apart(&xy), &bands, free(40_000), Seed(1)).unwrap();
    let cell = table.cells[0][0];
    assert_eq!((cell.observed, table.kept), (2, 6));
    close(cell.expected, 1.333_3, 0.02);
    close(cell.p, 0.366_667, four_errors(0.366_667, 40_000));
    close(cell.ratio.unwrap(), 2.0 / cell.expected, 1e-15);
}

#[test]
fn every_band_agrees_with_every_order_of_the_dates() {
    let case = &reference("contagion")["knox"];
    let xy: Vec<Xy> = case["xy"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| (number(&place[0]), number(&place[1])))
        .collect();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the days are small and whole"
    )]
    let records: Vec<KnoxRecord> = numbers(&case["days"])
        .iter()
        .map(|&day| on(day as i32))
        .collect();
    let bands = KnoxBands::new(Some(0.0), &[1.5, 4.0], &[3, 8]).unwrap();
    let permutations = 40_000;
    let table = knox(&records, apart(&xy), &bands, free(permutations), Seed(2)).unwrap();
    for k in 0..3 {
        for l in 0..2 {
            let (got, want) = (table.cells[k][l], |name: &str| number(&case[name][k][l]));
            assert_eq!(got.observed, case["observed"][k][l].as_u64().unwrap());
            close(got.expected, want("expected"), 0.03);
            close(got.p, want("p"), four_errors(want("p"), permutations));
        }
    }
}

#[test]
fn bands_are_half_open_and_the_same_place_is_its_own() {
    let bands = KnoxBands::new(Some(0.1), &[1.0, 2.0], &[3, 8]).unwrap();
    assert_eq!((bands.n_space(), bands.n_time()), (3, 2));
    let space = [0.0, 0.1, 0.2, 1.0, 1.9, 2.0].map(|km| bands.space(km));
    assert_eq!(space, [Some(0), Some(0), Some(1), Some(2), Some(2), None]);
    let time = [0, 2, 3, 7, 8].map(|days| bands.time(days));
    assert_eq!(time, [Some(0), Some(0), Some(1), Some(1), None]);
    let plain = KnoxBands::new(None, &[1.0], &[1]).unwrap();
    assert_eq!(plain.space(0.0), Some(0));
    for (space, time) in [(&[][..], &[1][..]), (&[0.0], &[1]), (&[2.0, 1.0], &[1])] {
        assert_eq!(KnoxBands::new(None, space, time), Err(InvalidBands::Space));
    }
    assert_eq!(KnoxBands::new(None, &[1.0], &[0]), Err(InvalidBands::Time));
    assert_eq!(KnoxBands::new(None, &[1.0], &[]), Err(InvalidBands::Time));
    let reach = KnoxBands::new(Some(-1.0), &[1.0], &[1]);
    assert_eq!(reach, Err(InvalidBands::SamePlace));
}

#[test]
fn records_coarser_than_the_bands_are_left_out_and_counted() {
    let mut records = [on(0), on(1), on(2), on(3), on(4)];
    records[1].time_precision_days = 30.0;
    records[3].place_precision_km = 25.0;
    records[4].time_precision_days = 30.0;
    records[4].place_precision_km = 25.0;
    let bands = KnoxBands::new(None, &[5.0], &[7]).unwrap();
    let table = knox(&records, |_, _| 1.0, &bands, free(9), Seed(3)).unwrap();
    assert_eq!(
        (table.kept, table.coarse_time, table.coarse_place),
        (2, 2, 1)
    );
    assert_eq!(table.cells[0][0].observed, 1);
    // One pair cannot be arranged otherwise.
    close(table.cells[0][0].p, 1.0, 0.0);
}

#[test]
fn what_cannot_be_compared_says_why() {
    let bands = KnoxBands::new(None, &[5.0], &[7]).unwrap();
    let run =
        |records: &[KnoxRecord], km: f64, n| knox(records, |_, _| km, &bands, free(n), Seed(1));
    assert_eq!(run(&[on(0)], 1.0, 9), Err(KnoxError::TooFew));
    assert_eq!(run(&[on(0), on(1)], 1.0, 0), Err(KnoxError::NoPermutations));
    let distance = KnoxError::Distance {
        first: 0,
        second: 1,
    };
    assert_eq!(run(&[on(0), on(1)], f64::NAN, 9), Err(distance));
    let mut vague = on(0);
    vague.time_precision_days = f64::NAN;
    assert_eq!(
        run(&[on(1), vague], 1.0, 9),
        Err(KnoxError::Precision { index: 1 })
    );
    let far = run(&[on(0), on(1)], 9.0, 9).unwrap().cells[0][0];
    assert_eq!((far.observed, far.ratio), (0, None));
}

#[test]
fn thread_counts_change_no_table() {
    let (xy, records) = world(5, 120, true);
    let bands = KnoxBands::new(Some(0.0), &[1.0, 3.0], &[8, 31]).unwrap();
    let run = || knox(&records, apart(&xy), &bands, free(99), Seed(6)).unwrap();
    let runs = [1, 2, 5].map(|n| crate::threads::limited(n.try_into().unwrap(), run));
    assert_eq!(runs[0], runs[1]);
    assert_eq!(runs[0], runs[2]);
}

/// Events of four seasons: in the even ones the herds, and so the events, are in the north half of
/// a square of 20 km, in the odd ones in the south; block = season if `blocked`.
fn world(number: u64, n: u32, blocked: bool) -> (Vec<Xy>, Vec<KnoxRecord>) {
    let mut rng = Seed(number).stream(Purpose::SynthIncidents, 2);
    let mut event = || {
        let season = rng.random_range(0..4);
        let north = rng.random::<f64>() * 10.0 + if season % 2 == 0 { 10.0 } else { 0.0 };
        let day = season * 90 + rng.random_range(0..90);
        let mut record = on(day);
        record.block = if blocked { season.unsigned_abs() } else { 0 };
        ((rng.random::<f64>() * 20.0, north), record)
    };
    (0..n).map(|_| event()).unzip()
}

#[test]
fn a_shared_season_is_not_read_as_contagion() {
    let bands = KnoxBands::new(None, &[3.0], &[15]).unwrap();
    let rejected = |blocked: bool| {
        let p = |number| {
            let (xy, records) = world(number, 80, blocked);
            let table = knox(&records, apart(&xy), &bands, free(99), Seed(number)).unwrap();
            table.cells[0][0].p
        };
        (0..300).filter(|&number| p(number) <= 0.05).count()
    };
    let (blocked, whole) = (rejected(true), rejected(false));
    // 5 % of 300, four standard errors.
    assert!(blocked <= 15 + 15, "{blocked} of 300 with blocks");
    assert!(whole > 150, "{whole} of 300 without");
}

#[test]
fn near_repeats_are_found_in_their_band() {
    let (mut xy, mut records) = world(1, 80, true);
    for i in 0..20 {
        xy.push((xy[i].0 + 0.3, xy[i].1));
        let mut again = records[i];
        again.day += 4;
        records.push(again);
    }
    let bands = KnoxBands::new(Some(0.0), &[1.0, 5.0], &[8, 31]).unwrap();
    let table = knox(&records, apart(&xy), &bands, free(999), Seed(7)).unwrap();
    close(table.cells[1][0].p, 0.001, 1e-12);
    assert!(table.cells[1][0].ratio.unwrap() > 2.0);
    assert_eq!(table.cells[0][0].observed, 0);
}

/// Places with events on days drawn anew for each, no two of a place on one.
fn sparse(number: u64) -> (Vec<Xy>, Vec<KnoxRecord>) {
    let mut rng = Seed(number).stream(Purpose::SynthIncidents, 3);
    let mut events = Vec::new();
    for place in 0..12_u32 {
        let mut days: Vec<i32> = (0..28).collect();
        for _ in 0..7 {
            let day = days.swap_remove(rng.random_range(0..days.len()));
            events.push(((f64::from(place) * 9.0, 0.0), on(day)));
        }
    }
    events.into_iter().unzip()
}

#[test]
fn events_counted_once_a_day_and_place_are_dealt_out_so() {
    let run = |number, bands: &KnoxBands, once_a_day| {
        let (xy, records) = sparse(number);
        let null = KnoxNull {
            permutations: 99,
            once_a_day,
        };
        knox(&records, apart(&xy), bands, null, Seed(number)).unwrap()
    };
    let bands = KnoxBands::new(Some(0.0), &[10.0], &[8, 15]).unwrap();
    let rejected = (0..200).map(|number| {
        let table = run(number, &bands, true);
        table.cells[0].iter().filter(|cell| cell.p <= 0.05).count()
    });
    // 5 % of 400, four standard errors.
    let rejected: usize = rejected.sum();
    assert!((3..=20 + 18).contains(&rejected), "{rejected} of 400");
    // Seven events of each of 12 places within 28 days: 252 pairs in any order, none on one day.
    let wide = KnoxBands::new(Some(0.0), &[10.0], &[1, 28]).unwrap();
    let [on_one_day, within] = [0, 1].map(|band| run(1, &wide, true).cells[0][band]);
    assert_eq!((on_one_day.observed, within.observed), (0, 252));
    close(on_one_day.expected, 0.0, 0.0);
    close(within.expected, 252.0, 1e-12);
    // Dealt out freely, every 28th would fall on one day.
    close(run(1, &wide, false).cells[0][0].expected, 9.0, 0.15);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_order_of_the_records_changes_no_count(
        events in prop::collection::vec((0_u8..6, 0_u8..6, 0_i32..40), 4..24),
    ) {
        let table = |events: &[(u8, u8, i32)]| {
            let xy: Vec<Xy> = events.iter().map(|e| (f64::from(e.0), f64::from(e.1))).collect();
            let records: Vec<KnoxRecord> = events.iter().map(|e| on(e.2)).collect();
            let bands = KnoxBands::new(Some(0.0), &[1.5, 99.0], &[7, 99]).unwrap();
            knox(&records, apart(&xy), &bands, free(19), Seed(8)).unwrap()
        };
        let back: Vec<(u8, u8, i32)> = events.iter().rev().copied().collect();
        let (a, b) = (table(&events), table(&back));
        let mut pairs = 0.0;
        for (a, b) in a.cells.iter().flatten().zip(b.cells.iter().flatten()) {
            prop_assert_eq!(a.observed, b.observed);
            prop_assert!(a.p >= 0.05 && a.p <= 1.0);
            pairs += a.expected;
        }
        // Bands without end hold every pair in every permutation.
        close(pairs, real(events.len() * (events.len() - 1) / 2), 1e-9);
    }
}
