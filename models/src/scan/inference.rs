use crate::units::real;

/// Scores that differ by less, relative to the score, are ties: rounding can do no more.
const TIE: f64 = 1e-9;

/// Euler's constant, the mean of the standard Gumbel law.
const EULER: f64 = 0.577_215_664_901_532_9;

/// When to stop drawing replicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// After all of them.
    AllDrawn,
    /// As soon as this many maxima of the null reached the observed one, or after all of them
    /// (Besag & Clifford 1991,
    /// [doi:10.1093/biomet/78.2.301](https://doi.org/10.1093/biomet/78.2.301)). Valid, and coarse
    /// where `p` is large; a small `p` costs and is worth the same as without.
    Exceedances(u32),
}

/// Monte Carlo p-value of a score among maxima drawn under the null, in the order drawn.
///
/// ```text
/// p = (1 + #{maxima >= score}) / (1 + R);   p = h / l  when the h-th such maximum was the l-th drawn
/// ```
///
/// the latter under [`Stop::Exceedances`] with `h`. Ties count against the score. In (0, 1].
#[must_use]
pub fn monte_carlo_p(score: f64, maxima: &[f64], stop: Stop) -> f64 {
    let mut reached = 0;
    for (drawn, &maximum) in maxima.iter().enumerate() {
        if reaches(maximum, score) {
            reached += 1;
            if stop == Stop::Exceedances(reached) {
                return f64::from(reached) / real(drawn + 1);
            }
        }
    }
    (1.0 + f64::from(reached)) / (1.0 + real(maxima.len()))
}

/// Whether a maximum counts against a score.
pub(super) fn reaches(maximum: f64, score: f64) -> bool {
    maximum >= score - TIE * score.abs()
}

/// Gumbel law fitted to the maxima of a null by their moments (Abrams, Kulldorff & Kleinman
/// 2010), in the unit of the score.
///
/// ```text
/// beta = s sqrt(6) / pi     mu = mean - 0.5772.. beta     P(X >= x) = 1 - exp(-exp(-(x - mu) / beta))
/// ```
///
/// with `s` the sample standard deviation. It carries p-values below `1 / (R + 1)`; not for a
/// handful of cases, where scores take few values.
///
/// # References
/// [doi:10.1186/1476-072X-9-61](https://doi.org/10.1186/1476-072X-9-61).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gumbel {
    /// Location, `mu`.
    pub location: f64,
    /// Scale, `beta`.
    pub scale: f64,
}

impl Gumbel {
    /// `None` for fewer than two maxima, or where all are equal.
    #[must_use]
    pub fn fit(maxima: &[f64]) -> Option<Self> {
        let n = real(maxima.len());
        let mean = maxima.iter().sum::<f64>() / n;
        let squares: f64 = maxima.iter().map(|x| (x - mean).powi(2)).sum();
        let scale = (6.0 * squares / (n - 1.0)).sqrt() / std::f64::consts::PI;
        (scale > 0.0 && scale.is_finite()).then_some(Self {
            location: mean - EULER * scale,
            scale,
        })
    }

    /// Probability of a maximum at least as high; 0 where it is too small for a number, some 700
    /// scales out.
    #[must_use]
    pub fn exceedance(self, score: f64) -> f64 {
        -(-(-(score - self.location) / self.scale).exp()).exp_m1()
    }
}

/// How often, in the unit of `step`, a scan repeated every `step` finds something as unlikely by
/// chance: `step / p`. Earlier scans looked at overlapping data; the interval takes no account of
/// it.
#[must_use]
pub fn recurrence_interval(p: f64, step: f64) -> f64 {
    step / p
}
