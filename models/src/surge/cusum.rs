use thiserror::Error;

use crate::units::{LengthMismatch, same_length};

/// A watch for a lasting rise by a given ratio: likelihood-ratio CUSUM of counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cusum {
    ratio: f64,
    dispersion: f64,
    h: f64,
}

/// One step of the watch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CusumStep {
    /// Evidence gathered so far for the rise, in nats, at least 0.
    pub s: f64,
    /// Reference value: the count, in events, at which a step leaves the evidence as it is.
    pub k: f64,
    /// Whether the evidence has reached the decision value.
    pub alarm: bool,
}

/// Parameters with which nothing can be watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidCusum {
    /// No rise.
    #[error("the ratio must be finite and above 1")]
    Ratio,
    /// A variance below the mean.
    #[error("the dispersion must be finite and at least 0")]
    Dispersion,
    /// No decision.
    #[error("the decision value must be finite and above 0")]
    Decision,
}

/// A series that cannot be watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CusumError {
    /// Not one expectation and one mark per count.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// A count negative or not finite.
    #[error("count {index} must be finite and at least 0")]
    Count {
        /// Its position.
        index: usize,
    },
    /// An expectation that is none.
    #[error("expected count {index} must be finite and above 0")]
    Expected {
        /// Its position.
        index: usize,
    },
}

impl Cusum {
    /// A watch for a rise to `ratio` times what is expected (dimensionless), for counts of variance
    /// `mu + dispersion mu^2` (0 is Poisson), that speaks once the evidence reaches `h` nats.
    ///
    /// # Errors
    /// A ratio not above 1, a dispersion below 0, a decision value not above 0, or any not finite.
    pub fn new(ratio: f64, dispersion: f64, h: f64) -> Result<Self, InvalidCusum> {
        if !(ratio.is_finite() && ratio > 1.0) {
            return Err(InvalidCusum::Ratio);
        }
        if !(dispersion.is_finite() && dispersion >= 0.0) {
            return Err(InvalidCusum::Dispersion);
        }
        if !(h.is_finite() && h > 0.0) {
            return Err(InvalidCusum::Decision);
        }
        Ok(Self {
            ratio,
            dispersion,
            h,
        })
    }

    /// The course of the evidence over a series (Lucas 1985; Höhle & Paul 2008).
    ///
    /// ```text
    /// S_t = max(0, S_(t-1) + l_t)        alarm: S_t >= h, after which S starts again from 0
    /// Poisson            l = y ln r - mu (r - 1)
    /// negative binomial  l = y ln r - (y + 1/d) ln((1 + d r mu) / (1 + d mu))
    /// ```
    ///
    /// for a count `y` with expectation `mu`, ratio `r` and dispersion `d`: the logarithm of how
    /// much likelier the count is after the rise. It is `g (y - k)`, where `k` is the textbook's
    /// reference value, for Poisson counts `mu (r - 1) / ln r` with `g = ln r`; in units of events
    /// the decision value is then `h / ln r`.
    ///
    /// - `counts`, `expected`: one per step, the expectation knowing the season.
    /// - `observed`: a step that is not leaves the evidence as it is, gives `None`, and neither its
    ///   count nor its expectation is looked at.
    ///
    /// # Errors
    /// Lengths differ; a count negative or not finite; an expectation not above 0.
    ///
    /// # References
    /// [doi:10.1080/00401706.1985.10488030](https://doi.org/10.1080/00401706.1985.10488030),
    /// [doi:10.1016/j.csda.2008.02.015](https://doi.org/10.1016/j.csda.2008.02.015).
    ///
    /// ```
    /// use forewarn_models::surge::Cusum;
    /// let watch = Cusum::new(2.0, 0.0, 2.5)?;
    /// let course = watch.course(&[3.0, 0.0, 5.0], &[1.0; 3], &[true; 3])?;
    /// let s: Vec<f64> = course.iter().flatten().map(|step| step.s).collect();
    /// // 3 ln 2 - 1, then max(0, that - 1), then that plus 5 ln 2 - 1.
    /// let first = 3.0 * 2.0_f64.ln() - 1.0;
    /// assert!((s[0] - first).abs() < 1e-12 && (s[1] - (first - 1.0)).abs() < 1e-12);
    /// assert!(course[2].ok_or("unknown")?.alarm);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn course(
        self,
        counts: &[f64],
        expected: &[f64],
        observed: &[bool],
    ) -> Result<Vec<Option<CusumStep>>, CusumError> {
        same_length(counts.len(), expected.len())?;
        same_length(counts.len(), observed.len())?;
        let mut course = Vec::with_capacity(counts.len());
        let mut gathered = 0.0;
        for (index, (&y, &mean)) in counts.iter().zip(expected).enumerate() {
            if !observed[index] {
                course.push(None);
                continue;
            }
            if !(y.is_finite() && y >= 0.0) {
                return Err(CusumError::Count { index });
            }
            if !(mean.is_finite() && mean > 0.0) {
                return Err(CusumError::Expected { index });
            }
            let (gain, k) = self.gain_and_reference(mean);
            let s = (gathered + gain * (y - k)).max(0.0);
            let alarm = s >= self.h;
            gathered = if alarm { 0.0 } else { s };
            course.push(Some(CusumStep { s, k, alarm }));
        }
        Ok(course)
    }

    /// Evidence per event beyond the reference value, and that value.
    fn gain_and_reference(self, mean: f64) -> (f64, f64) {
        let log_ratio = self.ratio.ln();
        let rise = mean * (self.ratio - 1.0);
        if self.dispersion > 0.0 {
            let stretch = (self.dispersion * rise / (1.0 + self.dispersion * mean)).ln_1p();
            let gain = log_ratio - stretch;
            (gain, stretch / self.dispersion / gain)
        } else {
            (log_ratio, rise / log_ratio)
        }
    }
}
