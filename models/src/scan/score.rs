use super::whole;

/// Kulldorff's log-likelihood ratio of a cylinder, Poisson counts given their total (Kulldorff
/// 1997). In nats.
///
/// ```text
/// LLR = c ln(c / m) + (C - c) ln((C - c) / (C - m))     if c > m, else 0
/// ```
///
/// - `cases`: `c`, counted inside. `expected`: `m`, expected inside, scaled so that all cells and
///   steps together expect `total`. `total`: `C`, counted in all.
///
/// The same form, with `m` from the margins, serves the space-time permutation scan (Kulldorff et
/// al. 2005), where it is an approximation, good while the margins of the cylinder are small
/// against `C`.
///
/// Edge cases: with `c = C` the second term is 0. `None` where `m` is not a finite number above 0,
/// or `c > C`.
///
/// # References
/// [doi:10.1080/03610929708831995](https://doi.org/10.1080/03610929708831995),
/// [doi:10.1371/journal.pmed.0020059](https://doi.org/10.1371/journal.pmed.0020059).
///
/// ```
/// use forewarn_models::scan::poisson_llr;
/// // All five cases where one was expected: 5 ln 5.
/// assert!((poisson_llr(5, 1.0, 5).unwrap() - 5.0 * 5.0_f64.ln()).abs() < 1e-12);
/// assert_eq!(poisson_llr(3, 4.0, 100), Some(0.0));
/// ```
#[must_use]
pub fn poisson_llr(cases: u64, expected: f64, total: u64) -> Option<f64> {
    let score = Score::GivenTotal {
        total: whole(total),
    };
    (cases <= total).then(|| score.of(cases, expected))?
}

/// Relative risk inside against outside: `(c / m) / ((C - c) / (C - m))`. Dimensionless.
///
/// Arguments as for [`poisson_llr`]. `None` where `m` is not a number above 0 and below `C`, or
/// where nothing was counted outside.
#[must_use]
pub fn relative_risk(cases: u64, expected: f64, total: u64) -> Option<f64> {
    let outside = whole(total.checked_sub(cases)?);
    let defined = expected > 0.0 && expected < whole(total) && outside > 0.0;
    defined.then(|| whole(cases) / expected * (whole(total) - expected) / outside)
}

/// Expectation-based log-likelihood ratio of a cylinder, Poisson counts (Neill 2009). In nats.
///
/// ```text
/// LLR = c ln(c / B) + B - c     if c > B, else 0
/// ```
///
/// `B` is what the past leads one to expect inside; what is counted elsewhere does not matter.
/// Meant for counts whose variance is near their mean; above about 1.5 times the mean use
/// [`negative_binomial_llr`].
///
/// `None` where `B` is not a finite number above 0.
///
/// # References
/// [doi:10.1016/j.ijforecast.2008.12.002](https://doi.org/10.1016/j.ijforecast.2008.12.002).
#[must_use]
pub fn expectation_llr(cases: u64, expected: f64) -> Option<f64> {
    Score::Expectation.of(cases, expected)
}

/// Expectation-based log-likelihood ratio of a cylinder, overdispersed counts. In nats.
///
/// The counts of cells and steps are independent negative binomial with their own means and one
/// ratio `f` of variance to mean; the count of a cylinder then has mean `B`, variance `f B` and
/// size `r = B / (f - 1)`. Against a mean raised at that size (cf. Tango et al. 2011):
///
/// ```text
/// LLR = c ln(c / B) - (c + r) ln((c + r) / (B + r))     if c > B, else 0
/// ```
///
/// which is [`expectation_llr`] in the limit of `f = 1`.
///
/// `None` where `B` is not a finite number above 0 or `f` not a finite number above 1.
///
/// # References
/// [doi:10.1111/j.1541-0420.2010.01412.x](https://doi.org/10.1111/j.1541-0420.2010.01412.x).
#[must_use]
pub fn negative_binomial_llr(cases: u64, expected: f64, variance_to_mean: f64) -> Option<f64> {
    let excess = variance_to_mean - 1.0;
    let valid = excess.is_finite() && excess > 0.0;
    valid.then(|| Score::NegativeBinomial { excess }.of(cases, expected))?
}

/// What a cylinder scores, from its count and its expectation alone. At a given count above the
/// expectation every score falls as the expectation grows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Score {
    GivenTotal {
        total: f64,
    },
    Expectation,
    /// Variance to mean, less 1.
    NegativeBinomial {
        excess: f64,
    },
}

impl Score {
    fn of(self, cases: u64, expected: f64) -> Option<f64> {
        let valid = expected.is_finite() && expected > 0.0;
        valid.then(|| self.llr(whole(cases), expected))
    }

    /// Whether cases outside count too.
    pub(super) const fn given_total(self) -> bool {
        matches!(self, Self::GivenTotal { .. })
    }

    /// Whether the score of more cases than expected may exceed a level: without a logarithm,
    /// since `ln x <= x - 1` makes every score at most Pearson's square, and never wrong in saying
    /// that it may not.
    #[inline]
    pub(super) fn may_exceed(self, cases: f64, expected: f64, level: f64) -> bool {
        let square = (cases - expected).powi(2);
        match self {
            Self::GivenTotal { total } => square * total > level * expected * (total - expected),
            Self::Expectation | Self::NegativeBinomial { .. } => square > level * expected,
        }
    }

    /// The log-likelihood ratio, 0 where no more was counted than expected.
    #[inline]
    pub(super) fn llr(self, cases: f64, expected: f64) -> f64 {
        if cases <= expected {
            return 0.0;
        }
        let inside = cases * (cases / expected).ln();
        match self {
            Self::GivenTotal { total } => {
                let outside = total - cases;
                if outside > 0.0 {
                    inside + outside * ((expected - cases) / (total - expected)).ln_1p()
                } else {
                    inside
                }
            }
            Self::Expectation => inside + expected - cases,
            Self::NegativeBinomial { excess } => {
                let size = expected / excess;
                inside - (cases + size) * ((cases - expected) / (expected + size)).ln_1p()
            }
        }
    }
}
