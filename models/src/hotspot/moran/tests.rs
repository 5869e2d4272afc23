use super::*;
use crate::permute::{PooledNull, local_moran_p_values};
use crate::testing::{all_close, close, lattice, line, number, numbers, real_data, reference};

const BOTH: [Weighting; 2] = [Weighting::Binary, Weighting::RowStandardised];

fn certain(values: &[f64], graph: &Neighbours, weighting: Weighting) -> Moran {
    let seen = vec![true; values.len()];
    moran(values, &seen, graph, weighting).unwrap().unwrap()
}

#[test]
fn global_and_local_agree_with_esda() {
    let all = reference("moran");
    let values = numbers(&all["values"]);
    let lists: Vec<Vec<u32>> = serde_json::from_value(all["neighbours"].clone()).unwrap();
    let graph = Neighbours::from_lists(&lists).unwrap();
    for (case, weighting) in all["cases"].as_array().unwrap().iter().zip(BOTH) {
        let found = certain(&values, &graph, weighting);
        close(found.i, number(&case["i"]), 1e-12);
        close(found.expected, number(&case["expected"]), 1e-12);
        close(
            found.variance_normal,
            number(&case["variance_normal"]),
            1e-12,
        );
        let randomised = found.variance_randomised.unwrap();
        close(randomised, number(&case["variance_randomised"]), 1e-12);
        close(found.z_normal().unwrap(), number(&case["z_normal"]), 1e-9);
        close(
            found.z_randomised().unwrap(),
            number(&case["z_randomised"]),
            1e-9,
        );
        let local = local_moran(&values, &[true; 70], &graph, weighting).unwrap();
        let theirs = numbers(&case["local"]).into_iter().map(|i| i * 70.0 / 69.0);
        let ours: Vec<f64> = local.iter().map(|cell| cell.unwrap().i).collect();
        all_close(&ours, &theirs.collect::<Vec<_>>(), 1e-9);
        let quadrants = numbers(&case["quadrant"]);
        for (cell, quadrant) in local.iter().zip(quadrants) {
            let number = match cell.unwrap().quadrant {
                Quadrant::HighHigh => 1.0,
                Quadrant::LowHigh => 2.0,
                Quadrant::LowLow => 3.0,
                Quadrant::HighLow => 4.0,
                Quadrant::Neither => 0.0,
            };
            close(number, quadrant, 0.0);
        }
    }
}

#[test]
fn homicides_around_saint_louis_have_their_published_i() {
    let name = "homicides_around_saint_louis_have_their_published_i";
    let folder = "reference/lisa";
    let read = |file: &str| {
        let path = real_data(&format!("{folder}/{file}"), name)?;
        Some(std::fs::read_to_string(path).unwrap())
    };
    let (Some(gal), Some(table)) = (read("stl.gal"), read("stl_hom.csv")) else {
        return;
    };
    let rate = |row: &str| {
        row.rsplit('"')
            .next()?
            .split(',')
            .nth(9)?
            .trim()
            .parse()
            .ok()
    };
    let rates: Vec<f64> = table
        .lines()
        .skip(1)
        .map(|row| rate(row).unwrap())
        .collect();
    let mut rows = gal.lines().skip(1);
    let mut lists = vec![Vec::new(); rates.len()];
    while let (Some(head), Some(list)) = (rows.next(), rows.next()) {
        let cell: usize = head.split_whitespace().next().unwrap().parse().unwrap();
        let near = list
            .split_whitespace()
            .map(|j| j.parse::<u32>().unwrap() - 1);
        lists[cell - 1] = near.collect();
    }
    let graph = Neighbours::from_lists(&lists).unwrap();
    let found = certain(&rates, &graph, Weighting::RowStandardised);
    close(found.i, 0.243_655_826_217_716_6, 1e-12);
    let draws = (999, Side::Upper);
    let weighting = Weighting::RowStandardised;
    let p = moran_p_value(&rates, &[true; 78], &graph, weighting, draws, Seed(1));
    assert!(p.unwrap().unwrap() < 0.01);
}

#[test]
fn local_i_sums_to_global_i() {
    let values: Vec<f64> = (0..20).map(|i| f64::from(i * i % 7)).collect();
    let graph = lattice(5, 4);
    for (weighting, s0) in BOTH.into_iter().zip([62.0, 20.0]) {
        let local = local_moran(&values, &[true; 20], &graph, weighting).unwrap();
        let sum: f64 = local.into_iter().map(|cell| cell.unwrap().i).sum();
        close(sum / s0, certain(&values, &graph, weighting).i, 1e-12);
    }
}

#[test]
fn unobserved_cells_leave_every_sum() {
    for weighting in BOTH {
        let short = [1.0, 5.0, 2.0, 0.5];
        let long = [1.0, 5.0, 2.0, 0.5, f64::NAN, 99.0];
        let seen = [true, true, true, true, false, false];
        let masked = moran(&long, &seen, &line(6), weighting).unwrap().unwrap();
        assert_eq!(masked, certain(&short, &line(4), weighting));
        let masked = local_moran(&long, &seen, &line(6), weighting).unwrap();
        let alone = local_moran(&short, &[true; 4], &line(4), weighting).unwrap();
        assert_eq!(masked[..4], alone[..]);
        assert_eq!(masked[4..], [None, None]);
    }
}

