/// Probability that an incident is heard of by at least one of several visits, each of which hears of it
/// with probability `per_visit`, independently:
///
/// ```text
/// 1 - (1 - p)^n
/// ```
///
/// `visits` may be a fraction, as a mean over periods is. Dimensionless, within 0..=1. `None` where
/// `per_visit` is no probability, or `visits` negative or not finite.
///
/// ```
/// use forewarn_models::reporting::heard_of;
/// assert!((heard_of(0.3, 3.0).unwrap() - 0.657).abs() < 1e-12);
/// ```
#[must_use]
pub fn heard_of(per_visit: f64, visits: f64) -> Option<f64> {
    let valid = (0.0..=1.0).contains(&per_visit) && visits.is_finite() && visits >= 0.0;
    valid.then(|| 1.0 - (1.0 - per_visit).powf(visits))
}

/// What is assumed of reporting where nothing identifies it: an incident is told without anyone coming
/// with probability `background`, and each visit hears of it with probability `per_visit`.
///
/// A scenario is no estimate. It is only ever carried beside others, and its numbers are printed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scenario {
    /// Probability that an incident is reported though nobody comes.
    pub background: f64,
    /// Probability that one visit hears of it.
    pub per_visit: f64,
}

impl Scenario {
    /// Probability that an incident is heard of in a period with this many visits:
    /// `1 - (1 - background) (1 - per_visit)^visits`. `None` as for [`heard_of`].
    ///
    /// ```
    /// use forewarn_models::reporting::Scenario;
    /// let scenario = Scenario { background: 0.2, per_visit: 0.5 };
    /// assert!((scenario.q(2.0).unwrap() - 0.8).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn q(self, visits: f64) -> Option<f64> {
        let missed = 1.0 - heard_of(self.per_visit, visits)?;
        let untold = 1.0 - heard_of(self.background, 1.0)?;
        Some(1.0 - untold * missed)
    }
}
