use std::f64::consts::{PI, TAU};

use thiserror::Error;

use crate::units::real;

/// Days of a year that angles are measured in.
const DAYS_A_YEAR: f64 = 365.25;

/// How many seasons a year a test looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modes {
    /// One peak a year.
    One,
    /// Two peaks, half a year apart: angles are doubled.
    Two,
}

/// Dates on which no test of season can be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CircularError {
    /// Fewer events than the law of the test needs.
    #[error("{got} events where {needed} are needed")]
    TooFew {
        /// Events needed.
        needed: usize,
        /// Events that came.
        got: usize,
    },
    /// An angle not finite.
    #[error("angle {index} must be finite")]
    Angle {
        /// Its position.
        index: usize,
    },
}

/// Result of a Rayleigh test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rayleigh {
    /// Number of events.
    pub n: usize,
    /// Mean resultant length: 0 for even dates, 1 for equal ones.
    pub resultant: f64,
    /// The same, corrected for the grouping by months.
    pub corrected: f64,
    /// `n resultant^2`.
    pub z: f64,
    /// Probability of a resultant at least that long when no time of the year is preferred.
    pub p: f64,
    /// When events are most frequent, as a share of the year from its start; the first of the two
    /// peaks under [`Modes::Two`]. `None` when the resultant is 0.
    pub peak: Option<f64>,
}

/// The angle of a day of the year, `2 pi (day - 1) / 365.25`, in radians. Day 1 is 1 January.
#[must_use]
pub fn day_angle(day_of_year: u16) -> f64 {
    TAU * (f64::from(day_of_year) - 1.0) / DAYS_A_YEAR
}

/// Rayleigh's test that events prefer a time of the year.
///
/// ```text
/// C = sum cos a    S = sum sin a    R = sqrt(C^2 + S^2)    Z = R^2 / N
/// p = exp( sqrt(1 + 4 N + 4 (N^2 - R^2)) - (1 + 2 N) )
/// ```
///
/// `angles` in radians, one an event ([`day_angle`]). With one mode the test is blind to two
/// seasons half a year apart; run both, or [`watson_u2`](super::watson_u2). It takes events as
/// independent: count a raid once, not each of its incidents.
///
/// # Errors
/// No event, or an angle not finite.
///
/// # References
/// Mardia & Jupp 2000, [doi:10.1002/9780470316979](https://doi.org/10.1002/9780470316979); p by
/// Wilkie 1983, [doi:10.2307/2347954](https://doi.org/10.2307/2347954).
///
/// ```
/// use forewarn_models::season::{Modes, rayleigh};
/// use std::f64::consts::PI;
/// // Half at New Year, half in July: no one season, but two.
/// let angles = [0.0, PI, 0.0, PI, 0.0, PI, 0.0, PI];
/// assert!(rayleigh(&angles, Modes::One)?.p > 0.99);
/// assert!(rayleigh(&angles, Modes::Two)?.p < 0.001);
/// # Ok::<(), forewarn_models::season::CircularError>(())
/// ```
pub fn rayleigh(angles: &[f64], modes: Modes) -> Result<Rayleigh, CircularError> {
    if let Some(index) = angles.iter().position(|angle| !angle.is_finite()) {
        return Err(CircularError::Angle { index });
    }
    test(angles.iter().map(|&angle| (angle, 1)), modes, 1.0)
}

/// [`rayleigh`] on counts of the twelve months, each at the middle of its twelfth of the year.
///
/// Grouping shortens the resultant; [`Rayleigh::corrected`] is it times `h / sin h` with `h = pi /
/// 12`, or `pi / 6` for two modes. `z` and `p` use the length as it is.
///
/// # Errors
/// No event.
pub fn rayleigh_monthly(counts: &[u32; 12], modes: Modes) -> Result<Rayleigh, CircularError> {
    let half = PI / 12.0 * multiple(modes);
    let months = (0_u32..).zip(counts);
    let angles = months.map(|(month, &count)| (month_angle(month), count));
    test(angles, modes, half / half.sin())
}

/// The angle of the middle of a month counted from 0.
pub(super) fn month_angle(month: u32) -> f64 {
    TAU * (f64::from(month) + 0.5) / 12.0
}

const fn multiple(modes: Modes) -> f64 {
    match modes {
        Modes::One => 1.0,
        Modes::Two => 2.0,
    }
}

fn test(
    events: impl Iterator<Item = (f64, u32)>,
    modes: Modes,
    correction: f64,
) -> Result<Rayleigh, CircularError> {
    let (mut n, mut cosines, mut sines) = (0, 0.0, 0.0);
    for (angle, count) in events {
        n += count as usize;
        let (sin, cos) = (angle * multiple(modes)).sin_cos();
        cosines += f64::from(count) * cos;
        sines += f64::from(count) * sin;
    }
    if n == 0 {
        return Err(CircularError::TooFew { needed: 1, got: 0 });
    }
    let count = real(n);
    let length = cosines.hypot(sines).min(count);
    // sqrt(x^2 - 4 R^2) - x with x = 1 + 2 N, without the difference of near numbers.
    let x = 1.0 + 2.0 * count;
    let exponent = -4.0 * length * length / ((x * x - 4.0 * length * length).sqrt() + x);
    let turn = sines.atan2(cosines).rem_euclid(TAU) / TAU;
    Ok(Rayleigh {
        n,
        resultant: length / count,
        corrected: (correction * length / count).min(1.0),
        z: length * length / count,
        p: exponent.exp(),
        peak: (length > 1e-12 * count).then(|| turn / multiple(modes)),
    })
}
