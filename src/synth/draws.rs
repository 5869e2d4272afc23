//! Random whole numbers. Only integers are drawn, so that bytes do not depend on a platform's
//! floating point functions.

use forewarn_models::units::{Purpose, Seed};
use rand::RngCore;
use rand_chacha::ChaCha20Rng;

use super::sectors::Point;

/// Metres of one degree of latitude.
const METRES_PER_DEGREE_LAT: i32 = 111_200;
/// Metres of one degree of longitude at 7.2 degrees north, the middle of the area.
const METRES_PER_DEGREE_LON: i32 = 110_320;

/// One stream of random numbers: the same (seed, purpose, index) yields the same numbers.
#[derive(Debug)]
pub(super) struct Draws(ChaCha20Rng);

impl Draws {
    pub(super) fn new(seed: Seed, purpose: Purpose, index: u64) -> Self {
        Self(seed.stream(purpose, index))
    }

    /// A number in `0..n`; its probability is off 1/n by less than one part in 2^32.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(n)) >> 32) as u32
    }

    /// A number in `0..=most`; 0 where `most` is negative.
    pub(super) fn up_to(&mut self, most: i32) -> i32 {
        let n = u32::try_from(most).unwrap_or(0) + 1;
        self.below(n).cast_signed()
    }

    /// Whether something of probability `permille` / 1000 happens.
    pub(super) fn chance(&mut self, permille: u32) -> bool {
        self.below(1000) < permille
    }

    /// One value of a table of (permille, value), whose permilles sum to 1000.
    pub(super) fn pick<T>(&mut self, table: impl IntoIterator<Item = (u32, T)>) -> T {
        let mut left = self.below(1000);
        let chosen = table.into_iter().find(|(permille, _)| {
            let here = left < *permille;
            left = left.saturating_sub(*permille);
            here
        });
        chosen.expect("permilles of a table sum to 1000").1
    }

    /// A point within `radius_m` of another, more often near it than far.
    pub(super) fn around(&mut self, centre: Point, radius_m: i32) -> Point {
        loop {
            // The sum of two uniform numbers has a triangular density, highest in the middle.
            let north_m = self.up_to(radius_m) + self.up_to(radius_m) - radius_m;
            let east_m = self.up_to(radius_m) + self.up_to(radius_m) - radius_m;
            let square = |metres: i32| i64::from(metres) * i64::from(metres);
            if square(north_m) + square(east_m) <= square(radius_m) {
                return centre.moved(
                    north_m * 1000 / (METRES_PER_DEGREE_LAT / 10),
                    east_m * 1000 / (METRES_PER_DEGREE_LON / 10),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_a_table_is_drawn_in_proportion() {
        let mut draws = Draws::new(Seed(1), Purpose::SynthIncidents, 0);
        let mut counts = [0_u32; 3];
        for _ in 0..10_000 {
            counts[draws.pick([(100, 0_usize), (650, 1), (250, 2)])] += 1;
        }
        assert!(counts[0].abs_diff(1_000) < 150, "{counts:?}");
        assert!(counts[1].abs_diff(6_500) < 250, "{counts:?}");
    }

    #[test]
    fn points_around_a_centre_stay_within_the_radius() {
        let mut draws = Draws::new(Seed(1), Purpose::SynthIncidents, 0);
        let centre = Point::new(72_000, 174_000);
        for _ in 0..1_000 {
            let point = draws.around(centre, 12_000);
            assert!(point.km_to(centre) <= 12.1, "{point:?}");
        }
    }
}
