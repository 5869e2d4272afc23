use super::*;
use crate::testing::{close, number, numbers, reference};
use crate::units::real;

const DRAWS: u32 = 20_000;

fn parts(shares: &[f64]) -> Vec<(u32, u32)> {
    let part = |(i, share): (usize, &f64)| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "shares of a million"
        )]
        let parts = (share * f64::from(WHOLE)).round() as u32;
        (compact(i), parts)
    };
    shares.iter().enumerate().map(part).collect()
}

fn one(key: u64, n: u32) -> Uncertain {
    Uncertain {
        key,
        n,
        testifies: false,
        places: 0,
        steps: 0,
    }
}

fn counts(placement: &Placement) -> Vec<f64> {
    placement.counts().map(f64::from).collect()
}

#[test]
fn records_fall_as_the_multinomial_law_says() {
    let case = reference("placements");
    let n = u32::try_from(case["n"].as_u64().unwrap()).unwrap();
    let (places, steps) = (numbers(&case["places"]), numbers(&case["steps"]));
    let records = Placements::new(
        2,
        vec![0; 6],
        vec![parts(&places)],
        vec![parts(&steps)],
        vec![one(77, n)],
    )
    .unwrap();
    let drawn: Vec<Placement> = (0..DRAWS).map(|r| records.draw(r, Seed(3))).collect();
    let n_draws = f64::from(DRAWS);
    let share = |is: &dyn Fn(&Placement) -> bool, p: f64| {
        let found = real(drawn.iter().filter(|placement| is(placement)).count());
        close(found / n_draws, p, 4.0 * (p * (1.0 - p) / n_draws).sqrt());
    };
    let p = |name: &str| number(&case[name]);
    share(&|d| counts(d)[0] >= 3.0, p("p_three_or_more_in_first"));
    share(
        &|d| counts(d) == [2.0, 1.0, 1.0],
        p("p_two_one_one_outside_one"),
    );
    share(&|d| d.all[5] == 1, p("p_one_in_last_step_of_third"));
    share(&|d| counts(d) == [0.0; 3], p("p_nothing_in_window"));
    let mean_of =
        |f: &dyn Fn(&[f64]) -> f64| drawn.iter().map(|d| f(&counts(d))).sum::<f64>() / n_draws;
    let (means, variances) = (
        numbers(&case["mean_by_cell"]),
        numbers(&case["variance_by_cell"]),
    );
    for cell in 0..3 {
        let mean = mean_of(&|counts| counts[cell]);
        close(mean, means[cell], 4.0 * (variances[cell] / n_draws).sqrt());
        let variance = mean_of(&|counts| (counts[cell] - means[cell]).powi(2));
        close(variance, variances[cell], 0.05);
    }
    let covariance = mean_of(&|counts| (counts[0] - means[0]) * (counts[1] - means[1]));
    close(covariance, p("covariance_of_first_two"), 0.05);
}

#[test]
fn what_is_certain_stays_and_testifies_and_the_rest_as_it_says() {
    let testifying = Uncertain {
        testifies: true,
        ..one(1, 4)
    };
    let everywhere = vec![vec![(0, WHOLE / 2), (1, WHOLE / 2)]];
    let records = Placements::new(
        1,
        vec![3, 0],
        everywhere,
        vec![vec![(0, WHOLE)]],
        vec![testifying, one(2, 7)],
    )
    .unwrap();
    assert_eq!((records.n_certain(), records.n_uncertain()), (3, 11));
    for replicate in 0..50 {
        let placement = records.draw(replicate, Seed(1));
        assert_eq!(placement.counts().sum::<u32>(), 14);
        assert_eq!(placement.testifying().sum::<u32>(), 7);
        let [first, second] = [0, 1].map(|cell| placement.testifying_since(cell, 0));
        assert!(first >= 3 && first + second == 7);
    }
}

#[test]
fn a_placement_does_not_hang_on_what_stands_beside_it_or_was_drawn_before() {
    let places = vec![parts(&[0.2; 5])];
    let of = |uncertain| {
        let steps = vec![vec![(0, WHOLE)]];
        Placements::new(1, vec![0; 5], places.clone(), steps, uncertain).unwrap()
    };
    let (left, right, both) = (
        of(vec![one(8, 30)]),
        of(vec![one(9, 30)]),
        of(vec![one(9, 30), one(8, 30)]),
    );
    for replicate in [7, 0, 199] {
        let apart = [&left, &right].map(|records| counts(&records.draw(replicate, Seed(2))));
        let together = counts(&both.draw(replicate, Seed(2)));
        for cell in 0..5 {
            close(together[cell], apart[0][cell] + apart[1][cell], 0.0);
        }
        assert_ne!(apart[0], apart[1], "a key has a stream of its own");
    }
    assert_ne!(left.draw(0, Seed(2)), left.draw(1, Seed(2)));
    assert_ne!(left.draw(0, Seed(2)), left.draw(0, Seed(3)));
}

#[test]
fn records_that_cannot_be_placed_are_refused() {
    let whole = || vec![vec![(0, WHOLE)]];
    let new = |places, steps, one| Placements::new(1, vec![0; 2], places, steps, vec![one]);
    assert!(new(whole(), whole(), one(1, 1)).is_ok());
    let beyond = Err(PlacementError::Beyond);
    assert_eq!(new(vec![vec![(2, WHOLE)]], whole(), one(1, 1)), beyond);
    assert_eq!(new(whole(), vec![vec![(1, 1)]], one(1, 1)), beyond);
    let nowhere = Uncertain {
        places: 1,
        ..one(1, 1)
    };
    assert_eq!(new(whole(), whole(), nowhere), beyond);
    assert_eq!(
        Placements::new(2, vec![0; 3], vec![], vec![], vec![]),
        beyond
    );
    let not_whole = Err(PlacementError::NotWhole);
    assert_eq!(
        new(vec![vec![(0, WHOLE - 1)]], whole(), one(1, 1)),
        not_whole
    );
    assert_eq!(
        new(whole(), vec![vec![(0, WHOLE + 1)]], one(1, 1)),
        not_whole
    );
}
