use crate::units::real;

/// How many standard deviations a day reaches.
const REACH: f64 = 4.0;

/// A season found in the events themselves, where none is known: events of each day, smoothed over
/// days by a normal curve, each event's mass kept within the days (Diggle 1985).
///
/// ```text
/// s(d) = sum_i K((d - d_i) / h) / sum_{d' within} K((d' - d_i) / h)      K(u) = exp(-u^2 / 2)
/// ```
///
/// in events a day, cut off at 4 `h`. It moves with each year's season and grows with the reports. What
/// changes more slowly than `h` is season in it; what lasts as long cannot be told from contagion, and
/// contagion that lasts nearly as long is taken for season: believe waits well below `h` only. Each
/// event raises its own background, which errs to the safe side.
///
/// - `days`: day of each event, from 0. Those not below `n_days` are left out.
/// - `width_days`: `h`, above 0.
///
/// # References
/// [doi:10.2307/2347366](https://doi.org/10.2307/2347366).
///
/// ```
/// use forewarn_models::contagion::smooth_season;
/// let season = smooth_season(&[2, 9], 10, 1.5);
/// // Two events, all of them within the days; more on their days than between.
/// assert!((season.iter().sum::<f64>() - 2.0).abs() < 1e-12);
/// assert!(season[2] > season[5] && season[9] > season[2]);
/// ```
#[must_use]
pub fn smooth_season(days: &[u32], n_days: usize, width_days: f64) -> Vec<f64> {
    let mut events = vec![0.0; n_days];
    for &day in days {
        if let Some(n) = events.get_mut(day as usize) {
            *n += 1.0;
        }
    }
    let curve: Vec<f64> = (0..n_days)
        .map(|away| real(away) / width_days)
        .take_while(|&away| away <= REACH)
        .map(|away| (-away * away / 2.0).exp())
        .collect();
    let mut season = vec![0.0; n_days];
    for (day, &n) in events.iter().enumerate().filter(|(_, n)| **n > 0.0) {
        let reach = day.saturating_sub(curve.len() - 1)..n_days.min(day + curve.len());
        let mass: f64 = reach.clone().map(|d| curve[d.abs_diff(day)]).sum();
        for d in reach {
            season[d] += n * curve[d.abs_diff(day)] / mass;
        }
    }
    season
}