#[test]
fn what_has_no_spread_or_no_link_is_undefined() {
    let apart = Neighbours::from_lists(&[vec![], vec![]]).unwrap();
    for weighting in BOTH {
        assert_eq!(moran(&[0.1; 3], &[true; 3], &line(3), weighting), Ok(None));
        assert_eq!(moran(&[1.0, 2.0], &[true; 2], &apart, weighting), Ok(None));
        let draws = (9, Side::Upper);
        let p = moran_p_value(&[1.0, 2.0], &[true; 2], &apart, weighting, draws, Seed(1));
        assert_eq!(p, Ok(None));
        let local = local_moran(&[1.0, 2.0], &[true; 2], &apart, weighting);
        assert_eq!(local, Ok(vec![None; 2]));
    }
    let three = certain(&[1.0, 2.0, 4.0], &line(3), Weighting::Binary);
    assert_eq!(three.variance_randomised, None);
    let none = moran_p_value(
        &[1.0, 2.0],
        &[true; 2],
        &line(2),
        BOTH[0],
        (0, Side::Upper),
        Seed(1),
    );
    assert_eq!(none, Err(MoranError::NoPermutations));
}

/// All 720 orders of six values, by exchanging (Heap).
fn every_order(values: &mut Vec<f64>, k: usize, seen: &mut impl FnMut(&[f64])) {
    if k <= 1 {
        return seen(values);
    }
    for i in 0..k {
        every_order(values, k - 1, seen);
        values.swap(if k.is_multiple_of(2) { i } else { 0 }, k - 1);
    }
}

#[test]
fn the_global_p_value_and_moments_are_those_of_all_orders() {
    let mut values = vec![3.0, 1.0, 4.0, 1.0, 5.0, 9.0];
    for weighting in BOTH {
        let found = certain(&values, &line(6), weighting);
        let (mut high, mut all) = (0.0, Vec::new());
        every_order(&mut values, 6, &mut |order| {
            let i = certain(order, &line(6), weighting).i;
            high += f64::from(u8::from(i >= found.i - 1e-9));
            all.push(i);
        });
        let mean = all.iter().sum::<f64>() / 720.0;
        let variance = all.iter().map(|i| (i - mean).powi(2)).sum::<f64>() / 720.0;
        close(mean, found.expected, 1e-12);
        close(variance, found.variance_randomised.unwrap(), 1e-12);
        values = vec![3.0, 1.0, 4.0, 1.0, 5.0, 9.0];
        let draws = (40_000, Side::Upper);
        let p = moran_p_value(&values, &[true; 6], &line(6), weighting, draws, Seed(3));
        let exact: f64 = high / 720.0;
        // Four standard errors.
        let error = 4.0 * (exact * (1.0 - exact) / 40_000.0).sqrt();
        close(p.unwrap().unwrap(), exact, error + 3e-5);
    }
}

#[test]
fn the_local_p_value_is_that_of_every_draw() {
    let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
    let mean = values.iter().sum::<f64>() / 8.0;
    let params = |side| PooledNull {
        draws: 200_000,
        side,
    };
    let p =
        |side| local_moran_p_values(&values, &[true; 8], &line(8), params(side), Seed(1)).unwrap();
    let (alike, unlike) = (p(Side::Upper), p(Side::Lower));
    for cell in 1..7 {
        let i = |a: f64, b: f64| (values[cell] - mean) * (a + b - 2.0 * mean);
        let own = i(values[cell - 1], values[cell + 1]);
        let others: Vec<f64> = (0..8).filter(|&j| j != cell).map(|j| values[j]).collect();
        let pairs = (0..7).flat_map(|a| (0..a).map(move |b| (a, b)));
        let drawn: Vec<f64> = pairs.map(|(a, b)| i(others[a], others[b])).collect();
        let share = |against: &dyn Fn(f64) -> bool| {
            real(drawn.iter().filter(|&&i| against(i)).count()) / real(drawn.len())
        };
        let exact = [share(&|i| i >= own - 1e-9), share(&|i| i <= own + 1e-9)];
        for (got, exact) in [alike[cell], unlike[cell]].into_iter().zip(exact) {
            let error = (exact * (1.0 - exact) / 150_000.0).sqrt();
            close(got.unwrap(), exact, 4.0 * error + 1e-5);
        }
    }
}

#[test]
fn a_cell_at_the_mean_has_no_local_p_value() {
    let params = PooledNull {
        draws: 99,
        side: Side::Upper,
    };
    let values = [1.0, 2.0, 0.0, 1.0, 1.5, 0.5];
    let p = local_moran_p_values(&values, &[true; 6], &line(6), params, Seed(1)).unwrap();
    let defined: Vec<bool> = p.iter().map(Option::is_some).collect();
    assert_eq!(defined, [false, true, true, false, true, true]);
    let local = local_moran(&values, &[true; 6], &line(6), Weighting::Binary).unwrap();
    assert_eq!(local[3].unwrap().quadrant, Quadrant::Neither);
}

#[test]
fn thread_counts_change_nothing() {
    let values: Vec<f64> = (0..70).map(|i| f64::from(i * i % 11)).collect();
    let runs = [1, 3].map(|threads| {
        crate::threads::limited(std::num::NonZeroUsize::new(threads).unwrap(), || {
            let draws = (500, Side::TwoSided);
            moran_p_value(
                &values,
                &[true; 70],
                &lattice(10, 7),
                BOTH[1],
                draws,
                Seed(5),
            )
            .unwrap()
        })
    });
    assert_eq!(runs[0], runs[1]);
}
