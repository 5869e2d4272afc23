use super::CUT_OFF;

/// Added to a number below 2^51, it leaves the nearest whole number in the lowest bits.
const TO_WHOLE: f64 = 6_755_399_441_055_744.0;
/// Square of a chord below which four terms of the series of the angle are exact to the last digit:
/// 200 km.
const SHORT: f64 = 1e-3;
/// Of `4 asin^2(c / 2)` in powers of the square of the chord `c`.
const SERIES: [f64; 4] = [1.0, 1.0 / 12.0, 1.0 / 90.0, 1.0 / 560.0];
/// Terms of the series of `2^r` for `r` within half of 0, to 3e-13 of itself.
const TERMS: usize = 11;

/// `exp(-d^2 / 2 h^2)` by the square of a chord on the sphere of radius 1; 0 beyond the cut.
///
/// With `-u` the exponent in base 2 and `n` the whole number nearest to it, `2^-u = 2^n 2^(-u - n)`: the
/// first factor is put in the bits of the second. No branch and no table, so that several cells go
/// through at once.
pub(super) struct Bell {
    /// The exponent in base 2, in powers of the square of the chord.
    series: [f64; SERIES.len()],
    /// The exponent in base 2 by the square of the angle.
    falloff: f64,
    /// Square of the chord at the cut.
    farthest: f64,
    /// `ln^k 2 / k!`.
    terms: [f64; TERMS],
}

/// A stretch of cells that stand side by side: their places on the sphere of radius 1.
pub(super) type Axes<'a> = [&'a [f64]; 3];

impl Bell {
    /// `bandwidth` is an angle, in radians.
    pub(super) fn of(bandwidth: f64) -> Self {
        let falloff = -0.5 * std::f64::consts::LOG2_E / (bandwidth * bandwidth);
        let mut terms = [1.0; TERMS];
        let mut order = 0.0;
        for k in 1..TERMS {
            order += 1.0;
            terms[k] = terms[k - 1] * std::f64::consts::LN_2 / order;
        }
        Self {
            series: SERIES.map(|term| falloff * term),
            falloff,
            farthest: (2.0 * (CUT_OFF * bandwidth / 2.0).sin()).powi(2),
            terms,
        }
    }

    /// Adds the height at each place of a run, seen from `here`, times `scale`.
    pub(super) fn add(&self, here: [f64; 3], axes: Axes<'_>, scale: f64, sums: &mut [f64]) {
        if self.farthest <= SHORT {
            let sums = sums.iter_mut().zip(chords(here, axes));
            sums.for_each(|(sum, chord)| *sum += scale * self.height(chord, self.short(chord)));
        } else {
            let sums = sums.iter_mut().zip(chords(here, axes));
            sums.for_each(|(sum, chord)| *sum += scale * self.height(chord, self.long(chord)));
        }
    }

    /// Whether any place of a run is within the cut, seen from `here`.
    pub(super) fn reaches(&self, here: [f64; 3], axes: Axes<'_>) -> bool {
        chords(here, axes).any(|chord| chord <= self.farthest)
    }

    /// Appends the height at each place of a run, seen from `here`.
    pub(super) fn heights(&self, here: [f64; 3], axes: Axes<'_>, heights: &mut Vec<f64>) {
        let start = heights.len();
        heights.resize(start + axes[0].len(), 0.0);
        self.add(here, axes, 1.0, &mut heights[start..]);
    }

    #[inline]
    fn height(&self, chord: f64, exponent: f64) -> f64 {
        let rounded = exponent + TO_WHOLE;
        let r = exponent - (rounded - TO_WHOLE);
        let fraction = self.power(r);
        let height = f64::from_bits(fraction.to_bits().wrapping_add(rounded.to_bits() << 52));
        // Beyond the cut, whatever comes of an exponent that has no place in the bits.
        if chord <= self.farthest { height } else { 0.0 }
    }

    /// `2^r`, the terms in pairs and pairs of pairs: few of them wait for each other.
    #[inline]
    fn power(&self, r: f64) -> f64 {
        let (terms, r2) = (&self.terms, r * r);
        let pair = |k: usize| terms[k] + terms[k + 1] * r;
        let (low, middle) = (pair(0) + pair(2) * r2, pair(4) + pair(6) * r2);
        let (high, r4) = (pair(8) + terms[10] * r2, r2 * r2);
        low + r4 * (middle + r4 * high)
    }

    /// The exponent by the square of a chord, a short one.
    #[inline]
    fn short(&self, chord: f64) -> f64 {
        let terms = &self.series;
        let (low, high) = (terms[0] + terms[1] * chord, terms[2] + terms[3] * chord);
        chord * (low + high * (chord * chord))
    }

    fn long(&self, chord: f64) -> f64 {
        if chord <= SHORT {
            self.short(chord)
        } else {
            self.falloff * (2.0 * (chord.sqrt() / 2.0).min(1.0).asin()).powi(2)
        }
    }
}

/// The square of the chord to each place of a run.
#[inline]
fn chords([here_x, here_y, here_z]: [f64; 3], [x, y, z]: Axes<'_>) -> impl Iterator<Item = f64> {
    x.iter().zip(y).zip(z).map(move |((x, y), z)| {
        let (dx, dy, dz) = (here_x - x, here_y - y, here_z - z);
        dx * dx + dy * dy + dz * dz
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::close;

    #[test]
    fn it_is_the_bell() {
        for bandwidth in [1e-6, 0.007_8, 0.15] {
            let bell = Bell::of(bandwidth);
            for step in 0..=3_999 {
                let angle = bandwidth * CUT_OFF * f64::from(step) / 4_000.0;
                let mut heights = Vec::new();
                let there = [&[angle.cos()][..], &[angle.sin()], &[0.0]];
                bell.heights([1.0, 0.0, 0.0], there, &mut heights);
                let want = (-0.5 * (angle / bandwidth).powi(2)).exp();
                // Cosines of small angles leave digits behind.
                close(heights[0] / want, 1.0, 1e-12 + 1e-15 / bandwidth);
            }
        }
    }
}
