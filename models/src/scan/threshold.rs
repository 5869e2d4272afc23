use super::lane::Lane;
use super::score::Score;

/// Expectations whose first 9 binary digits agree share a threshold.
const DROPPED_BITS: u32 = 23 - 9;

/// Expectations below this part of the largest share the first bucket.
const FINEST: f64 = 1e-12;

/// For every expectation the largest count that cannot score above a level.
///
/// A score falls as the expectation grows, so the threshold of the low end of a bucket holds for
/// the whole bucket; a count above it may exceed the level and is looked at closely.
#[derive(Debug)]
pub(super) struct Thresholds<T> {
    first: u32,
    thresholds: Vec<T>,
}

impl<T: Lane> Thresholds<T> {
    /// For expectations within `range`. `None` when a count of this type cannot hold them.
    pub(super) fn new(score: Score, min_cases: u32, range: (f64, f64), level: f64) -> Option<Self> {
        let first = bucket(range.0.max(range.1 * FINEST));
        let last = bucket(range.1).max(first);
        let mut thresholds = Vec::with_capacity((last - first + 1) as usize);
        let (mut count, mut before) = (min_cases, 0.0);
        for bucket in first..=last {
            // The first bucket holds all that is smaller, too.
            let expected = if bucket == first {
                range.0.min(low_end(bucket))
            } else {
                low_end(bucket)
            };
            let above = |count: u32| score.llr(f64::from(count), expected) > level;
            // The threshold rises about as the expectation does: little is left to walk.
            count = count.saturating_add(whole_part(expected - before));
            before = expected;
            while count > min_cases && above(count - 1) {
                count -= 1;
            }
            while !above(count) && T::from_cases(count) < T::MAX {
                count += 1;
            }
            if T::NARROW && T::from_cases(count) == T::MAX {
                return None;
            }
            thresholds.push(T::from_cases(count - 1));
        }
        Some(Self { first, thresholds })
    }

    #[inline]
    pub(super) fn of(&self, expected: f64) -> T {
        let place = bucket(expected).saturating_sub(self.first) as usize;
        self.thresholds[place.min(self.thresholds.len() - 1)]
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "a bucket needs few digits")]
fn bucket(expected: f64) -> u32 {
    (expected as f32).to_bits() >> DROPPED_BITS
}

/// A little below what the bucket holds, for the rounding that sorted it in.
fn low_end(bucket: u32) -> f64 {
    f64::from(f32::from_bits(bucket << DROPPED_BITS).max(f32::MIN_POSITIVE)) * (1.0 - 1e-6)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "expectations rise and are below 2^31"
)]
fn whole_part(rise: f64) -> u32 {
    rise as u32
}
