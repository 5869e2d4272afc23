use proptest::prelude::*;

use super::super::*;
use crate::testing::close;
use crate::units::Seed;

const COUNTS: [f64; 8] = [5.0, 0.0, 3.0, 0.0, 1.0, 1.0, 0.0, 2.0];
const WHOLE: [u32; 8] = [5, 0, 3, 0, 1, 1, 0, 2];
const AREAS: [f64; 8] = [1.0, 1.1, 0.9, 1.0, 1.0, 1.0, 1.0, 1.0];

fn first_two() -> Flagged {
    let flags: Vec<bool> = (0..8).map(|cell| cell < 2).collect();
    flagged(&flags, &COUNTS, &AREAS).unwrap()
}

#[test]
fn printed_place_metrics_are_met() {
    let caught = first_two();
    close(caught.hit_rate().unwrap(), 0.416_667, 5e-7);
    close(caught.pai().unwrap(), 1.587_302, 5e-7);
    close(caught.ppai(0.5).unwrap(), 0.813_250, 5e-7);
    let best = best_hits(&WHOLE, &AREAS, caught.area_km2).unwrap();
    assert_eq!(best, 8);
    close(caught.pei(8.0).unwrap(), 0.625, 1e-12);
    close(
        greedy_hits(&COUNTS, &AREAS, caught.area_km2).unwrap(),
        8.0,
        0.0,
    );
}

#[test]
fn without_events_nothing_is_claimed() {
    let none = flagged(&[true, false], &[0.0; 2], &[1.0; 2]).unwrap();
    assert_eq!(
        (none.hit_rate(), none.pai(), none.ppai(0.5)),
        (None, None, None)
    );
    assert_eq!(none.pei(0.0), None);
    assert_eq!(relative_recapture(&none, &first_two()), None);
    let nowhere = flagged(&[false; 8], &COUNTS, &AREAS).unwrap();
    assert_eq!((nowhere.hit_rate(), nowhere.pai()), (Some(0.0), None));
    assert_eq!(flagged(&[], &[], &[]).unwrap().area_share(), None);
    assert_eq!(first_two().ppai(1.0), None);
}

#[test]
fn recapture_is_judged_against_the_change_everywhere() {
    let of = |hits, total| Flagged {
        hits,
        total,
        area_km2: 1.0,
        study_area_km2: 10.0,
    };
    // A third less where flagged, half less everywhere.
    close(
        recapture_rate(&of(6.0, 20.0), &of(4.0, 10.0)).unwrap(),
        2.0 / 3.0,
        1e-15,
    );
    close(
        relative_recapture(&of(6.0, 20.0), &of(4.0, 10.0)).unwrap(),
        4.0 / 3.0,
        1e-15,
    );
}

#[test]
fn an_interval_over_days_is_the_same_at_any_thread_count() {
    let hits = [3.0, 0.0, 2.0, 5.0, 1.0, 0.0, 4.0];
    let mean = |days: &[usize]| Some(days.iter().map(|&day| hits[day]).sum::<f64>() / 7.0);
    let runs = [1, 2, 5].map(|threads| {
        crate::threads::limited(threads.try_into().unwrap(), || {
            bootstrap_interval(7, 2000, 0.9, Seed(4), mean)
                .unwrap()
                .unwrap()
        })
    });
    assert_eq!(runs[0], runs[1]);
    assert_eq!(runs[0], runs[2]);
    // The normal interval of the mean: 2.14 -+ 1.645 * 1.81 / sqrt 7.
    close(runs[0].0, 15.0 / 7.0 - 1.125, 0.15);
    close(runs[0].1, 15.0 / 7.0 + 1.125, 0.15);
    assert_eq!(bootstrap_interval(7, 50, 0.9, Seed(4), |_| None), Ok(None));
    assert_eq!(
        bootstrap_interval(0, 50, 0.9, Seed(4), mean),
        Err(BootstrapError::NoBlocks)
    );
}

