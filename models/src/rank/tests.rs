use super::*;
use crate::risk::{GammaPosterior, GammaPrior};
use crate::testing::{all_close, close, number, numbers, reference};
use crate::units::Seed;

fn posteriors(pairs: &[(f64, f64)]) -> Vec<GammaPosterior> {
    let prior = GammaPrior::new(2.0, 2.0).unwrap();
    pairs
        .iter()
        .map(|&(y, e)| prior.posterior(y, e).unwrap())
        .collect()
}

#[test]
fn the_doubt_between_two_cells_agrees_with_quadrature() {
    let case = reference("rank_doubt");
    let (counts, expected) = (numbers(&case["counts"]), numbers(&case["expected"]));
    let risks = posteriors(&[(counts[0], expected[0]), (counts[1], expected[1])]);
    let means: Vec<f64> = risks.iter().map(|risk| risk.mean()).collect();
    all_close(&means, &numbers(&case["means"]), 1e-12);
    let n = 40_000;
    let ranks = rank_draws(&posterior_draws(&risks, &[10, 20], n, Seed(5)).unwrap(), 1);
    let p = number(&case["p_first_above_second"]);
    close(p, 0.3986, 5e-5);
    let standard_error = (p * (1.0 - p) / real(n)).sqrt();
    close(ranks[0].p_top, p, 4.0 * standard_error);
    close(ranks[0].p_top + ranks[1].p_top, 1.0, 1e-12);
    close(ranks[0].expected, 2.0 - ranks[0].p_top, 1e-12);
}

#[test]
fn draws_have_the_moments_of_their_posterior() {
    let risks = posteriors(&[(0.0, 0.1), (40.0, 3.0)]);
    let n = 20_000;
    let draws = posterior_draws(&risks, &[1, 2], n, Seed(6)).unwrap();
    for (item, risk) in risks.iter().enumerate() {
        let mean = draws.item(item).iter().sum::<f64>() / real(n);
        close(mean, risk.mean(), 4.0 * (risk.variance() / real(n)).sqrt());
        let below = draws
            .item(item)
            .iter()
            .filter(|&&x| Some(x) < risk.quantile(0.9))
            .count();
        close(
            real(below) / real(n),
            0.9,
            4.0 * (0.9 * 0.1 / real(n)).sqrt(),
        );
    }
}

#[test]
fn an_item_keeps_its_draws_in_any_company_and_at_any_thread_count() {
    let risks = posteriors(&[(1.0, 2.0), (5.0, 1.0), (0.0, 4.0)]);
    let all = posterior_draws(&risks, &[7, 8, 9], 500, Seed(1)).unwrap();
    let swapped = posterior_draws(&[risks[2], risks[0]], &[9, 7], 500, Seed(1)).unwrap();
    assert_eq!(swapped.item(0), all.item(2));
    assert_eq!(swapped.item(1), all.item(0));
    let summaries = [1, 2].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            rank_draws(
                &posterior_draws(&risks, &[7, 8, 9], 500, Seed(1)).unwrap(),
                2,
            )
        })
    });
    assert_eq!(summaries[0], summaries[1]);
}

#[test]
fn ends_are_nearest_ranks_and_ties_share_their_mean() {
    // Item 0 is first in 94 replicates of 100 and last in 6; items 1 and 2 always tie.
    let first = (0..100).map(|r| if r < 94 { 9.0 } else { 0.0 });
    let values = first.chain(std::iter::repeat_n(4.0, 200)).collect();
    let draws = Draws::new(100, values).unwrap();
    assert_eq!(draws.replicate(95).collect::<Vec<_>>(), [0.0, 4.0, 4.0]);
    let ranks = rank_draws(&draws, 2);
    close(ranks[0].expected, 0.94 + 3.0 * 0.06, 1e-12);
    assert_eq!((ranks[0].lo, ranks[0].hi), (1, 3));
    close(ranks[1].expected, 2.5 * 0.94 + 1.5 * 0.06, 1e-12);
    assert_eq!((ranks[1].lo, ranks[1].hi), (1, 3));
    close(ranks[1].p_top, 0.06, 1e-12);
    assert_eq!(ranks[1], ranks[2]);
}

