use rand::distr::Uniform;
use rayon::prelude::*;

use super::field::{Field, draw, p_value};
use crate::units::{Purpose, Seed, compact};

/// Upper-tail p-values of the observed cells, each from draws of its own.
pub(super) fn upper(field: &Field, draws: u32, seed: Seed) -> Vec<Option<f64>> {
    (0..field.n())
        .into_par_iter()
        .map(|cell| {
            field
                .has_null(field.degree[cell])
                .then(|| p_of(field, cell, draws, seed))
        })
        .collect()
}

fn p_of(field: &Field, cell: usize, draws: u32, seed: Seed) -> f64 {
    let mut rng = seed.stream(Purpose::BruteForceNull, cell as u64);
    let range = Uniform::new(0, compact(field.n())).expect("a null has cells to draw from");
    let mut near = vec![0; field.degree[cell]];
    let mut against = 0;
    for _ in 0..draws {
        draw(&mut rng, range, Some(compact(cell)), &mut near);
        let sum: i64 = near.iter().map(|&id| field.value[id as usize]).sum();
        against += u32::from(sum >= field.threshold[cell]);
    }
    p_value(against, draws)
}
