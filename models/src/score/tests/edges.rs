use proptest::prelude::*;

use super::super::*;
use crate::testing::close;

const ALL: f64 = f64::NEG_INFINITY;

#[test]
fn one_kind_of_outcome_cannot_be_told_apart() {
    assert_eq!(auroc(&[0.1, 0.2], &[true; 2]), Ok(None));
    assert_eq!(auroc(&[0.1, 0.2], &[false; 2]), Ok(None));
    assert_eq!(average_precision(&[0.1, 0.2], &[false; 2]), Ok(None));
    assert_eq!(average_precision(&[], &[]), Ok(None));
    assert_eq!(
        auroc(&[f64::NAN], &[true]),
        Err(ScoreError::NotFinite { index: 0 })
    );
}

#[test]
fn what_was_held_impossible_scores_infinite() {
    assert_eq!(log_score(&[0.0, 0.5], &[true, false]), Ok(f64::INFINITY));
    assert_eq!(log_score(&[1.0, 0.0], &[true, false]), Ok(0.0));
    let law = CountLaw::table(&[0.25, 0.75]).unwrap();
    assert!(law.log_score(2).is_infinite());
    close(law.crps(2, 0), 0.25 * 0.25 + 1.0, 1e-15);
    assert!(CountLaw::poisson(0.0).unwrap().log_score(1).is_infinite());
    close(CountLaw::poisson(0.0).unwrap().crps(3, 0), 3.0, 1e-15);
    assert_eq!(pit(&[0.5], &[0.5], 0.1), Err(PitError::Step { index: 0 }));
}

#[test]
fn numbers_that_are_no_law_are_refused() {
    assert_eq!(CountLaw::poisson(-0.1), Err(InvalidLaw::Mean));
    assert_eq!(CountLaw::poisson(f64::NAN), Err(InvalidLaw::Mean));
    assert_eq!(
        CountLaw::negative_binomial(5.0, 1e-7),
        Err(InvalidLaw::Size)
    );
    assert_eq!(CountLaw::table(&[0.5, 0.4]), Err(InvalidLaw::Sum));
    assert_eq!(CountLaw::table(&[]), Err(InvalidLaw::Sum));
    let fault = InvalidLaw::Probability { index: 1 };
    assert_eq!(CountLaw::table(&[0.5, 1.5]), Err(fault));
    let fault = ScoreError::Probability { index: 0 };
    assert_eq!(brier(&[1.01], &[true]), Err(fault));
    assert_eq!(brier(&[], &[]), Err(ScoreError::Empty));
}

#[test]
fn faulty_ensembles_are_refused() {
    assert_eq!(
        crps_ensemble(&[], 1.0, ALL),
        Err(EnsembleError::TooFew { needed: 1, got: 0 })
    );
    assert_eq!(
        crps_ensemble_fair(&[1.0], 1.0, ALL),
        Err(EnsembleError::TooFew { needed: 2, got: 1 })
    );
    assert_eq!(
        crps_ensemble(&[1.0], f64::NAN, ALL),
        Err(EnsembleError::Observed)
    );
    assert_eq!(
        crps_ensemble(&[1.0], 1.0, f64::NAN),
        Err(EnsembleError::Threshold)
    );
    assert_eq!(crps_ensemble(&[1.0], 3.0, f64::INFINITY), Ok(0.0));
    assert_eq!(ensemble_interval(&[1.0], 1.0), Err(EnsembleError::Level));
    assert_eq!(
        ignorance(&[1.0], -1.0, &CHALLENGE_EDGES),
        Err(EnsembleError::BelowBins)
    );
    assert_eq!(
        ignorance(&[1.0], 1.0, &[1.0, 1.0]),
        Err(EnsembleError::Edges)
    );
    assert_eq!(ignorance(&[1.0], 1.0, &[]), Err(EnsembleError::Edges));
}

#[test]
fn an_interval_that_holds_the_outcome_costs_its_width() {
    assert_eq!(interval_score(1.0, 4.0, 4.0, 0.9), Ok(3.0));
    close(interval_score(1.0, 4.0, 4.5, 0.9).unwrap(), 13.0, 1e-9);
    close(interval_score(1.0, 4.0, 0.5, 0.9).unwrap(), 13.0, 1e-9);
    assert_eq!(
        interval_score(1.0, 4.0, 2.0, 1.0),
        Err(IntervalError::Level)
    );
    let crossed = IntervalError::Interval { index: 0 };
    assert_eq!(interval_score(4.0, 1.0, 2.0, 0.9), Err(crossed));
    let share = coverage(&[0.0, 2.0], &[1.0, 3.0], &[1.0, 1.0]);
    assert_eq!(share, Ok(Some(0.5)));
    assert_eq!(coverage(&[], &[], &[]), Ok(None));
}

#[test]
fn skill_needs_a_reference_that_errs() {
    assert_eq!(skill(0.1, 0.2), Some(0.5));
    assert_eq!(skill(0.1, 0.0), None);
    assert_eq!(skill(f64::INFINITY, 1.0), None);
    assert_eq!(spiegelhalter_z(&[0.5, 1.0], &[true, true]), Ok(None));
    assert_eq!(wilson(1, 0, 0.95), None);
}

#[test]
fn equal_forecasts_stay_in_one_bin() {
    let p = [0.1, 0.1, 0.1, 0.1, 0.7, 0.9];
    let event = [false, false, true, false, true, true];
    let bins = reliability(&p, &event, 3).unwrap();
    assert_eq!(bins.iter().map(|bin| bin.n).collect::<Vec<_>>(), [4, 1, 1]);
    close(bins[0].observed, 0.25, 1e-15);
    assert!(bins[0].lo < 0.25 && bins[0].hi > 0.25);
    assert_eq!(reliability(&p, &event, 0).unwrap().len(), 1);
}

proptest! {
    #[test]
    fn the_law_of_a_table_scores_as_the_draws_it_is_made_of(
        draws in prop::collection::vec(0_u32..9, 1..12), y in 0_u32..14, from in 0_u32..10,
    ) {
        let mut share = vec![0.0; 9];
        for &draw in &draws {
            share[draw as usize] += 1.0 / crate::units::real(draws.len());
        }
        let real: Vec<f64> = draws.iter().map(|&x| f64::from(x)).collect();
        let ensemble = crps_ensemble(&real, f64::from(y), f64::from(from)).unwrap();
        let law = CountLaw::table(&share).unwrap();
        close(law.crps(y, from), ensemble, 1e-9);
    }

    #[test]
    fn the_order_of_the_records_does_not_matter(
        records in prop::collection::vec((0_u8..5, any::<bool>()), 1..30),
    ) {
        let split = |records: &[(u8, bool)]| -> (Vec<f64>, Vec<bool>) {
            records.iter().map(|&(s, o)| (f64::from(s) / 5.0, o)).unzip()
        };
        let (p, event) = split(&records);
        let back: Vec<(u8, bool)> = records.iter().rev().copied().collect();
        let (q, outcome) = split(&back);
        prop_assert_eq!(auroc(&p, &event), auroc(&q, &outcome));
        prop_assert_eq!(average_precision(&p, &event), average_precision(&q, &outcome));
        let parts = murphy(&p, &event).unwrap();
        let sum = parts.reliability - parts.resolution + parts.uncertainty;
        close(sum, brier(&p, &event).unwrap(), 1e-12);
    }
}
