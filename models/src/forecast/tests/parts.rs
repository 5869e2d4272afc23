use rand::Rng;

use crate::forecast::CountGivenEvent;
use crate::forecast::pool::Pool;
use crate::testing::close;
use crate::units::{Purpose, Seed};

#[test]
fn the_pool_finds_who_is_right_and_the_line_mends_the_rest() {
    let mut rng = Seed(3).stream(Purpose::SynthIncidents, 2);
    let n = 40_000;
    let truth: Vec<f64> = (0..n)
        .map(|i| if i % 4 == 0 { 0.3 } else { 0.02 })
        .collect();
    let event: Vec<bool> = truth.iter().map(|p| rng.random::<f64>() < *p).collect();
    let blind = vec![0.09; n];
    let pool = Pool::fit(&[blind.clone(), truth.clone()], &event);
    assert!(pool.weights[1] > 0.9, "{pool:?}");
    close(pool.line.1, 1.0, 0.1);
    // Odds said twice too high.
    let double = |p: &f64| 2.0 * p / (1.0 + p);
    let pool = Pool::fit(&[truth.iter().map(double).collect()], &event);
    close(pool.line.0, -(2.0_f64).ln(), 0.15);
    close(pool.say(std::iter::once(double(&0.3))), 0.3, 0.02);
    assert_eq!(Pool::fit(&[blind], &vec![false; n]), Pool::prior(1));
}

#[test]
fn counts_have_the_quantiles_of_their_law() {
    let p = vec![0.2; 400];
    let counts: Vec<f64> = (0..400)
        .map(|i| f64::from(u8::from(i % 5 == 0)) * f64::from(1 + i % 3))
        .collect();
    let law = CountGivenEvent::fit(&p, &counts);
    // Of the 80 with an event the mean is 2 (within a third): one beyond the first.
    close(law.mean(0.2), 0.4, 0.01);
    assert_eq!(law.quantiles(0.2, [0.5, 0.8, 0.81]), [0, 0, 1]);
    let poisson = CountGivenEvent::fit(&[0.2], &[1.0]);
    assert_eq!(poisson.size, None);
    // 1 - exp(-m) = 0.2: of a Poisson count, 0.2231.
    close(poisson.mean(0.2), 0.2231, 2e-3);
}