#[test]
fn faulty_places_are_refused() {
    let within = |score, count, area, budget| flagged_within(&[score], &[count], &[area], budget);
    assert_eq!(
        within(f64::NAN, 1.0, 1.0, 1.0),
        Err(PlaceError::Score { index: 0 })
    );
    assert_eq!(
        within(1.0, -1.0, 1.0, 1.0),
        Err(PlaceError::Count { index: 0 })
    );
    assert_eq!(
        within(1.0, 1.0, 0.0, 1.0),
        Err(PlaceError::Area { index: 0 })
    );
    assert_eq!(within(1.0, 1.0, 1.0, f64::NAN), Err(PlaceError::Budget));
    assert!(matches!(
        best_hits(&[1], &[], 1.0),
        Err(PlaceError::Length(_))
    ));
}

/// Mean hits over every order of the cells, the first `k` in score order being flagged.
fn over_all_orders(score: &[u8], counts: &[f64], k: usize) -> f64 {
    fn walk(order: &mut Vec<usize>, from: usize, visit: &mut impl FnMut(&[usize])) {
        if from == order.len() {
            visit(order);
        }
        for i in from..order.len() {
            order.swap(from, i);
            walk(order, from + 1, visit);
            order.swap(from, i);
        }
    }
    let (mut sum, mut n) = (0.0, 0.0);
    walk(&mut (0..score.len()).collect(), 0, &mut |order| {
        let mut ranked = order.to_vec();
        ranked.sort_by_key(|&cell| std::cmp::Reverse(score[cell]));
        sum += ranked[..k].iter().map(|&cell| counts[cell]).sum::<f64>();
        n += 1.0;
    });
    sum / n
}

/// The best of all subsets.
fn over_all_sets(counts: &[u32], areas: &[f64], budget: f64) -> u64 {
    let sets = 0_u32..1 << counts.len();
    let caught = sets.filter_map(|set| {
        let cells = (0..counts.len()).filter(|cell| set >> cell & 1 == 1);
        let (hits, area) = cells.fold((0, 0.0), |(hits, area), cell| {
            (hits + u64::from(counts[cell]), area + areas[cell])
        });
        (area <= budget * (1.0 + 1e-12)).then_some(hits)
    });
    caught.max().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn ties_at_the_edge_count_as_if_broken_in_every_way(
        score in prop::collection::vec(0_u8..3, 6),
        counts in prop::collection::vec(0_u32..5, 6),
        k in 0_usize..=6,
    ) {
        let real: Vec<f64> = score.iter().map(|&s| f64::from(s)).collect();
        let counts: Vec<f64> = counts.iter().map(|&c| f64::from(c)).collect();
        let budget = crate::units::real(k) * 2.5;
        let caught = flagged_within(&real, &counts, &[2.5; 6], budget).unwrap();
        close(caught.hits, over_all_orders(&score, &counts, k), 1e-9);
        close(caught.area_km2, budget, 1e-12);
    }

    #[test]
    fn the_knapsack_is_exact_and_greed_no_better(
        counts in prop::collection::vec(0_u32..7, 9),
        areas in prop::collection::vec(0.5..2.0, 9),
        budget in 0.0..8.0,
    ) {
        let best = best_hits(&counts, &areas, budget).unwrap();
        prop_assert_eq!(best, over_all_sets(&counts, &areas, budget));
        let real: Vec<f64> = counts.iter().map(|&c| f64::from(c)).collect();
        let best = f64::from(u32::try_from(best).unwrap());
        prop_assert!(greedy_hits(&real, &areas, budget).unwrap() <= best);
        let density: Vec<f64> = real.iter().zip(&areas).map(|(y, a)| y / a).collect();
        let drawn = flagged_within(&density, &real, &areas, budget).unwrap();
        prop_assert!(best <= drawn.hits + 1e-9);
    }
}
