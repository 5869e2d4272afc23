//! Worlds of known reporting, found again.

use rand::Rng;
use rand_distr::{Distribution, Gamma, Poisson, StandardNormal};

use super::super::*;
use crate::units::{Purpose, Seed, real};

const N_CELLS: usize = 60;
const N_STEPS: usize = 30;

struct World {
    counts: Vec<f64>,
    design: Vec<f64>,
}

/// Patrols go where much happens, twice as often in some spans as in others, and roads close for a part of
/// the year. Rates vary between cells; `clumps` makes reports come in clumps.
fn world(index: u64, (level, slopes): (f64, [f64; 2]), clumps: bool) -> World {
    let mut rng = Seed(11).stream(Purpose::ReportingSimulation, index);
    let (mut counts, mut design) = (Vec::new(), Vec::new());
    for _ in 0..N_CELLS {
        let rate: f64 = Gamma::new(1.0, 4.0).unwrap().sample(&mut rng);
        let usual = 0.3 + 0.3 * rate;
        for step in 0..N_STEPS {
            let much = if rng.random_bool(0.5) { 3.0 } else { 0.3 };
            let visits: f64 = Poisson::new(usual * much).unwrap().sample(&mut rng);
            let open = f64::from(u8::from(step % 10 < 6));
            let eta = level + slopes[0] * visits.ln_1p() + slopes[1] * open;
            let clump: f64 = if clumps {
                Gamma::new(1.0, 1.0).unwrap().sample(&mut rng)
            } else {
                1.0
            };
            let mean = rate * clump / (1.0 + (-eta).exp());
            let count = if mean > 1e-12 {
                Poisson::new(mean).unwrap().sample(&mut rng)
            } else {
                0.0
            };
            counts.push(count);
            design.extend([visits.ln_1p(), open]);
        }
    }
    World { counts, design }
}

fn fitted(world: &World, level: Level) -> DetectionFit {
    let exposure = vec![1.0; world.counts.len()];
    let panel = Panel {
        n_steps: N_STEPS,
        counts: &world.counts,
        exposure: &exposure,
        design: &world.design,
        width: 2,
    };
    fit_detection(&panel, level, 1.0).unwrap()
}

/// Truths drawn from the prior: bands of 90 % hold the true q in about 90 % of worlds, whether reports are
/// Poisson or clump. 120 worlds: 0.9 +- 3 standard errors is 0.82 to 0.98.
#[test]
fn bands_hold_the_truth_as_often_as_they_say() {
    for clumps in [false, true] {
        let (mut held, mut of_ratio, n) = (0, 0, 120);
        for index in 0..n {
            let mut rng = Seed(12).stream(Purpose::ReportingSimulation, index);
            let normal: f64 = rng.sample(StandardNormal);
            let slopes = [0.4 + rng.random::<f64>(), 0.2 + rng.random::<f64>()];
            let level = -1.5 + 0.7 * normal;
            let world = world(index, (level, slopes), clumps);
            let prior = Level::Prior {
                mean: -1.5,
                sd: 0.7,
            };
            let fit = fitted(&world, prior);
            let q =
                |x: [f64; 2]| 1.0 / (1.0 + (-level - slopes[0] * x[0] - slopes[1] * x[1]).exp());
            let (idle, busy) = ([0.0, 1.0], [3.0_f64.ln_1p(), 1.0]);
            let band = fit.mean_q(&[&busy]).unwrap();
            held += u32::from(band.lo <= q(busy) && q(busy) <= band.hi);
            let ratio = fit.ratio(&[&idle], &[&busy]).unwrap();
            let truth = q(busy) / q(idle);
            of_ratio += u32::from(ratio.lo <= truth && truth <= ratio.hi);
        }
        for held in [held, of_ratio] {
            let share = f64::from(held) / real(usize::try_from(n).unwrap());
            assert!((0.82..=0.98).contains(&share), "clumps {clumps}: {share}");
        }
    }
}

/// Patrols that follow risk: comparing cells would find an effect of visits where there is none.
#[test]
fn patrols_that_go_where_much_happens_are_no_effect() {
    let mut positive = 0;
    for index in 0..40 {
        let world = world(1000 + index, (-1.0, [0.0, 0.0]), false);
        let exposure = vec![1.0; world.counts.len()];
        let panel = Panel {
            n_steps: N_STEPS,
            counts: &world.counts,
            exposure: &exposure,
            design: &world.design,
            width: 2,
        };
        if let Ok(fit) = fit_detection(&panel, Level::Fixed(-1.0), 1.0) {
            let visits = fit.ratio(&[&[0.0, 1.0]], &[&[1.0, 1.0]]).unwrap();
            positive += u32::from(visits.lo > 1.0);
        }
    }
    assert!(positive <= 5, "{positive} of 40 at a level of 5 %");
}

/// Near saturation the bend of the logit shows the level; where reporting is rare everywhere nothing does.
#[test]
fn the_level_is_known_only_where_more_effort_stops_helping() {
    let prior = Level::Prior {
        mean: -1.5,
        sd: 1.0,
    };
    let bent = fitted(&world(7, (-1.0, [2.0, 0.5]), false), prior);
    assert!(bent.level_is_known, "{bent:?}");
    assert!((bent.level + 1.0).abs() < 2.0 * bent.level_se.unwrap());
    let rare = fitted(&world(8, (-4.5, [0.8, 0.5]), false), prior);
    assert!(!rare.level_is_known, "{rare:?}");
}