#[test]
fn more_items_than_a_block_keep_their_places() {
    let n = 3 * TOGETHER + 1;
    let values = (0..n).flat_map(|item| [real(item); 11]).collect();
    let ranks = rank_draws(&Draws::new(11, values).unwrap(), 5);
    for (item, summary) in ranks.iter().enumerate() {
        close(summary.expected, real(n - item), 1e-12);
        close(summary.p_top, if n - item <= 5 { 1.0 } else { 0.0 }, 1e-12);
    }
}

#[test]
fn draws_that_cannot_be_ranked_are_refused() {
    assert_eq!(Draws::new(0, vec![1.0]), Err(DrawsError::Empty));
    assert_eq!(
        Draws::new(2, vec![1.0; 3]),
        Err(DrawsError::Ragged {
            n_values: 3,
            n_replicates: 2
        })
    );
    assert_eq!(
        Draws::new(1, vec![1.0, f64::NAN]),
        Err(DrawsError::NotFinite { index: 1 })
    );
    let risks = posteriors(&[(1.0, 1.0), (1.0, 1.0)]);
    assert_eq!(
        posterior_draws(&risks, &[3, 3], 10, Seed(1)),
        Err(DrawsError::DuplicateKey)
    );
    assert!(matches!(
        posterior_draws(&risks, &[3], 10, Seed(1)),
        Err(DrawsError::Length(_))
    ));
    assert_eq!(
        posterior_draws(&[], &[], 10, Seed(1)),
        Err(DrawsError::Empty)
    );
    assert_eq!(
        posterior_draws(&risks, &[3, 4], 0, Seed(1)),
        Err(DrawsError::Empty)
    );
}

#[test]
fn replicates_take_turns_among_the_ways_of_placing() {
    let ways: Vec<GammaPosterior> = posteriors(&[(0.0, 5.0), (60.0, 5.0)]);
    let both: Vec<GammaPosterior> = posteriors(&[(3.0, 2.0), (3.0, 2.0)]);
    let n = 4_000;
    let draws = mixture_draws(&[&ways, &both], &[5, 6], n, Seed(8)).unwrap();
    let mean = |first: usize| {
        let own = draws.item(0).iter().skip(first).step_by(2);
        own.sum::<f64>() / real(n / 2)
    };
    for (first, way) in ways.iter().enumerate() {
        let error = (way.variance() / real(n / 2)).sqrt();
        close(mean(first), way.mean(), 4.0 * error);
    }
    let alone = posterior_draws(&both[..1], &[6], n, Seed(8)).unwrap();
    assert_eq!(draws.item(1), alone.item(0), "equal ways are one posterior");
    let uneven = mixture_draws(&[&ways, &both[..1]], &[5, 6], n, Seed(8));
    assert!(matches!(uneven, Err(DrawsError::Length(_))));
    assert_eq!(
        mixture_draws(&[&[]], &[5], n, Seed(8)),
        Err(DrawsError::Empty)
    );
}

#[test]
fn ranks_are_tied_where_draws_cannot_tell_and_opened_where_they_can() {
    let risks = posteriors(&[(9.0, 1.0), (3.0, 1.0), (3.0, 1.0), (0.0, 3.0)]);
    let keys = [1, 2, 3, 4];
    let mut told_apart = 0;
    for seed in 0..40 {
        let draws = posterior_draws(&risks, &keys, 2_000, Seed(seed)).unwrap();
        let ranks = tied_ranks(&draws, 2_000);
        assert_eq!((ranks[0], ranks[3]), (1, 4));
        told_apart += usize::from((ranks[1], ranks[2]) != (2, 2));
    }
    // One in twenty of equal items is told apart, by the level of the test.
    assert!((0..=6).contains(&told_apart), "{told_apart}");
    // Equal on average, but every draw of a placement says the same: few placements, much error.
    let turns = |r: usize| if r % 4 < 3 { (2.0, 1.0) } else { (1.0, 2.0) };
    let first = (0..400).map(|r| turns(r).0);
    let values = first.chain((0..400).map(|r| turns(r).1)).collect();
    let draws = Draws::new(400, values).unwrap();
    assert_eq!(
        tied_ranks(&draws, 400),
        [1, 2],
        "as if replicates were apart"
    );
    assert_eq!(tied_ranks(&draws, 4), [1, 1], "as they are");
    assert_eq!(tied_ranks(&draws, 1), [1, 2], "no error is known");
    let equal = Draws::new(2, vec![1.0; 6]).unwrap();
    assert_eq!(tied_ranks(&equal, 1), [1, 1, 1]);
}
