//! Scores of what is near in space or time.

use super::combine::retained;

/// The sighting that reaches a place most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// `exp(-travel time / tau)` of it, without its age: 1 on the spot.
    pub nearness: f64,
    /// Its age in days.
    pub age_days: f64,
    /// `nearness` times what the age leaves of it.
    pub score: f64,
}

/// How far armed actors are within reach of a place: over all sightings the largest
///
/// ```text
/// exp(-t / tau) 2^(-age / h)
/// ```
///
/// - `sightings`: travel time `t` from sighting to place in hours, and age in days.
/// - `tau_hours`: travel time over which reach falls to 1/e; about 4 h on foot.
/// - `half_life_days`: `h`, after which a sighting counts half.
///
/// Dimensionless, within 0..=1. Of equals the first. `None` without a sighting, or where a number is
/// negative, not finite, or a parameter not positive.
///
/// ```
/// use forewarn_models::indicators::reach;
/// // Four hours away and seen today, against on the spot and seen a month ago.
/// let reached = reach(&[(4.0, 0.0), (0.0, 28.0)], 4.0, 14.0).unwrap();
/// assert!((reached.score - (-1.0_f64).exp()).abs() < 1e-15);
/// ```
#[must_use]
pub fn reach(sightings: &[(f64, f64)], tau_hours: f64, half_life_days: f64) -> Option<Reached> {
    if !is_positive(tau_hours) {
        return None;
    }
    let mut best: Option<Reached> = None;
    for &(hours, age_days) in sightings {
        if !is_amount(hours) {
            return None;
        }
        let nearness = (-hours / tau_hours).exp();
        let score = nearness * retained(age_days, half_life_days)?;
        if best.is_none_or(|best| score > best.score) {
            best = Some(Reached {
                nearness,
                age_days,
                score,
            });
        }
    }
    best
}

/// How far a place lies in the wake of events that bring others near them: the chance that at least
/// one of them does,
///
/// ```text
/// 1 - product over events of (1 - exp(-d / s) 2^(-age / h))
/// ```
///
/// a near-repeat kernel (Townsley, Homel & Chaseling 2003) in place of a count, so that many old or
/// distant events together can warn, and never beyond 1.
///
/// - `events`: distance `d` in km and age in days.
/// - `scale_km`, `half_life_days`: `s` and `h`. Where contagion was fitted, its own
///   ([`crate::contagion`]); until then a panel's proposal.
///
/// Dimensionless, within 0..=1. `None` without an event, or for numbers as at [`reach`].
///
/// # References
/// Townsley et al. 2003, [doi:10.1093/bjc/43.3.615](https://doi.org/10.1093/bjc/43.3.615).
#[must_use]
pub fn near_repeat(events: &[(f64, f64)], scale_km: f64, half_life_days: f64) -> Option<f64> {
    if events.is_empty() || !is_positive(scale_km) {
        return None;
    }
    let mut none = 1.0;
    for &(distance_km, age_days) in events {
        if !is_amount(distance_km) {
            return None;
        }
        none *= 1.0 - (-distance_km / scale_km).exp() * retained(age_days, half_life_days)?;
    }
    Some(1.0 - none)
}

/// What is left of doses that fade: `sum amount 2^(-age / h)`, in units of the amounts.
///
/// - `doses`: amount and age in days.
///
/// 0 without a dose. `None` where a number is negative or not finite, or `h` is not positive.
#[must_use]
pub fn dose(doses: &[(f64, f64)], half_life_days: f64) -> Option<f64> {
    let mut sum = 0.0;
    for &(amount, age_days) in doses {
        if !is_amount(amount) {
            return None;
        }
        sum += amount * retained(age_days, half_life_days)?;
    }
    Some(sum)
}

/// How near a date is that raises tension, such as an election: 1 on the day, falling evenly to 0
/// over the days before and after it.
///
/// - `days`: from now to the date, negative after it.
/// - `before_days`, `after_days`: how long before and after it counts, each more than 0.
///
/// Dimensionless, within 0..=1. `None` where a number is not finite or a length not positive.
#[must_use]
pub fn nearness(days: f64, before_days: f64, after_days: f64) -> Option<f64> {
    if !(days.is_finite() && is_positive(before_days) && is_positive(after_days)) {
        return None;
    }
    let length = if days >= 0.0 { before_days } else { after_days };
    Some((1.0 - days.abs() / length).max(0.0))
}

fn is_amount(value: f64) -> bool {
    value.is_finite() && value >= 0.0
}

fn is_positive(value: f64) -> bool {
    value.is_finite() && value > 0.0
}
