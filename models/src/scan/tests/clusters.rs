use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn overlap(a: &Cluster, b: &Cluster) -> bool {
    let cells: BTreeSet<_> = a.cells.iter().collect();
    b.cells.iter().any(|cell| cells.contains(cell))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Reported clusters share no cell, and whatever is not reported shares one with a better.
    #[test]
    fn clusters_apart_share_no_cell(
        counts in prop::collection::vec(0_u32..9, 16 * 3),
        kind in 0..4_usize,
    ) {
        let (zones, expected) = (&kinds_of_zones()[kind], [3.0; 48]);
        let scanning = Scanning { windows: Windows::Prospective { max_steps: 2 }, ..ONCE };
        let model = Model::Expectation { expected: &expected };
        prop_assume!(counts.iter().any(|&count| count > 0));
        let all = scan(&counts, model, zones, &scanning, Seed(1)).unwrap().clusters;
        for (i, better) in all.iter().enumerate() {
            for worse in &all[i + 1..] {
                prop_assert!(better.llr >= worse.llr);
                prop_assert!(!overlap(better, worse));
            }
        }
        let taken: BTreeSet<u32> = all.iter().flat_map(|c| c.cells.iter().copied()).collect();
        for zone in 0..zones.len() {
            let cells = zones.cells(zone);
            let recent = |steps: usize| -> f64 {
                let of = |&cell: &u32| counts[cell as usize * 3 + 3 - steps..][..steps].iter();
                cells.iter().flat_map(of).map(|&count| f64::from(count)).sum()
            };
            let more = (1..=2).any(|steps| recent(steps) > 3.0 * real(steps * cells.len()));
            prop_assert!(!more || cells.iter().any(|cell| taken.contains(cell)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_the_cells_does_not_matter(
        counts in prop::collection::vec(0_u32..9, 16 * 3),
        order in Just((0..16).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        prop_assume!(counts.iter().any(|&count| count > 0));
        let scanning = Scanning { windows: Windows::Retrospective { max_steps: 2 }, ..ONCE };
        let best = |order: &[usize]| {
            let places: Vec<_> = order.iter().map(|&cell| square(4)[cell]).collect();
            let zones = Zones::plane_discs(&places, Limit::share(&[1.0; 16], 0.5)).unwrap();
            let rows = order.iter().flat_map(|&cell| &counts[cell * 3..][..3]);
            let counts: Vec<u32> = rows.copied().collect();
            let model = Model::SpaceTimePermutation;
            let found = scan(&counts, model, &zones, &scanning, Seed(1)).unwrap();
            (zones.len(), found.clusters.first().map_or(0.0, |cluster| cluster.llr))
        };
        let (ordered, shuffled) = (best(&(0..16).collect::<Vec<_>>()), best(&order));
        prop_assert_eq!(ordered.0, shuffled.0);
        crate::testing::close(ordered.1, shuffled.1, 1e-9);
    }
}

/// Two hot places on a lattice of six by six, the second behind the first.
fn two_places() -> (Vec<u32>, Vec<f64>, Zones) {
    let mut counts = vec![4; 36];
    counts[0] = 60;
    counts[35] = 25;
    let zones = Zones::plane_discs(&square(6), Limit::share(&[1.0; 36], 0.3)).unwrap();
    (counts, vec![1.0; 36], zones)
}

#[test]
fn a_second_cluster_is_judged_anew_once_the_first_is_gone() {
    let (counts, expected, zones) = two_places();
    let model = Model::Poisson {
        expected: &expected,
    };
    let run = |secondary| {
        let scanning = Scanning {
            replicates: 199,
            secondary,
            ..ONCE
        };
        scan(&counts, model, &zones, &scanning, Seed(3))
            .unwrap()
            .clusters
    };
    let apart = run(Secondary::NoOverlap { most: 2 });
    let again = run(Secondary::Iterative {
        most: 5,
        p_threshold: 0.05,
    });
    assert_eq!(apart[0], again[0]);
    assert_eq!(
        (&*apart[1].cells, &*again[1].cells),
        ([35].as_slice(), [35].as_slice())
    );
    // With the first gone the rest expects less in all, and the second stands out more.
    assert!(again[1].llr > apart[1].llr && again[1].p <= apart[1].p);
    assert_eq!(again[0].cells, [0]);
    close_to(again[1].expected, (34.0 * 4.0 + 25.0) / 35.0);
    // The third is the first that is nothing.
    assert!(again.len() <= 3 && again[2..].iter().all(|cluster| cluster.p > 0.05));
}

#[track_caller]
fn close_to(got: f64, want: f64) {
    crate::testing::close(got, want, 1e-12);
}

#[test]
fn iterating_ends_when_nothing_is_left() {
    let zones = Zones::plane_discs(&square(2), Limit::size(0.0)).unwrap();
    let scanning = Scanning {
        secondary: Secondary::Iterative {
            most: 9,
            p_threshold: 1.0,
        },
        ..ONCE
    };
    let model = Model::Expectation {
        expected: &[0.5; 4],
    };
    let found = scan(&[3, 0, 2, 0], model, &zones, &scanning, Seed(1)).unwrap();
    let cells: Vec<_> = found.clusters.iter().map(|c| c.cells.clone()).collect();
    assert_eq!(cells, [vec![0], vec![2]]);
}

#[test]
fn fewer_cases_than_asked_for_are_no_cluster() {
    let zones = Zones::plane_discs(&square(2), Limit::size(0.0)).unwrap();
    let expected = [0.01, 1.0, 1.0, 1.0];
    let model = Model::Expectation {
        expected: &expected,
    };
    let cells = |min_cases| {
        let scanning = Scanning { min_cases, ..ONCE };
        let found = scan(&[2, 3, 0, 0], model, &zones, &scanning, Seed(1)).unwrap();
        found
            .clusters
            .iter()
            .map(|c| c.cells[0])
            .collect::<Vec<_>>()
    };
    assert_eq!(cells(0), [0, 1]);
    assert_eq!(cells(3), [1]);
    assert!(cells(4).is_empty());
}

#[test]
fn a_cube_must_make_sense() {
    let zones = Zones::plane_discs(&square(2), Limit::size(0.0)).unwrap();
    let expected = [1.0; 8];
    let model = Model::Expectation {
        expected: &expected,
    };
    let run = |counts: &[u32], model, scanning| {
        scan(counts, model, &zones, &scanning, Seed(1)).unwrap_err()
    };
    let recent = |max_steps| Scanning {
        windows: Windows::Prospective { max_steps },
        ..ONCE
    };
    assert_eq!(
        run(&[1; 8], model, recent(0)),
        ScanError::Windows { n_steps: 2 }
    );
    assert_eq!(
        run(&[1; 8], model, recent(3)),
        ScanError::Windows { n_steps: 2 }
    );
    assert_eq!(run(&[], model, ONCE), ScanError::Windows { n_steps: 0 });
    assert!(matches!(run(&[1; 9], model, ONCE), ScanError::Length(_)));
    assert!(matches!(run(&[1; 4], model, ONCE), ScanError::Length(_)));
    assert_eq!(run(&[0; 8], model, ONCE), ScanError::NoCases);
    assert_eq!(
        run(&[1; 8], Model::SpaceTimePermutation, ONCE),
        ScanError::NoTime
    );
    let faulty = [1.0, 1.0, 0.0, 1.0, f64::NAN, 1.0, 1.0, 1.0];
    let model_of = |expected| Model::Poisson { expected };
    assert_eq!(
        run(&[1; 8], model_of(&faulty), ONCE),
        ScanError::Expected { index: 4 }
    );
    let nothing = [1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0];
    let error = run(&[1; 8], model_of(&nothing), ONCE);
    assert_eq!(error, ScanError::CountWithoutExpected { index: 2 });
    let even = Model::NegativeBinomial {
        expected: &expected,
        variance_to_mean: 1.0,
    };
    assert_eq!(run(&[1; 8], even, ONCE), ScanError::Ratio);
    let none = Scanning {
        replicates: 0,
        ..ONCE
    };
    assert_eq!(run(&[1; 8], model, none), ScanError::NoReplicates);
    let at_once = Scanning {
        stop: Stop::Exceedances(0),
        ..ONCE
    };
    assert_eq!(run(&[1; 8], model, at_once), ScanError::NoExceedances);
    assert_eq!(run(&[u32::MAX; 8], model, ONCE), ScanError::TooManyCases);
}
