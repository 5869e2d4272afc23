use super::CUT_OFF;
use crate::units::real;

/// Nodes of the table per unit of the exponent.
const FINENESS: f64 = 64.0;
/// Nodes: up to the exponent of the cut, 8, and on to a power of two.
const NODES: usize = 1_024;
/// Added to a number below 2^51, it leaves the nearest whole number in the lowest bits.
const TO_WHOLE: f64 = 6_755_399_441_055_744.0;
/// Square of a chord below which the series of the angle is exact to the last digit: 200 km.
const SHORT: f64 = 1e-3;

/// `exp(-d^2 / 2 h^2)` by the square of a chord on the sphere of radius 1; 0 beyond the cut.
///
/// By table: with `u` the exponent and `v` the nearest node, `e^-u = e^-v e^-(u - v)`, the second
/// factor by four terms of its series, to 3e-13 of itself.
pub(super) struct Bell {
    /// `R^2 / 2 h^2`.
    falloff: f64,
    /// Square of the chord at the cut.
    farthest: f64,
    nodes: Box<[f64; NODES]>,
}

impl Bell {
    /// `bandwidth` is an angle, in radians.
    pub(super) fn of(bandwidth: f64) -> Self {
        let node = |k: usize| (-real(k) / FINENESS).exp();
        Self {
            falloff: 0.5 / (bandwidth * bandwidth),
            farthest: (2.0 * (CUT_OFF * bandwidth / 2.0).sin()).powi(2),
            nodes: Box::new(std::array::from_fn(node)),
        }
    }

    /// Appends the height at each place of a run, seen from `here`.
    pub(super) fn heights(&self, here: [f64; 3], [x, y, z]: [&[f64]; 3], heights: &mut Vec<f64>) {
        let places = x.iter().zip(y).zip(z);
        let chords = places.map(|((x, y), z)| {
            let (dx, dy, dz) = (here[0] - x, here[1] - y, here[2] - z);
            dx * dx + dy * dy + dz * dz
        });
        if self.farthest <= SHORT {
            heights.extend(chords.map(|chord| self.height(chord, short_angle_squared(chord))));
        } else {
            heights.extend(chords.map(|chord| self.height(chord, angle_squared(chord))));
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "ten bits")]
    #[inline]
    fn height(&self, chord: f64, angle_squared: f64) -> f64 {
        // Beyond the cut, whatever comes of an exponent too large for the table.
        let u = self.falloff * angle_squared;
        let rounded = u * FINENESS + TO_WHOLE;
        let node = rounded.to_bits() & (NODES as u64 - 1);
        let r = u - (rounded - TO_WHOLE) * (1.0 / FINENESS);
        let rest = 1.0 - r * (1.0 - r * (1.0 / 2.0 - r * (1.0 / 6.0 - r * (1.0 / 24.0))));
        let height = self.nodes[node as usize] * rest;
        if chord <= self.farthest { height } else { 0.0 }
    }
}

/// `4 asin^2(c / 2)` by the square of the chord `c`: five terms of its series.
fn short_angle_squared(chord: f64) -> f64 {
    let far = 1.0 / 90.0 + chord * (1.0 / 560.0 + chord / 3_150.0);
    chord * (1.0 + chord * (1.0 / 12.0 + chord * far))
}

fn angle_squared(chord: f64) -> f64 {
    if chord <= SHORT {
        short_angle_squared(chord)
    } else {
        (2.0 * (chord.sqrt() / 2.0).min(1.0).asin()).powi(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::close;

    #[test]
    fn the_table_is_the_bell() {
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
