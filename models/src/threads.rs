//! How many threads the mathematics works with. No result depends on it.

use std::num::NonZeroUsize;

/// Runs `work` with at most so many threads for everything inside it. Where the system grants no
/// threads of their own, `work` runs with those there are.
pub fn limited<T: Send>(threads: NonZeroUsize, work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new()
        .num_threads(threads.get())
        .build()
    {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}
