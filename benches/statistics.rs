//! How the cost of each statistic of a night grows with the number of cells.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use forewarn_benches::World;
use forewarn_models::hotspot::{benjamini_hochberg, local_g_star};
use forewarn_models::permute::{PooledNull, Side, pooled_p_values};
use forewarn_models::risk::GammaPrior;
use forewarn_models::surge::exceedance;
use forewarn_models::units::Seed;

/// Disks of 1,027, 10,267 and 102,121 cells.
const RINGS: [u32; 3] = [18, 58, 184];

fn statistics(criterion: &mut Criterion) {
    for rings in RINGS {
        let world = &World::new(rings);
        let n_cells = world.grid.len();
        let observed = vec![true; n_cells];
        let mut group = criterion.benchmark_group("night");
        group
            .throughput(Throughput::Elements(n_cells as u64))
            .sample_size(10);
        let id = |name: &str| BenchmarkId::new(name, n_cells);
        group.bench_function(id("gi_star"), |bench| {
            bench.iter(|| local_g_star(black_box(&world.counts), &observed, &world.neighbours));
        });
        group.bench_function(id("pooled_null_100k"), |bench| {
            let null = PooledNull {
                draws: 100_000,
                side: Side::Upper,
            };
            bench.iter(|| {
                let counts = black_box(&world.counts);
                pooled_p_values(counts, &observed, &world.neighbours, null, Seed(1))
            });
        });
        group.bench_function(id("gamma_fit"), |bench| {
            bench.iter(|| GammaPrior::fit(black_box(&world.counts), &world.expected));
        });
        group.bench_function(id("surge_and_fdr"), |bench| {
            bench.iter(|| {
                let counts = world.neighbours.sums(black_box(&world.counts));
                let expected = world.neighbours.sums(&world.expected);
                let pairs = counts.iter().flatten().zip(expected.iter().flatten());
                let tails = pairs.filter_map(|(&y, &mean)| exceedance(y, mean, 1.5 * mean));
                benjamini_hochberg(&tails.collect::<Vec<_>>())
            });
        });
        group.finish();
    }
}

criterion_group!(benches, statistics);
criterion_main!(benches);
