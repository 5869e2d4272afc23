/// 2^52 + 2^51: added and taken away again, it leaves the nearest whole number of any double
/// below [`WHOLE_BELOW`] in magnitude.
const TO_WHOLE: f64 = 6_755_399_441_055_744.0;
/// 2^51.
const WHOLE_BELOW: f64 = 2_251_799_813_685_248.0;
/// Steps of 1e-9 in one.
const STEPS: f64 = 1e9;

/// A number as whole steps of 1e-9. Keeps order; numbers are equal when their keys are.
pub(super) fn key(value: f64) -> f64 {
    let steps = value * STEPS;
    if steps.abs() < WHOLE_BELOW {
        (steps + TO_WHOLE) - TO_WHOLE
    } else {
        steps
    }
}

/// The sign of a difference of keys: 0 where they are equal, unlike `f64::signum`.
pub(super) fn sign(from: f64, to: f64) -> i64 {
    i64::from(to > from) - i64::from(to < from)
}

/// What the pairs of one series say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Score {
    /// Pairs that rise less pairs that fall.
    pub(super) s: i64,
    /// `sum t (t - 1) (2 t + 5)` over groups of `t` equal numbers.
    pub(super) ties: i64,
}

/// Room for the keys of one series, to be used again for the next.
#[derive(Debug, Default)]
pub(super) struct Keys {
    exact: Vec<f64>,
    coarse: Vec<f32>,
}

impl Keys {
    /// Takes in another series. False where one of its values is not finite.
    pub(super) fn read(&mut self, values: impl Iterator<Item = f64>) -> bool {
        let mut finite = true;
        self.exact.clear();
        self.exact.reserve(values.size_hint().1.unwrap_or(0));
        self.exact.extend(values.map(|value| {
            finite &= value.is_finite();
            key(value)
        }));
        self.coarse.clear();
        let coarse = self.exact.iter().map(|&key| narrowed(key));
        self.coarse.extend(coarse);
        finite
    }

    /// Number of values in the series.
    pub(super) fn len(&self) -> usize {
        self.exact.len()
    }

    /// Compares each pair of the series.
    ///
    /// Single-precision keys are compared first, four at a time. Rounding to them keeps order but
    /// may merge, so a number that seems to have equals among those after it is compared again by
    /// its exact key.
    ///
    /// A number equal to `e` of those after it is the `e + 1`-th of its group from the end, which
    /// it brings from size `e` to `e + 1`; that adds `6 e^2 + 12 e` to `t (t - 1) (2 t + 5)`.
    pub(super) fn score(&self) -> Score {
        let mut score = Score { s: 0, ties: 0 };
        for i in 0..self.exact.len() {
            let after = signed(self.exact.len() - 1 - i);
            let (mut rising, mut falling) = compared(self.coarse[i], &self.coarse[i + 1..]);
            if rising + falling < after {
                (rising, falling) = compared(self.exact[i], &self.exact[i + 1..]);
            }
            score.s += rising - falling;
            let equal = after - rising - falling;
            score.ties += 6 * equal * (equal + 2);
        }
        score
    }
}

/// How many of the rest are above the first, and how many below.
#[inline]
fn compared<T: PartialOrd + Copy>(first: T, rest: &[T]) -> (i64, i64) {
    let (mut above, mut below) = (0_u32, 0_u32);
    for &key in rest {
        above += u32::from(key > first);
        below += u32::from(key < first);
    }
    (i64::from(above), i64::from(below))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "keys that this merges are compared again"
)]
fn narrowed(key: f64) -> f32 {
    key as f32
}

pub(super) fn signed(count: usize) -> i64 {
    i64::try_from(count).expect("a series has fewer than 2^63 steps")
}
