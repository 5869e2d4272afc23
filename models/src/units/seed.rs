use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

/// The one number from which every random draw of a run follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seed(pub u64);

/// What a stream of random numbers is for. Different purposes never share numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Draws of the pooled conditional permutation null.
    PooledNull = 1,
    /// Draws of the cell-by-cell conditional permutation null.
    BruteForceNull = 2,
    /// Draws from the posterior of one item.
    PosteriorDraw = 3,
    /// Incidents of a generated mission.
    SynthIncidents = 4,
    /// Logs of movements and presence of a generated mission.
    SynthLogs = 5,
    /// Dates dealt out anew to the places of a space-time interaction test.
    KnoxPermutation = 20,
    /// Events of a simulated self-exciting process.
    HawkesSimulation = 21,
    /// Blocks drawn for the interval of a score.
    ScoreBootstrap = 22,
    /// One replicate of the null of a scan statistic.
    ScanReplicate = 23,
    /// Values dealt out anew to the cells of a map.
    MoranPermutation = 30,
    /// Draws of the pooled conditional permutation null of a space-time cube.
    CubeNull = 31,
    /// Nights of a simulated patrol that learns from what it finds.
    FeedbackSimulation = 60,
    /// Reports of a simulated world in which effort varies.
    ReportingSimulation = 61,
    /// Where and when records that are not known to one place and week are put.
    Placement = 70,
    /// The patrol plan of one week.
    PatrolPlan = 80,
    /// Rows without an event that a forecast model is fitted on.
    ForecastRows = 81,
}

impl Seed {
    /// The random stream of one piece of work.
    ///
    /// `ChaCha20` in counter mode: the 256-bit key is the seed (8 bytes, little endian), the
    /// purpose (8 bytes) and zeros; `index` is the 64-bit stream number beside the block counter.
    /// Work that is numbered by what it is about, not by when it runs, therefore draws the same
    /// numbers at any thread count.
    #[must_use]
    pub fn stream(self, purpose: Purpose, index: u64) -> ChaCha20Rng {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.0.to_le_bytes());
        key[8..16].copy_from_slice(&(purpose as u64).to_le_bytes());
        let mut rng = ChaCha20Rng::from_seed(key);
        rng.set_stream(index);
        rng
    }
}

#[cfg(test)]
mod tests {
    use rand::RngCore;

    use super::*;

    #[test]
    fn a_stream_depends_on_seed_purpose_and_index_alone() {
        let first = |seed, purpose, index| Seed(seed).stream(purpose, index).next_u64();
        let base = first(7, Purpose::PooledNull, 3);
        assert_eq!(base, first(7, Purpose::PooledNull, 3));
        assert_ne!(base, first(8, Purpose::PooledNull, 3));
        assert_ne!(base, first(7, Purpose::PosteriorDraw, 3));
        assert_ne!(base, first(7, Purpose::PooledNull, 4));
    }
}
